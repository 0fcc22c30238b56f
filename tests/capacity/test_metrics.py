from __future__ import annotations

import numpy as np
import pytest

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan

PARTS = {
    "gpus": ("serving_gpus", "training_gpus"),
    "storage_pb": (
        "conversations_pb",
        "datasets_pb",
        "checkpoints_pb",
        "telemetry_pb",
        "backups_pb",
    ),
    "peak_gbit_s": ("user_gbit_s", "history_gbit_s", "replication_gbit_s"),
    "cost": (
        "cost_serving",
        "cost_training",
        "cost_hosts",
        "cost_databases",
        "cost_storage",
        "cost_network",
        "cost_overhead",
    ),
}


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_says_what_is_counted_and_in_which_unit(name: str) -> None:
    metric = METRICS[name]
    assert metric.name == name
    assert all((metric.title, metric.unit, metric.group, metric.meaning))


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_in_every_draw_and_month(reported_plan: CapacityPlan, name: str) -> None:
    values = reported_plan.draws[name]
    assert values.shape == (2_000, 30)
    assert np.all(np.isfinite(values))
    assert values.min() >= 0


@pytest.mark.parametrize("whole", PARTS)
def test_a_whole_is_the_sum_of_its_parts_in_every_draw(
    reported_plan: CapacityPlan, whole: str
) -> None:
    parts = sum(reported_plan.draws[name] for name in PARTS[whole])
    assert reported_plan.draws[whole] == pytest.approx(parts)


def test_utilisation_is_a_share(reported_plan: CapacityPlan) -> None:
    assert np.median(reported_plan.draws["utilisation"]) < 1


def test_titles_with_their_units_are_distinct() -> None:
    assert len({(metric.title, metric.unit) for metric in METRICS.values()}) == len(METRICS)
