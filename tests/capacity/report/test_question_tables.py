from __future__ import annotations

import math

import pytest

from capacity.outcome import CapacityPlan
from capacity.questions.break_even import break_even
from capacity.questions.breaks import breaks
from capacity.questions.crossing import Crossing, Point
from capacity.questions.economics import runway, unit_costs
from capacity.questions.goal import Answer, Goal
from capacity.questions.sensitivity import sensitivity
from capacity.questions.tornado import End, Swing, Tornado
from capacity.report.question_tables import (
    answer_tables,
    economics_tables,
    explanation_tables,
    outlook_tables,
    sensitivity_tables,
)
from capacity.report.xlsx import Sheet

SWINGS = Tornado("needed_cost", "2023-03", 2e6, (
    Swing("growth", End("1e6", 1e6), End("2e7", 4e6)),
    Swing("failover_failure", End("0.02", 2e6), End("0.3", math.nan, "it cannot be met")),
))  # fmt: skip


def column(sheet: Sheet, title: str) -> list[object]:
    return [row[list(sheet.head).index(title)] for row in sheet.rows]


def numbers(cells: list[object]) -> list[float]:
    return [float(cell) for cell in cells if isinstance(cell, int | float)]


def rectangular(sheet: Sheet) -> bool:
    return {len(row) for row in sheet.rows} <= {len(sheet.head)}


@pytest.mark.parametrize("metric", ["gpus", "cost", "storage_pb"])
def test_the_parts_add_up_to_the_last_row(short_plan: CapacityPlan, metric: str) -> None:
    found = short_plan.explain(metric)
    parts, grounds, lost = explanation_tables(found)
    *values, total = numbers(column(parts, parts.head[1]))
    assert math.fsum(values) == pytest.approx(total)
    assert total == found.total
    assert found.unit in parts.head[1]
    assert all(rectangular(sheet) for sheet in (parts, grounds, lost))


def test_every_ground_has_its_class_source_and_value(short_plan: CapacityPlan) -> None:
    found = short_plan.explain("gpus")
    grounds = explanation_tables(found)[1]
    expected = [item for part in found.parts for item in part.grounds]
    assert column(grounds, "value") == [item.value for item in expected]
    assert column(grounds, "class") == [item.basis for item in expected]
    assert "" not in column(grounds, "source")


def test_the_shares_and_the_rest_are_the_whole_variance(short_plan: CapacityPlan) -> None:
    found = sensitivity(short_plan)
    shares, swings = sensitivity_tables(found, SWINGS, short_plan)
    *parts, whole = numbers(column(shares, "share [1]"))
    assert math.fsum(parts) == pytest.approx(whole) == 1.0
    assert parts[-1] == pytest.approx(1.0 - found.explained)
    assert set(column(shares, "class")[:-2]) <= {"forecast", "measured", "calibrated", "assumed"}
    assert rectangular(shares)
    assert rectangular(swings)


def test_an_end_without_a_plan_is_said_and_not_a_number(short_plan: CapacityPlan) -> None:
    swings = sensitivity_tables(sensitivity(short_plan), SWINGS, short_plan)[1]
    assert swings.rows[-1][4:] == ("no plan", "0.3: it cannot be met")
    assert numbers(column(swings, "gives [USD/month]")) == [2e6, 1e6, 2e6]


def test_an_answer_has_goal_both_sides_and_the_present(short_plan: CapacityPlan) -> None:
    goal = Goal.parse("cost<=1e6", "cached_share")
    found = Crossing(
        Point(0.6, 0.99e6), Point(0.59, 1.02e6), Point(0.6, 0.99e6), 1, True,
        (Point(0.0, 2e6), Point(1.0, math.nan)),
    )  # fmt: skip
    reasons = ((1.0, "it does not fit"),)
    answer = Answer(goal, 1e6, Point(0.0, 2e6), found, 2e6, reasons, short_plan)
    sides, tried = answer_tables(answer)
    assert column(sides, "Cost [USD/month]") == [1e6, 0.99e6, 1.02e6, 2e6]
    assert column(sides, "cached_share [share]") == ["", 0.6, 0.59, 0.0]
    assert tried.rows[-1][2:] == ("no plan", "it does not fit")


def test_a_goal_out_of_reach_shows_the_nearest(short_plan: CapacityPlan) -> None:
    found = Crossing(None, None, Point(1.0, 1.4e6), 0, False, (Point(1.0, 1.4e6),))
    goal = Goal.parse("cost<=1e6", "cached_share")
    sides = answer_tables(Answer(goal, 1e6, Point(0.0, 2e6), found, 2e6, (), short_plan))[0]
    assert column(sides, "point") == ["goal", "nearest to the goal", "as it is"]


def test_the_outlook_holds_every_month_of_every_resource(short_plan: CapacityPlan) -> None:
    broken = breaks(short_plan)
    first, renting, months = outlook_tables(broken, break_even(short_plan))
    assert column(first, "limit") == [item.limit for item in broken]
    assert column(months, "by the end of") == list(broken[0].months)
    for place, item in enumerate(broken, start=1):
        assert [row[place] for row in months.rows] == list(item.probability)
    assert all(rectangular(sheet) for sheet in (first, renting, months))


def test_unit_costs_stand_beside_public_figures_with_source_and_date(
    short_plan: CapacityPlan,
) -> None:
    costs = unit_costs(short_plan)
    ours, public = economics_tables(costs, "2023-03")
    assert column(ours, "median") == [item.mid for item in costs]
    assert len(public.rows) == sum(len(item.anchors) for item in costs)
    assert "" not in [*column(public, "source"), *column(public, "date")]
    lasts = runway(short_plan, 1e6)
    spent = economics_tables(costs, "2023-03", lasts)[2]
    assert [row[1] for row in spent.rows] == list(lasts.probability)
