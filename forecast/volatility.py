"""How unsteady a year was: volatility of log levels around their straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["FEWEST_VALUES", "SHORTEST_MONTHS", "last_year_volatility", "volatility_factor"]

YEAR_MONTHS = 12.8  # a year, and what dates of reports may be off
FEWEST_VALUES = 4
SHORTEST_MONTHS = 8.0  # a few months would pass for a steady year
FACTOR = (0.5, 2.0)  # products calmer or wilder than that are too few to learn from


def last_year_volatility(months: NDArray[np.float64], levels: NDArray[np.float64]) -> float:
    """Monthly log volatility of the last year's values around the line between their ends.

    Parameters
    ----------
    months : ndarray of float
        Time of each value, strictly ascending, shape (values,). [months]
    levels : ndarray of float
        Logarithm of the values, shape (values,). [1]

    Returns
    -------
    float
        Unbiased for a random walk with a drift, however far apart its values are; nan where the
        last year has fewer than four values, or these span less than eight months. [1]

    Examples
    --------
    >>> quarters = np.array([0.0, 3.0, 6.0, 9.0, 12.0])
    >>> round(last_year_volatility(quarters, np.array([0.0, 0.5, 0.6, 1.1, 1.2])), 3)
    0.133
    >>> last_year_volatility(quarters[:2], np.array([0.0, 0.5]))
    nan
    """
    known = months >= months[-1] - YEAR_MONTHS
    if known.sum() < FEWEST_VALUES or np.ptp(months[known]) < SHORTEST_MONTHS:
        return float("nan")
    steps, changes = np.diff(months[known]), np.diff(levels[known])
    drift = changes.sum() / steps.sum()
    squares = (changes - drift * steps) ** 2 / steps
    return float(np.sqrt(squares.sum() / (len(steps) - 1)))


def volatility_factor(volatility: ArrayLike, typical: float) -> NDArray[np.float64]:
    """Share of the typical forecast error to expect after a year of the given volatility.

    Parameters
    ----------
    volatility : array_like
        Monthly log volatility of the last year; nan where it is not known. [1]
    typical : float
        That of past products, above 0. [1]

    Returns
    -------
    ndarray of float
        Root of the ratio of both, 0.5 to 2; 1 where the volatility is not known. [1]

    Examples
    --------
    >>> volatility_factor([0.09, 0.36, 9.0, float("nan")], typical=0.09).tolist()
    [1.0, 2.0, 2.0, 1.0]
    """
    ratio = np.nan_to_num(np.asarray(volatility, dtype=np.float64) / typical, nan=1.0)
    return np.asarray(np.clip(np.sqrt(ratio), *FACTOR))
