"""The headline says what to order by when, the risk, the cost and why not fewer."""

from __future__ import annotations

import pytest

from capacity.headline import bounds, decision, demand, money, service
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def reported() -> CapacityPlan:
    found = plan(Scenario.load("reported-case"), draws=500)
    assert isinstance(found, CapacityPlan)
    return found


def test_the_decision_names_nodes_gpus_dates_and_probability(reported: CapacityPlan) -> None:
    text = decision(reported)
    future = [lot for lot in reported.orders if not lot.past]
    nodes = future[0].nodes
    assert text.startswith(f"Order {nodes} {reported.option.instance.name} nodes ({nodes * 8} ")
    assert f"{future[0].order_by.day} {future[0].order_by:%B %Y}" in text
    assert f"Plan on {sum(lot.nodes for lot in future[1:])} more" in text
    assert "with probability" in text


def test_lots_that_are_past_are_told_apart(reported: CapacityPlan) -> None:
    past = sum(lot.nodes for lot in reported.orders if lot.past)
    assert f"{past} nodes had to be ordered before" in decision(reported)


def test_figures_carry_units_and_intervals(reported: CapacityPlan) -> None:
    assert "queries/day" in demand(reported)
    assert "80 % between" in demand(reported)
    assert "$" in money(reported)


def test_service_sets_minutes_against_the_budget(reported: CapacityPlan) -> None:
    text = service(reported)
    assert "of 21.6 minutes a month" in text
    assert "99.95 %" in text


def test_bounds_name_the_largest_step(reported: CapacityPlan) -> None:
    assert "largest step" in bounds(reported)
    assert reported.bound in bounds(reported)


def test_the_text_of_a_plan_is_its_headline(reported: CapacityPlan) -> None:
    assert reported.text.splitlines()[0] == decision(reported)


@pytest.mark.parametrize(("zones", "regions"), [(5, 2), (6, 4), (1, 4)])
def test_layouts_beyond_those_compared_have_a_headline_too(zones: int, regions: int) -> None:
    scenario = Scenario.load("reported-case")
    policy = scenario.policy.change({"zones": zones, "regions": regions})
    found = plan(scenario, policy, draws=100)
    assert isinstance(found, CapacityPlan)
    assert f"{zones} zones in {regions} regions reach" in service(found)
