"""What a service is made of, what fails in it, and the redundancy that is built against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

POOL = "gpu_pool"  # name of the part that the GPU nodes are


class Cause(Enum):
    """Why requests are lost; in the order in which a report tells them."""

    RANDOM = "random failure"
    ZONE = "zone"
    REGION = "region"
    COMMON = "common cause"
    CHANGE = "change"
    PLANNED = "planned maintenance"
    OVERLOAD = "overload"


@dataclass(frozen=True)
class Planned:
    """Maintenance of a part, done in the quietest hours of the week.

    Parameters
    ----------
    per_month : float
        Works on what is worked on at a time: a region's part, a replica, a zone. [works/month]
    work_h : float
        How long each takes it out. [h]
    switch_h : float
        How long nobody serves where a standby takes over instead. [h]
    """

    per_month: float = 0.0
    work_h: float = 0.0
    switch_h: float = 0.0


NO_WORK = Planned()


@dataclass(frozen=True)
class Managed:
    """A part of a region that is bought as a service and fails as a whole.

    Parameters
    ----------
    unavailability : float
        Share of time that it is down. [1]
    repair_h : float
        Mean time that it stays down. [h]
    cause : Cause
        To what its minutes are charged: random failure or region.
    planned : Planned
        Maintenance during which it is down, a region at a time.

    Examples
    --------
    >>> Managed(0.0001, 1.0).cause.value
    'random failure'
    """

    unavailability: float
    repair_h: float
    cause: Cause = Cause.RANDOM
    planned: Planned = NO_WORK


@dataclass(frozen=True)
class Hosts:
    """Equal machines of which as many must be up as the peak takes.

    Parameters
    ----------
    unavailability : float
        Share of time that one of them is down. [1]
    repair_h : float
        Mean time that it stays down. [h]
    """

    unavailability: float
    repair_h: float


@dataclass(frozen=True)
class Replicated:
    """One unit that works and hot standbys in other zones that take over.

    Parameters
    ----------
    unavailability : float
        Share of time that it is down with one standby. [1]
    repair_h : float
        Mean time to repair a unit. [h]
    coverage : float
        Probability that a standby takes over when called. [1]
    promotion : float
        Probability that a read replica takes over once no standby serves. [1]
    planned : Planned
        Maintenance, standbys first: a switch-over, without a standby the whole work.
    """

    unavailability: float
    repair_h: float
    coverage: float
    promotion: float = 0.0
    planned: Planned = NO_WORK


@dataclass(frozen=True)
class Replicas:
    """Equal copies to read from; in each region spares beyond those that its reads take.

    Parameters
    ----------
    unavailability : float
        Share of time that one of them is down. [1]
    repair_h : float
        Mean time that it stays down. [h]
    read_share : float
        Share of the requests that read from one, and are lost while too few are up. [1]
    planned : Planned
        Maintenance, one copy after another.
    """

    unavailability: float
    repair_h: float
    read_share: float = 1.0
    planned: Planned = NO_WORK


@dataclass(frozen=True)
class Nodes:
    """The GPU nodes that serve; they are what a design counts.

    Parameters
    ----------
    failures_per_h : float
        Failures of one node. [1/h]
    repair_h : float
        Mean time to repair one. [h]
    common_share : float
        Share of its failures that hit every node of the region at once. [1]
    collapse : float
        Probability that a pool short of nodes serves nobody instead of as many as it can. [1]
    crew_usd : float
        Price of a repair crew. [USD/month]
    planned : Planned
        Maintenance, during which the nodes of one zone are out.
    """

    failures_per_h: float
    repair_h: float
    common_share: float = 0.0
    collapse: float = 0.0
    crew_usd: float = 0.0
    planned: Planned = NO_WORK


@dataclass(frozen=True)
class Zone:
    """A site that takes everything in it along when it fails.

    Parameters
    ----------
    unavailability : float
        Share of time that it is down. [1]
    repair_h : float
        Mean time that it stays down. [h]
    """

    unavailability: float
    repair_h: float = 4.0


@dataclass(frozen=True)
class Changes:
    """Releases and migrations, which reach every region.

    Parameters
    ----------
    per_month : float
        How many. [changes/month]
    failure_share : float
        Share of them that break the service. [1]
    repair_h : float
        Mean time until one is taken back. [h]
    """

    per_month: float
    failure_share: float
    repair_h: float


Part = Managed | Hosts | Replicated | Replicas


@dataclass(frozen=True)
class Service:
    """A service as a tree: regions hold parts and zones, zones hold nodes.

    Parameters
    ----------
    parts : mapping of str to Managed, Hosts, Replicated or Replicas
        What each region needs besides its nodes, by name; any of them down but read replicas,
        the region is down.
    nodes : Nodes
        GPU nodes.
    zone : Zone
        Zones of a region.
    failover_failure : float
        Probability that the users of a region that is down cannot be moved. [1]
    changes : Changes
        What is done to the service.
    """

    parts: Mapping[str, Part]
    nodes: Nodes
    zone: Zone
    failover_failure: float
    changes: Changes


@dataclass(frozen=True, order=True)
class Design:
    """Redundancy that is bought or decided.

    Parameters
    ----------
    regions, zones : int
        Regions, and zones in each of them. [1]
    zone_nodes : int
        Nodes installed in each zone. [nodes]
    standbys : int
        Standbys of each replicated part. [1]
    crews : int
        Repairs of nodes at once in each zone; 0: as many as there are failures. [1]
    canary_share : float
        Share of the users who meet a change before it is judged. [1]
    read_spares : int
        Read replicas in each region beyond those that its reads take. [replicas]

    Examples
    --------
    >>> Design(regions=2, zones=3, zone_nodes=11).nodes
    66
    """

    regions: int
    zones: int
    zone_nodes: int
    standbys: int = 1
    crews: int = 0
    canary_share: float = 0.05
    read_spares: int = 1

    @property
    def nodes(self) -> int:
        """Nodes over all zones and regions [nodes]."""
        return self.regions * self.zones * self.zone_nodes
