"""The cheapest redundancy that meets a target, the proof that it is, and what forbids a target."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from capacity.availability.design_problem import CREWS, INDIFFERENT, SIZES, DesignProblem, Offer
from capacity.availability.loss_split import loss_by_part, with_part
from capacity.availability.request_loss import request_loss
from capacity.scenarios.tree import Design, Service

CANARIES = (1.0, 0.25, 0.1, 0.05, 0.02, 0.01)  # shares, the most convenient first
HALVINGS = 40


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
