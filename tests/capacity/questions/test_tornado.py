from __future__ import annotations

import math
from dataclasses import replace

import pytest

from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.questions.sensitivity import sensitivity
from capacity.questions.tornado import Tornado, tornado
from capacity.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def base(reported: Scenario) -> CapacityPlan:
    found = plan(replace(reported, start="2023-06", end="2023-06"), draws=1_000)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture(scope="module")
def small(reported: Scenario) -> CapacityPlan:
    found = plan(replace(reported, start="2023-06", end="2023-06"), draws=100)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture(scope="module")
def swings(base: CapacityPlan) -> Tornado:
    inputs = [item.name for item in sensitivity(base).influences]
    return tornado(base, "needed_cost", inputs=inputs)


def test_the_widest_swing_comes_first(swings: Tornado) -> None:
    widths = [item.width for item in swings.swings]
    assert widths == sorted(widths, reverse=True)
    assert min(widths) > 0.0


def test_swings_and_shares_agree_on_the_order_of_what_matters_most(
    base: CapacityPlan, swings: Tornado
) -> None:
    shares = [item.name for item in sensitivity(base).influences][:3]
    widths = [item.name for item in swings.swings if item.name in shares]
    assert widths == shares


def test_the_model_itself_is_among_what_is_varied(swings: Tornado) -> None:
    names = {item.name for item in swings.swings}
    assert {"serving_error", "engine_maturity", "reference class", "zone_unavailability"} <= names


def test_a_common_cause_of_failures_never_needs_fewer_machines(
    small: CapacityPlan,
) -> None:
    found = {item.name: item for item in tornado(small, "availability").swings}
    swing = found["common cause of node failures"]
    assert (swing.low.label, swing.high.label) == ("0.02", "0.1")
    assert swing.high.output < swing.low.output


def test_an_end_without_a_plan_says_why(swings: Tornado) -> None:
    (found,) = (item for item in swings.swings if item.name == "failover_failure")
    assert math.isnan(found.high.output)
    assert "failover" in found.high.reason
    assert found.width == math.inf


def test_a_price_swings_the_cost_by_its_own_share(small: CapacityPlan) -> None:
    found = tornado(small, "cost", inputs=["price_factor"])
    (price,) = (item for item in found.swings if item.name == "price_factor")
    assert price.high.output / price.low.output == pytest.approx(1.1 / 0.8, rel=1e-6)


def test_it_tells_how_far_it_is(small: CapacityPlan) -> None:
    told: list[str] = []
    tornado(small, "gpus", progress=told.append)
    assert any(line.startswith("growth: ") for line in told)


def test_a_month_of_the_past_has_no_growth_to_swing(reported: Scenario) -> None:
    past = plan(replace(reported, start="2022-12", end="2022-12"), draws=100)
    assert isinstance(past, CapacityPlan)
    names = {item.name for item in tornado(past, "gpus").swings}
    assert not names & {"growth", "reference class"}
