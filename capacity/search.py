"""The smallest whole number that meets a requirement, for many requirements at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from capacity.arrays import Ints

    Requirement = Callable[[Ints, Ints], NDArray[np.bool_]]


def smallest_meeting(meets: Requirement, guess: Ints, floor: int = 0) -> Ints:
    """Find the smallest count that meets each of several monotone requirements.

    Parameters
    ----------
    meets : callable
        `meets(counts, which)` tells for each count whether it meets the requirement with the
        index in `which`; once true it stays true for larger counts, and it becomes true.
    guess : ndarray, shape (n,)
        Where to start each search; a good guess needs few evaluations. [1]
    floor : int
        A count that is known to miss every requirement. [1]

    Returns
    -------
    ndarray, shape (n,)
        Smallest counts above `floor` that meet the requirements. [1]

    Examples
    --------
    >>> bound = np.array([10.0, 250.0])
    >>> smallest_meeting(lambda n, i: n * n >= bound[i], guess=np.array([3, 90]))
    array([ 4, 16])
    """
    met = _first_above(meets, np.maximum(guess, floor + 1).astype(np.int64))
    missed = _last_below(meets, met, floor)
    return _bisect(meets, missed, met)


def _first_above(meets: Requirement, start: Ints) -> Ints:
    """Stride upwards, doubling the stride, to a count that meets each requirement."""
    count, stride = start.copy(), 1
    open_ = np.flatnonzero(~meets(count, np.arange(count.size)))
    while open_.size:
        count[open_] += stride
        stride *= 2
        open_ = open_[~meets(count[open_], open_)]
    return count


def _last_below(meets: Requirement, met: Ints, floor: int) -> Ints:
    """Stride downwards, doubling the stride, to a count that misses each requirement."""
    count, stride = met.copy(), 1
    open_ = np.arange(count.size)
    while open_.size:
        count[open_] = np.maximum(count[open_] - stride, floor)
        stride *= 2
        open_ = open_[count[open_] > floor]
        open_ = open_[meets(count[open_], open_)]
    return count


def _bisect(meets: Requirement, missed: Ints, met: Ints) -> Ints:
    """Halve each bracket until its two ends are neighbours."""
    missed, met = missed.copy(), met.copy()
    open_ = np.flatnonzero(met - missed > 1)
    while open_.size:
        middle = (met[open_] + missed[open_]) // 2
        good = meets(middle, open_)
        met[open_[good]] = middle[good]
        missed[open_[~good]] = middle[~good]
        open_ = open_[met[open_] - missed[open_] > 1]
    return met
