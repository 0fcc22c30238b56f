"""Designs of redundancy that there are, what each of them answers and what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from capacity.arrays import Floats
from capacity.availability.copies import unread
from capacity.availability.request_loss import (
    AroundPool,
    HourlyNeed,
    around_pool,
    request_loss,
    spare_losses,
)
from capacity.scenarios.tree import Design, Replicas, Service

CREWS = (1, 2, 3, 4, 6, 8)
AMPLE = 100  # times the need: a pool that is never short
INDIFFERENT = 1e-9  # share of requests
STANDING_BROKEN = 4  # times the nodes that crews keep up: more would not help
SIZES = {"regions": (1, 3), "zones": (1, 4), "standbys": (0, 2), "read_spares": (0, 9)}


@dataclass(frozen=True)
class Room:
    """How large a design may be.

    Parameters
    ----------
    regions, zones, standbys, read_spares : int
        Most regions, zones in each, standbys of each replicated part, spare replicas. [1]

    Raises
    ------
    ValueError
        If a number is below what a service needs, or above what is looked at.
    """

    regions: int = 3
    zones: int = 4
    standbys: int = 2
    read_spares: int = 9

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        for name, (least, most) in SIZES.items():
            value = getattr(self, name)
            if not isinstance(value, int) or not least <= value <= most:
                raise ValueError(f"{name} = {value}: allowed {least} to {most}")


@dataclass(frozen=True)
class Offer:
    """A design with what it reaches and costs.

    Parameters
    ----------
    design : Design
        The redundancy.
    availability : float
        Share of requests answered. [1]
    usd_per_month : float
        Price of everything that the design changes. [USD/month]
    """

    design: Design
    availability: float
    usd_per_month: float


@dataclass(frozen=True)
class DesignProblem:
    """What a design has to stand, and what it costs.

    Parameters
    ----------
    service : Service
        What fails.
    need : HourlyNeed
        The load.
    price : callable
        Price of a design without its repair crews. [USD/month]
    room : Room
        Designs to look at.
    known : dict of Design to numpy.ndarray
        Availabilities worked out so far, by spare read replicas. [1]
    around : dict of Design to AroundPool
        What stands around the pools of the layouts looked at so far.
    """

    service: Service
    need: HourlyNeed
    price: Callable[[Design], float]
    room: Room = Room()
    known: dict[Design, Floats] = field(default_factory=dict, compare=False, repr=False)
    around: dict[Design, AroundPool] = field(default_factory=dict, compare=False, repr=False)

    def offer(self, design: Design) -> Offer:
        """Availability and price of a design.

        Parameters
        ----------
        design : Design
            Any design.

        Returns
        -------
        Offer
            Its figures.
        """
        return Offer(design, self.availability(design), self.usd(design))

    def availability(self, design: Design) -> float:
        """Share of requests answered.

        Parameters
        ----------
        design : Design
            Any design.

        Returns
        -------
        float
            Worked out once for all designs that differ in spare read replicas only. [1]
        """
        one, spares = replace(design, read_spares=0), design.read_spares
        if one not in self.known:
            self.known[one] = 1.0 - spare_losses(self.service, one, self._around(one))
        if spares < self.known[one].size:
            return float(self.known[one][spares])
        return 1.0 - request_loss(self.service, design, self.need)

    def _around(self, design: Design) -> AroundPool:
        """What stands around the pool, for all spare replicas worth looking at; found once."""
        layout = Design(design.regions, design.zones, 0, design.standbys)
        if layout not in self.around:
            counts = self._spares(design.regions)
            self.around[layout] = around_pool(self.service, layout, self.need, counts)
        return self.around[layout]

    def _spares(self, regions: int) -> range:
        """Spare read replicas worth looking at: with more, less than 1e-9 is lost to them."""
        stuck, reads = self.service.failover_failure, self.need.reads
        parts = [part for part in self.service.parts.values() if isinstance(part, Replicas)]
        for count in range(self.room.read_spares):
            design = Design(regions, 1, 1, read_spares=count)
            if sum(sum(unread(part, design, reads, stuck)) for part in parts) < INDIFFERENT:
                return range(count + 1)
        return range(self.room.read_spares + 1)

    def usd(self, design: Design) -> float:
        """Price of a design with its repair crews.

        Parameters
        ----------
        design : Design
            Any design.

        Returns
        -------
        float
            [USD/month]
        """
        crews = design.regions * design.zones * design.crews
        return self.price(design) + crews * self.service.nodes.crew_usd

    def ample(self, layout: Design) -> Design:
        """Layout with a pool that is never short.

        Parameters
        ----------
        layout : Design
            Any design.

        Returns
        -------
        Design
            With nodes beyond every need, and crews without limit.
        """
        nodes = AMPLE * (int(self.need.nodes.max()) + 1)
        return replace(layout, zone_nodes=nodes, crews=0)

    def kept_up(self, layout: Design) -> float:
        """Most nodes in a zone worth looking at: of more, its crews let most stand broken.

        Parameters
        ----------
        layout : Design
            Any design.

        Returns
        -------
        float
            Infinite where crews have no limit. [nodes]
        """
        nodes = self.service.nodes
        load = nodes.failures_per_h * nodes.repair_h
        return STANDING_BROKEN * layout.crews // load if layout.crews and load else math.inf

    def layouts(self, canary_share: float, crews: int = 0) -> Iterator[Design]:
        """Every combination of sizes but nodes, of which there is one in each zone.

        Parameters
        ----------
        canary_share : float
            Of the users. [1]
        crews : int
            Crews of each zone where they cost nothing; 0: without limit. [1]

        Yields
        ------
        Design
            One node in each zone.
        """
        teams = CREWS if self.service.nodes.crew_usd else (crews,)
        room, some = self.room, (range(self.room.standbys + 1), teams)
        for regions in range(1, room.regions + 1):
            sizes = product(range(1, room.zones + 1), *some, self._spares(regions))
            for zones, standbys, team, spares in sizes:
                yield Design(regions, zones, 1, standbys, team, canary_share, spares)
