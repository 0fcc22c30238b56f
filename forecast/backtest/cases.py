"""One forecast of one month from one origin, compared with what came: the atom of a backtest."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.growth.fit_errors import ShortHistoryWarning
from forecast.history import History
from forecast.scores import crps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forecast.growth.model import GrowthModel
    from forecast.paths import Forecast

__all__ = ["LEVELS", "Case", "Failure", "LeakError", "cases_at", "depends_on_more", "truncated"]

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
OTHER_UNIT = 0.37  # any factor: a forecast must not know in which unit the history is told
SAME = 0.01  # fits by iteration end within a fraction of this
CHECK_PATHS = 99


class LeakError(ValueError):
    """A model knows, or was told, what came after the origin."""


@dataclass(frozen=True)
class Case:
    """A forecast of one month and what came.

    Parameters
    ----------
    model : str
        Name of the model.
    origin : str
        Last month that the model saw, YYYY-MM.
    horizon : int
        Distance of the forecast month. [months]
    actual : float
        What came. [unit]
    quantiles : tuple of float
        Forecast at the probabilities `LEVELS`. [unit]
    crps : float
        Continuous ranked probability score of all paths. [unit]
    scale : float
        Mean absolute step of the history up to the origin, over a season where one is given; 0 if
        it never changed. [unit]
    """

    model: str
    origin: str
    horizon: int
    actual: float
    quantiles: tuple[float, ...]
    crps: float
    scale: float


@dataclass(frozen=True)
class Failure:
    """A forecast that could not be made.

    Parameters
    ----------
    model : str
        Name of the model.
    origin : str
        Last month that the model saw, YYYY-MM.
    reason : str
        What the model said.
    """

    model: str
    origin: str
    reason: str


def truncated(history: History, count: int, unit: float = 1.0) -> History:
    """First points of a history, as a copy that holds nothing of the rest.

    Parameters
    ----------
    history : History
        The whole.
    count : int
        Points to keep, at least 2. [1]
    unit : float
        Factor on the values. [1]

    Returns
    -------
    History
        A new history.

    Raises
    ------
    ValueError
        If fewer than 2 points are kept.

    Examples
    --------
    >>> whole = History.from_points("u", {"2022-01": 3, "2022-02": 5, "2022-03": 9}, kind="flow")
    >>> truncated(whole, 2).values.tolist()
    [3.0, 5.0]
    """
    return History(
        history.name,
        history.dates[:count].copy(),
        history.values[:count] * unit,
        history.kind,
        history.unit,
        history.source,
    )


def cases_at(
    model: tuple[str, GrowthModel],
    history: History,
    count: int,
    horizon: int,
    draws: Mapping[str, int],
) -> list[Case]:
    """Forecast from one origin and compare with every later value within the horizon.

    Parameters
    ----------
    model : tuple of str and GrowthModel
        Name and model, not yet fitted.
    history : History
        The whole; the model is given the first `count` points only.
    count : int
        Points up to the origin. [1]
    horizon : int
        Longest distance. [months]
    draws : mapping of str to int
        ``paths``, ``seed`` and ``lag``, the steps of a season for the scale. [1]

    Returns
    -------
    list of Case
        One for each value.

    Raises
    ------
    LeakError
        If the past does not end at the origin, or the model answers from another one.
    ValueError
        If the model cannot forecast.
    """
    name, unfitted = model
    past = truncated(history, count)
    if past.origin != history.months[count - 1]:
        raise LeakError(f"the past reaches {past.origin}, not {history.months[count - 1]}")
    ahead = (history.months[count:] - past.origin).astype(int)
    later = count + np.flatnonzero(ahead <= horizon)
    months = int(ahead[later[-1] - count])
    forecast = _forecast(unfitted, past, months, draws["paths"], draws["seed"])
    if forecast.origin != past.origin or forecast.months[0] != past.origin + 1:
        raise LeakError(
            f"model {name!r} was given months to {past.origin} and forecasts from "
            f"{forecast.origin}: it saw what it must not see"
        )
    scale = _scale(past, draws["lag"])
    return [_case(name, forecast, history, int(index), scale) for index in later]


def depends_on_more(
    model: GrowthModel, history: History, count: int, draws: Mapping[str, int]
) -> bool:
    """Whether a model forecasts from more than the history that it is given.

    Parameters
    ----------
    model : GrowthModel
        Not yet fitted.
    history : History
        The whole.
    count : int
        Points given. [1]
    draws : mapping of str to int
        ``seed`` of the random streams. [1]

    Returns
    -------
    bool
        True if the same points, told in another unit, give a forecast that is not the same in
        that unit: the model then knows values by another way.

    Raises
    ------
    ValueError
        If the model cannot forecast.
    """
    told = [truncated(history, count, unit) for unit in (1.0, OTHER_UNIT)]
    here, there = (
        _forecast(model, past, 1, CHECK_PATHS, draws["seed"]).quantile(LEVELS) for past in told
    )
    return not np.allclose(here * OTHER_UNIT, there, rtol=SAME, atol=0.0)


def _forecast(model: GrowthModel, past: History, months: int, paths: int, seed: int) -> Forecast:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ShortHistoryWarning)  # the backtest shows what it is worth
        return model.fit(past).predict(months, paths, seed)


def _scale(past: History, lag: int) -> float:
    lag = lag if len(past.values) > lag else 1
    return float(np.abs(past.values[lag:] - past.values[:-lag]).mean())


def _case(name: str, forecast: Forecast, history: History, index: int, scale: float) -> Case:
    month, actual = history.months[index], float(history.values[index])
    drawn = forecast.at(month)
    return Case(
        model=name,
        origin=str(forecast.origin),
        horizon=int((month - forecast.origin).astype(int)),
        actual=actual,
        quantiles=tuple(np.quantile(drawn, LEVELS).tolist()),
        crps=float(crps(actual, drawn)),
        scale=scale,
    )
