"""Cascades as a bundle of fibres: whatever one node drops, all others carry in equal parts."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Floats
from capacity.outage.thermal import approach, steady_rise

LONGEST_CASCADE = 200.0  # in time constants


def critical_load(strengths: Floats) -> float:
    """Largest constant load that a pool carries without losing every node.

    Parameters
    ----------
    strengths : ndarray
        Load at which each node shuts down, shape (nodes,). [1]

    Returns
    -------
    float
        Load per node of the whole pool: max over k of x_(k) (N - k + 1) / N, with the strengths
        x_(1) <= ... <= x_(N) in order; exact for every finite N. [1]

    Raises
    ------
    ValueError
        If there is no node.

    References
    ----------
    .. [1] H. E. Daniels, "The statistical theory of the strength of bundles of threads", 1945.

    Examples
    --------
    >>> critical_load(np.array([1.0, 2.0, 3.0, 4.0]))
    1.5
    """
    if len(strengths) == 0:
        raise ValueError("a bundle must have at least one node, got none")
    ordered = np.sort(strengths)
    left = np.arange(len(ordered), 0, -1) / len(ordered)
    return float(np.max(ordered * left))


def thermal_collapse_load(
    margins: Floats, nominal: float, exponent: float, tolerance: float = 1e-4
) -> float:
    """The same load found by following temperatures until nothing changes.

    Parameters
    ----------
    margins : ndarray
        Shutdown temperature minus inlet of each node, shape (nodes,), above 0. [°C]
    nominal : float
        Rise with all places taken. [°C]
    exponent : float
        Power of the load that the heat follows. [1]
    tolerance : float
        Width at which the search ends. [1]

    Returns
    -------
    float
        Load per node of the whole pool, by bisection over simulated cascades. [1]

    Examples
    --------
    >>> margins = steady_rise(np.array([1.0, 2.0, 3.0, 4.0]), 43.0, 0.6)
    >>> round(thermal_collapse_load(margins, 43.0, 0.6), 2)
    1.5
    """
    low, high = 0.0, float(np.max(margins / nominal) ** (1.0 / exponent)) * 1.01
    while high - low > tolerance:
        middle = (low + high) / 2.0
        if _survives(middle, margins, nominal, exponent):
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def _survives(load: float, margins: Floats, nominal: float, exponent: float) -> bool:
    """Whether any node is left after the cascade, followed in steps of a tenth of the lag."""
    share = 1.0 - np.exp(-0.1)
    up, rise = np.ones(len(margins), dtype=bool), np.zeros(len(margins))
    quiet = 0
    while up.any() and quiet < LONGEST_CASCADE:
        target = steady_rise(load * len(up) / up.sum(), nominal, exponent)
        rise = approach(rise, np.where(up, target, 0.0), share)
        tripped = up & (rise >= margins)
        up &= ~tripped
        quiet = 0 if tripped.any() else quiet + 1
    return bool(up.any())
