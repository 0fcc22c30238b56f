"""Work on a fleet that serves as a schedule: what is out, what serves, what the load takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from capacity.arrays import Floats

EPSILON = 1e-9  # hours by which a step may touch the next one


class WorkStep(NamedTuple):
    """One step of a schedule.

    Parameters
    ----------
    start_h, hours : float
        Begin, from the begin of the work, and duration. [h]
    out : int
        Nodes taken out of service when it begins. [nodes]
    back : int
        Nodes in service again, or for the first time, when it ends. [nodes]
    serving : int
        Nodes in service while it lasts. [nodes]
    need : float
        Most nodes that the load takes while it lasts, latency targets kept. [nodes]
    stranded : float
        Share of the users whom nobody serves meanwhile, however many nodes there are. [1]
    """

    start_h: float
    hours: float
    out: int
    back: int
    serving: int
    need: float
    stranded: float = 0.0

    @property
    def held(self) -> bool:
        """Whether latency targets hold for all users."""
        return self.serving >= self.need and not self.stranded

    @property
    def unserved(self) -> float:
        """Share of the users' load beyond the targets, stranded users included [1]."""
        reached = 1.0 - self.stranded
        over = max(0.0, reached * self.need - self.serving)
        return self.stranded + (over / self.need if self.need else 0.0)


class Schedule(NamedTuple):
    """Work on a pool, step after step without a gap.

    Parameters
    ----------
    begin : int
        Hour of the week, Monday midnight is 0. [h]
    steps : tuple of WorkStep
        In order of time.
    """

    begin: int
    steps: tuple[WorkStep, ...]

    @property
    def hours(self) -> float:
        """Duration [h]."""
        last = self.steps[-1]
        return last.start_h + last.hours

    @property
    def held(self) -> bool:
        """Whether latency targets hold in every step."""
        return all(step.held for step in self.steps)

    @property
    def hours_missed(self) -> float:
        """Time in which latency targets do not hold [h]."""
        return sum(step.hours for step in self.steps if not step.held)

    @property
    def hours_lost(self) -> float:
        """Full outage as long as which as many users go beyond the targets, at most [h]."""
        return sum(step.hours * step.unserved for step in self.steps)

    @property
    def least_serving(self) -> int:
        """Fewest nodes in service [nodes]."""
        return min(step.serving for step in self.steps)

    @property
    def lacking(self) -> float:
        """Nodes that the worst step lacks for the latency targets; below 0: what is over."""
        return max(step.need - step.serving for step in self.steps)


class Pool(NamedTuple):
    """Nodes that stand [nodes], and those that the load takes in each hour of a week [nodes]."""

    standing: int
    need: Floats


def schedule(
    pool: Pool, begin: int, acts: Iterable[tuple[float, int, int]], stranded: Iterable[float] = ()
) -> Schedule:
    """Follow a pool through acts.

    Parameters
    ----------
    pool : Pool
        Nodes before the work, and the load.
    begin : int
        Hour of the week. [h]
    acts : iterable of (float, int, int)
        Duration [h], nodes taken out when it begins, nodes back when it ends. [nodes]
    stranded : iterable of float
        Share of users without service in the first acts; none in the others. [1]

    Returns
    -------
    Schedule
        With nodes in service and needed in each step.

    Examples
    --------
    >>> pool = Pool(5, np.array([3.0, 4.5]))
    >>> found = schedule(pool, 0, [(1.0, 2, 0), (0.5, 0, 2)])
    >>> [step.held for step in found.steps], found.lacking
    ([True, False], 1.5)
    """
    serving, start, steps, shares = pool.standing, 0.0, [], list(stranded)
    for number, (hours, out, back) in enumerate(acts):
        serving -= out
        share = shares[number] if number < len(shares) else 0.0
        need = most_needed(pool.need, begin + start, begin + start + hours)
        steps.append(WorkStep(start, hours, out, back, serving, need, share))
        serving, start = serving + back, start + hours
    return Schedule(begin, tuple(steps))


def over_week(hours: Iterable[int], work: Callable[[int], Schedule | None]) -> list[Schedule]:
    """Schedules of the same work, begun in one hour or another of the week, the best one first.

    Parameters
    ----------
    hours : iterable of int
        Hours of the week; of equally good ones the first comes first. [h]
    work : callable
        Schedule for an hour, or None where it cannot be done.

    Returns
    -------
    list of Schedule
        Fewest hours beyond the latency targets first, then the shortest, then the largest reserve.

    Examples
    --------
    >>> pool, acts = Pool(5, np.array([4.0, 3.0])), [(1.0, 1, 1)]
    >>> [item.begin for item in over_week(range(2), lambda hour: schedule(pool, hour, acts))]
    [1, 0]
    """
    found = [item for item in map(work, hours) if item is not None]
    return sorted(found, key=_regret)


def most_needed(need: Floats, begin: float, end: float) -> float:
    """Largest need of the hours that an interval touches.

    Parameters
    ----------
    need : numpy.ndarray, shape (hours,)
        Nodes that the load takes in each hour of a week. [nodes]
    begin, end : float
        The interval, from the begin of the week. [h]

    Returns
    -------
    float
        [nodes]

    Examples
    --------
    >>> most_needed(np.array([1.0, 3.0, 2.0]), 0.5, 1.0)
    1.0
    """
    first, last = int(begin + EPSILON), int(np.ceil(end - EPSILON))
    return float(np.take(need, range(first, max(last, first + 1)), mode="wrap").max())


def _regret(found: Schedule) -> tuple[float, float, float, float]:
    return found.hours_lost, found.hours_missed, found.hours, found.lacking
