"""The last season again, with the errors that this made in the past of the series itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from forecast.series import Series

    Floats = NDArray[np.float64]

__all__ = ["EmpiricalSeasonalNaive"]


@dataclass(frozen=True)
class EmpiricalSeasonalNaive:
    """Seasonal naive for any step of time, no parameter to fit.

    Notes
    -----
    Each phase of the season repeats its last known value. The errors are the differences one
    season apart, taken with both signs, and grow with the square root of the seasons ahead. A
    series that has no two values one season apart repeats its last value instead.

    References
    ----------
    .. [1] R. J. Hyndman and G. Athanasopoulos, Forecasting: principles and practice, 3rd edition,
       2021, sections 5.2 and 5.5.

    Examples
    --------
    >>> from forecast.series import Series
    >>> visits = Series("visits", np.datetime64("2026-01-01"), np.arange(10.0) % 7, "day")
    >>> EmpiricalSeasonalNaive().fit(visits).quantiles(5, [0.5]).tolist()
    [[3.0, 4.0, 5.0, 6.0, 0.0]]
    """

    def fit(self, series: Series) -> RepeatedSeason:
        """Take the last season of a series.

        Parameters
        ----------
        series : Series
            Two known values or more.

        Returns
        -------
        RepeatedSeason
            Ready to forecast.
        """
        errors = _differences(series.values, series.season)
        if not len(errors):
            known = series.values[series.known]
            return RepeatedSeason(known[-1:], np.diff(known), bool((known >= 0.0).all()))
        positive = bool((series.values[series.known] >= 0.0).all())
        return RepeatedSeason(_last_known(series.values, series.season), errors, positive)


@dataclass(frozen=True, eq=False)
class RepeatedSeason:
    """A season that goes on for ever.

    Parameters
    ----------
    season : ndarray of float
        Values to repeat, from the first step after the series. [unit of the series]
    errors : ndarray of float
        Past errors one season ahead. [unit of the series]
    positive : bool
        Whether the quantiles end at 0.
    """

    season: Floats
    errors: Floats
    positive: bool

    def quantiles(self, horizon: int, levels: ArrayLike) -> Floats:
        """Quantiles of each of the steps after the series.

        Parameters
        ----------
        horizon : int
            Number of steps, at least 1. [steps]
        levels : array_like
            Probabilities strictly between 0 and 1, ascending. [1]

        Returns
        -------
        ndarray of float
            Shape (levels, horizon). [unit of the series]
        """
        steps = np.arange(horizon)
        seasons = 1 + steps // len(self.season)
        both = np.concatenate([self.errors, -self.errors])
        spread = np.quantile(both, np.asarray(levels, float), method="weibull")
        found = self.season[steps % len(self.season)] + spread[:, None] * np.sqrt(seasons)
        return np.asarray(np.maximum(found, 0.0) if self.positive else found)


def _differences(values: Floats, lag: int) -> Floats:
    """Known differences of values a lag apart."""
    found = values[lag:] - values[:-lag]
    return np.asarray(found[~np.isnan(found)])


def _last_known(values: Floats, season: int) -> Floats:
    """Last known value of each phase, from the phase after the last value on."""
    rows = -(-len(values) // season)
    padded = np.concatenate([np.full(rows * season - len(values), np.nan), values])
    by_phase = padded.reshape(rows, season)
    last = (~np.isnan(by_phase) * np.arange(1, rows + 1)[:, None]).argmax(axis=0)
    found = by_phase[last, np.arange(season)]
    return np.asarray(np.where(np.isnan(found), values[-1], found))
