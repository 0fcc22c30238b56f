from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.report.key_figures import (
    COST_LINES,
    cost_lines,
    costs_by_period,
    key_figures,
    last_figure,
)
from capacity.scenarios.scenario import Scenario


def test_a_total_is_the_percentile_of_the_sum(reported_plan: CapacityPlan) -> None:
    total = costs_by_period(reported_plan)[-1]
    ahead = reported_plan.draws["cost"][:, 12:].sum(axis=1)
    assert total.period == "2023-01 to 2024-06"
    assert (total.p10, total.p90) == pytest.approx(tuple(np.quantile(ahead, (0.1, 0.9))))


def test_years_cover_every_month_once(reported_plan: CapacityPlan) -> None:
    periods = [row.period for row in costs_by_period(reported_plan)]
    assert periods[:-1] == ["2022-01 to 2022-12", "2023-01 to 2023-12", "2024-01 to 2024-06"]


def test_a_period_is_named_once(short_plan: CapacityPlan) -> None:
    periods = [row.period for row in costs_by_period(short_plan)]
    assert len(periods) == len(set(periods))


def test_lines_of_the_bill_are_all_of_it(reported_plan: CapacityPlan) -> None:
    means = sum(reported_plan.mean(name)[-1] for name in COST_LINES)
    assert means == pytest.approx(reported_plan.mean("cost")[-1])
    assert [row.metric for row in cost_lines(reported_plan)] == [*COST_LINES, "cost"]


def test_an_error_is_the_distance_to_another_seed(reported_plan: CapacityPlan) -> None:
    figure = last_figure(reported_plan, "daily_queries")
    draws = np.sort(reported_plan.draws["daily_queries"][:, -1])
    reach = int(3 * np.sqrt(2) * 0.5 * np.sqrt(draws.size))
    middle = draws.size // 2
    wider = max(draws[middle + reach] - figure.p50, figure.p50 - draws[middle - reach])
    assert figure.error == pytest.approx(wider, rel=0.1)


def test_a_total_varies_with_the_nodes_ordered(reported_plan: CapacityPlan) -> None:
    known = costs_by_period(reported_plan)[-1].error
    exact = replace(reported_plan, nodes_error=np.zeros_like(reported_plan.nodes_error))
    assert costs_by_period(exact)[-1].error < known


def test_another_seed_moves_no_total_by_more_than_its_error(
    reported: Scenario, reported_plan: CapacityPlan
) -> None:
    other = plan(reported, seed=8, draws=2_000)
    assert isinstance(other, CapacityPlan)
    rows = zip(costs_by_period(reported_plan), costs_by_period(other), strict=True)
    assert [one for one, two in rows if abs(one.p50 - two.p50) > one.error] == []


def test_key_figures_are_of_the_last_month(reported_plan: CapacityPlan) -> None:
    rows = key_figures(reported_plan)
    assert {row.period for row in rows[:-1]} == {"2024-06"}
    assert all(row.p10 <= row.p50 <= row.p90 and row.error >= 0 for row in rows)
