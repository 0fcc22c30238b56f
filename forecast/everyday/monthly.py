"""The everyday model for the months of a history, as sample paths."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from forecast.everyday.ensemble import PERSISTENCE, Everyday
from forecast.growth.sampling import growth_forecast, scores_or_drawn
from forecast.paths import months_after
from forecast.series import Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecast.everyday.ensemble import FittedEveryday
    from forecast.history import History
    from forecast.paths import Forecast

__all__ = ["EverydayGrowth", "FittedEverydayGrowth"]

FEWEST_POINTS = 13  # a year of steps
ENSEMBLE = (
    "everyday: Theta, exponential smoothing and pooled networks",
    "the everyday model knows economic series; growth that has just taken off is another matter",
)
ADOPTION = (
    "everyday: adoption curve",
    "growth is steady and fast: the line of the last half year in the square root goes on, with "
    "errors of past products; beyond 18 months they were not measured",
)


@dataclass(frozen=True, eq=False)
class FittedEverydayGrowth:
    """Everyday model that knows its history.

    Parameters
    ----------
    history : History
        Where the forecast starts.
    fitted : FittedEveryday
        Quantiles of each month ahead.
    """

    history: History
    fitted: FittedEveryday

    def predict(
        self, months: int, paths: int, seed: int, shocks: NDArray[np.float64] | None = None
    ) -> Forecast:
        """Sample paths of the months after the history.

        Parameters
        ----------
        months : int
            Number of months, at least 1. [months]
        paths : int
            Number of sample paths, at least 2. [1]
        seed : int
            Seed of the random stream that is named after the history. [1]
        shocks : ndarray of float, optional
            Standard normal scores, shape (paths, months); drawn if left out. [1]

        Returns
        -------
        Forecast
            In each month the quantiles of the everyday model.

        Raises
        ------
        ValueError
            If months, paths, seed or shocks are not as described.
        """
        months = len(months_after(self.history.origin, months))
        stream = (seed, self.history.name)
        scores = scores_or_drawn(shocks, (paths, months), stream, PERSISTENCE)
        values = self.fitted.at_scores(scores, months)
        growth = np.log(values) - np.log(self.history.values[-1])
        model, note = ENSEMBLE if self.fitted.adoption is None else ADOPTION
        return growth_forecast(self.history, growth, model=model, seed=seed, notes=(note,))


@dataclass(frozen=True, eq=False)
class EverydayGrowth:
    """Everyday forecast of a history with a value in every month for more than a year.

    Parameters
    ----------
    model : Everyday
        The shipped model if left out.
    capacity : float
        Most that a value can be, above the last one; infinite if left out. [unit]

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2022-01", dtype="datetime64[M]")
    >>> history = History("queries", months.astype("datetime64[D]"), 100.0 + np.arange(24.0))
    >>> EverydayGrowth().fit(history).predict(months=6, paths=100, seed=7).values.shape
    (100, 6)
    """

    model: Everyday = field(default_factory=Everyday)
    capacity: float = np.inf

    def fit(self, history: History) -> FittedEverydayGrowth:
        """Fit to a history.

        Parameters
        ----------
        history : History
            A value in every month, 13 or more.

        Returns
        -------
        FittedEverydayGrowth
            Ready to predict.

        Raises
        ------
        ValueError
            If there are too few values, they are not monthly, or one is above the capacity.
        """
        count, apart = len(history.values), int(np.diff(history.months[:2]).astype(int)[0])
        if count < FEWEST_POINTS or apart != 1:
            raise ValueError(
                f"{history.name}: {count} values, one in {apart} months; allowed for the everyday "
                f"model: {FEWEST_POINTS} or more, one in each month"
            )
        series = Series(
            history.name,
            history.months[0],
            history.values,
            "month",
            unit=history.unit,
            capacity=self.capacity,
        )
        return FittedEverydayGrowth(history, self.model.fit(series))
