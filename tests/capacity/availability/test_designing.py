"""Redundancy of a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.availability.design_problem import Offer, Room
from capacity.availability.design_search import Choice, OutOfReach
from capacity.availability.designing import (
    DesignStudy,
    design_problem,
    design_study,
    own_design,
    watched,
)
from capacity.availability.service_level import NINES
from capacity.outcome import CapacityPlan
from capacity.planning import load_plan
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.tree import Cause, Design


@pytest.fixture(scope="module")
def study(reported_plan: CapacityPlan) -> DesignStudy:
    return design_study(reported_plan)


def test_the_target_of_the_case_is_met_by_fewer_nodes_than_the_policy_builds(
    study: DesignStudy,
) -> None:
    """The plan sizes every region for the peak all day; requests are weighted here."""
    assert isinstance(study.found, Choice)
    assert study.availability >= 0.9995
    assert study.design.nodes < study.own.design.nodes
    assert study.found.chosen.usd_per_month < study.own.usd_per_month


def test_a_plan_keeps_its_promise_also_when_requests_are_weighted(
    study: DesignStudy, reported_plan: CapacityPlan
) -> None:
    assert study.own.availability >= reported_plan.availability >= 0.9995
    assert study.own.design == Design(2, 3, int(reported_plan.serving_nodes[-1]) // 6)


def test_causes_and_parts_are_those_of_the_found_design(study: DesignStudy) -> None:
    lost = 1 - study.availability
    assert set(study.causes) == set(Cause)
    assert sum(study.causes.values()) == pytest.approx(lost)
    assert sum(study.parts.values()) == pytest.approx(lost)
    assert {"gateway", "preprocessing", "database", "storage", "network", "region"} < set(
        study.parts
    )


def test_each_nine_costs_more_until_none_can_be_bought(study: DesignStudy) -> None:
    prices = [item.usd_per_month for item in study.curve if isinstance(item, Offer)]
    assert prices == sorted(prices)
    assert [isinstance(item, Offer) for item in study.curve] == [True, True, True, False, False]
    assert [item.target for item in study.curve if isinstance(item, OutOfReach)] == [
        0.9999,
        0.99999,
    ]
    assert NINES[2] == 0.9995


def test_a_design_of_the_plan_costs_what_the_plan_pays_for_nodes(
    reported_plan: CapacityPlan,
) -> None:
    usd = design_problem(reported_plan, Room()).usd
    base = own_design(reported_plan)
    more = replace(base, zone_nodes=base.zone_nodes + 1)
    lines = [reported_plan.draws[name][:, -1] for name in ("cost_serving", "cost_overhead")]
    nodes = float(np.median(lines[0])) / int(reported_plan.serving_nodes[-1]) * 6
    assert usd(more) - usd(base) == pytest.approx(nodes * 1.08, rel=0.02)


@pytest.mark.parametrize("field", ["regions", "standbys", "read_spares"])
def test_more_of_everything_costs_more(reported_plan: CapacityPlan, field: str) -> None:
    usd = design_problem(reported_plan, Room()).usd
    base = Design(2, 3, 10)
    assert usd(replace(base, **{field: getattr(base, field) + 1})) > usd(base)


def test_spare_replicas_of_a_design_cost_what_those_of_a_plan_do(short: Scenario) -> None:
    one, more = (load_plan(short, Policy(read_spares=n), seed=7, draws=200) for n in (1, 4))
    usd = design_problem(one, Room()).usd
    base = own_design(one)
    assert own_design(more) == replace(base, read_spares=4)
    dearer = np.median(more.draws["cost"][:, -1] - one.draws["cost"][:, -1])
    assert usd(own_design(more)) - usd(base) == pytest.approx(float(dearer), rel=0.02)


def test_the_simulation_holds_the_availability_of_the_found_design(study: DesignStudy) -> None:
    low, high = watched(study, 100, seed=7).interval(0.99)
    assert low <= 1 - study.availability <= high


@pytest.mark.parametrize("years", [1, 1e9, float("nan")])
def test_years_out_of_range_are_refused(study: DesignStudy, years: float) -> None:
    with pytest.raises(ValueError, match=r"years = .*allowed 10 to 20,000"):
        watched(study, years, seed=7)


def test_a_policy_without_a_plan_still_has_a_load(short: Scenario) -> None:
    policy = Policy(regions=1)
    found = load_plan(short, policy, seed=7, draws=200)
    assert found.policy.availability == 0.9
    assert isinstance(design_study(found, 0.9995, Room(regions=1)).found, OutOfReach)


def test_a_scenario_part_takes_its_minutes(reported: Scenario) -> None:
    worse = replace(reported, start="2023-03", end="2023-03")
    worse = replace(worse, parts={"filter": {"unavailability": 2e-3}})
    found = design_study(load_plan(worse, Policy(), seed=7, draws=200))
    assert max(found.parts, key=lambda name: found.parts[name]) == "filter"
