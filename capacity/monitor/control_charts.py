"""Mean time until a control chart signals: CUSUM, EWMA and Shewhart charts of normal values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from capacity.arrays import Floats

STATES = 401  # of the chain; more change the mean by less than 1e-4 of it


def shewhart_arl(limit: float, shift: float = 0.0) -> float:
    """Mean number of values until one lies outside the limits.

    Parameters
    ----------
    limit : float
        Distance of both limits from the mean, in standard deviations. [1]
    shift : float
        Distance of the true mean from the one of the chart, in standard deviations. [1]

    Returns
    -------
    float
        Average run length. [values]

    Raises
    ------
    ValueError
        If the limit is not above zero.

    Examples
    --------
    >>> round(shewhart_arl(3.0), 1)
    370.4
    """
    _check_above_zero(limit=limit)
    return float(1.0 / (ndtr(-limit - shift) + ndtr(shift - limit)))


def cusum_arl(interval: float, reference: float, shift: float = 0.0, sides: int = 2) -> float:
    """Mean number of values until a tabular CUSUM signals.

    Parameters
    ----------
    interval : float
        Decision interval h, in standard deviations. [1]
    reference : float
        Reference value k, half of the shift to be found, in standard deviations. [1]
    shift : float
        Distance of the true mean from the one of the chart, in standard deviations. [1]
    sides : int
        2 for sums on both sides, 1 for the upper one alone. [1]

    Returns
    -------
    float
        Average run length from sums of zero. [values]

    Raises
    ------
    ValueError
        If the interval is not above zero, the reference below it, or there are other than 1 or 2
        sides.

    Notes
    -----
    A Markov chain over slices of the sum [1]_; two sides join as rates, exact where both sums
    cannot be above zero at once [2]_.

    References
    ----------
    .. [1] D. Brook and D. A. Evans, "An approach to the probability distribution of cusum run
       length", Biometrika, 1972.
    .. [2] K. W. Kemp, "The average run length of the cumulative sum chart when a V-mask is used",
       1961.

    Examples
    --------
    >>> round(cusum_arl(4.0, 0.5), 1), round(cusum_arl(4.0, 0.5, shift=1.0), 2)
    (167.7, 8.38)
    """
    _check_above_zero(interval=interval)
    if reference < 0.0 or sides not in (1, 2):
        raise ValueError(f"reference {reference} must be at least 0 and sides {sides} 1 or 2")
    means = (shift, -shift)[:sides]
    return 1.0 / sum(1.0 / _upper_cusum_arl(interval, reference - mean) for mean in means)


def ewma_arl(weight: float, limit: float, shift: float = 0.0) -> float:
    """Mean number of values until an exponentially weighted moving average leaves its limits.

    Parameters
    ----------
    weight : float
        Weight of the newest value, above 0 and at most 1. [1]
    limit : float
        Distance of both limits, in standard deviations of the average in the long run. [1]
    shift : float
        Distance of the true mean from the one of the chart, in standard deviations. [1]

    Returns
    -------
    float
        Average run length from the mean of the chart. [values]

    Raises
    ------
    ValueError
        If the limit is not above zero or the weight not a share.

    References
    ----------
    .. [1] J. M. Lucas and M. S. Saccucci, "Exponentially weighted moving average control schemes",
       Technometrics, 1990.

    Examples
    --------
    >>> round(ewma_arl(0.2, 2.962)), round(ewma_arl(0.2, 2.962, shift=1.0), 1)
    (500, 10.5)
    """
    _check_above_zero(limit=limit, weight=weight)
    if weight > 1.0:
        raise ValueError(f"weight must be at most 1, got {weight}")
    edges = limit * math.sqrt(weight / (2.0 - weight)) * np.linspace(-1.0, 1.0, STATES + 1)
    middles = 0.5 * (edges[1:] + edges[:-1])
    reach = (edges[None, :] - (1.0 - weight) * middles[:, None]) / weight - shift
    return float(_steps_to_leave(np.diff(ndtr(reach), axis=1))[STATES // 2])


def _upper_cusum_arl(interval: float, drift: float) -> float:
    """Mean steps of max(0, S + z - drift) from 0 until it exceeds the interval."""
    width = 2.0 * interval / (2 * STATES - 1)
    sums = width * np.arange(STATES)
    edges = np.concatenate(([-np.inf], sums + 0.5 * width))  # what falls below 0 stays at 0
    reach = edges[None, :] - sums[:, None] + drift
    return float(_steps_to_leave(np.diff(ndtr(reach), axis=1))[0])


def _steps_to_leave(staying: Floats) -> Floats:
    """Mean steps from each state until the chain leaves all of them."""
    states = len(staying)
    return np.asarray(np.linalg.solve(np.eye(states) - staying, np.ones(states)))


def _check_above_zero(**values: float) -> None:
    for name, value in values.items():
        if not value > 0.0:
            raise ValueError(f"{name} must be above 0, got {value}")
