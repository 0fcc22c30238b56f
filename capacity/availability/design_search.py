"""The cheapest redundancy that meets a target, the proof that it is, and what forbids a target."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product

from capacity.arrays import Floats
from capacity.availability.copies import unread
from capacity.availability.loss_split import loss_by_part, with_part
from capacity.availability.request_loss import (
    AroundPool,
    HourlyNeed,
    around_pool,
    request_loss,
    spare_losses,
)
from capacity.scenarios.tree import Design, Replicas, Service

CANARIES = (1.0, 0.25, 0.1, 0.05, 0.02, 0.01)  # shares, the most convenient first
CREWS = (1, 2, 3, 4, 6, 8)
HALVINGS = 40
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
class Choice:
    """The cheapest design that meets a target.

    Parameters
    ----------
    target : float
        Availability asked for. [1]
    chosen : Offer
        Meets it at the least price.
    cheaper : Offer or None
        The design that reaches most for less money; it misses. None if nothing costs less.
    better : Offer or None
        The cheapest design that reaches more; None if none does.
    steps : tuple of (str, Offer)
        One step less of each thing, by its name.
    rivals : tuple of Offer
        For every other layout the largest pool that costs less than the choice; all of them miss,
        which proves the choice.
    """

    target: float
    chosen: Offer
    cheaper: Offer | None
    better: Offer | None
    steps: tuple[tuple[str, Offer], ...]
    rivals: tuple[Offer, ...]


@dataclass(frozen=True)
class Lift:
    """What would make a target reachable, all else being equal.

    Parameters
    ----------
    what : str
        A part of the service, ``regions``, ``read_spares`` or another figure of it.
    now, needed : float
        Share of time down, probability of failing, regions, spare replicas or changes. [1]
    """

    what: str
    now: float
    needed: float


@dataclass(frozen=True)
class OutOfReach:
    """No design in the room meets the target.

    Parameters
    ----------
    target : float
        Availability asked for. [1]
    best : Design
        The best design, its pool so large that more nodes make no difference.
    availability : float
        What that reaches. [1]
    part : str
        The part that loses most requests there.
    lifts : tuple of Lift
        Single changes that would do; empty where no single one does.
    """

    target: float
    best: Design
    availability: float
    part: str
    lifts: tuple[Lift, ...]


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


def search(problem: DesignProblem, target: float) -> Choice | OutOfReach:
    """Cheapest design that meets a target, by looking at all of them.

    Parameters
    ----------
    problem : DesignProblem
        What a design has to stand, and what it costs.
    target : float
        Share of requests to be answered, below 1. [1]

    Returns
    -------
    Choice or OutOfReach
        Without a design, what forbids it.

    Notes
    -----
    Nodes are added to each layout until it meets the target or costs more than the best one so
    far; availability never falls with nodes, so nothing is missed. Layouts with more and with fewer
    spare read replicas share what their nodes lose. What costs nothing, repair crews in the price
    of the nodes and the canary, is then relaxed as far as the target allows.
    """
    chosen = cheapest(problem, target)
    if isinstance(chosen, OutOfReach):
        return chosen
    affordable = (_affordable(problem, chosen, item) for item in problem.layouts(CANARIES[-1]))
    rivals = tuple(offer for offer in affordable if offer is not None)
    alike = problem.layouts(chosen.design.canary_share, chosen.design.crews)
    return Choice(
        target,
        chosen,
        max(rivals, key=lambda offer: (offer.availability, -offer.usd_per_month), default=None),
        _cheapest(problem, math.nextafter(chosen.availability, 1.0), alike),
        tuple(_steps(problem, chosen.design)),
        rivals,
    )


def cheapest(problem: DesignProblem, target: float) -> Offer | OutOfReach:
    """Cheapest design that meets a target, without the proof.

    Parameters
    ----------
    problem : DesignProblem
        What a design has to stand, and what it costs.
    target : float
        Share of requests to be answered, below 1. [1]

    Returns
    -------
    Offer or OutOfReach
        Without a design, what forbids it.

    Raises
    ------
    ValueError
        If the target does not lie between 0 and 1.
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"a target must lie between 0 and 1, got {target}")
    found = _cheapest(problem, target, problem.layouts(CANARIES[-1]))
    return _out_of_reach(problem, target) if found is None else _relaxed(problem, found, target)


def _cheapest(problem: DesignProblem, target: float, layouts: Iterator[Design]) -> Offer | None:
    """Least price at which some layouts meet a target."""
    best: Offer | None = None
    for layout in layouts:
        most = _most_nodes(problem, layout, best.usd_per_month) if best else None
        if most is None and problem.availability(problem.ample(layout)) < target:
            continue
        found = _fewest_nodes(problem, target, layout, most)
        if found is not None:
            best = problem.offer(found)
    return best


def _fewest_nodes(
    problem: DesignProblem, target: float, layout: Design, most: int | None
) -> Design | None:
    """Layout with the fewest nodes that meet, if no more than a number of them in each zone."""

    def reached(nodes: int) -> float:
        return problem.availability(replace(layout, zone_nodes=nodes))

    kept = problem.kept_up(layout)
    high = int(min(1 if most is None else most, kept))
    while most is None and high < kept and reached(high) < target:
        high = int(min(2 * high, kept))
    if high < 1 or reached(high) < target:
        return None
    low = 0
    while high - low > 1:
        middle = (high + low) // 2
        low, high = (low, middle) if reached(middle) >= target else (middle, high)
    return replace(layout, zone_nodes=high)


def _most_nodes(problem: DesignProblem, layout: Design, usd: float) -> int:
    """Nodes in each zone of a layout that cost less than a price; 0 if not even one does."""
    one, two = (problem.usd(replace(layout, zone_nodes=nodes)) for nodes in (1, 2))
    nodes = int((usd - one) / (two - one)) + 1
    while nodes > 0 and problem.usd(replace(layout, zone_nodes=nodes)) >= usd:
        nodes -= 1
    return max(nodes, 0)


def _affordable(problem: DesignProblem, chosen: Offer, layout: Design) -> Offer | None:
    """The largest pool of a layout that costs less than the choice."""
    nodes = _most_nodes(problem, layout, chosen.usd_per_month)
    return problem.offer(replace(layout, zone_nodes=nodes)) if nodes else None


def _relaxed(problem: DesignProblem, found: Offer, target: float) -> Offer:
    """The same nodes with as few crews and as large a canary as the target allows."""
    design = found.design
    if not design.crews:
        few = [replace(design, crews=crews) for crews in CREWS]
        kept = (item for item in few if design.zone_nodes <= problem.kept_up(item))
        design = next((item for item in kept if problem.availability(item) >= target), design)
    wide = (replace(design, canary_share=share) for share in CANARIES)
    design = next(item for item in wide if problem.availability(item) >= target)
    return problem.offer(design)


def _steps(problem: DesignProblem, design: Design) -> Iterator[tuple[str, Offer]]:
    """Designs with one step less of one thing."""
    least = {"regions": 1, "zones": 1, "zone_nodes": 1, "standbys": 0, "read_spares": 0}
    for name, bottom in least.items():
        if getattr(design, name) > bottom:
            fewer = replace(design, **{name: getattr(design, name) - 1})
            yield name, problem.offer(fewer)
    if design.crews > 1:
        fewer_crews = CREWS[CREWS.index(design.crews) - 1]
        yield "crews", problem.offer(replace(design, crews=fewer_crews))
    if design.canary_share < CANARIES[0]:
        share = CANARIES[CANARIES.index(design.canary_share) - 1]
        yield "canary_share", problem.offer(replace(design, canary_share=share))


def _out_of_reach(problem: DesignProblem, target: float) -> OutOfReach:
    ample = {problem.ample(layout) for layout in problem.layouts(CANARIES[-1])}
    best = _trimmed(problem, max(sorted(ample), key=problem.availability))
    lost = loss_by_part(problem.service, best, problem.need)
    part, lifts = max(lost, key=lambda name: lost[name]), _lifts(problem, best, target)
    return OutOfReach(target, best, problem.availability(best), part, tuple(lifts))


def _trimmed(problem: DesignProblem, ample: Design) -> Design:
    """The same without nodes and spares that make no difference: there is less to follow then."""
    enough = problem.availability(ample) - INDIFFERENT
    fewer = (replace(ample, read_spares=count) for count in range(ample.read_spares))
    best = next((item for item in fewer if problem.availability(item) >= enough), ample)
    return _fewest_nodes(problem, enough, replace(best, zone_nodes=1), ample.zone_nodes) or best


def _lifts(problem: DesignProblem, best: Design, target: float) -> Iterator[Lift]:
    """Single changes that make the target reachable."""
    for name in ("regions", "read_spares"):
        now = getattr(best, name)
        for size in range(now + 1, SIZES[name][1] + 1):
            if problem.availability(replace(best, **{name: size})) >= target:
                yield Lift(name, now, size)
                break
    for what, now, changed in _dials(problem.service):

        def met(value: float, changed: Callable[[float], Service] = changed) -> bool:
            return 1.0 - request_loss(changed(value), best, problem.need) >= target

        if now > 0.0 and met(0.0):
            yield Lift(what, now, _largest(met, now))


def _dials(service: Service) -> Iterator[tuple[str, float, Callable[[float], Service]]]:
    """Figures of a service that could be better: name, value now, service with another value."""
    for name, part in service.parts.items():
        yield name, part.unavailability, partial(with_part, service, name)
    zone = service.zone
    yield (
        "zones",
        zone.unavailability,
        lambda u: replace(service, zone=replace(zone, unavailability=u)),
    )
    yield "failover", service.failover_failure, lambda f: replace(service, failover_failure=f)
    common = service.nodes.common_share
    yield (
        "common cause",
        common,
        lambda b: replace(service, nodes=replace(service.nodes, common_share=b)),
    )


def _largest(met: Callable[[float], bool], above: float) -> float:
    """Largest value below one that misses at which something is still met."""
    low, high = 0.0, above
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if met(middle) else (low, middle)
    return low
