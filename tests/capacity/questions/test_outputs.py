from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.questions.outputs import DECISIONS, ahead, needed_cost, output, place_of
from capacity.scenarios.scenario import Scenario


def test_every_output_of_a_plan_is_a_number(reported_plan: CapacityPlan) -> None:
    for name in (*METRICS, *DECISIONS):
        assert np.isfinite(output(name).figure(reported_plan, 29, 0.5))


def test_a_metric_is_its_quantile_in_the_month(reported_plan: CapacityPlan) -> None:
    found = output("cost").figure(reported_plan, 20, 0.9)
    assert found == reported_plan.quantile("cost", 0.9)[20]


def test_what_is_needed_costs_what_is_bought_where_just_that_is_needed(
    reported_plan: CapacityPlan,
) -> None:
    size = reported_plan.option.instance.gpus
    exact = {
        "serving_gpus": np.full((2_000, 30), reported_plan.serving_nodes * size),
        "training_gpus": np.full((2_000, 30), reported_plan.training_nodes * size),
    }
    same = replace(reported_plan, draws={**reported_plan.draws, **exact})
    assert needed_cost(same) == pytest.approx(reported_plan.draws["cost"])
    half = {name: values / 2 for name, values in exact.items()}
    less = replace(reported_plan, draws={**reported_plan.draws, **half})
    nodes = reported_plan.draws["cost_serving"] + reported_plan.draws["cost_training"]
    overhead = 1 + reported_plan.scenario.draw(2_000, 7)["overhead_share"]
    assert reported_plan.draws["cost"] - needed_cost(less) == pytest.approx(nodes / 2 * overhead)


def test_the_months_ahead_are_the_forecast_ones(reported_plan: CapacityPlan) -> None:
    assert ahead(reported_plan) == slice(12, 30)


def test_the_next_order_is_due_earlier_when_demand_is_larger(
    planned: Callable[..., CapacityPlan], reported: Scenario
) -> None:
    days = output("order_days").figure
    slow, fast = (planned(reported, growth_factor=factor) for factor in (0.25, 4.0))
    assert days(slow, 0, 0.5) > days(fast, 0, 0.5)


def test_unknown_outputs_and_months_are_refused_with_what_is_known(
    reported_plan: CapacityPlan,
) -> None:
    with pytest.raises(ValueError, match="unknown output 'costs'; nearest: cost"):
        output("costs")
    with pytest.raises(ValueError, match="covers 2022-01 to 2024-06"):
        place_of(reported_plan, "2025-01")
    assert place_of(reported_plan, "") == 29
