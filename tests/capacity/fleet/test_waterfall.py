from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario

NAMES = [
    "mean demand",
    "peak minute",
    "latency headroom",
    "whole nodes",
    "spares, zones and regions",
    "confidence",
    "whole orders",
    "background training",
]


def test_the_steps_go_from_mean_demand_to_purchase(reported_plan: CapacityPlan) -> None:
    assert [step.name for step in reported_plan.waterfall] == NAMES


def test_no_step_takes_machines_away(reported_plan: CapacityPlan) -> None:
    gpus = [step.gpus for step in reported_plan.waterfall]
    assert gpus[0] > 0
    assert all(np.diff(gpus) >= 0)


@pytest.mark.parametrize(
    "levers",
    [
        {"regions": 1, "availability": 0.99},
        {"regions": 3},
        {"regions": 4, "zones": 2},
        {"zones": 1},
        {"confidence": 0.5},
        {"confidence": 0.5, "order_months": 1},
    ],
    ids=str,
)
def test_no_step_takes_machines_away_under_any_policy(
    short: Scenario, planned: Callable[..., CapacityPlan], levers: dict[str, float]
) -> None:
    found = planned(short, Policy(**levers))
    assert np.diff([step.gpus for step in found.waterfall]).min() >= 0


def test_an_even_chance_buys_no_less_than_the_median_draw_needs(
    short: Scenario, planned: Callable[..., CapacityPlan]
) -> None:
    """Both are medians of the same draws: the one in the waterfall and the one that is bought."""
    for size in (100, 300, 1_000):
        found = planned(short, Policy(confidence=0.5), demand_factor=size)
        assert np.diff([step.gpus for step in found.waterfall]).min() >= 0


def test_the_last_steps_are_what_stands(reported_plan: CapacityPlan) -> None:
    plan, size = reported_plan, reported_plan.option.instance.gpus
    steps = {step.name: step.gpus for step in plan.waterfall}
    assert steps["whole orders"] == plan.serving_nodes[-1] * size
    assert steps["background training"] == plan.gpus_standing[-1]


def test_the_first_steps_are_medians_of_the_draws(reported_plan: CapacityPlan) -> None:
    plan = reported_plan
    steps = {step.name: step.gpus for step in plan.waterfall}
    for step, metric in (
        ("latency headroom", "load_gpus"),
        ("spares, zones and regions", "serving_gpus"),
    ):
        need = plan.draws[metric][:, -1]
        assert (need <= steps[step]).mean() >= 0.5
        assert (need < steps[step]).mean() < 0.5


def test_confidence_is_the_quantile_that_the_policy_names(reported_plan: CapacityPlan) -> None:
    plan = reported_plan
    steps = {step.name: step.gpus for step in plan.waterfall}
    need = plan.draws["serving_gpus"][:, -1]
    assert (need <= steps["confidence"]).mean() >= plan.policy.confidence
    assert (need < steps["confidence"]).mean() < plan.policy.confidence
