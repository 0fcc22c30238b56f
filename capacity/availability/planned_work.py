"""Planned maintenance of a week: what is worked on, how likely, when, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capacity.availability.service_level import HOURS_PER_30_DAYS
from capacity.scenarios.tree import POOL, Hosts, Replicas, Replicated

if TYPE_CHECKING:
    from capacity.arrays import Floats
    from capacity.scenarios.tree import Design, Part, Planned, Service

ALIKE = 9  # digits of the load to which hours are told apart


class Work(NamedTuple):
    """Maintenance of one part.

    Parameters
    ----------
    part : str
        Name of the part; the pool of nodes is `parts.POOL`.
    chance : float
        Probability that it is done in a week: in each region, for the pool in one of all zones.
        [1]
    start_h : float
        From the beginning of the week. [h]
    length_h : float
        How long something is out. [h]
    """

    part: str
    chance: float
    start_h: float
    length_h: float

    def cover(self, period: int) -> Floats:
        """How much of each hour of a week it takes.

        Parameters
        ----------
        period : int
            Hours of a week. [h]

        Returns
        -------
        numpy.ndarray, shape (period,)
            What reaches beyond the week is done at its beginning. [h]

        Examples
        --------
        >>> Work("database", 1.0, start_h=2.5, length_h=1.0).cover(3).tolist()
        [0.5, 0.0, 0.5]
        """
        weeks = int((self.start_h + self.length_h) // period) + 1
        edges = np.clip(np.arange(weeks * period + 1) - self.start_h, 0.0, self.length_h)
        return np.asarray(np.diff(edges).reshape(weeks, period).sum(axis=0))


def needed_replicas(reads: float, regions: int) -> int:
    """Read replicas that must be up in a region: all regions but one carry all reads.

    Parameters
    ----------
    reads : float
        Replicas that carry the reads of all users. [1]
    regions : int
        Regions of the service. [1]

    Returns
    -------
    int
        At least 1; a design installs spares beyond them. [replicas]

    Examples
    --------
    >>> needed_replicas(3.5, regions=1), needed_replicas(3.5, regions=3)
    (4, 2)
    """
    return max(1, ceil(reads / max(1, regions - 1)))


def planned_works(service: Service, design: Design, load: Floats, reads: float) -> tuple[Work, ...]:
    """Maintenance of a week, one work after another from its quietest hour on.

    Parameters
    ----------
    service : Service
        What is maintained.
    design : Design
        What is built.
    load : numpy.ndarray, shape (hours,)
        Load of each hour of a week, in any unit.
    reads : float
        Replicas that carry the reads of all users. [1]

    Returns
    -------
    tuple of Work
        Without those that are never done or take nothing out.

    Notes
    -----
    Nothing is worked on twice in a week, and no two zones are. Replicas of a region are worked on
    one after another, those beyond one spare after everything else: more spares leave the hours of
    all other works as they are. A work does not wait until what has failed elsewhere is repaired.
    """
    period = load.size
    asked = [
        (name, min(1.0, rate * period / HOURS_PER_30_DAYS), min(hours, float(period)))
        for name, rate, hours in _asked(service, design, reads)
        if rate and hours
    ]
    whole = min(period, ceil(sum(hours for *_, hours in asked)))
    before = np.append(0.0, np.cumsum(np.append(load, load)))
    sums = before[whole : whole + period] - before[:period]
    begin = float(np.argmin(np.round(sums / load.sum(), ALIKE)))
    found = []
    for name, chance, hours in asked:
        found.append(Work(name, chance, begin % period, hours))
        begin += hours
    return tuple(_with_spares(found, service, design, begin, period))


def _with_spares(
    works: Iterable[Work], service: Service, design: Design, begin: float, period: int
) -> Iterator[Work]:
    """Works as for one spare replica, and what more or fewer spares change of them."""
    last = []
    for work in works:
        part, more = service.parts.get(work.part), design.read_spares - 1
        spare_h = more * part.planned.work_h if isinstance(part, Replicas) else 0.0
        yield work._replace(length_h=work.length_h + min(0.0, spare_h))
        last_h = min(spare_h, period - work.length_h)
        if last_h > 0.0:
            last.append(Work(work.part, work.chance, begin % period, last_h))
            begin += last_h
    yield from last


def _asked(service: Service, design: Design, reads: float) -> Iterator[tuple[str, float, float]]:
    """Name, works a month, hours out."""
    for name, part in service.parts.items():
        if not isinstance(part, Hosts):
            yield name, part.planned.per_month, _hours(part, design, reads)
    planned: Planned = service.nodes.planned
    yield POOL, design.regions * design.zones * planned.per_month, planned.work_h


def _hours(part: Part, design: Design, reads: float) -> float:
    """Hours that a work on a part of a region takes something out, with one spare replica."""
    if isinstance(part, Hosts):
        return 0.0
    if isinstance(part, Replicated) and design.standbys:
        return part.planned.switch_h
    if isinstance(part, Replicas):
        return part.planned.work_h * (1 + needed_replicas(reads, design.regions))
    return part.planned.work_h
