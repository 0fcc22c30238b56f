"""What a service is made of, what fails in it, and the redundancy that is built against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """Why requests are lost; in the order in which a report tells them."""

    RANDOM = "random failure"
    ZONE = "zone"
    REGION = "region"
    COMMON = "common cause"
    CHANGE = "change"
    OVERLOAD = "overload"


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

    Examples
    --------
    >>> Managed(0.0001, 1.0).cause.value
    'random failure'
    """

    unavailability: float
    repair_h: float
    cause: Cause = Cause.RANDOM


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
    """

    unavailability: float
    repair_h: float
    coverage: float


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
    """

    failures_per_h: float
    repair_h: float
    common_share: float = 0.0
    collapse: float = 0.0
    crew_usd: float = 0.0


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


Part = Managed | Hosts | Replicated


@dataclass(frozen=True)
class Service:
    """A service as a tree: regions hold parts and zones, zones hold nodes.

    Parameters
    ----------
    parts : mapping of str to Managed, Hosts or Replicated
        What each region needs besides its nodes, by name; any of them down, the region is down.
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

    @property
    def nodes(self) -> int:
        """Nodes over all zones and regions [nodes]."""
        return self.regions * self.zones * self.zone_nodes
