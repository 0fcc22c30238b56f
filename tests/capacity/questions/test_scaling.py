from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from capacity.estimate import Estimate
from capacity.outcome import CapacityPlan
from capacity.questions.scaling import Scaling, scaling
from capacity.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def tenfold(reported_plan: CapacityPlan) -> Scaling:
    return scaling(reported_plan)


def test_the_parts_multiply_to_the_whole(tenfold: Scaling) -> None:
    assert math.prod(part for _, part in tenfold.parts) == pytest.approx(tenfold.ratio)


def test_the_exponent_gives_the_ratio_back(tenfold: Scaling) -> None:
    assert tenfold.factor**tenfold.exponent == pytest.approx(tenfold.ratio)


def test_ten_times_the_users_take_no_more_than_ten_times_the_machines(tenfold: Scaling) -> None:
    assert 5 < tenfold.ratio <= 10
    assert tenfold.parts[0][1] == pytest.approx(10, rel=1e-6)


def test_stores_of_data_sets_and_checkpoints_do_not_grow_with_users(tenfold: Scaling) -> None:
    assert 1 < tenfold.storage_ratio < 10


def test_a_larger_multiple_is_never_cheaper(reported_plan: CapacityPlan, tenfold: Scaling) -> None:
    twice = scaling(reported_plan, 2.0)
    assert twice.ratio < tenfold.ratio
    assert twice.cost_ratio < tenfold.cost_ratio


@pytest.mark.parametrize("factor", [1.0, 0.5, 0.0, -1.0, float("nan")])
def test_a_multiple_not_above_one_is_refused(reported_plan: CapacityPlan, factor: float) -> None:
    with pytest.raises(ValueError, match="must be above 1"):
        scaling(reported_plan, factor)


def test_a_multiple_of_the_largest_demand_is_planned_or_refused_clearly(
    planned: Callable[..., CapacityPlan], short: Scenario
) -> None:
    """Ten times the largest factor lies above what a planner may set."""
    largest = planned(short, demand_factor=10_000)
    with pytest.raises(ValueError, match=r"demand_factor = .*allowed .* to 10000"):
        scaling(largest)


def test_the_base_may_be_uncertain(planned: Callable[..., CapacityPlan], short: Scenario) -> None:
    found = scaling(planned(short, demand_factor=Estimate(0.5, 1, 2, unit="ratio")))
    assert 5 < found.ratio <= 11
