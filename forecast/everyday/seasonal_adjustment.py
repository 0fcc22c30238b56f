"""Seasonal adjustment by classical decomposition, and the naive forecast that rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["is_seasonal", "naive2", "seasonal_factors", "seasonal_path"]

CRITICAL = 1.645  # normal quantile of the test at 90 %
FEWEST_SEASONS = 3


def is_seasonal(values: Floats, season: int) -> bool:
    """Autocorrelation test of a season at 90 %, as in the M4 competition.

    Parameters
    ----------
    values : ndarray of float
        Values at even steps. [unit]
    season : int
        Steps in a season. [steps]

    Returns
    -------
    bool
        False also where fewer than three seasons are known or the values are constant.

    References
    ----------
    .. [1] S. Makridakis, E. Spiliotis and V. Assimakopoulos, The M4 competition: 100,000 time
       series and 61 forecasting methods, International Journal of Forecasting 36(1), 2020.

    Examples
    --------
    >>> is_seasonal(np.tile([1.0, 5.0, 2.0, 2.0], 6), 4), is_seasonal(np.arange(9.0), 4)
    (True, False)
    """
    count = len(values)
    if season < 2 or count < FEWEST_SEASONS * season:  # noqa: PLR2004  (one step is no season)
        return False
    centred = values - values.mean()
    power = centred @ centred
    if power <= 0.0:
        return False
    correlation = np.array([centred[lag:] @ centred[:-lag] for lag in range(1, season + 1)]) / power
    limit = CRITICAL * np.sqrt((1.0 + 2.0 * (correlation[:-1] ** 2).sum()) / count)
    return bool(abs(correlation[-1]) > limit)


def seasonal_factors(values: Floats, season: int) -> Floats:
    """Seasonal indices by classical multiplicative decomposition.

    Parameters
    ----------
    values : ndarray of float
        Values above 0 at even steps, two seasons or more. [unit]
    season : int
        Steps in a season, at least 2. [steps]

    Returns
    -------
    ndarray of float
        One factor for each step of the season, the first for that of the first value; their mean
        is 1. [1]

    Examples
    --------
    >>> seasonal_factors(np.tile([1.0, 3.0], 4), 2).tolist()
    [0.5, 1.5]
    """
    ratio = values / _trend(values, season)
    phase = np.arange(len(values)) % season
    inner = ~np.isnan(ratio)
    sums = np.bincount(phase[inner], ratio[inner], minlength=season)
    factors = sums / np.bincount(phase[inner], minlength=season)
    return np.asarray(factors / factors.mean())


def seasonal_path(values: Floats, seasons: tuple[int, ...], horizon: int) -> Floats:
    """Product of the factors of all seasons that pass the test, past and future.

    Parameters
    ----------
    values : ndarray of float
        Values above 0 at even steps. [unit]
    seasons : tuple of int
        Lengths of the seasons, the shortest first. [steps]
    horizon : int
        Steps ahead. [steps]

    Returns
    -------
    ndarray of float
        Shape (values + horizon,). [1]

    Examples
    --------
    >>> seasonal_path(np.tile([1.0, 3.0], 9), (2,), 2).tolist()[-3:]
    [1.5, 0.5, 1.5]
    """
    steps = np.arange(len(values) + horizon)
    path = np.ones(len(steps))
    for season in seasons:
        adjusted = values / path[: len(values)]
        if is_seasonal(adjusted, season):
            path = path * seasonal_factors(adjusted, season)[steps % season]
    return path


def naive2(values: Floats, season: int, horizon: int) -> Floats:
    """Last value of the seasonally adjusted series, with its seasonal factors.

    Parameters
    ----------
    values : ndarray of float
        Values at even steps. [unit]
    season : int
        Steps in a season, 1 for none. [steps]
    horizon : int
        Steps ahead. [steps]

    Returns
    -------
    ndarray of float
        Shape (horizon,); the last value itself where the season fails the test or a value is not
        above 0. [unit]

    Examples
    --------
    >>> naive2(np.tile([1.0, 5.0, 2.0, 2.0], 6), 4, 3).round(6).tolist()
    [1.0, 5.0, 2.0]
    """
    if values.min() <= 0.0:
        return np.full(horizon, values[-1])
    path = seasonal_path(values, (season,), horizon)
    return np.asarray(values[-1] / path[len(values) - 1] * path[len(values) :])


def _trend(values: Floats, season: int) -> Floats:
    """Centred moving average over one season, NaN at the ends."""
    weights = np.ones(season) / season
    if season % 2 == 0:
        weights = np.convolve(weights, [0.5, 0.5])
    trend = np.full(len(values), np.nan)
    half = len(weights) // 2
    trend[half : len(values) - half] = np.convolve(values, weights, mode="valid")
    return trend
