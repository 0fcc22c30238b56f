"""When things go down and come back, and how many are down at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from capacity.arrays import Floats, Ints


class Outages(NamedTuple):
    """Times [h] at which something goes down and comes back, sorted each for itself."""

    starts: Floats
    ends: Floats

    def down(self, times: Floats) -> Ints:
        """How many are down just after some times.

        Parameters
        ----------
        times : numpy.ndarray
            Times. [h]

        Returns
        -------
        numpy.ndarray
            Same shape. [1]
        """
        begun = np.searchsorted(self.starts, times, side="right")
        return np.asarray(begun - np.searchsorted(self.ends, times, side="right"))

    def most_down(self, hours: int) -> Ints:
        """At least as many as are down at any moment of each hour.

        Parameters
        ----------
        hours : int
            Hours from the start; the last one holds all that comes later. [h]

        Returns
        -------
        numpy.ndarray, shape (hours,)
            Those that are down when it begins or fail within it. [1]
        """
        begun, done = (_by_hour(times, hours) for times in self)
        begun[1:] -= done[:-1]
        return np.cumsum(begun, out=begun)

    def within(self, hours: NDArray[np.bool_]) -> Outages:
        """Starts and ends that lie in some hours.

        Parameters
        ----------
        hours : numpy.ndarray of bool
            Whether to keep what is in an hour.

        Returns
        -------
        Outages
            No longer as many ends as starts.
        """
        at = (times.astype(np.int64).clip(max=hours.size - 1) for times in self)
        return Outages(*(times[hours[hour]] for times, hour in zip(self, at, strict=True)))

    def down_within(self, hours: NDArray[np.bool_], times: Floats) -> Ints:
        """What `down` says of times in some hours; only what lies in these is sorted.

        Parameters
        ----------
        hours : numpy.ndarray of bool
            Hours in which all times lie.
        times : numpy.ndarray
            Times. [h]

        Returns
        -------
        numpy.ndarray
            Same shape. [1]
        """
        begun, done = (_by_hour(every, hours.size) for every in self)
        left_out = np.where(hours, 0, begun - done)
        found = (left_out.cumsum() - left_out)[times.astype(np.int64).clip(max=hours.size - 1)]
        near = self.within(hours)
        found += np.searchsorted(np.sort(near.starts), times, side="right")
        found -= np.searchsorted(np.sort(near.ends), times, side="right")
        return np.asarray(found)


NEVER = Outages(np.empty(0), np.empty(0))


def _by_hour(times: Floats, hours: int) -> Ints:
    """How many of some times lie in each hour, the last one holding all that come later."""
    return np.bincount(times.astype(np.int64).clip(max=hours - 1), minlength=hours)
