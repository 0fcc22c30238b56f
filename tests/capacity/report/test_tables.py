from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.report import tables
from capacity.scenarios.parts import CrossCheck
from capacity.scenarios.scenario import Scenario

Planner = Callable[..., CapacityPlan]
PERCENTILES = ("p05", "p10", "p25", "p50", "p75", "p90", "p95")


def test_percentiles_never_fall(reported_plan: CapacityPlan) -> None:
    for row in tables.monthly(reported_plan):
        values = [getattr(row, name) for name in PERCENTILES]
        assert all(low <= high for low, high in pairwise(values)), row


def test_every_metric_has_a_row_for_every_month(reported_plan: CapacityPlan) -> None:
    rows = tables.monthly(reported_plan)
    assert len(rows) == len(METRICS) * 30
    assert {row.unit for row in rows} == {metric.unit for metric in METRICS.values()}


def test_steps_add_up_to_the_purchase(reported_plan: CapacityPlan) -> None:
    rows = tables.steps(reported_plan)
    assert sum(row.added for row in rows) == pytest.approx(reported_plan.gpus_standing[-1])


def test_orders_add_up_to_what_stands(reported_plan: CapacityPlan) -> None:
    rows = tables.orders(reported_plan)
    assert sum(row.gpus for row in rows) == reported_plan.gpus_standing[-1]
    assert [row.order_by for row in rows] == sorted(row.order_by for row in rows)
    assert rows[0].usd_per_month == pytest.approx(20.176 * 730.5 * rows[0].nodes)


def test_the_budget_adds_up_to_the_minutes_allowed(reported_plan: CapacityPlan) -> None:
    rows = tables.budget(reported_plan)
    assert sum(row.minutes for row in rows) == pytest.approx(21.6)
    assert sum(row.share for row in rows) == pytest.approx(1.0)


def test_one_layout_is_the_plan(reported_plan: CapacityPlan) -> None:
    chosen = [row for row in tables.layouts(reported_plan) if row.chosen]
    assert [(row.zones, row.regions) for row in chosen] == [(3, 2)]


def test_checks_stand_beside_the_interval(short: Scenario, planned: Planner) -> None:
    published = CrossCheck("daily_queries", "2023-03", "over", 1.0, "a talk")
    found = planned(replace(short, cross_checks=(published,)))
    (row,) = tables.checks(found)
    assert row.p05 < row.p50 < row.p95
    assert row.agrees
    assert (row.unit, row.source) == ("queries/day", "a talk")
