from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.questions.one_draw import OneDraw
from capacity.scenarios.scenario import Scenario


@pytest.mark.parametrize("number", [0, 17, 1999])
@pytest.mark.parametrize("place", [0, 11, 29])
def test_a_draw_sized_again_needs_what_the_plan_says(
    reported_plan: CapacityPlan, number: int, place: int
) -> None:
    draw = OneDraw(reported_plan, number, place)
    size = reported_plan.option.instance.gpus
    assert draw.need.nodes.item() * size == draw.value("serving_gpus")
    assert draw.need.load_gpus.item() == pytest.approx(draw.value("load_gpus"), rel=1e-9)


def test_parts_and_constants_of_a_scenarios_own_are_those_of_the_plan(
    planned: Callable[..., CapacityPlan], reported: Scenario
) -> None:
    pool = {"gpu_pool": {"failures_per_1000_node_days": 40.0}}
    constants = replace(reported.serving.constants, overlap=0.5)
    serving = replace(reported.serving, constants=constants)
    worse = planned(replace(reported, parts=pool, serving=serving))
    draw = OneDraw(worse, 17, 29)
    assert draw.need.nodes.item() * worse.option.instance.gpus == draw.value("serving_gpus")


def test_the_median_draw_has_the_median(reported_plan: CapacityPlan) -> None:
    values = reported_plan.draws["cost"][:, 20]
    draw = OneDraw.median(reported_plan, values, 20)
    assert draw.value("cost") == np.quantile(values, 0.5, method="inverted_cdf")


def test_inputs_are_those_that_the_draw_was_made_of(reported_plan: CapacityPlan) -> None:
    draw = OneDraw(reported_plan, 5, 29)
    tokens = draw.value("peak_rate") * draw.inputs["reply_tokens"]
    assert draw.value("token_rate") == pytest.approx(tokens)
