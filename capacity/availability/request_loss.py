"""Share of requests that a service loses: over its states, weighted by the load of each hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betainc

from capacity.availability.copies import replicated_down, unread
from capacity.availability.planned_work import planned_works
from capacity.availability.pools import k_of_n_unavailability, zones_up
from capacity.availability.repair import repaired_pool
from capacity.availability.service_level import HOURS_PER_30_DAYS, change_unavailability
from capacity.scenarios.tree import POOL, Design, Hosts, Managed, Replicas, Replicated, Service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from capacity.arrays import Floats, Ints

NEGLIGIBLE = 1e-14  # probability of a state
CERTAIN = 92.0  # minus the logarithm of a probability that is none, 1e-40


@dataclass(frozen=True)
class HourlyNeed:
    """What the load takes, hour by hour of a week.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (hours,)
        Nodes that carry all users; in proportion to the requests of the hour. [nodes]
    hosts : int
        Hosts that must be up in a region at the peak. [hosts]
    reads : float
        Read replicas that carry all users at the peak. [replicas]
    """

    nodes: Floats
    hosts: int
    reads: float = 1.0


class Loss(NamedTuple):
    """Share of all requests lost [1]: to failures, to bad changes, to planned maintenance."""

    states: float
    change: float
    planned: float = 0.0

    @property
    def total(self) -> float:
        """Share of all requests lost [1]."""
        return self.states + self.change + self.planned


class AroundPool(NamedTuple):
    """What stands around the nodes of a layout, for several numbers of spare read replicas.

    Parameters
    ----------
    levels : numpy.ndarray, shape (levels,)
        Nodes that carry all users. [nodes]
    hours : numpy.ndarray, shape (levels,)
        Hours of a week at each level. [h]
    region_up : numpy.ndarray, shape (zones + 1,)
        Probability that a region is up with 0, 1, ... of its zones. [1]
    read : numpy.ndarray, shape (spares,)
        Share of the requests that find a read replica. [1]
    works, drains : numpy.ndarray, shape (spares, levels)
        Hours of a week lost to planned work on parts, hours in which a zone is drained; those of
        the requests that find a replica, and weighted by the probability of the work. [h]
    """

    levels: Floats
    hours: Ints
    region_up: Floats
    read: Floats
    works: Floats
    drains: Floats


def request_loss(service: Service, design: Design, need: HourlyNeed) -> float:
    """Share of requests that get no answer.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        What is built against it.
    need : HourlyNeed
        The load.

    Returns
    -------
    float
        Share of all requests of a week. [1]

    Notes
    -----
    A region is up while all its parts are, at least one zone is, and no common cause has taken
    its nodes. Requests go to all nodes of all regions that are up; those beyond them are lost,
    and where the pool collapses the others too. The users of a region that is down are lost if
    they cannot be moved. Failures of nodes, zones, parts and regions are independent. Readers of
    a region with too few read replicas read from another one; where they cannot be moved, they
    are lost. Maintenance is done in the quietest hours: users of a region meet a switch-over, a
    drained zone costs what the others do not carry then.

    Examples
    --------
    >>> from capacity.scenarios.tree import Changes, Nodes, Zone
    >>> service = Service({}, Nodes(1e-3, 10.0), Zone(0.0), 0.0, Changes(0.0, 0.0, 0.0))
    >>> need = HourlyNeed(np.array([2.0]), hosts=1)
    >>> round(request_loss(service, Design(1, 1, zone_nodes=2), need), 6)
    0.009901
    """
    return request_losses(service, design, need).total


def request_losses(service: Service, design: Design, need: HourlyNeed) -> Loss:
    """Share of requests lost to failures, to changes and to planned maintenance.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        What is built against it.
    need : HourlyNeed
        The load.

    Returns
    -------
    Loss
        The three shares. [1]
    """
    around = around_pool(service, design, need, (design.read_spares,))
    pool = _pool(service, design, around, design.zone_nodes)
    states, planned = (lost.item() for lost in _lost(around, pool))
    return Loss(states, planned=planned, change=(1.0 - states - planned) * _broken(service, design))


def spare_losses(service: Service, design: Design, around: AroundPool) -> Floats:
    """Share of requests lost with several numbers of spare read replicas.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        What is built against it; its spare replicas are not looked at.
    around : AroundPool
        Of its layout and of the numbers asked for, say S.

    Returns
    -------
    ndarray, shape (S,)
        What `request_loss` says of each. [1]

    Examples
    --------
    >>> from capacity.scenarios.tree import Changes, Nodes, Zone
    >>> copies = {"copies": Replicas(0.01, 1.0)}
    >>> service = Service(copies, Nodes(0.0, 1.0), Zone(0.0), 0.0, Changes(0.0, 0.0, 0.0))
    >>> design, need = Design(1, 1, zone_nodes=2), HourlyNeed(np.array([2.0]), hosts=1)
    >>> spare_losses(service, design, around_pool(service, design, need, (0, 1, 2))).round(6)
    array([1.e-02, 1.e-04, 1.e-06])
    """
    states, planned = _lost(around, _pool(service, design, around, design.zone_nodes))
    lost = states + planned
    return np.asarray(lost + (1.0 - lost) * _broken(service, design))


def pool_losses(
    service: Service, design: Design, week: HourlyNeed, peaks: ArrayLike, zone_nodes: ArrayLike
) -> Floats:
    """Share of requests that pools of several sizes lose, each under a load of its own.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        Regions, zones, standbys and canary of all of them; its nodes are not looked at.
    week : HourlyNeed
        The load, of which `nodes` is over that of the busiest hour. [1]
    peaks : array_like, shape (pools,)
        Nodes that carry all users in the busiest hour. [nodes]
    zone_nodes : array_like, shape (pools,)
        Nodes in each zone, repaired as they fail. [nodes]

    Returns
    -------
    ndarray, shape (pools,)
        What `request_loss` says of each. [1]

    Raises
    ------
    ValueError
        If the design limits repair crews.

    Examples
    --------
    >>> from capacity.scenarios.tree import Changes, Nodes, Zone
    >>> service = Service({}, Nodes(1e-3, 10.0), Zone(0.0), 0.0, Changes(0.0, 0.0, 0.0))
    >>> week = HourlyNeed(np.array([1.0]), hosts=1)
    >>> pool_losses(service, Design(1, 1, zone_nodes=0), week, [2, 2], [2, 3]).round(6)
    array([0.009901, 0.000147])
    """
    if design.crews:
        raise ValueError(f"crews = {design.crews}: pools together are repaired without limit")
    one = around_pool(service, design, week, (design.read_spares,))
    around = one._replace(levels=np.asarray(peaks, dtype=np.float64)[:, None] * one.levels)
    each = np.asarray(zone_nodes, dtype=np.int64)[:, None]
    states, planned = _lost(around, _pool(service, design, around, each))
    lost = (states + planned)[:, 0]
    return np.asarray(lost + (1.0 - lost) * _broken(service, design))


def around_pool(
    service: Service, design: Design, need: HourlyNeed, read_spares: Sequence[int]
) -> AroundPool:
    """What stands around the nodes of a layout.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        Regions, zones and standbys; all else of it is not looked at.
    need : HourlyNeed
        The load.
    read_spares : sequence of int
        Numbers of spare read replicas in a region. [replicas]

    Returns
    -------
    AroundPool
        For pools of any size.
    """
    levels, of, hours = np.unique(need.nodes, return_inverse=True, return_counts=True)
    weeks = [_week(service, replace(design, read_spares=count), need) for count in read_spares]
    works, drains = (
        np.array([np.bincount(of, week[place], levels.size) for week in weeks]) for place in (1, 2)
    )
    read = np.array([week[0] for week in weeks])
    return AroundPool(levels, hours, _region_up(service, design, need.hosts), read, works, drains)


def standing_hosts(hosts: int, zones: int) -> int:
    """Hosts in each zone: as many as are needed once a zone is lost, or one spare.

    Parameters
    ----------
    hosts : int
        Hosts that must be up in a region. [hosts]
    zones : int
        Zones of the region. [1]

    Returns
    -------
    int
        Hosts in one zone. [hosts]

    Examples
    --------
    >>> standing_hosts(4, zones=3), standing_hosts(4, zones=1)
    (2, 5)
    """
    return -(-hosts // (zones - 1)) if zones > 1 else hosts + 1


def common_down(service: Service) -> float:
    """Share of time that a common cause keeps all nodes of a region down.

    Parameters
    ----------
    service : Service
        Any service.

    Returns
    -------
    float
        Share of time. [1]
    """
    nodes = service.nodes
    rate = nodes.common_share * nodes.failures_per_h
    return rate / (rate + 1.0 / nodes.repair_h)


def _broken(service: Service, design: Design) -> float:
    """Share of time, weighted by users, in which a bad change is out."""
    changes = service.changes
    return min(
        1.0,
        change_unavailability(
            changes.per_month,
            changes.failure_share,
            changes.repair_h,
            HOURS_PER_30_DAYS,
            design.canary_share,
        ),
    )


def _week(service: Service, design: Design, need: HourlyNeed) -> tuple[float, Floats, Floats]:
    """Share of the requests that find a replica; of them, hours lost to works, zones drained."""
    replicas = {
        name: unread(part, design, need.reads, service.failover_failure)
        for name, part in service.parts.items()
        if isinstance(part, Replicas)
    }
    read = float(np.prod([1.0 - failed for failed, _ in replicas.values()]))
    lost, drained = np.zeros((2, need.nodes.size))
    for work in planned_works(service, design, need.nodes, need.reads):
        hours = read * work.chance * work.cover(need.nodes.size)
        failed, more = replicas.get(work.part, (0.0, 1.0))
        if work.part == POOL:
            drained += hours
        elif failed < 1.0:
            lost += hours * more / (1.0 - failed)
    return read, lost, drained


class _Pool(NamedTuple):
    """Requests that a pool loses at each level [nodes], and how many more with a zone drained."""

    lost: Floats
    more: Floats


def _pool(service: Service, design: Design, around: AroundPool, each: int | Ints) -> _Pool:
    """What a pool loses: `each` is the nodes in a zone, one number or one for each row of levels.

    A zone is drained only at the levels at which it may be.
    """
    levels, up = around.levels, around.region_up
    lost = _lost_at(service, design, levels, up, each)
    at = np.any(around.drains > 0.0, axis=0)
    more = np.zeros_like(lost)
    if at.any():
        drained = _lost_at(service, design, levels[..., at], up, each, drained=True)
        more[..., at] = drained - lost[..., at]
    return _Pool(lost, more)


def _lost(around: AroundPool, pool: _Pool) -> tuple[Floats, Floats]:
    """Share of requests lost to failures, and what planned maintenance adds; spares in columns."""
    whole = np.asarray(around.levels @ around.hours)[..., None]
    served = around.levels - pool.lost
    short, rest = (np.asarray(nodes @ around.hours)[..., None] for nodes in (pool.lost, served))
    planned = served @ around.works.T + pool.more @ around.drains.T
    return (short + (1.0 - around.read) * rest) / whole, np.asarray(planned / whole)


def _lost_at(
    service: Service,
    design: Design,
    levels: Floats,
    region: Floats,
    each: int | Ints,
    drained: bool = False,
) -> Floats:
    """Requests lost at some levels of the load, in nodes, over the states of all regions."""
    down = max(0.0, 1.0 - float(region.sum()))
    lost = down**design.regions * levels
    zones = np.ones(1)
    for up in range(1, design.regions + 1):
        zones = np.convolve(zones, region)
        gone = design.regions - up
        weights = comb(design.regions, up) * down**gone * zones
        lost = lost + _lost_nodes(service, design, levels, weights, (gone, each, drained))
    return np.asarray(lost)


def _region_up(service: Service, design: Design, hosts: int) -> Floats:
    """Probability that a region is up with 0, 1, ... of its zones."""
    zones = design.zones
    up = np.arange(zones + 1)
    chance = zones_up(zones, 1.0 - service.zone.unavailability) * (1.0 - common_down(service))
    for part in service.parts.values():
        if isinstance(part, Managed):
            chance = chance * (1.0 - part.unavailability)
        elif isinstance(part, Hosts):
            standing = up * standing_hosts(hosts, zones)
            chance = chance * (
                1.0 - k_of_n_unavailability(hosts, standing, 1 - part.unavailability)
            )
        elif isinstance(part, Replicated):
            apart = min(zones, 1 + design.standbys)
            missed = np.array([comb(zones - apart, z) / comb(zones, z) for z in up])
            chance = chance * (1.0 - missed) * (1.0 - replicated_down(part, design.standbys))
    chance[0] = 0.0
    return np.asarray(chance)


def _lost_nodes(
    service: Service,
    design: Design,
    nodes: Floats,
    weights: Floats,
    pools: tuple[int, int | Ints, bool],
) -> Floats:
    """Requests lost at some levels of the load, in nodes, with some regions gone."""
    gone, each, drained = pools
    stuck, lost = service.failover_failure, np.zeros_like(nodes)
    for stranded in range(gone + 1):
        chance = comb(gone, stranded) * stuck**stranded * (1.0 - stuck) ** (gone - stranded)
        share = stranded / design.regions
        for zones in np.flatnonzero(chance * weights > NEGLIGIBLE):
            demand = nodes * (1.0 - share)
            short = _short(service, design, int(zones), demand, each)
            if drained:  # any zone alike: so likely one of those that are up
                hit = zones / (design.regions * design.zones)
                fewer = _short(service, design, int(zones) - 1, demand, each)
                short = (1.0 - hit) * short + hit * fewer
            lost += chance * weights[zones] * (short + share * nodes)
    return lost


def _short(
    service: Service, design: Design, zones: int, demand: Floats, each: int | Ints
) -> Floats:
    """Mean nodes that a demand misses with some zones up; all of it where the pool collapses."""
    standing = zones * each
    if design.crews:
        failed = _failed(service, design, zones)
        excess, chance = _short_of(failed, zones * design.zone_nodes, demand)
    else:
        nodes = service.nodes
        rate = (1.0 - nodes.common_share) * nodes.failures_per_h
        excess, chance = _binomial_short(standing, rate / (rate + 1 / nodes.repair_h), demand)
    collapse = service.nodes.collapse
    return np.asarray((1.0 - collapse) * excess + collapse * demand * chance)


def _binomial_short(standing: int | Ints, down: float, demand: Floats) -> tuple[Floats, Floats]:
    """Mean and probability of a shortage, each node down independently."""
    spare = standing - demand
    first = np.floor(spare) + 1.0  # fewest failed nodes that leave a shortage
    mean = standing * down
    away = np.abs(first - mean)
    # Bernstein's bound tells where a shortage is as good as certain or impossible.
    unsure = away * away < 2.0 * CERTAIN * (mean + away / 3.0)
    unsure &= (first > 0.0) & (first <= standing)
    chance = np.asarray(first <= mean, dtype=np.float64)
    tail = chance.copy()
    some, of = first[unsure], np.broadcast_to(standing, first.shape)[unsure]
    chance[unsure] = betainc(some, of - some + 1.0, down)
    fewer = np.maximum(some - 1.0, 1.0)
    one_less = betainc(fewer, np.maximum(of - fewer, 1.0), down)
    tail[unsure] = np.where(some <= 1.0, 1.0, one_less)
    return np.maximum(mean * tail - spare * chance, 0.0), chance


def _short_of(failed: Floats, standing: int, demand: Floats) -> tuple[Floats, Floats]:
    """Mean and probability of a shortage from the distribution of failed nodes."""
    missing = np.maximum(demand[:, None] - (standing - np.arange(failed.size)), 0.0)
    return missing @ failed, (missing > 0.0) @ failed


def _failed(service: Service, design: Design, zones: int) -> Floats:
    """Distribution of failed nodes over some zones, each with its own crews."""
    one = _failed_in_zone(
        design.zone_nodes,
        design.crews,
        (1.0 - service.nodes.common_share) * service.nodes.failures_per_h,
        service.nodes.repair_h,
    )
    total = np.ones(1)
    for _ in range(zones):
        total = np.convolve(total, one)
    return total


@lru_cache(maxsize=512)
def _failed_in_zone(nodes: int, crews: int, failures_per_h: float, repair_h: float) -> Floats:
    """Distribution of failed nodes in a zone, without its negligible end."""
    if not nodes or not failures_per_h:
        return np.ones(1)
    found = repaired_pool(nodes, 1, crews, failures_per_h, 1.0 / repair_h).failed
    return found[: np.flatnonzero(found > NEGLIGIBLE)[-1] + 1]
