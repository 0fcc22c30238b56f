"""Parts add up to the figure, whatever is asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.policy import Policy
from capacity.questions.explanation import explain
from capacity.scenarios.scenario import Scenario

EVERYTHING = (*METRICS, "gpus_standing")


@pytest.mark.parametrize("month", ["2022-01", "2022-06", "2022-12", "2023-01", "2024-06"])
def test_the_parts_of_every_figure_add_up_to_it(reported_plan: CapacityPlan, month: str) -> None:
    for metric in EVERYTHING:
        found = explain(reported_plan, metric, month)
        total = math.fsum(part.value for part in found.parts)
        assert total == pytest.approx(found.total, rel=1e-12, abs=1e-15), metric
        shares = math.fsum(found.share(part) for part in found.parts)
        assert shares == pytest.approx(1.0 if found.total else 0.0, rel=1e-9)


def test_parts_add_up_under_another_policy_and_a_faster_growth(
    planned: Callable[..., CapacityPlan], reported: Scenario
) -> None:
    policy = Policy(zones=2, regions=3, confidence=0.5, term="on-demand")
    scarce = planned(reported, policy, growth_factor=2.0)
    for metric in EVERYTHING:
        found = explain(scarce, metric)
        total = math.fsum(part.value for part in found.parts)
        assert total == pytest.approx(found.total, rel=1e-12, abs=1e-15), metric
    parts = {"gpu_pool": {"common_share": 0.1}}
    tied = planned(replace(reported, parts=parts), policy)
    assert sum(part.value for part in explain(tied, "gpus").parts) == explain(tied, "gpus").total
    growth = explain(scarce, "daily_queries").parts[1]
    assert "growth_factor" in {item.name for item in growth.grounds}


def test_the_total_is_the_median_of_the_month(reported_plan: CapacityPlan) -> None:
    for metric in ("gpus", "cost", "storage_pb"):
        median = reported_plan.quantile(metric, 0.5)[23]
        assert explain(reported_plan, metric, "2023-12").total == pytest.approx(median, rel=0.01)


def test_what_stands_is_explained_to_the_last_gpu(reported_plan: CapacityPlan) -> None:
    found = reported_plan.explain("gpus_standing", "2024-06")
    assert found.total == reported_plan.gpus_standing[-1]
    assert found.parts[-1].name == "background training"
    assert found.rejections == reported_plan.rejections
    assert all(item.reason for item in found.rejections)


def test_headline_figures_go_down_to_sources(reported_plan: CapacityPlan) -> None:
    for metric in ("users", "peak_rate", "gpus", "storage_pb", "cost", "cost_per_user", "power_kw"):
        parts = explain(reported_plan, metric).parts
        assert any(item.source for part in parts for item in part.grounds), metric


def test_unknown_figures_and_months_are_refused(reported_plan: CapacityPlan) -> None:
    with pytest.raises(ValueError, match="nothing to explain called 'gpu'; nearest: gpus"):
        explain(reported_plan, "gpu")
    with pytest.raises(ValueError, match="covers 2022-01 to 2024-06"):
        explain(reported_plan, "gpus", "2024-07")
