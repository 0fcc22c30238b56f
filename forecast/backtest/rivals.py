"""What stands beside a forecast: naive, drift and seasonal naive, and the model's own backtest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.backtest.cases import LeakError
from forecast.backtest.rolling_origin import SHORTEST, Backtest
from forecast.growth.baselines import baselines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from forecast.growth.model import GrowthModel
    from forecast.history import History

__all__ = ["Rivals", "rivals"]

ORIGINS = 6  # enough for a verdict, few enough for a model that takes seconds to fit
PATHS = 400


@dataclass(frozen=True, eq=False)
class Rivals:
    """Baselines beside a forecast.

    Parameters
    ----------
    medians : mapping of str to ndarray of float
        Median of each baseline, shape (months,). [unit of the history]
    verdict : str
        Whether the model beats them on the past of the history, or why nobody can tell.
    """

    medians: Mapping[str, NDArray[np.float64]]
    verdict: str


def rivals(history: History, name: str, model: GrowthModel, months: int) -> Rivals:
    """Fit the baselines to a history, and backtest a model against them.

    Parameters
    ----------
    history : History
        What the model forecasts.
    name : str
        Name of the model.
    model : GrowthModel
        Not yet fitted.
    months : int
        Months ahead. [months]

    Returns
    -------
    Rivals
        Backtested over at most half of what is left of the history after its first year.

    Examples
    --------
    >>> from forecast.history import History
    >>> from forecast.growth.statistical import ConstantGrowth
    >>> users = History.from_points("users", {"2022-01": 1, "2022-12": 2}, kind="cumulative")
    >>> found = rivals(users, "constant", ConstantGrowth(), months=2)
    >>> found.medians["drift"].round(2).tolist()
    [2.09, 2.18]
    >>> found.verdict
    'constant: no verdict, 11 months of history are too few for a backtest; needed: 23 or more'
    """
    ahead = np.arange(1.0, months + 1.0)
    medians = {
        rival: history.values[-1] * np.exp(fitted.fit(history).curve(ahead))
        for rival, fitted in baselines(history).items()
    }
    return Rivals(medians, _verdict(history, name, model, months))


def _verdict(history: History, name: str, model: GrowthModel, months: int) -> str:
    span = int((history.origin - history.months[0]).astype(int))
    step = int((history.months[1] - history.months[0]).astype(int))
    room = span - SHORTEST
    if room < step:
        return (
            f"{name}: no verdict, {span} months of history are too few for a backtest; needed: "
            f"{SHORTEST + step} or more"
        )
    horizon = min(months, max(step, room // 2))
    test = Backtest({name: model}, horizon, origins=ORIGINS, paths=PATHS)
    try:
        result = test.run(history)
    except LeakError as error:  # a fit that is not stable looks like one that knows more
        return f"{name}: no verdict, {error}"
    origins, far = len(result.origins), max(result.horizons, default=0)
    return f"{result.verdicts[0]} (backtest from {origins} origins, up to {far} months ahead)"
