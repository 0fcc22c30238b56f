"""Differences of plans come from common draws."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.comparison import compare
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenario import Scenario


def planned(seed: int = 7, draws: int = 200, **changes: float) -> CapacityPlan:
    scenario = Scenario.load("reported-case")
    scenario = scenario.override("change", **changes) if changes else scenario
    found = plan(scenario, seed=seed, draws=draws)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture(scope="module")
def base() -> CapacityPlan:
    return planned()


def test_a_plan_differs_from_itself_by_exactly_nothing(base: CapacityPlan) -> None:
    assert {(item.low, item.mid, item.high) for item in compare(base, base)} == {(0.0, 0.0, 0.0)}


def test_a_price_rise_moves_every_draw_of_the_cost_by_its_share(base: CapacityPlan) -> None:
    one, two = planned(price_factor=1.0), planned(price_factor=1.1)
    last = [item for item in compare(one, two) if item.month == "2024-06"]
    cost = next(item for item in last if item.metric == "cost")
    assert np.isclose(cost.ratio, 1.1)
    assert 0.0 < cost.low <= cost.mid <= cost.high


def test_plans_of_other_draws_are_refused(base: CapacityPlan) -> None:
    with pytest.raises(ValueError, match="seeds 7 and 8"):
        compare(base, planned(seed=8))
    with pytest.raises(ValueError, match="draws 200, 300"):
        compare(base, planned(draws=300))
