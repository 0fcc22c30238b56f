"""Published and recomputed numbers of alerts, control charts and anomaly scores."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capacity.availability.service_level import HOURS_PER_30_DAYS, budget_burned
from capacity.monitor.burn_rate import BurnAlert, exhaustion_h
from capacity.monitor.control_charts import cusum_arl, ewma_arl, shewhart_arl
from capacity.monitor.exhaustion import predict_linear, time_until
from capacity.monitor.nab import normalised
from capacity.monitor.outliers import CUTOFF, robust_z

Vector = dict[str, Any]


def named(v: Vector, metrics: dict[str, Callable[[], float]]) -> float:
    return metrics[v["metric"]]()


def burn_rate(v: Vector) -> float:
    period = v.get("period_h", HOURS_PER_30_DAYS)
    alert = BurnAlert("page", v.get("burn", 1.0), v.get("window_h", v.get("long_h", 1.0)))
    failing = v.get("error_rate", 1.0)
    return named(
        v,
        {
            "burn_rate": lambda: failing / alert.threshold(v["slo"]) * alert.burn,
            "error_threshold": lambda: alert.threshold(v["slo"]),
            "error_rate_threshold": lambda: alert.threshold(v["slo"]),
            "detect_min_full_outage": lambda: alert.detection_min(v["slo"], failing),
            "detection_min_full_outage": lambda: alert.detection_min(v["slo"], failing),
            "detect_min": lambda: alert.detection_min(v["slo"], failing),
            "budget_consumed_at_threshold": lambda: alert.budget(period),
            "budget_fraction_consumed": lambda: budget_burned(v["burn"], alert.long_h, period),
            "short_window_min": lambda: alert.short_min,
            "short_window_h": lambda: alert.short_min / 60,
            "hours_to_exhaust_budget": lambda: exhaustion_h(v["burn"], period_h=period),
            "hours_to_exhaust": lambda: exhaustion_h(v["burn"], period_h=period),
            "hours_to_exhaustion": lambda: exhaustion_h(v["burn"], period_h=period),
            "days_to_exhaustion": lambda: exhaustion_h(v["burn"], period_h=period) / 24,
        },
    )


def robust(v: Vector) -> float:
    z = robust_z(v["x"], v["data"])
    return named(v, {"z": lambda: z, "is_outlier": lambda: float(abs(z) > CUTOFF)})


def line(v: Vector) -> float:
    times = np.arange(0.0, v["window_s"] + 1.0, v.get("step_s", 60.0))
    values = v["y0"] + v["slope"] * times
    there = predict_linear(times, values, v.get("horizon_s", 0.0), now=v["window_s"])
    if v["metric"].startswith("value_in_"):
        return there
    return named(
        v,
        {
            "value": lambda: there,
            "alert_lt_0": lambda: float(there < 0.0),
            "seconds_to_zero": lambda: time_until(times, values, now=v["window_s"]),
            "value_now": lambda: predict_linear(times, values, 0.0, now=v["window_s"]),
            "hours_to_zero": lambda: time_until(times, values, now=v["window_s"]) / 3600,
        },
    )


def anomaly_score(v: Vector) -> float:
    metric = v["metric"].removesuffix(f"_{v['detector']}")
    if metric != "normalised_all":
        raise KeyError(v["metric"])
    profile = v.get("profile", "standard")
    profile = {"reward_low_FP_rate": "low_fp", "reward_low_FN_rate": "low_fn"}.get(profile, profile)
    total, windows = PUBLISHED[v["detector"], profile]
    return normalised(total, windows, profile)


def published_rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "nab_published.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PUBLISHED = {
    (row["detector"], row["profile"]): (float(row["total"]), int(row["windows"]))
    for row in published_rows()
}
MODELS: dict[str, Callable[[Vector], float]] = {
    "cusum_arl": lambda v: cusum_arl(v["h"], v["k"], v["shift"]),
    "cusum_arl_num": lambda v: cusum_arl(v["h"], v["k"], v["shift"]),
    "ewma_arl": lambda v: ewma_arl(v["lam"], v["L"], v["shift"]),
    "shewhart_arl": lambda v: shewhart_arl(v["L"], v["shift"]),
    "burn_rate": burn_rate,
    "robust_z": robust,
    "predict_linear": line,
    "nab_score": anomaly_score,
}


def test_monitoring_vector(monitoring_vector: Vector) -> None:
    v = monitoring_vector
    found = MODELS[v["model"]](v)
    assert found == pytest.approx(v["expected"], rel=v["tol_rel"], abs=v["tol_abs"])


@pytest.mark.parametrize("row", published_rows(), ids=lambda row: row["detector"])
def test_the_published_total_of_all_files_gives_the_published_score(row: dict[str, str]) -> None:
    found = normalised(float(row["total"]), int(row["windows"]), row["profile"])
    assert found == pytest.approx(float(row["score"]), abs=1e-8)
