"""The past of a series as positive numbers without gaps, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["LONGEST", "Past", "past_of"]

LONGEST = 2_000  # latest values that are read


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
