from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from capacity.availability.pools import nodes_per_zone
from capacity.availability.redundancy import (
    MINUTES_PER_MONTH,
    RegionRisks,
    pool_availability_needed,
)
from capacity.fleet.error_budget import (
    availability_reached,
    error_budget,
    layouts,
    pool_unavailability,
)
from capacity.fleet.redundancy_rule import Failures
from capacity.policy import Policy
from forecast.draws import named_stream

SHIPPED = Failures(0.99623, 0.9995, RegionRisks(0.0017, 0.1, 2.8e-5))
POOR = Failures(0.95, 0.97, RegionRisks(0.01, 0.3, 1e-3))
SNAPSHOTS = 1_000_000
TWO_SIDED_99 = 2.576


@st.composite
def designs(draw: st.DrawFn) -> tuple[int, Policy, Failures]:
    risks = RegionRisks(
        draw(st.floats(0, 0.003)), draw(st.floats(0.01, 0.3)), draw(st.floats(0, 1e-4))
    )
    failures = Failures(draw(st.floats(0.9, 0.9999)), draw(st.floats(0.99, 0.9999)), risks)
    policy = Policy(
        availability=draw(st.floats(0.95, 0.9995)),
        zones=draw(st.integers(2, 4)),
        regions=draw(st.integers(1, 3)),
    )
    return draw(st.integers(1, 500)), policy, failures


def zone_nodes(need: int, policy: Policy, failures: Failures) -> int:
    """Nodes per zone that meet the target; skips what no machine can meet."""
    try:
        target = pool_availability_needed(policy.availability, policy.regions, failures.risks)
        pool = (policy.zones, failures.node_availability, failures.zone_availability)
        return int(nodes_per_zone([need], *pool, target)[0])
    except ValueError:
        assume(False)
        raise


def reached(need: int, nodes: int, policy: Policy, failures: Failures) -> float:
    return availability_reached(
        pool_unavailability(need, nodes, policy, failures), policy, failures
    )


@given(designs())
@settings(max_examples=60)
def test_the_design_reaches_its_target_and_one_node_fewer_a_zone_misses_it(
    design: tuple[int, Policy, Failures],
) -> None:
    need, policy, failures = design
    nodes = zone_nodes(need, policy, failures)
    assert reached(need, nodes, policy, failures) >= policy.availability - 1e-12
    assert reached(need, nodes - 1, policy, failures) < policy.availability


@given(designs())
@settings(max_examples=60)
def test_the_lines_of_the_budget_add_up_to_it(design: tuple[int, Policy, Failures]) -> None:
    need, policy, failures = design
    nodes = zone_nodes(need, policy, failures)
    lines = error_budget(need, nodes, policy, failures)
    budget = (1 - policy.availability) * MINUTES_PER_MONTH
    assert sum(line.minutes for line in lines) == pytest.approx(budget)
    assert min(line.minutes for line in lines) >= -1e-6


@given(designs())
@settings(max_examples=60)
def test_what_is_spent_is_what_is_lost(design: tuple[int, Policy, Failures]) -> None:
    """Lines add causes that exclude each other; overlaps are below a share of their product."""
    need, policy, failures = design
    nodes = zone_nodes(need, policy, failures)
    *spent, _ = error_budget(need, nodes, policy, failures)
    minutes = sum(line.minutes for line in spent)
    lost = (1 - reached(need, nodes, policy, failures)) * MINUTES_PER_MONTH
    overlap = failures.risks.changes * lost
    assert lost <= minutes + 1e-9
    assert minutes == pytest.approx(lost, abs=overlap + 1e-6)


def simulated(need: int, nodes: int, policy: Policy, failures: Failures) -> tuple[float, float]:
    """Mean loss of independent snapshots of zones, nodes, services and failovers, and its error."""
    rng = named_stream(11, "snapshots")
    shape = (SNAPSHOTS // policy.regions, policy.regions)
    up = np.zeros(shape, dtype=np.int64)
    for _ in range(policy.zones):
        zone = rng.random(shape) < failures.zone_availability
        up += zone * rng.binomial(nodes, failures.node_availability, shape)
    down = (up < need) | (rng.random(shape) < failures.risks.services)
    failed = down.sum(axis=1)
    stuck = rng.random(shape[0]) < failures.risks.failover_failure
    lost = np.where(failed > 1, 1.0, np.where((failed == 1) & stuck, 1 / policy.regions, 0.0))
    lost = failed.astype(float) if policy.regions == 1 else lost
    lost = np.where(rng.random(shape[0]) < failures.risks.changes, 1.0, lost)
    return float(lost.mean()), float(lost.std() / np.sqrt(shape[0]))


@pytest.mark.parametrize("failures", [SHIPPED, POOR], ids=["shipped", "poor"])
@pytest.mark.parametrize(("zones", "regions"), [(3, 2), (2, 3), (3, 1), (1, 2)])
def test_a_simulation_of_nodes_zones_and_regions_agrees(
    failures: Failures, zones: int, regions: int
) -> None:
    policy = Policy(zones=zones, regions=regions, availability=0.95)
    need, nodes = 20, (20 // max(1, zones - 1)) + (3 if zones == 1 else 1)
    lost, error = simulated(need, nodes, policy, failures)
    expected = 1 - reached(need, nodes, policy, failures)
    assert abs(lost - expected) <= TWO_SIDED_99 * error + 1e-12


@given(designs())
@settings(max_examples=20)
def test_a_layout_is_feasible_with_its_nodes_or_says_why_not(
    design: tuple[int, Policy, Failures],
) -> None:
    need, policy, failures = design
    found = layouts(need, policy, failures)
    assert {(item.zones, item.regions) for item in found} == {
        (zones, regions) for zones in (1, 2, 3, 4) for regions in (1, 2, 3)
    } | {(policy.zones, policy.regions)}
    for item in found:
        assert (item.nodes > 0) == (item.reason == "")
        assert item.nodes % (item.zones * item.regions) == 0
        if item.nodes:
            assert item.availability >= policy.availability - 1e-12
        else:
            assert item.availability < policy.availability or "zone" in item.reason


def test_the_layout_of_the_policy_has_the_nodes_of_the_design() -> None:
    policy = Policy()
    found = layouts(40, policy, SHIPPED)
    own = next(item for item in found if (item.zones, item.regions) == (3, 2))
    assert own.nodes == zone_nodes_of(40) * 6


def zone_nodes_of(need: int) -> int:
    target = pool_availability_needed(0.9995, 2, SHIPPED.risks)
    return int(nodes_per_zone([need], 3, 0.99623, 0.9995, target)[0])


def test_feasible_layouts_come_first_by_nodes() -> None:
    found = layouts(40, Policy(), SHIPPED)
    nodes = [item.nodes for item in found]
    feasible = [count for count in nodes if count]
    assert nodes == sorted(feasible) + [0] * (len(nodes) - len(feasible))


def test_without_zone_failures_no_minutes_are_those_of_zones() -> None:
    lines = error_budget(20, 10, Policy(), replace(SHIPPED, zone_availability=1.0))
    assert lines[1].minutes == pytest.approx(0, abs=1e-12)
