"""The cheapest design: compared with looking at everything, with one step less, with simulation."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from capacity.availability.design_problem import CREWS, DesignProblem, Offer, Room
from capacity.availability.design_search import CANARIES, Choice, OutOfReach, cheapest, search
from capacity.availability.failure_history import watch
from capacity.availability.loss_split import with_part
from capacity.availability.request_loss import HourlyNeed
from capacity.scenarios.tree import Design, Service
from forecast.draws import named_stream
from tests.capacity.availability.service_cases import DAY, SHIPPED, services, with_nodes

SMALL = Room(regions=2, zones=2, standbys=1, read_spares=2)


def price(design: Design) -> float:
    """Nodes, a fee for each region and zone, standbys, and spare replicas."""
    fixed = 3_000 * design.regions + 1_100 * design.regions * design.zones
    copies = 630 * design.standbys + 640 * design.regions * design.read_spares
    return 14_700.0 * design.nodes + fixed + copies


def problem(service: Service = SHIPPED, room: Room = SMALL) -> DesignProblem:
    return DesignProblem(service, DAY, price, room)


def every_design(room: Room) -> list[Design]:
    sizes = (range(1, room.regions + 1), range(1, room.zones + 1), range(1, 30))
    return [
        Design(regions, zones, nodes, standbys, 0, CANARIES[-1], spares)
        for regions, zones, nodes in product(*sizes)
        for standbys, spares in product(range(room.standbys + 1), range(room.read_spares + 1))
    ]


@given(services(), st.floats(0.8, 0.9999), st.sampled_from((0.5, 9.5, 40.0)))
@settings(max_examples=20)
def test_nothing_cheaper_meets_the_target(service: Service, target: float, reads: float) -> None:
    """Two ways: the search, and a list of all designs."""
    asked = replace(problem(service), need=replace(DAY, reads=reads))
    found = cheapest(asked, target)
    offers = [asked.offer(design) for design in every_design(SMALL)]
    good = [offer.usd_per_month for offer in offers if offer.availability >= target]
    if isinstance(found, OutOfReach):
        assert not good
        assert found.availability < target
    else:
        assert found.availability >= target
        assert found.usd_per_month == pytest.approx(min(good))


@given(services(), st.floats(0.9, 0.9995))
@settings(max_examples=15)
def test_a_choice_carries_its_proof(service: Service, target: float) -> None:
    found = search(problem(service), target)
    assume(isinstance(found, Choice))
    assert isinstance(found, Choice)
    assert all(rival.availability < target for rival in found.rivals)
    assert all(rival.usd_per_month < found.chosen.usd_per_month for rival in found.rivals)
    for name, fewer in found.steps:
        dearer = fewer.usd_per_month >= found.chosen.usd_per_month and name != "canary_share"
        assert dearer or fewer.availability < target
    if found.better:
        assert found.better.availability > found.chosen.availability
        assert found.better.usd_per_month >= found.chosen.usd_per_month


def test_many_readers_take_more_spare_replicas_and_no_more_than_help() -> None:
    few, many = (replace(DAY, reads=reads) for reads in (0.5, 130.0))
    found = [search(replace(problem(room=Room()), need=need), 0.9995) for need in (few, many)]
    spares = [item.chosen.design.read_spares for item in found if isinstance(item, Choice)]
    assert spares == sorted(set(spares))
    for item in found:
        assert isinstance(item, Choice)
        assert dict(item.steps)["read_spares"].availability < 0.9995


def test_with_too_few_spare_replicas_allowed_more_are_the_lift() -> None:
    asked = replace(problem(room=Room(read_spares=1)), need=replace(DAY, reads=130.0))
    found = search(asked, 0.9995)
    assert isinstance(found, OutOfReach)
    lift = next(item for item in found.lifts if item.what == "read_spares")
    for spares, reached in ((lift.needed, True), (lift.needed - 1, False)):
        again = cheapest(
            replace(asked, room=Room(read_spares=int(spares)), known={}, around={}), 0.9995
        )
        assert isinstance(again, Offer) == reached


@pytest.mark.parametrize("target", [0.99, 0.999, 0.9995])
def test_one_node_fewer_in_each_zone_misses(target: float) -> None:
    found = search(problem(room=Room()), target)
    assert isinstance(found, Choice)
    steps = dict(found.steps)
    assert found.chosen.availability >= target > steps["zone_nodes"].availability
    assert found.cheaper
    assert found.cheaper.availability < target


@pytest.mark.parametrize("target", [0.99, 0.9995])
def test_a_simulation_of_the_chosen_design_agrees(target: float) -> None:
    asked = problem(room=Room())
    found = cheapest(asked, target)
    assert isinstance(found, Offer)
    seen = watch(SHIPPED, found.design, DAY, 400, named_stream(2, f"{target}"))
    low, high = seen.interval(0.99)
    assert low <= 1 - found.availability <= high


@given(services(), st.floats(0.5, 0.999), st.floats(0.0, 1.0))
@settings(max_examples=15)
def test_a_higher_target_is_never_cheaper(service: Service, target: float, more: float) -> None:
    asked = problem(service)
    low, high = cheapest(asked, target), cheapest(asked, target + more * (0.9999 - target))
    if isinstance(low, OutOfReach):
        assert isinstance(high, OutOfReach)
    elif isinstance(high, Offer):
        assert high.usd_per_month >= low.usd_per_month


def test_one_region_on_published_figures_cannot_and_two_can() -> None:
    one, two = (search(problem(room=Room(regions=count)), 0.9995) for count in (1, 2))
    assert isinstance(one, OutOfReach)
    assert one.part == "storage"
    assert one.lifts[0].what == "regions"
    assert one.lifts[0].needed == 2
    assert isinstance(two, Choice)


@pytest.mark.parametrize("target", [0.9999, 0.99985])
def test_a_lift_lifts_and_a_little_less_of_it_does_not(target: float) -> None:
    found = search(problem(room=Room()), target)
    assert isinstance(found, OutOfReach)
    lift = next(item for item in found.lifts if item.what == "failover")
    for factor, reached in ((0.999, True), (1.01, False)):
        service = replace(SHIPPED, failover_failure=factor * lift.needed)
        again = cheapest(problem(service, Room()), target)
        assert isinstance(again, Offer) == reached


def test_where_no_single_change_lifts_none_is_named() -> None:
    """Switch-overs alone take more than the five minutes a year of this target."""
    found = search(problem(room=Room()), 0.99999)
    assert isinstance(found, OutOfReach)
    assert found.lifts == ()


def test_a_part_that_lifts_is_named_with_its_figure() -> None:
    found = search(problem(room=Room()), 0.99985)
    assert isinstance(found, OutOfReach)
    lift = next(item for item in found.lifts if item.what == "storage")
    better = with_part(SHIPPED, "storage", 0.99 * lift.needed)
    assert isinstance(cheapest(problem(better, Room()), 0.99985), Offer)


def test_what_costs_nothing_is_relaxed_as_far_as_the_target_allows() -> None:
    asked = problem(room=Room())
    found = cheapest(asked, 0.9995)
    assert isinstance(found, Offer)
    assert found.design.crews in CREWS
    wider = CANARIES[CANARIES.index(found.design.canary_share) - 1]
    assert asked.availability(replace(found.design, canary_share=wider)) < 0.9995


def test_crews_that_cost_are_weighed_against_nodes() -> None:
    frail = with_nodes(SHIPPED, failures_per_h=1 / 60, common_share=0.0)
    cheap, dear = (
        cheapest(problem(with_nodes(frail, crew_usd=usd)), 0.99) for usd in (1.0, 200_000.0)
    )
    assert isinstance(cheap, Offer)
    assert isinstance(dear, Offer)
    assert teams(cheap.design) > teams(dear.design)
    assert cheap.design.nodes <= dear.design.nodes


def teams(design: Design) -> int:
    """Crews in all zones."""
    return design.regions * design.zones * design.crews


@pytest.mark.parametrize("target", [0.0, 1.0, 99.95, float("nan")])
def test_a_target_outside_of_0_to_1_is_refused(target: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        search(problem(), target)


def test_a_pool_of_millions_has_no_few_crews_and_is_designed_all_the_same() -> None:
    need = HourlyNeed(np.array([3e7]), hosts=1)
    found = cheapest(replace(problem(room=Room()), need=need), 0.9995)
    assert isinstance(found, Offer)
    assert found.design.nodes > 3e7
    assert found.design.crews == 0
