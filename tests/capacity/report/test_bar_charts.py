from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from capacity.fleet.error_budget import BudgetLine
from capacity.outcome import CapacityPlan
from capacity.questions.sensitivity import sensitivity
from capacity.questions.tornado import End, Swing, Tornado
from capacity.report.bar_charts import (
    budget_bars,
    layout_bars,
    part_bars,
    share_bars,
    swing_bars,
    waterfall_bars,
)


def test_each_step_begins_where_the_last_one_ended(reported_plan: CapacityPlan) -> None:
    chart = waterfall_bars(reported_plan)
    *steps, total = chart.bars
    for bar, after in pairwise(steps):
        assert bar.end == pytest.approx(after.start, rel=1e-12)
    assert (total.start, total.end) == (0.0, reported_plan.gpus_standing[-1])


@pytest.mark.parametrize("metric", ["gpus", "cost"])
def test_parts_of_a_figure_stand_on_one_another(reported_plan: CapacityPlan, metric: str) -> None:
    found = reported_plan.explain(metric)
    *parts, total = part_bars(found).bars
    assert [bar.end - bar.start for bar in parts] == pytest.approx([p.value for p in found.parts])
    assert all(bar.end == after.start for bar, after in pairwise(parts))
    assert parts[-1].end == pytest.approx(total.end)


def test_bars_of_the_budget_fill_the_limit(reported_plan: CapacityPlan) -> None:
    chart = budget_bars(reported_plan)
    spent, left = chart.bars[-2:]
    assert chart.limit == pytest.approx(21.6)
    assert spent.end + left.end == pytest.approx(21.6)
    assert (spent.tone, left.tone) == ("total", "left")


def test_an_overspent_budget_is_marked(reported_plan: CapacityPlan) -> None:
    lines = (BudgetLine("changes", 25.0), BudgetLine("left over", -3.4))
    chart = budget_bars(replace(reported_plan, budget=lines))
    assert chart.bars[-1].tone == "over"
    assert chart.bars[-1].end < 0


def test_only_layouts_that_meet_the_target_have_a_bar(reported_plan: CapacityPlan) -> None:
    chart = layout_bars(reported_plan)
    assert [bar for bar in chart.bars if bar.end <= 0] == []
    assert [bar.label for bar in chart.bars if bar.tone == "total"] == ["2 regions of 3 zones"]
    assert "1 region of" not in " ".join(bar.label for bar in chart.bars)


def test_no_layout_at_all_is_said(reported_plan: CapacityPlan) -> None:
    chart = layout_bars(replace(reported_plan, layouts=()))
    assert chart.bars == ()
    assert "none meets the target" in chart.alt


def test_shares_fill_the_whole_variance_and_the_largest_leads(reported_plan: CapacityPlan) -> None:
    chart = share_bars(sensitivity(reported_plan))
    ends = [bar.end for bar in chart.bars]
    assert sum(ends) == pytest.approx(100.0)
    assert ends[:-1] == sorted(ends[:-1], reverse=True)
    assert (chart.bars[0].label, chart.bars[-1].label) == ("growth", "everything else")


def test_swing_goes_from_its_lower_to_its_higher_end_whichever_input_gives_it() -> None:
    falls = Swing("serving_error", End("0.8", 2.5e6), End("1.3", 1.8e6))
    chart = swing_bars(Tornado("cost", "2024-06", 2.1e6, (falls,)))
    (bar,) = chart.bars
    assert (bar.label, bar.start, bar.end) == ("serving error", 1.8e6, 2.5e6)
    assert bar.words == "$2.5 M to $1.8 M (at 0.8 and 1.3)"
    assert chart.limit == 2.1e6


def test_end_without_a_plan_is_said_and_its_bar_ends_as_planned() -> None:
    lost = Swing("failover_failure", End("0.01", 2.0e6), End("0.3", math.nan, "no layout"))
    (bar,) = swing_bars(Tornado("cost", "2024-06", 2.1e6, (lost,))).bars
    assert (bar.start, bar.end) == (2.0e6, 2.1e6)
    assert "to no plan" in bar.words


def test_tornado_of_what_nothing_moves_says_so() -> None:
    chart = swing_bars(Tornado("cost", "2024-06", 2.1e6, ()))
    assert chart.bars == ()
    assert "nothing moves it" in chart.alt
