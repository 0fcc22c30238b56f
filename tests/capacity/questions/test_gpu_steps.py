from __future__ import annotations

import pytest

from capacity.outcome import CapacityPlan
from capacity.questions.gpu_steps import gpu_steps, rate_steps, reported_demand
from capacity.questions.one_draw import OneDraw


@pytest.fixture
def draw(reported_plan: CapacityPlan) -> OneDraw:
    return OneDraw(reported_plan, 42, 29)


@pytest.mark.parametrize("metric", ["load_gpus", "serving_gpus", "gpus"])
def test_the_last_level_is_the_metric(draw: OneDraw, metric: str) -> None:
    assert gpu_steps(draw, metric)[-1].level == draw.value(metric)


def test_the_purchase_ends_at_what_stands(draw: OneDraw) -> None:
    assert gpu_steps(draw, "gpus_standing")[-1].level == draw.plan.gpus_standing[-1]


def test_every_step_of_the_need_adds(draw: OneDraw) -> None:
    levels = [item.level for item in gpu_steps(draw, "gpus")]
    assert levels == sorted(levels)


def test_the_chain_starts_at_the_report_of_before_the_month(reported_plan: CapacityPlan) -> None:
    starts = {}
    for place in (0, 5, 11, 29):
        first, last = reported_demand(OneDraw(reported_plan, 3, place), "daily_queries")
        starts[place] = first.level
        assert last.level == reported_plan.draws["daily_queries"][3, place]
    assert starts == {0: 250_000, 5: 250_000, 11: 1_800_000, 29: 1_800_000}


def test_the_rate_of_the_minute_follows_from_the_day_in_two_steps(draw: OneDraw) -> None:
    names = [item.name for item in rate_steps(draw, "peak_rate")]
    assert names == ["reported in 2022-12", "growth to 2024-06", "peak hour", "peak minute"]
    day = rate_steps(draw, "peak_rate")[1].level
    assert day == pytest.approx(draw.value("daily_queries") / 86_400)
