"""Published and recomputed numbers of reliability theory."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from capacity.availability.common_cause import (
    alpha_factor_probability,
    beta_factor_unavailability,
    pfd_one_of_two,
    shock_unavailability,
)
from capacity.availability.demonstration import (
    annual_rate,
    failures_per_1000_node_days,
    job_mtbf_h,
    running_time_to_demonstrate,
    trials_to_demonstrate,
)
from capacity.availability.durability import loss_probability
from capacity.availability.pools import (
    k_of_n_min_nodes,
    k_of_n_unavailability,
    node_availability,
    zonal_pool_unavailability,
)
from capacity.availability.redundancy import regional_loss
from capacity.availability.repair import FailoverPair, Standby, repaired_pool
from capacity.availability.service_level import (
    HOURS_PER_30_DAYS,
    budget_burned,
    burn_error_rate,
    change_unavailability,
    detection_min,
    error_budget_min,
    series_availability,
)
from capacity.availability.structure import connection_availability
from capacity.queueing.markov import birth_death, generator, transient

Vector = dict[str, Any]


def error_budget(v: Vector) -> float:
    minutes = error_budget_min(v["A"], v.get("period_h", 8760))
    return {
        "max_unavailability_h_per_year": minutes / 60,
        "max_unavailability_min_per_month": minutes,
        "max_unavailability_min_per_year": minutes,
        "outages_of_60min_per_year_allowed": minutes / v.get("outage_min", 60),
    }[v["metric"]]


def burn_rate(v: Vector) -> float:
    period_h = v.get("period_h", HOURS_PER_30_DAYS)
    long_h = v.get("long_h", v.get("window_h", 1.0))
    return {
        "budget_fraction_consumed": lambda: budget_burned(v["burn"], long_h, period_h),
        "short_window_h": lambda: long_h / 12,
        "error_rate_threshold": lambda: burn_error_rate(v["slo"], v["burn"]),
        "hours_to_exhaust_budget": lambda: 1 / budget_burned(v["burn"], 1.0, period_h),
        "detection_min_full_outage": lambda: detection_min(
            v["slo"], v["burn"], long_h, v.get("error_rate", 1.0)
        ),
    }[v["metric"]]()


def k_of_n(v: Vector) -> float:
    up = v["A"] if "A" in v else node_up(v)
    return up_or_down(v, float(k_of_n_unavailability(v.get("k", 1), v["n"], up)))


def node_up(v: Vector) -> float:
    """Of one machine, from mean times or from rates."""
    if "mtbf_h" in v:
        return float(node_availability(v["mtbf_h"], v["mttr_h"]))
    return float(node_availability(1 / v["lam"], 1 / v["mu"]))


def up_or_down(v: Vector, unavailability: float) -> float:
    return {"availability": 1.0 - unavailability, "unavailability": unavailability}[v["metric"]]


def cluster(v: Vector) -> float:
    def observed() -> float:
        return failures_per_1000_node_days(v["events"], v["n"], v["days"])

    return {
        "job_mttf_h": lambda: job_mtbf_h(v["n"], v.get("rate_per_1000_node_days") or observed()),
        "mtbi_h": lambda: job_mtbf_h(v["n"], observed()),
        "failures_per_1000_node_days": observed,
        "gpu_annualized_rate": lambda: annual_rate(v["events"], v["gpus"], v["days"]),
    }[v["metric"]]()


def crews(v: Vector) -> int:
    """Repair crews; one for each machine where nothing is said."""
    return int(v.get("crews") or v["n"])


def machine_repair(v: Vector) -> float:
    pool = repaired_pool(int(v["n"]), int(v["k"]), crews(v), v["lam"], v["mu"])
    return {
        "availability": 1.0 - pool.unavailability,
        "unavailability": pool.unavailability,
        "failure_frequency_per_h": pool.failure_frequency,
        "mean_up": pool.mean_up,
        "mean_down_time_h": pool.mean_down_time,
    }[v["metric"]]


def beta_factor(v: Vector) -> float:
    beta = v["beta"]
    return {
        "unavailability": lambda: beta_factor_unavailability(
            int(v["k"]), int(v["n"]), v["q"], beta
        ),
        # The exact value differs from the first order by less than the rows' tolerance.
        "unavailability_2oo3_first_order": lambda: beta_factor_unavailability(2, 3, v["q"], beta),
        "unavailability_2oo3_independent": lambda: beta_factor_unavailability(2, 3, v["q"], 0.0),
        "ccf_term": lambda: beta * v["lam"] * v["t_h"],
    }[v["metric"]]()


def beta_factor_chain(v: Vector) -> float:
    down = shock_unavailability(int(v["k"]), int(v["n"]), v["lam"], v["mu"], v["beta"])
    return up_or_down(v, down)


def alpha_factor(v: Vector) -> float:
    together = int(v["metric"].removeprefix("Q"))
    staggered = v["testing"] == "staggered"
    return alpha_factor_probability(tuple(v["alpha"]), v["Q"], together, staggered)


def failover(v: Vector) -> float:
    pair = FailoverPair(
        v["lam"], v["mu"], v["coverage"], v["reconfig_s"] / 3600, v["reboot_min"] / 60
    )
    both, reconfiguring, rebooting, one, none = pair.states
    return {
        "p_2up": both,
        "p_reconfig": reconfiguring,
        "p_reboot": rebooting,
        "p_1up": one,
        "p_0up": none,
        "mtbf_h": pair.mtbf_h,
        "mtbf_h_floor": np.floor(pair.mtbf_h),
        "unavailability": pair.unavailability,
        "availability": 1.0 - pair.unavailability,
    }[v["metric"]]


def standby(v: Vector) -> float:
    units = int(v["n"])
    group = Standby(
        units,
        need=int(v["k"]),
        crews=crews(v),
        failure_rate=v["lam"],
        repair_rate=v["mu"],
        dormancy=v.get("dormancy_factor", 0.0),
        switching=v.get("switching_probability", 1.0),
    )
    return up_or_down(v, group.unavailability)


def durability(v: Vector) -> float:
    lost = loss_probability(int(v["n"]), int(v["k"]), v["lam"], v["mu"], v["t_years"])
    return {"p_loss_1y": lost, "p_no_loss_1y": 1.0 - lost}[v["metric"]]


def satellites(v: Vector) -> float:
    """Six satellites that are replaced once two are left; the system crashes without any."""
    ageing, to_ground, launch = 0.1, 100.0, 5.0
    crash, two_left, one_left = 0, 7, 8
    rates = {(n, n - 1): n * ageing for n in range(1, 7)}
    rates |= {(2, two_left): to_ground, (1, one_left): to_ground}
    rates |= {(two_left, one_left): 2 * ageing, (one_left, crash): ageing}
    rates |= {(two_left, 6): launch, (one_left, 6): launch}
    return {"p_crash_10y": float(transient(generator(9, rates), start=6, time=10.0)[crash])}[
        v["metric"]
    ]


def bridge(v: Vector) -> float:
    edges = ast.literal_eval(v["edges"])
    inner = {name for edge in edges for name in edge} - {"s", "t"}
    up = connection_availability(edges, "s", "t", dict.fromkeys(sorted(inner), 1.0 - v["q"]))
    return up_or_down(v, 1.0 - up)


def zonal_pool(v: Vector) -> float:
    if v["metric"] == "max_single_zone_availability":
        plenty = zonal_pool_unavailability(1, 1000, 1, 0.99, v["A"])
        return 1.0 - float(plenty)
    down = zonal_pool_unavailability(
        v["need"], v["per_zone"], int(v["zones"]), v["A"], v["zone_availability"]
    )
    return up_or_down(v, float(down))


def region_failover(v: Vector) -> float:
    down = regional_loss(1.0 - v["A"], int(v["n"]), carry=1, failover_failure=v["f"])
    return up_or_down(v, float(down))


def series_total(v: Vector) -> float:
    figures = [v.get(key, 0.0) for key in ("deploys_per_year", "change_fail_rate", "mttr_h")]
    changes = change_unavailability(*figures)
    planned = v.get("planned_h", 0.0) / 8760
    up = series_availability([*v["components"], 1.0 - changes, 1.0 - planned])
    return up_or_down(v, 1.0 - up)


def demonstration(v: Vector) -> float:
    failures = int(v.get("failures", 0))
    return {
        "sample_size": lambda: trials_to_demonstrate(v["reliability"], v["confidence"], failures),
        "mtbf_test_time_multiple": lambda: running_time_to_demonstrate(v["confidence"], failures),
    }[v["metric"]]()


MODELS: dict[str, Callable[[Vector], float]] = {
    "error_budget": error_budget,
    "burn_rate": burn_rate,
    "parallel": k_of_n,
    "k_of_n": k_of_n,
    "k_of_n_min_n": lambda v: int(k_of_n_min_nodes(int(v["k"]), v["A"], v["target"])),
    "mtbf_mttr": lambda v: up_or_down(v, 1.0 - node_up(v)),
    "cluster_mttf": cluster,
    "machine_repair": machine_repair,
    "beta_factor": beta_factor,
    "beta_factor_ctmc": beta_factor_chain,
    "iec61508": lambda v: pfd_one_of_two(v["lam"], v["beta"], v["T1_h"], v["mrt_h"]),
    "alpha_factor": alpha_factor,
    "failover_coverage": failover,
    "standby": standby,
    "erasure_durability": durability,
    "ctmc_transient": satellites,
    "ctmc_steady": lambda v: float(birth_death(v["birth"], v["death"])[0]),
    "rbd_bridge": bridge,
    "zonal_pool": zonal_pool,
    "region_failover": region_failover,
    "series_total": series_total,
    "demonstration": demonstration,
}


def test_availability_vector(availability_vector: Vector) -> None:
    v = availability_vector
    assert MODELS[v["model"]](v) == pytest.approx(v["expected"], rel=v["tol_rel"], abs=v["tol_abs"])
