"""The chosen hardware, and the words where there is none."""

from __future__ import annotations

import pytest

from capacity.fleet.choice import Rejection
from capacity.fleet.chosen import NONE_SERVES, why_none
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario


@pytest.mark.parametrize("binding", NONE_SERVES)
def test_every_constraint_has_its_reason_and_remedy(binding: str) -> None:
    reason, remedy = why_none((Rejection("a node", "for a reason", binding),))
    assert reason
    assert remedy


def test_the_reason_is_that_of_the_node_that_came_nearest() -> None:
    far, near = (Rejection("node", "", binding) for binding in ("date", "latency"))
    assert why_none((far, near)) == NONE_SERVES["latency"]


def test_a_named_instance_is_taken_and_the_cheapest_never_costs_more() -> None:
    scenario = Scenario.load("reported-case")
    cheapest = plan(scenario, draws=200)
    named = plan(scenario, Policy(instance="g5.48xlarge"), draws=200)
    assert isinstance(cheapest, CapacityPlan)
    assert isinstance(named, CapacityPlan)
    assert named.option.instance.name == "g5.48xlarge"
    costs = [found.quantile("cost_serving", 0.5)[-1] for found in (cheapest, named)]
    assert costs[0] < costs[1]


def test_training_runs_on_the_nodes_that_serve_and_grows_with_its_tokens() -> None:
    scenario = Scenario.load("reported-case")
    more = scenario.override("more training", training_tokens_per_run=5e12)
    found = [plan(item, draws=200) for item in (scenario, more)]
    assert all(isinstance(item, CapacityPlan) for item in found)
    base, heavy = (item.quantile("training_gpus", 0.5)[-1] for item in found)
    assert heavy > 10 * base
