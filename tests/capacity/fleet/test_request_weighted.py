from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from capacity.availability.failure_history import watch
from capacity.availability.pools import node_availability
from capacity.availability.redundancy import RegionRisks
from capacity.availability.request_loss import HourlyNeed, common_down, pool_losses, request_loss
from capacity.availability.service_level import HOURS_PER_30_DAYS, change_unavailability
from capacity.fleet.redundancy_rule import Failures
from capacity.fleet.request_weighted import RequestWeighted
from capacity.policy import Policy
from capacity.scenarios.tree import Design, Managed, Service
from forecast.draws import named_stream
from tests.capacity.availability.service_cases import DAY, SHIPPED, designs, services

WEEK = np.tile(DAY.nodes / DAY.nodes.max(), 7)
needs = st.integers(1, 512) | st.integers(513, 100_000)
policies = st.builds(
    Policy,
    availability=st.floats(0.95, 0.9995),
    zones=st.integers(1, 4),
    regions=st.integers(1, 3),
    canary_share=st.sampled_from((0.05, 0.2)),
)


def rule(service: Service = SHIPPED, hosts: int = 3) -> RequestWeighted:
    return RequestWeighted(service, WEEK, hosts)


def ordered(found: RequestWeighted, need: int, policy: Policy) -> int:
    """Nodes in a zone; skips what no machine can meet."""
    try:
        return int(found.zone_nodes(np.array([need]), policy)[0])
    except ValueError:
        assume(False)
        raise


@given(services(), designs(), st.lists(st.tuples(needs, st.integers(0, 300)), min_size=1))
@settings(max_examples=40)
def test_pools_together_lose_what_each_loses_alone(
    service: Service, design: Design, pools: list[tuple[int, int]]
) -> None:
    design = replace(design, crews=0)
    together = pool_losses(service, design, HourlyNeed(WEEK, 3), *zip(*pools, strict=True))
    alone = [
        request_loss(service, replace(design, zone_nodes=each), HourlyNeed(need * WEEK, 3))
        for need, each in pools
    ]
    np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-15)


def test_pools_with_few_crews_are_refused() -> None:
    with pytest.raises(ValueError, match="crews = 2"):
        pool_losses(SHIPPED, Design(1, 1, 1, crews=2), HourlyNeed(WEEK, 3), [1], [1])


@given(services(), needs, policies)
@settings(max_examples=60)
def test_the_order_meets_its_target_and_one_node_fewer_a_zone_does_not(
    service: Service, need: int, policy: Policy
) -> None:
    found = rule(service)
    each = ordered(found, need, policy)
    assert found.availability(need, each, policy) >= policy.availability - 1e-12
    carried = (each - 1) * policy.zones * policy.regions >= need * max(1, policy.regions - 1)
    assert not carried or found.availability(need, each - 1, policy) < policy.availability + 1e-12


@given(policies)
@settings(max_examples=20)
def test_more_load_never_needs_fewer_nodes(policy: Policy) -> None:
    load = np.unique(np.geomspace(1, 50_000, 400).astype(int))
    ordered(rule(), 1, policy)
    assert np.all(np.diff(rule().zone_nodes(load, policy)) >= 0)


@given(services(), needs, policies, st.floats(0.95, 0.9995))
@settings(max_examples=40)
def test_more_nines_never_need_fewer_nodes(
    service: Service, need: int, policy: Policy, other: float
) -> None:
    low, high = sorted((policy.availability, other))
    most = ordered(rule(service), need, replace(policy, availability=high))
    assert ordered(rule(service), need, replace(policy, availability=low)) <= most


@given(services(), needs, policies, st.floats(0.1, 40.0))
@settings(max_examples=40)
def test_more_spare_replicas_never_need_more_nodes(
    service: Service, need: int, policy: Policy, reads: float
) -> None:
    found = RequestWeighted(service, WEEK, 3, reads)
    few = ordered(found, need, policy)
    assert ordered(found, need, replace(policy, read_spares=4)) <= few


@pytest.mark.parametrize("regions", [2, 3])
@pytest.mark.parametrize("first", [3, 900, 70_000])
def test_an_order_is_the_same_among_many_needs_and_alone(first: int, regions: int) -> None:
    policy, together = (
        Policy(availability=0.999, regions=regions),
        np.arange(first, first + 3000, 7),
    )
    found = rule().zone_nodes(together, policy)
    picked = np.arange(0, together.size, 50)
    alone = [ordered(rule(), int(need), policy) for need in together[picked]]
    assert found[picked].tolist() == alone


@given(services(), needs, policies)
@settings(max_examples=60)
def test_the_design_basis_never_takes_fewer_nodes(
    service: Service, need: int, policy: Policy
) -> None:
    """Of a service without hosts and databases, which the design basis leaves out in part."""
    parts = {name: part for name, part in service.parts.items() if isinstance(part, Managed)}
    bare = replace(service, parts=parts)
    each = ordered(rule(bare), need, policy)
    try:
        basis = int(failures(bare, policy).zone_nodes(np.array([need]), policy)[0])
    except ValueError:
        assume(False)
        raise
    assert each <= basis


def failures(service: Service, policy: Policy) -> Failures:
    """The design basis of a service of managed parts."""
    nodes, changes = service.nodes, service.changes
    up = 1.0 - common_down(service)
    for part in service.parts.values():
        up *= 1.0 - part.unavailability
    lost = change_unavailability(
        changes.per_month, changes.failure_share, changes.repair_h, HOURS_PER_30_DAYS,
        policy.canary_share,
    )  # fmt: skip
    alone = (1.0 - nodes.common_share) * nodes.failures_per_h
    return Failures(
        float(node_availability(1.0 / alone, nodes.repair_h)),
        1.0 - service.zone.unavailability,
        RegionRisks(1.0 - up, service.failover_failure, lost),
    )


def test_what_is_lost_by_cause_is_all_that_is_lost() -> None:
    found, policy = rule(), Policy()
    lost = found.lost(30, 6, policy)
    assert sum(lost.values()) == pytest.approx(1.0 - found.availability(30, 6, policy))


def test_a_target_out_of_reach_names_the_part_that_loses_most() -> None:
    words = r"0.9995 cannot be met: .* whatever the pool, most of them to storage, 21.6 are allowed"
    with pytest.raises(ValueError, match=words):
        rule().zone_nodes(np.array([10]), Policy(regions=1))


def test_an_order_is_found_once_for_each_need() -> None:
    found, policy = rule(), Policy()
    first = found.zone_nodes(np.array([[5, 7], [7, 40]]), policy)
    assert [sorted(known) for known in found.known.values()] == [[5, 7, 40]]
    np.testing.assert_array_equal(found.zone_nodes(np.array([[5, 7], [7, 40]]), policy), first)
    np.testing.assert_array_equal(rule().zone_nodes(np.array([7, 40]), policy), first[1])


@pytest.mark.parametrize("need", [4, 30])
def test_the_interval_of_a_simulation_holds_the_availability_ordered(need: int) -> None:
    found, policy = rule(), Policy()
    each = ordered(found, need, policy)
    design = Design(policy.regions, policy.zones, each, canary_share=policy.canary_share)
    load = HourlyNeed(need * WEEK, found.hosts)
    low, high = watch(SHIPPED, design, load, 300, named_stream(7, "order")).interval()
    assert low <= 1.0 - found.availability(need, each, policy) <= high
