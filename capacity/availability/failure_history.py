"""Failures and repairs drawn one after another: the independent check of the request loss.

Nodes, hosts, zones, parts, standbys, read replicas, repair crews, failovers, changes and planned
maintenance get lives of their own;
what users lose is added up interval by interval. Nothing here uses a formula of availability.
Nodes are counted in hours that may lack some; hosts that only a lost zone makes too few live on
while one is.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from capacity.availability.copies import unit_failures_per_h
from capacity.availability.outage_times import NEVER, Outages
from capacity.availability.planned_work import needed_replicas, planned_works
from capacity.availability.request_loss import standing_hosts
from capacity.availability.watched import Watched
from capacity.scenarios.tree import POOL, Hosts, Managed, Replicas, Replicated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from capacity.arrays import Floats, Ints
    from capacity.availability.planned_work import Work
    from capacity.availability.request_loss import HourlyNeed
    from capacity.scenarios.tree import Design, Nodes, Service

HOURS_PER_YEAR, HOURS_PER_MONTH = 8760, 720
BLOCKS = 40  # independent histories
WARM_UP_WEEKS, WARM_UP_REPAIRS = 6, 6  # everything starts whole; of the longest repair
LONGER = 10.0  # standard deviations beyond which nothing is drawn


def watch(
    service: Service, design: Design, need: HourlyNeed, years: float, rng: np.random.Generator
) -> Watched:
    """Follow a service through its failures.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        What is built against it.
    need : HourlyNeed
        The load.
    years : float
        Length of all histories together. [years]
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Watched
        Requests lost, history by history.
    """
    weeks = max(1, round(years * HOURS_PER_YEAR / (BLOCKS * need.nodes.size)))
    hours = BLOCKS * weeks * need.nodes.size
    lost = [_history(service, design, need, weeks, rng) for _ in range(BLOCKS)]
    outage = _longest_repair(service) * _lost_with_region(service, design, need) / hours
    return Watched(np.array(lost), hours / HOURS_PER_YEAR, outage)


def _history(
    service: Service, design: Design, need: HourlyNeed, weeks: int, rng: np.random.Generator
) -> float:
    """Share of requests lost in one history."""
    first = float(_warm_up(service, need.nodes.size))
    hours = first + weeks * need.nodes.size
    works = planned_works(service, design, need.nodes, need.reads)
    weekly = _Weekly(works, need.nodes.size, hours)
    drained = weekly.drained(design.regions * design.zones, rng)
    regions = [_Region(service, design, need, weekly, rng) for _ in range(design.regions)]
    for region in regions:
        region.drained = [drained.pop() for _ in region.zones]
    changes = _changes(service, hours, rng)
    short = np.asarray(sum(region.fewest() for region in regions) < need.nodes.max())
    near = short | _broken(regions, changes, short.size)
    events = np.concatenate([*changes, *(region.events(near) for region in regions)])
    events = np.unique(np.clip(events, first, hours))
    starts, ends = np.append(first, events), np.append(events, hours)
    kept = near[starts.astype(np.int64)]
    starts, ends = starts[kept], ends[kept]
    few = short[starts.astype(np.int64)]
    capacity = np.full(starts.size, np.inf)
    capacity[few] = sum(region.nodes_up(short, starts[few]) for region in regions)
    stranded, unserved = np.zeros((2, starts.size))
    for region in regions:
        down = region.whole.down(starts) > 0
        stranded += _stuck(down, service.failover_failure, rng) / design.regions
        unserved += region.unserved(starts) / design.regions
    broken = 1.0 - (1.0 - unserved) * (1.0 - (changes.down(starts) > 0) * design.canary_share)
    lossy = (capacity < need.nodes.max()) | (stranded > 0.0) | (broken > 0.0)
    pieces = _by_hour(starts[lossy], ends[lossy])
    states = _States(*(item[lossy][pieces.of] for item in (capacity, stranded, broken)))
    lost = _lost(pieces.hour, states, need, service.nodes.collapse, rng)
    return float(lost @ pieces.length) / (weeks * float(need.nodes.sum()))


def _broken(regions: Sequence[_Region], changes: Outages, hours: int) -> NDArray[np.bool_]:
    """Hours in which requests may be lost however many nodes serve."""
    partly = [item for region in regions for _, item in region.partial]
    broken = [changes, *(region.whole for region in regions), *partly]
    return np.asarray(np.sum([item.most_down(hours) for item in broken], axis=0) > 0)


def _warm_up(service: Service, period: int) -> int:
    """Hours after which a service that starts whole is as in the long run, in whole weeks."""
    repairs = WARM_UP_REPAIRS * _longest_repair(service)
    return period * max(WARM_UP_WEEKS, int(np.ceil(repairs / period)))


def _longest_repair(service: Service) -> float:
    """Mean length of the longest repair of what fails [h]."""
    nodes, parts = service.nodes, (service.zone, *service.parts.values())
    repairs = [part.repair_h for part in parts if part.unavailability]
    return max([nodes.repair_h if nodes.failures_per_h else 0.0, *repairs])


def _lost_with_region(service: Service, design: Design, need: HourlyNeed) -> float:
    """Share of the requests of a week lost without a region, its users moved or not."""
    left = (design.regions - 1) * design.zones * design.zone_nodes
    lost = []
    for stranded in (0.0, 1.0 / design.regions):
        wanted = (1.0 - stranded) * need.nodes
        missed = np.maximum(wanted - left, 0.0)
        missed += service.nodes.collapse * np.where(missed > 0.0, wanted - missed, 0.0)
        lost.append(float(np.sum(stranded * need.nodes + missed)))
    return max(lost) / float(need.nodes.sum())


class _Region:
    """Outages of everything in one region."""

    def __init__(
        self,
        service: Service,
        design: Design,
        need: HourlyNeed,
        weekly: _Weekly,
        rng: np.random.Generator,
    ) -> None:
        hours = weekly.hours
        self.size, self.hours = design.zone_nodes, int(hours) + 1
        self.drained: list[Outages] = []
        self.partial: list[tuple[float, Outages]] = []  # share of the users who meet an outage
        zones = range(design.zones)
        self.zones = [_on_off(1, service.zone, hours, rng) for _ in zones]
        self.failed = [_nodes(service.nodes, design, hours, rng) for _ in zones]
        down = [_common(service.nodes, hours, rng), self._all_down(self.zones)]
        for name, part in service.parts.items():
            worked = weekly.drawn(name, rng)
            if isinstance(part, Replicas):
                units = (needed_replicas(need.reads, design.regions), design.read_spares)
                stuck = service.failover_failure if design.regions > 1 else 1.0
                short = _unread(part, units, worked, hours, rng)
                self.partial.append((part.read_share, _kept(short, stuck, rng)))
            elif worked.starts.size:
                self.partial.append((1.0, worked))
            if isinstance(part, Managed):
                down.append(_on_off(1, part, hours, rng))
            elif isinstance(part, Hosts):
                down.append(self._short_of_hosts(part, need.hosts, hours, rng))
            elif isinstance(part, Replicated):
                down.append(_replicated(part, design.standbys, hours, rng))
                down.append(self._all_down(self.zones[: 1 + design.standbys]))
        self.whole = _any(down)

    def fewest(self) -> Ints:
        """Nodes that serve in each hour, or fewer."""
        pairs = zip(self.zones, self.failed, self.drained, strict=True)
        up = sum(
            (zone.most_down(self.hours) + drained.most_down(self.hours) == 0)
            * (self.size - item.most_down(self.hours))
            for zone, item, drained in pairs
        )
        return np.asarray(up * (self.whole.most_down(self.hours) == 0))

    def events(self, hours: NDArray[np.bool_]) -> Floats:
        """Times at which the region changes, or its nodes in some hours [h]."""
        partly = [item for _, item in self.partial]
        nodes = [item.within(hours) for item in self.failed]
        return _times([self.whole, *self.zones, *nodes, *self.drained, *partly])

    def nodes_up(self, hours: NDArray[np.bool_], times: Floats) -> Floats:
        """Nodes that serve, at times in some hours."""
        pairs = zip(self.zones, self.failed, self.drained, strict=True)
        up = [
            (zone.down(times) + drained.down(times) == 0)
            * (self.size - item.down_within(hours, times))
            for zone, item, drained in pairs
        ]
        return np.asarray(np.sum(up, axis=0, dtype=np.float64) * (self.whole.down(times) == 0))

    def unserved(self, times: Floats) -> Floats:
        """Share of the users whom the region loses while it is up."""
        served = np.ones(times.size)
        for share, item in self.partial:
            served *= 1.0 - share * (item.down(times) > 0)
        return 1.0 - served

    def _short_of_hosts(
        self, part: Hosts, needed: int, hours: float, rng: np.random.Generator
    ) -> Outages:
        each = standing_hosts(needed, len(self.zones))
        standing = each * len(self.zones)
        most = _most_seen(standing * part.unavailability)
        if standing - most < needed:
            machines = [_drawn(each, part, hours, rng) for _ in self.zones]
        else:  # only a lost zone makes them too few: they live while one is
            lost = np.sum([zone.most_down(self.hours) for zone in self.zones], axis=0)
            machines = [_drawn_within(lost > 0, each, part, rng) for _ in self.zones]
        return self._too_few(machines, each, needed)

    def _too_few(self, failed: Sequence[Outages], each: int, needed: int) -> Outages:
        # Of thousands of machines most hours are far from short: their events are left out.
        pairs = [
            (zone.most_down(self.hours), item.most_down(self.hours))
            for zone, item in zip(self.zones, failed, strict=True)
        ]
        fewest = sum((zone == 0) * (each - most) for zone, most in pairs)
        near = np.asarray(fewest < needed)
        times = _times([item.within(near) for item in (*self.zones, *failed)])
        alive = sum(
            (zone.down(times) == 0) * (each - item.down_within(near, times))
            for zone, item in zip(self.zones, failed, strict=True)
        )
        return _while(times, np.asarray(alive < needed))

    def _all_down(self, zones: Sequence[Outages]) -> Outages:
        times = _times(zones)
        return _while(times, np.sum([item.down(times) for item in zones], axis=0) == len(zones))


class _Weekly(NamedTuple):
    """Planned maintenance of every week of a history: works, hours of a week, of the history."""

    works: tuple[Work, ...]
    period: int
    hours: float

    def drawn(self, name: str, rng: np.random.Generator) -> Outages:
        """When a part of one region is worked on."""
        found = [self._done(work, rng) for work in self.works if work.part == name] or [NEVER]
        return found[0] if len(found) == 1 else _any(found)

    def drained(self, zones: int, rng: np.random.Generator) -> list[Outages]:
        """When each of some zones is: one of them in a week, any of them alike."""
        starts, ends = self.drawn(POOL, rng)
        which = rng.integers(0, zones, starts.size)
        return [Outages(starts[which == zone], ends[which == zone]) for zone in range(zones)]

    def _done(self, work: Work, rng: np.random.Generator) -> Outages:
        weeks = np.flatnonzero(rng.random(int(self.hours // self.period) + 1) < work.chance)
        starts = (weeks * self.period).astype(np.float64) + work.start_h
        return Outages(starts, starts + work.length_h)


def _unread(
    part: Replicas,
    units: tuple[int, int],
    worked: Outages,
    hours: float,
    rng: np.random.Generator,
) -> Outages:
    """When more replicas are out than are spare, of those needed and these; one is worked on."""
    needed, spares = units
    others, last = (_on_off(count, part, hours, rng) for count in (needed + spares - 1, 1))
    out = _any([last, worked])
    times = _times([others, out])
    return _while(times, others.down(times) + out.down(times) > spares)


def _times(outages: Sequence[Outages]) -> Floats:
    """Times at which any of them begins or ends, in order. [h]"""
    return np.unique(np.concatenate([time for item in outages for time in item]))


def _any(outages: Sequence[Outages]) -> Outages:
    """When any of some things is down."""
    times = _times(outages)
    return _while(times, np.sum([item.down(times) for item in outages], axis=0) > 0)


def _while(times: Floats, down: NDArray[np.bool_]) -> Outages:
    """Outages during which something holds, from its value just after each time."""
    before = np.append(False, down)[:-1]
    return Outages(times[down & ~before], times[~down & before])


class _Unit(Protocol):
    """What fails and is repaired for itself: share of time down [1], mean repair [h]."""

    @property
    def unavailability(self) -> float: ...
    @property
    def repair_h(self) -> float: ...


def _on_off(units: int, unit: _Unit, hours: float, rng: np.random.Generator) -> Outages:
    """Outages of units that fail and are repaired each for itself."""
    return Outages(*map(np.sort, _drawn(units, unit, hours, rng)))


def _drawn(units: int, unit: _Unit, hours: float, rng: np.random.Generator) -> Outages:
    """The same, not in order: thousands of units take longer to sort than to draw."""
    down, repair = unit.unavailability, unit.repair_h
    if not down:
        return NEVER
    life = repair * (1.0 - down) / down
    cycles = _most_seen(hours / (life + repair))
    repairs = rng.exponential(repair, (units, cycles))
    ends = rng.exponential(life, (units, cycles))
    ends += repairs
    np.cumsum(ends, axis=1, out=ends)
    starts = np.subtract(ends, repairs, out=repairs)
    seen = starts < hours
    return Outages(starts[seen], ends[seen])


def _drawn_within(
    hours: NDArray[np.bool_], units: int, unit: _Unit, rng: np.random.Generator
) -> Outages:
    """The same of units whose time stands still but in some hours; right within these."""
    warm_up = int(np.ceil(WARM_UP_REPAIRS * unit.repair_h))
    clock = np.append(np.flatnonzero(hours), hours.size)
    drawn = _drawn(units, unit, float(warm_up + clock.size - 1), rng)
    own = (np.clip(times - warm_up, 0.0, clock.size - 1.0) for times in drawn)
    return Outages(*(clock[times.astype(np.int64)] + times % 1.0 for times in own))


def _most_seen(mean: float) -> int:
    """More than a count of independent events with some mean ever is."""
    return int(mean + LONGER * mean**0.5 + LONGER)


def _nodes(nodes: Nodes, design: Design, hours: float, rng: np.random.Generator) -> Outages:
    """Outages of the nodes of a zone, common causes left out."""
    rate = (1.0 - nodes.common_share) * nodes.failures_per_h
    if not rate or not design.zone_nodes:
        return NEVER
    if design.crews:
        return _crewed(design.zone_nodes, design.crews, (1.0 / rate, nodes.repair_h), hours, rng)
    down = nodes.repair_h / (nodes.repair_h + 1.0 / rate)
    return _drawn(design.zone_nodes, Hosts(down, nodes.repair_h), hours, rng)


def _common(nodes: Nodes, hours: float, rng: np.random.Generator) -> Outages:
    rate = nodes.common_share * nodes.failures_per_h
    down = nodes.repair_h / (nodes.repair_h + 1.0 / rate) if rate else 0.0
    return _on_off(1, Hosts(down, nodes.repair_h), hours, rng)


def _crewed(
    units: int, crews: int, means_h: tuple[float, float], hours: float, rng: np.random.Generator
) -> Outages:
    """Outages of units that wait for a repair crew, first come, first served."""
    life, repair = means_h
    failures = rng.exponential(life, units).tolist()
    heapq.heapify(failures)
    free = [0.0] * crews
    starts, ends = [], []
    while failures[0] < hours:
        start = failures[0]
        end = max(start, free[0]) + rng.exponential(repair)
        heapq.heapreplace(free, end)
        heapq.heapreplace(failures, end + rng.exponential(life))
        starts.append(start)
        ends.append(end)
    return Outages(np.array(starts), np.sort(ends))


def _replicated(part: Replicated, standbys: int, hours: float, rng: np.random.Generator) -> Outages:
    """Outages of a unit whose standbys may fail to take over, until the next repair is done."""
    units, rate = 1 + standbys, unit_failures_per_h(part)
    now, failed, stuck, down = 0.0, 0, False, False
    starts: list[float] = []
    ends: list[float] = []
    while now < hours and part.unavailability:
        alive = 0 if stuck else units - failed
        total = alive * rate + failed / part.repair_h
        now += rng.exponential(1.0 / total)
        if rng.random() * total < alive * rate:
            working = rng.random() * alive < 1.0
            stuck = working and alive > 1 and rng.random() >= part.coverage
            failed += 1
        else:
            stuck, failed = False, failed - 1
        if (stuck or failed == units) != down:
            down = not down
            (starts if down else ends).append(now)
    return _kept(Outages(np.array(starts), np.array(ends)), 1.0 - part.promotion, rng)


def _kept(one: Outages, share: float, rng: np.random.Generator) -> Outages:
    """Some of the outages of a thing that is up or down."""
    kept = rng.random(one.starts.size) < share
    return Outages(one.starts[kept], one.ends[kept[: one.ends.size]])


def _changes(service: Service, hours: float, rng: np.random.Generator) -> Outages:
    """Times in which a bad change is out; one that comes meanwhile waits until it is repaired."""
    changes = service.changes
    rate = changes.per_month * changes.failure_share / HOURS_PER_MONTH
    asked = np.sort(rng.uniform(0.0, hours, rng.poisson(rate * hours)))
    repairs = rng.exponential(1.0, asked.size) * changes.repair_h
    done = np.cumsum(repairs)
    ends = done + np.maximum.accumulate(asked - (done - repairs)) if asked.size else asked
    return Outages(ends - repairs, ends)


def _stuck(down: NDArray[np.bool_], failure: float, rng: np.random.Generator) -> Floats:
    """Whether the users of a region are stranded: drawn once for each time that it is down."""
    begins = down & ~np.append(False, down[:-1])
    drawn = rng.random(int(begins.sum()) + 1) < failure
    return np.asarray(down & drawn[np.cumsum(begins)])


class _States(NamedTuple):
    """Nodes up [nodes], share of the users stranded [1], share that meets a bad change [1]."""

    capacity: Floats
    stranded: Floats
    broken: Floats


class _Pieces(NamedTuple):
    """Parts of intervals that lie in one hour: which interval, hour since the start, length [h]."""

    of: Ints
    hour: Ints
    length: Floats


def _by_hour(starts: Floats, ends: Floats) -> _Pieces:
    """Intervals cut at full hours."""
    first = np.floor(starts).astype(np.int64)
    count = np.maximum(np.ceil(ends).astype(np.int64) - first, 1)
    of = np.repeat(np.arange(starts.size), count)
    hour = first[of] + np.arange(of.size) - np.repeat(np.cumsum(count) - count, count)
    length = np.minimum(ends[of], hour + 1.0) - np.maximum(starts[of], hour)
    return _Pieces(of, hour, length)


def _lost(
    hours: Ints, states: _States, need: HourlyNeed, collapse: float, rng: np.random.Generator
) -> Floats:
    """Rate at which requests are lost, in nodes."""
    wanted = need.nodes[hours % need.nodes.size]
    stranded = wanted * states.stranded
    short = np.maximum(wanted - stranded - states.capacity, 0.0)
    gone = (short > 0.0) & (rng.random(short.size) < collapse)
    lost = stranded + np.where(gone, wanted - stranded, short)
    return np.asarray(lost + (wanted - lost) * states.broken)
