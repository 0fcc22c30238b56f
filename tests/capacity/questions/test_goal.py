"""Questions backwards: the plan of the answer gives the goal."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.questions.goal import Answer, Goal, solve
from capacity.questions.outputs import output
from capacity.scenarios.scenario import Scenario

DRAWS = 100
PAIRS = (  # output, input, ends
    ("cost", "price_factor", (0.5, 2.0)),
    ("gpus", "reply_tokens", (150.0, 450.0)),
    ("storage_pb", "dataset_tb", (1.0, 50.0)),
    ("gpus_standing", "demand_factor", (0.5, 2.0)),
    ("cost", "growth_factor", (0.5, 3.0)),
)


@pytest.fixture(scope="module")
def month(reported: Scenario) -> Scenario:
    """One month on one node type: a plan in a tenth of a second."""
    levers = {"instance": "p4d.24xlarge"}
    return replace(reported, start="2023-03", end="2023-03", levers=levers)


def figure(scenario: Scenario, name: str, **change: float) -> float:
    found = plan(scenario.override("x", **change), draws=DRAWS)
    assert isinstance(found, CapacityPlan)
    return output(name).figure(found, -1, 0.5)


def solved(scenario: Scenario, text: str, vary: str, **more: object) -> Answer:
    return solve(scenario, Goal.parse(text, vary, **more), draws=DRAWS)


@given(st.sampled_from(PAIRS), st.floats(0.05, 0.95))
@settings(max_examples=5)
def test_the_plan_of_a_solution_gives_the_goal(
    month: Scenario, pair: tuple[str, str, tuple[float, float]], place: float
) -> None:
    name, vary, ends = pair
    wanted = figure(month, name, **{vary: ends[0] + place * (ends[1] - ends[0])})
    answer = solved(month, f"{name}={wanted!r}", vary, between=ends)
    assert answer.reached
    assert figure(month, name, **{vary: answer.value}) == pytest.approx(wanted, rel=1e-4)


def test_both_sides_of_a_step_are_plans_that_prove_it(month: Scenario) -> None:
    answer = solved(month, "gpus<=300", "demand_factor")
    met, missed = answer.found.met, answer.found.missed
    assert met is not None
    assert missed is not None
    assert figure(month, "gpus", demand_factor=met.x) == met.y <= 300
    assert figure(month, "gpus", demand_factor=missed.x) == missed.y > 300
    assert met.x < missed.x <= met.x * 1.00001


def test_most_users_are_those_of_the_largest_demand_that_the_budget_serves(
    month: Scenario,
) -> None:
    answer = solved(month, "cost<=50%", "users")
    base = plan(month, draws=DRAWS)
    assert isinstance(base, CapacityPlan)
    assert answer.target == pytest.approx(base.quantile("cost", 0.5)[-1] / 2)
    assert answer.users == pytest.approx(answer.value * base.quantile("users", 0.5)[-1])


def test_a_lever_of_whole_numbers_is_solved_in_whole_numbers(month: Scenario) -> None:
    answer = solved(month, "availability>=0.9999", "regions")
    assert answer.value == int(answer.value)


def test_the_availability_that_a_budget_buys_costs_no_more_than_it(month: Scenario) -> None:
    answer = solved(month, "cost<=110%", "availability")
    assert answer.found.met is not None
    assert answer.found.met.y <= answer.target
    assert 0.9 <= answer.value <= 0.99999


def test_what_no_input_reaches_is_said_with_the_nearest(month: Scenario) -> None:
    answer = solved(month, "cost<=1", "cached_share")
    assert not answer.reached
    assert answer.value == 1.0
    assert answer.found.nearest.y == min(point.y for point in answer.found.scanned)


def test_inputs_without_a_plan_keep_their_reason(month: Scenario) -> None:
    answer = solved(month, "cost<=1", "serving_error", between=(0.05, 1.0))
    assert answer.reasons[0][0] == 0.05
    assert "latency" in answer.reasons[0][1]


@pytest.mark.parametrize(
    ("text", "vary", "words"),
    [
        ("cost<1", "users", "output<=value"),
        ("cost<=1e999", "users", "finite"),
        ("costs<=1", "users", "nearest: cost"),
        ("cost<=1", "cache_share", "nearest: cached_share"),
        ("cost<=1", "term", "unknown input 'term'"),
    ],
)
def test_a_goal_that_cannot_be_read_is_refused(text: str, vary: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Goal.parse(text, vary)


def test_ends_outside_what_is_allowed_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed 0 to 1, low first"):
        Goal.parse("cost<=1", "cached_share", between=(0.5, 2.0))
    with pytest.raises(ValueError, match="quantile = 1"):
        Goal.parse("cost<=1", "cached_share", quantile=1.0)


def test_a_multiple_of_no_plan_is_no_goal(month: Scenario) -> None:
    alone = month.policy.change({"regions": 1})
    with pytest.raises(ValueError, match="no plan for reported-case as it is"):
        solve(month, Goal.parse("cost<=50%", "users"), alone, draws=DRAWS)


def test_a_scenario_without_a_plan_may_ask_for_the_lever_that_gives_one(month: Scenario) -> None:
    alone = month.policy.change({"regions": 1})
    answer = solve(month, Goal.parse("availability>=0.9995", "regions"), alone, draws=DRAWS)
    assert (answer.value, answer.now.x) == (2.0, 1.0)
    assert math.isnan(answer.now.y)
    assert answer.reasons[0][0] == 1.0
