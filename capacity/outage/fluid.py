"""Work as a fluid: what leaves a stock in a step, and who is let in first."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Array, Floats


def gone(step: float, mean_time: Array) -> Floats:
    """Share of a stock that leaves within a step.

    Parameters
    ----------
    step : float
        Length of the step, in the unit of `mean_time`.
    mean_time : float or ndarray
        Mean time until one leaves, above 0, in the unit of `step`.

    Returns
    -------
    ndarray
        1 - exp(-step / mean time), so no step takes more than there is. [1]

    Examples
    --------
    >>> round(float(gone(1.0, 2.0)), 4)
    0.3935
    """
    return np.asarray(-np.expm1(-step / np.asarray(mean_time)))


def let_in(first: Floats, second: Floats, room: Floats) -> tuple[Floats, Floats]:
    """Work of two queues that enters a room, one queue before the other.

    Parameters
    ----------
    first, second : ndarray
        Work that waits, the queue with precedence first. [requests]
    room : ndarray
        Places that are free, not negative. [requests]

    Returns
    -------
    (ndarray, ndarray)
        What enters of each. [requests]

    Examples
    --------
    >>> one, other = let_in(np.array([3.0]), np.array([5.0]), np.array([4.0]))
    >>> float(one[0]), float(other[0])
    (3.0, 1.0)
    """
    one = np.minimum(first, room)
    return one, np.minimum(second, room - one)


def time_below(times: Floats, values: Floats, level: float) -> Floats:
    """Time that each series spends below a level.

    Parameters
    ----------
    times : ndarray
        Ascending and evenly spaced, shape (times,). [min]
    values : ndarray
        Shape (times, draws), joined by straight lines. [1]
    level : float
        The level. [1]

    Returns
    -------
    ndarray
        Crossings are placed between the times, shape (draws,). [min]

    Examples
    --------
    >>> time_below(np.array([0.0, 1.0, 2.0]), np.array([[1.0], [0.0], [0.0]]), 0.25).tolist()
    [1.25]
    """
    before, after = values[:-1] - level, values[1:] - level
    size = np.maximum(np.abs(before) + np.abs(after), np.finfo(float).tiny)
    below = (np.maximum(-before, 0.0) + np.maximum(-after, 0.0)) / size
    return np.asarray(below.sum(axis=0) * (times[1] - times[0]))
