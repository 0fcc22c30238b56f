"""Rolling work: restarts, failovers of a zone, a region or a database, planned drains."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from capacity.availability.schedule import EPSILON, Pool, Schedule, most_needed, schedule
from capacity.scenarios.tree import Planned

MOST_HOURS = 4 * 168  # of a restart; longer is no schedule


class WorkTimes(NamedTuple):
    """How long single acts take, whatever is worked on [h].

    Parameters
    ----------
    cold_start_h : float
        From taking a node out until it serves again, or from switching one on. [h]
    move_h : float
        Until users are served elsewhere. [h]
    """

    cold_start_h: float
    move_h: float


def rolling_restart(
    pool: Pool, begin: int, cold_start_h: float, at_once: int | None = None
) -> Schedule | None:
    """Restart of every node without missing one for the load.

    Parameters
    ----------
    pool : Pool
        Nodes and load.
    begin : int
        Hour of the week. [h]
    cold_start_h : float
        From taking a node out until it serves again. [h]
    at_once : int, optional
        Most nodes out at once; as many as the load leaves over if left out. [nodes]

    Returns
    -------
    Schedule or None
        Waves of nodes; in hours that leave none to spare it waits. None if it is not done after
        four weeks.

    Raises
    ------
    ValueError
        If the time is not above zero.

    Notes
    -----
    No wave runs into the next hour, whose need is another one; waves longer than an hour begin
    on the hour.

    Examples
    --------
    >>> found = rolling_restart(Pool(12, np.array([10.0, 4.0, 4.0, 10.0])), 1, cold_start_h=0.5)
    >>> [(step.start_h, step.out, step.serving) for step in found.steps]
    [(0.0, 8, 4), (0.5, 4, 8)]
    """
    if not cold_start_h > 0.0:
        raise ValueError(f"cold_start_h must be above 0, got {cold_start_h}")
    block = int(np.ceil(cold_start_h - EPSILON))
    waves = max(1, int(1.0 / cold_start_h + EPSILON))
    left, acts = pool.standing, []
    for hour in range(begin, begin + MOST_HOURS, block):
        free = int(np.floor(pool.standing - most_needed(pool.need, hour, hour + block) + EPSILON))
        free = free if at_once is None else min(free, at_once)
        for _ in range(waves if free > 0 else 0):
            out = min(free, left)
            acts.append((cold_start_h, out, out))
            left -= out
            if not left:
                return schedule(pool, begin, acts)
        rest = block - (waves * cold_start_h if free > 0 else 0.0)
        acts += [(rest, 0, 0)] if rest > EPSILON else []
    return None


def loss(
    pool: Pool, begin: int, nodes: int, stranded: float, repair_h: float, times: WorkTimes
) -> Schedule:
    """Loss of nodes that stand together, a zone or a region, until they serve again.

    Parameters
    ----------
    pool : Pool
        Nodes and load.
    begin : int
        Hour of the week. [h]
    nodes : int
        Nodes lost at once. [nodes]
    stranded : float
        Share of the users without service until they are moved. [1]
    repair_h : float
        Until what was lost is there again, users already moved. [h]
    times : WorkTimes
        Moving users, and a cold start.

    Returns
    -------
    Schedule
        Users move, what is left serves, nodes start.

    Examples
    --------
    >>> times = WorkTimes(cold_start_h=0.25, move_h=0.1)
    >>> found = loss(Pool(9, np.full(24, 5.0)), 0, 3, 1 / 3, repair_h=4.0, times=times)
    >>> round(found.hours, 2), found.least_serving, round(found.hours_missed, 2)
    (4.35, 6, 0.1)
    """
    acts = [(times.move_h, nodes, 0), (repair_h, 0, 0), (times.cold_start_h, 0, nodes)]
    return schedule(pool, begin, acts, [stranded])


def drain(
    pool: Pool, begin: int, nodes: int, parts: int, work_h: float, times: WorkTimes
) -> Schedule:
    """Planned work on nodes that stand together: drained part by part, refilled part by part.

    Parameters
    ----------
    pool : Pool
        Nodes and load.
    begin : int
        Hour of the week. [h]
    nodes : int
        Nodes of the zone or region. [nodes]
    parts : int
        Steps in which users leave and return. [1]
    work_h : float
        Planned work on what is drained. [h]
    times : WorkTimes
        Moving users, and a cold start.

    Returns
    -------
    Schedule
        Users of a part move first, then its nodes go out; a part serves again after a cold
        start, before the next one starts.

    Examples
    --------
    >>> times = WorkTimes(cold_start_h=0.25, move_h=0.1)
    >>> found = drain(Pool(9, np.full(24, 5.0)), 0, nodes=3, parts=2, work_h=1.0, times=times)
    >>> [step.serving for step in found.steps], found.held
    ([9, 8, 6, 6, 7], True)
    """
    sizes = [int(size) for size in np.diff(np.linspace(0, nodes, parts + 1).astype(int))]
    acts = [(times.move_h, 0, 0)]
    acts += [(times.move_h, size, 0) for size in sizes[:-1]]
    acts += [(work_h, sizes[-1], 0)]
    acts += [(times.cold_start_h, 0, size) for size in sizes]
    return schedule(pool, begin, acts)


def switch_over(standbys: int, begin: int, planned: Planned) -> Schedule:
    """Planned work on a unit and its standbys, one at a time, with one switch-over.

    Parameters
    ----------
    standbys : int
        Standbys of the unit. [1]
    begin : int
        Hour of the week. [h]
    planned : Planned
        How long the work on one unit takes, and the switch-over.

    Returns
    -------
    Schedule
        Of units, of which the load takes one. Every standby is worked on first, then one takes
        over, during which nobody serves, then the unit that served. Without a standby the work
        itself is an outage.

    Examples
    --------
    >>> found = switch_over(1, 0, Planned(work_h=0.5, switch_h=0.025))
    >>> [step.serving for step in found.steps], found.hours_missed
    ([1, 0, 1], 0.025)
    """
    pool = Pool(1 + standbys, np.ones(1))
    acts = [(planned.work_h, 1, 1)] * standbys
    if standbys:
        acts += [(planned.switch_h, 1 + standbys, standbys)]
    return schedule(pool, begin, [*acts, (planned.work_h, 0 if standbys else 1, 1)])
