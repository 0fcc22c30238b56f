from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.report.charts import FANS, charts, claims, cost_stack, fan
from capacity.report.marks import Fan
from capacity.scenarios.parts import CrossCheck


def test_every_chart_has_a_unit_a_title_and_words_for_the_blind(
    reported_plan: CapacityPlan,
) -> None:
    drawn = charts(reported_plan)
    assert list(drawn) == [*FANS, "cost_lines", "waterfall", "budget", "layouts"]
    for chart in drawn.values():
        assert chart.unit
        assert chart.title
        assert len(chart.alt) > 40


@pytest.mark.parametrize("metric", FANS)
def test_bands_lie_inside_one_another(reported_plan: CapacityPlan, metric: str) -> None:
    chart = fan(reported_plan, metric)
    assert chart.unit == METRICS[metric].unit
    outer, middle, inner = (np.array([band.low, band.high]) for band in chart.bands)
    assert np.all(outer[0] <= middle[0])
    assert np.all(middle[0] <= inner[0])
    assert np.all(inner[0] <= np.array(chart.median))
    assert np.all(inner[1] <= middle[1])
    assert np.all(middle[1] <= outer[1])


def test_the_fan_is_a_reconstruction_between_reported_points(reported_plan: CapacityPlan) -> None:
    chart = fan(reported_plan, "users")
    assert chart.reconstructed == (0, 11)
    assert "reconstruction" in chart.alt
    reported = [(mark.month, mark.value) for mark in chart.marks if mark.kind == "reported"]
    assert reported == [("2022-01", 120_000), ("2022-12", 620_000)]


def test_machines_that_stand_are_drawn_with_the_need(reported_plan: CapacityPlan) -> None:
    (line,) = fan(reported_plan, "gpus").lines
    assert line.values == tuple(reported_plan.gpus_standing.tolist())


def test_a_projection_stands_at_its_percentile(reported_plan: CapacityPlan) -> None:
    (mark,) = claims(reported_plan, "users")
    share = np.mean(reported_plan.draws["users"][:, -1] <= 14e6)
    assert (mark.month, mark.value) == ("2024-06", 14e6)
    assert mark.label == "projected 14 M"
    assert mark.place == f"{round(100 * share)}th percentile"


def test_projections_belong_to_their_own_history_only(reported_plan: CapacityPlan) -> None:
    scenario = reported_plan.scenario
    other = replace(scenario.users, values=scenario.users.values * 2)
    changed = replace(reported_plan, scenario=replace(scenario, users=other))
    assert claims(changed, "users") == ()


def test_published_figures_are_marked(reported_plan: CapacityPlan) -> None:
    published = CrossCheck("storage_pb", "2023-12", "about", 2.0, "a talk")
    scenario = replace(reported_plan.scenario, cross_checks=(published,))
    (mark,) = claims(replace(reported_plan, scenario=scenario), "storage_pb")
    assert (mark.month, mark.value, mark.kind) == ("2023-12", 2.0, "claim")


def test_layers_add_up_to_the_median_cost(reported_plan: CapacityPlan) -> None:
    chart = cost_stack(reported_plan)
    total = np.sum([layer.values for layer in chart.layers], axis=0)
    assert total == pytest.approx(reported_plan.quantile("cost", 0.5), rel=0.01)
    last = [layer.values[-1] for layer in chart.layers]
    assert last == sorted(last, reverse=True)


def test_a_plan_without_history_gaps_has_no_hatching(short_plan: CapacityPlan) -> None:
    chart = charts(short_plan)["users"]
    assert isinstance(chart, Fan)
    assert chart.reconstructed is None
