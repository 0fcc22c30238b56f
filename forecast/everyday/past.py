"""The past of a series as positive numbers without gaps, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "LONGEST",
    "Past",
    "past_of",
    "prepared_past",
    "seasonally_filled",
    "without_outliers",
]

LONGEST = 2_000  # latest values that are read
FEWEST = 12  # values below which no outlier can be told
NEIGHBOURS = 3  # on either side
FAR = 3.0  # times as far off as the worst of the others
TWICE = float(np.log(2.0))
FEWEST_SEASONS = 3
MANY = 100  # values for each outlier beyond the first


@dataclass(frozen=True, eq=False)
class Past:
    """Latest values of a series, positive and of the order of 1.

    Parameters
    ----------
    values : ndarray of float
        (series / size) + shift, all above 0 unless the series is constant. [1]
    size : float
        Mean magnitude of the latest values. [unit]
    shift : float
        What was added; 0 for a series above 0. [1]
    lowest : float
        Bound of forecasts: 0 where no value of the series is negative, else minus infinity. [unit]
    """

    values: Floats
    size: float
    shift: float
    lowest: float

    @property
    def constant(self) -> bool:
        """Whether all values are the same."""
        return bool(np.ptp(self.values) == 0.0)

    def forward(self, values: Floats) -> Floats:
        """Values on the past's scale from values of the series.

        Parameters
        ----------
        values : ndarray of float
            Of the series, such as what came after the past. [unit]

        Returns
        -------
        ndarray of float
            On the scale of `values`. [1]
        """
        return np.asarray(values / self.size + self.shift)

    def back(self, values: Floats) -> Floats:
        """Values of the series from values of the past's scale.

        Parameters
        ----------
        values : ndarray of float
            On the scale of `values`. [1]

        Returns
        -------
        ndarray of float
            Not below `lowest`. [unit]
        """
        return np.asarray(np.maximum((values - self.shift) * self.size, self.lowest))


def prepared_past(values: Floats, season: int) -> Past:
    """Past of a series as forecasting and learning see it: without lone outliers and gaps.

    Parameters
    ----------
    values : ndarray of float
        Values at even steps, NaN where unknown, the first and the last known. [unit]
    season : int
        Steps in a season, 1 for none. [steps]

    Returns
    -------
    Past
        Gaps are filled with the season where three are known, else on straight lines.

    Examples
    --------
    >>> spiked = np.where(np.arange(14) == 5, 90.0, 9.0 + np.arange(14) % 2)
    >>> past = prepared_past(spiked, season=2)
    >>> past.back(past.values)[4:7].round(6).tolist()
    [9.0, 10.0, 9.0]
    """
    return past_of(seasonally_filled(without_outliers(values), season))


def past_of(values: Floats) -> Past:
    """Latest values, gaps filled on straight lines, made positive.

    Parameters
    ----------
    values : ndarray of float
        Values at even steps, NaN where unknown, the first and the last known. [unit]

    Returns
    -------
    Past
        A series that reaches 0 or less is shifted by its range above 0, so that logarithms of it
        are close to straight.

    Examples
    --------
    >>> past_of(np.array([1.0, np.nan, 3.0])).values.tolist()
    [0.5, 1.0, 1.5]
    >>> past_of(np.array([0.0, 1.0, 2.0])).values.tolist()
    [2.0, 3.0, 4.0]
    """
    known = ~np.isnan(values)
    steps = np.arange(len(values))
    recent = np.interp(steps, steps[known], values[known])[-LONGEST:]
    size = float(np.abs(recent).mean()) or 1.0
    scaled = recent / size
    shift = float(np.ptp(scaled) - scaled.min()) if scaled.min() <= 0.0 else 0.0
    lowest = 0.0 if np.nanmin(values) >= 0.0 else -np.inf
    return Past(scaled + shift, size, shift, lowest)


def without_outliers(values: Floats) -> Floats:
    """Values with a gap where one stands far off, alone.

    Parameters
    ----------
    values : ndarray of float
        Values at even steps, NaN where unknown, the first and the last known. [unit]

    Returns
    -------
    ndarray of float
        A copy; the same where fewer than 12 values are known. [unit]

    Notes
    -----
    A value is compared with the median of itself and its three neighbours on either side, in
    logarithms where all values are above 0. It is an outlier if it is off by a factor of two or
    more (by half of the median or more) and three times as far as any other, the worst one of each
    hundred values left aside. A peak that comes again is therefore none, nor is a new level of two
    values or more; a single one at the end is, until the next confirms it.

    Examples
    --------
    >>> spiked = np.where(np.arange(14) == 5, 90.0, 9.0 + np.arange(14) % 2)
    >>> int(np.flatnonzero(np.isnan(without_outliers(spiked)))[0])
    5
    """
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < FEWEST:
        return values.copy()
    seen = values[known]
    positive = bool(seen.min() > 0.0)
    scale = np.log(seen) if positive else seen
    padded = np.pad(scale, NEIGHBOURS, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1)
    middle = np.nanmedian(windows, axis=1)
    off = np.abs(scale - middle)
    worst = np.sort(off)[-2 - len(known) // MANY]
    if worst == 0.0:
        return values.copy()  # nothing to measure "far" by: one sale among zeros is no outlier
    limit = np.maximum(FAR * worst, TWICE if positive else np.abs(middle) / 2.0)
    found = values.copy()
    found[known[off > limit]] = np.nan
    return found


def seasonally_filled(values: Floats, season: int) -> Floats:
    """Values with gaps filled on straight lines between seasonally adjusted neighbours.

    Parameters
    ----------
    values : ndarray of float
        Values at even steps, NaN where unknown. [unit]
    season : int
        Steps in a season, 1 for none. [steps]

    Returns
    -------
    ndarray of float
        A copy; gaps stay where there is no season, or fewer than three of them, or a phase of it
        with fewer than two known values. [unit]

    Examples
    --------
    >>> seasonally_filled(np.array([1.0, 9.0, 1.0, np.nan, 1.0, 9.0]), 2).round(6).tolist()
    [1.0, 9.0, 1.0, 9.0, 1.0, 9.0]
    """
    known = ~np.isnan(values)
    steps = np.arange(len(values))
    phases = steps % season
    counts = np.bincount(phases[known], minlength=season)
    few = season == 1 or len(values) < FEWEST_SEASONS * season
    if known.all() or few or counts.min() < FEWEST_SEASONS - 1:
        return values.copy()
    positive = bool(np.nanmin(values) > 0.0)
    scale = np.log(values) if positive else values
    mean = np.bincount(phases[known], scale[known], season) / counts
    age = np.bincount(phases[known], steps[known], season) / counts
    # Within each phase there is growth alone: the slope of least squares beside free seasons.
    off = (steps - age[phases])[known]
    slope = off @ (scale - mean[phases])[known] / (off @ off)
    whole = mean[phases] + slope * (steps - age[phases])
    whole += np.interp(steps, steps[known], (scale - whole)[known])
    return np.where(known, values, np.exp(whole) if positive else whole)
