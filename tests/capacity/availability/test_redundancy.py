from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from capacity.availability.redundancy import (
    MINUTES_PER_MONTH,
    RegionRisks,
    bounding_cause,
    pool_availability_needed,
    regional_loss,
    system_unavailability,
)
from capacity.availability.service_level import series_availability

small = st.floats(0, 0.2)
chances = st.floats(0, 1)
regions_ = st.integers(1, 4)


@st.composite
def risks(draw: st.DrawFn) -> RegionRisks:
    return RegionRisks(draw(st.floats(0, 0.01)), draw(st.floats(0, 0.5)), draw(st.floats(0, 1e-3)))


def enumerated(down: float, regions: int, risks: RegionRisks) -> float:
    """Loss over every state of the regions: none is spare but one."""
    lost = 0.0
    for states in product((False, True), repeat=regions):
        chance = 1.0
        for state in states:
            chance *= down if state else 1 - down
        failed = sum(states)
        if regions == 1:
            lost += chance * failed
        elif failed == 1:
            lost += chance * risks.failover_failure / regions
        elif failed > 1:
            lost += chance
    return 1 - (1 - lost) * (1 - risks.changes)


@given(chances, regions_, risks())
def test_the_loss_is_that_of_every_state_of_the_regions(
    down: float, regions: int, risks: RegionRisks
) -> None:
    found = system_unavailability(down, regions, risks)
    assert found == pytest.approx(enumerated(down, regions, risks), abs=1e-12)


@given(chances, regions_, risks())
def test_a_loss_is_a_probability(down: float, regions: int, risks: RegionRisks) -> None:
    assert -1e-12 <= system_unavailability(down, regions, risks) <= 1 + 1e-12


@given(small, small, st.integers(1, 3), risks())
def test_a_worse_region_never_makes_a_better_service(
    one: float, other: float, regions: int, risks: RegionRisks
) -> None:
    low, high = sorted((one, other))
    assert system_unavailability(low, regions, risks) <= (
        system_unavailability(high, regions, risks) + 1e-15
    )


@given(st.floats(1e-4, 0.05), risks())
def test_a_second_region_never_hurts(down: float, risks: RegionRisks) -> None:
    assert system_unavailability(down, 2, risks) <= system_unavailability(down, 1, risks) + 1e-15


@given(st.floats(0.9, 0.9999), regions_, risks())
def test_the_pool_needed_uses_the_whole_budget_and_no_more(
    target: float, regions: int, risks: RegionRisks
) -> None:
    assume(system_unavailability(risks.services, regions, risks) < (1 - target) * 0.99)
    pool = pool_availability_needed(target, regions, risks)
    region = 1 - (1 - risks.services) * pool
    reached = 1 - system_unavailability(region, regions, risks)
    assert 0 < pool < 1
    assert reached >= target - 1e-12
    if region < 0.499:
        assert reached == pytest.approx(target, abs=1e-9)


@given(st.floats(0.95, 0.99), st.floats(0.001, 0.009), st.integers(1, 3), risks())
def test_more_nines_never_need_a_worse_pool(
    target: float, more: float, regions: int, risks: RegionRisks
) -> None:
    assume(system_unavailability(risks.services, regions, risks) < 1 - target - more)
    before = pool_availability_needed(target, regions, risks)
    assert pool_availability_needed(target + more, regions, risks) >= before


def test_a_target_that_other_causes_use_up_is_refused_with_the_largest() -> None:
    risks = RegionRisks(services=0.0017, failover_failure=0.1, changes=3e-5)
    with pytest.raises(
        ValueError, match=r"74.7 minutes a month go to the services of a single region"
    ):
        pool_availability_needed(0.9995, 1, risks)
    with pytest.raises(ValueError, match="go to changes alone"):
        pool_availability_needed(0.9995, 2, replace(risks, changes=1e-3))
    with pytest.raises(ValueError, match="go to failover between regions alone"):
        pool_availability_needed(0.9995, 2, replace(risks, failover_failure=1.0))


@given(regions_, risks())
def test_the_bounding_cause_is_the_larger_one(regions: int, risks: RegionRisks) -> None:
    regional = system_unavailability(risks.services, regions, replace(risks, changes=0.0))
    assert (bounding_cause(regions, risks) == "changes") == (risks.changes > regional)


def test_the_budget_of_a_month_and_of_a_year_are_the_known_ones() -> None:
    assert pytest.approx(21.6) == 0.0005 * MINUTES_PER_MONTH
    assert pytest.approx(262.8) == 0.0005 * 365 * 24 * 60


def test_one_region_on_published_service_levels_cannot_reach_the_target_and_two_can() -> None:
    # Load balancer, compute, database, storage and queue, as their providers promise.
    region = series_availability([0.9999, 0.9999, 0.9995, 0.999, 0.999])
    assert region == pytest.approx(0.9973, abs=5e-5)
    limit = 0.183  # largest probability that failover fails
    assert regional_loss(1 - region, 1, 1, 0.0) > 5e-4
    assert regional_loss(1 - region, 2, 1, limit - 0.003) < 5e-4
    assert regional_loss(1 - region, 2, 1, limit + 0.003) > 5e-4


@given(st.floats(0, 1), st.integers(1, 5), st.floats(0, 1))
def test_another_region_never_makes_it_worse(down: float, regions: int, stuck: float) -> None:
    base = regional_loss(down, regions, 1, stuck)
    assert regional_loss(down, regions + 1, 1, stuck) <= base + 1e-12


@given(st.floats(0, 1), st.integers(1, 5), st.floats(0, 1))
def test_one_region_with_others_in_reserve_loses_what_the_known_formula_says(
    down: float, regions: int, stuck: float
) -> None:
    known = down**regions + down * (1 - down ** (regions - 1)) * stuck
    assert float(regional_loss(down, regions, 1, stuck)) == pytest.approx(known, abs=1e-12)


def test_more_regions_than_there_are_cannot_be_asked_to_suffice() -> None:
    with pytest.raises(ValueError, match="carry must be from 1 to regions = 2, got 3"):
        regional_loss(0.1, 2, 3, 0.1)
