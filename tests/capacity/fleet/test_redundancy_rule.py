from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.availability.design_problem import Room
from capacity.availability.designing import design_problem, own_design
from capacity.fleet.redundancy_rule import Failures, design_failures, redundancy_rule
from capacity.fleet.request_weighted import RequestWeighted
from capacity.outcome import CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.policy import Policy
from capacity.questions.one_draw import OneDraw
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario

INPUTS = {name: item.estimate for name, item in ASSUMPTIONS.items()}
WEIGHTED = Policy(redundancy="request-weighted")


@pytest.fixture(scope="module")
def weighted(reported: Scenario) -> CapacityPlan:
    found = plan(reported, WEIGHTED, draws=300)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture(scope="module")
def basis(reported: Scenario) -> CapacityPlan:
    found = plan(reported, Policy(), draws=300)
    assert isinstance(found, CapacityPlan)
    return found


def test_the_policy_chooses_the_rule(reported: Scenario) -> None:
    rate = np.array([10.0, 1_000.0])
    assert isinstance(redundancy_rule(reported, Policy(), rate), Failures)
    assert isinstance(redundancy_rule(reported, WEIGHTED, rate), RequestWeighted)


def test_hosts_carry_the_peak_that_is_bought(reported: Scenario) -> None:
    each = reported.inputs["queries_per_host_s"].mid
    rule = redundancy_rule(reported, WEIGHTED, np.full(5, 3.5 * each))
    assert isinstance(rule, RequestWeighted)
    assert rule.hosts == 4


def test_a_request_weighted_plan_orders_fewer_nodes_in_no_month_more(
    weighted: CapacityPlan, basis: CapacityPlan
) -> None:
    assert np.all(weighted.serving_nodes <= basis.serving_nodes)
    assert weighted.serving_nodes[-1] < basis.serving_nodes[-1]
    assert np.all(weighted.draws["serving_gpus"] <= basis.draws["serving_gpus"])
    np.testing.assert_array_equal(weighted.draws["load_gpus"], basis.draws["load_gpus"])


def test_the_plan_says_of_its_nodes_what_the_study_of_redundancy_says(
    weighted: CapacityPlan,
) -> None:
    own = design_problem(weighted, Room()).offer(own_design(weighted))
    assert own.availability == pytest.approx(weighted.availability, abs=1e-12)
    assert weighted.availability >= WEIGHTED.availability


def test_the_minutes_of_a_request_weighted_plan_add_up_to_its_budget(
    weighted: CapacityPlan,
) -> None:
    minutes = [line.minutes for line in weighted.budget]
    assert min(minutes) >= 0.0
    assert sum(minutes) == pytest.approx(21.6)
    assert sum(minutes[:-1]) == pytest.approx((1.0 - weighted.availability) * 43_200)


def test_one_draw_sized_again_needs_what_it_needed_in_the_plan(weighted: CapacityPlan) -> None:
    size = weighted.option.instance.gpus
    for number in (0, 17, 299):
        draw = OneDraw(weighted, number, weighted.months.size - 1)
        assert draw.need.nodes.item() * size == draw.value("serving_gpus")


def test_a_plan_out_of_reach_says_what_would_do(reported: Scenario) -> None:
    found = plan(reported, replace(WEIGHTED, regions=1), draws=100)
    assert isinstance(found, Infeasible)
    assert "whatever the pool, most of them to storage" in found.text
    assert "two regions: --policy regions=2" in found.text


def test_the_design_basis_is_the_middle_of_every_rate() -> None:
    found = design_failures(INPUTS, Policy(changes_per_month=10, canary_share=0.1))
    hours = 24_000 / 3.79 / (1 - 0.035)  # the rest are common causes, which all nodes share
    assert found.node_availability == pytest.approx(hours / (hours + 24))
    assert found.zone_availability == pytest.approx(0.9995)
    common = 24 / (24 + 24_000 / 3.79 / 0.035)
    up = (1 - 1e-4) * (1 - 1e-4) * (1 - 5e-4) * (1 - 1e-3) * (1 - 5e-5) * (1 - common)
    assert found.risks.services == pytest.approx(1 - up)
    assert found.risks.changes == pytest.approx(10 * 0.1 * 30 * 0.1 / 43_200)


def test_the_width_of_a_failure_rate_does_not_move_the_design() -> None:
    wide = INPUTS | {"node_repair_h": replace(INPUTS["node_repair_h"], low=1, high=200)}
    assert design_failures(wide, Policy()) == design_failures(INPUTS, Policy())
