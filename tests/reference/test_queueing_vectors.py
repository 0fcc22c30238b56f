"""Published and recomputed numbers of queueing theory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.sparse import coo_array, diags_array
from scipy.sparse.linalg import spsolve
from scipy.special import gammaln

from capacity.availability.pools import k_of_n_min_nodes
from capacity.questions.scalability import Scalability, contention_for_ratio, fit_scalability
from capacity.queueing.erlang import erlang_b, erlang_c, halfin_whitt, servers_for_wait
from capacity.queueing.impatience import LossyQueue, bounded_queue, impatient_queue, p_served_within
from capacity.queueing.waiting import (
    cosmetatos_factor,
    fixed_service_wait,
    kingman_bound,
    mean_wait,
    p_wait_beyond,
    sakasegawa_wait,
    whitt_factor,
)
from capacity.search import smallest_meeting
from capacity.serving.replica import TokenLengths, max_stable_rate

Vector = dict[str, Any]
PRINTED = 5e-10  # relative: the file gives ten digits, also where its tolerance is finer
SECONDS = {"per minute": 60.0, "per hour": 3600.0}


def load(v: Vector) -> float:
    return v["lam"] / v["mu"]


def asa_s(v: Vector, wait: float) -> float:
    """Mean wait in seconds, whatever the time unit of the rates."""
    unit = str(v.get("units", "")).split(";")[0].strip()
    return wait * SECONDS.get(unit, 1.0)


def erlang_b_load(v: Vector) -> float:
    return brentq(lambda a: float(erlang_b(a, v["c"])) - v["target"], 1e-9, 100.0 * v["c"])


def erlang_b_servers(v: Vector) -> float:
    def meets(c: Any, _: Any) -> Any:
        return erlang_b(load(v), c) <= v["target"]

    servers = int(smallest_meeting(meets, np.array([1]))[0])
    if v["metric"] == "servers_with_shrinkage":
        return float(np.ceil(servers / (1.0 - v["shrinkage"])))
    return servers


def erlang_c_value(v: Vector) -> float:
    lam, mu, c = v["lam"], v["mu"], v["c"]
    return {
        "p_wait": lambda: float(erlang_c(lam / mu, c)),
        "service_level": lambda: 1.0 - float(p_wait_beyond(lam, mu, c, v["t"])),
        "occupancy": lambda: lam / mu / c,
        "asa_s": lambda: asa_s(v, float(mean_wait(lam, mu, c))),
    }[v["metric"]]()


def erlang_c_servers(v: Vector) -> float:
    def meets(c: Any, _: Any) -> Any:
        in_time = 1.0 - p_wait_beyond(v["lam"], v["mu"], c, v["t"]) >= v["target"]
        return in_time & (load(v) / c <= v.get("max_occupancy", 1.0)) & (c > load(v))

    return float(smallest_meeting(meets, np.array([1]))[0])


def mmc(v: Vector) -> float:
    lam, mu, c = v["lam"], v["mu"], v["c"]
    wait = float(mean_wait(lam, mu, c))
    if v["metric"] == "p0":
        a = lam / mu
        some_wait = np.log(float(erlang_c(a, c)) * (1.0 - a / c))
        return float(np.exp(some_wait + gammaln(c + 1.0) - c * np.log(a)))
    return {
        "Wq": wait,
        "W": wait + 1 / mu,
        "Lq": lam * wait,
        "L": lam * (wait + 1 / mu),
        "utilization": lam / mu / c,
        "p_wait": float(erlang_c(lam / mu, c)),
    }[v["metric"]]


def lossy(v: Vector, queue: LossyQueue) -> float:
    metrics: dict[str, Callable[[], float]] = {
        "p_block": lambda: queue.p_lost,
        "p_abandon": lambda: queue.p_lost,
        "p_wait": lambda: queue.p_wait,
        "utilization": lambda: queue.utilization,
        "throughput": lambda: v["lam"] * (1.0 - queue.p_lost),
        "p0": lambda: float(queue.states[0]),
        "L": lambda: queue.mean_requests,
        "Lq": lambda: queue.mean_waiting,
        "W": lambda: queue.mean_time,
        "Wq": lambda: queue.mean_wait,
        "mean_wait_all": lambda: queue.mean_wait,
        "asa_s": lambda: asa_s(v, queue.mean_wait),
        "service_level_all": lambda: p_served_within(queue, v["mu"], v["theta"], v["t"]),
    }
    return metrics[v["metric"]]()


def mmck(v: Vector) -> float:
    return lossy(v, bounded_queue(v["lam"], v["mu"], int(v["c"]), int(v["K"])))


def erlang_a(v: Vector) -> float:
    return lossy(v, impatient_queue(v["lam"], v["mu"], int(v["c"]), v["theta"]))


def unequal_servers(v: Vector) -> float:
    """Bolch's approximation: equal servers of the same total rate."""
    use = v["lam"] / sum(v["mus"])
    servers = len(v["mus"])
    waiting = float(erlang_c(use * servers, servers)) * use / (1.0 - use)
    return {"utilization": use, "L": use * servers + waiting}[v["metric"]]


def general(v: Vector) -> float:
    """G/G/c by the approximation that the model names."""
    lam, mu, c, a, s = v["lam"], v["mu"], int(v["c"]), v["ca2"], v["cs2"]
    use, half = lam / mu / c, 0.5 * (a + s)
    base = float(mean_wait(lam, mu, c))
    return {
        "mg1": lambda: base * half,
        "gg1_allen_cunneen": lambda: float(mean_wait(lam, mu, c, half)),
        "gg1_kingman_bound": lambda: kingman_bound(use, a, s) / mu,
        "ggc_allen_cunneen": lambda: float(mean_wait(lam, mu, c, half)),
        "ggc_sakasegawa": lambda: sakasegawa_wait(lam, mu, c, half),
        "ggc_whitt93": lambda: base * whitt_factor(use, c, a, s),
        "ggc_cosmetatos": lambda: base * cosmetatos_factor(use, c, a, s),
        "ggc_sim": lambda: base * whitt_factor(use, c, a, s),
        "mdc_exact": lambda: fixed_service_wait(lam, 1.0 / mu, c),
    }[v["model"]]()


def erlang_arrivals(v: Vector) -> float:
    """E2/M/c as a Markov chain over (requests, phase); the rows give the mean queue length."""
    lam, mu, c = v["lam"], v["mu"], int(v["c"])
    phases = round(1.0 / v["ca2"])
    places = c + int(40.0 / (1.0 - lam / mu / c))
    rates = {}
    for n in range(places + 1):
        for phase in range(phases):
            here, last = n * phases + phase, phase == phases - 1
            if not last:
                rates[here, here + 1] = phases * lam
            elif n < places:
                rates[here, (n + 1) * phases] = phases * lam
            if n:
                rates[here, here - phases] = min(n, c) * mu
    present = (
        long_run((places + 1) * phases, rates, likely=c * phases).reshape(-1, phases).sum(axis=1)
    )
    return float(present @ np.maximum(np.arange(places + 1) - c, 0))


def long_run(states: int, rates: dict[tuple[int, int], float], likely: int) -> Any:
    """Probabilities of a large chain with few rates, relative to those of a likely state."""
    sources, targets = np.array(list(rates)).T
    flows = coo_array((list(rates.values()), (targets, sources)), (states, states)).tocsc()
    balance = flows - diags_array(flows.sum(axis=0))
    # Its own balance follows from that of all the others.
    others = np.flatnonzero(np.arange(states) != likely)
    weights = np.ones(states)
    inflow = balance[others][:, [likely]].toarray()[:, 0]
    weights[others] = spsolve(balance[others][:, others].tocsc(), -inflow)
    return weights / weights.sum()


def ten_times(v: Vector) -> float:
    a = load(v)
    servers = servers_for_wait([a, 10.0 * a], v["target"])
    spares = k_of_n_min_nodes(servers, v["A"], v["availability"])
    return {
        "servers_base": lambda: servers[0],
        "servers_10x": lambda: servers[1],
        "with_spares_base": lambda: spares[0],
        "with_spares_10x": lambda: spares[1],
        "exponent": lambda: np.log10(servers[1] / servers[0]),
        "exponent_with_spares": lambda: np.log10(spares[1] / spares[0]),
    }[v["metric"]]()


def scalability_fit(v: Vector) -> float:
    law = fit_scalability(v["n"], v["x"])
    return {
        "usl_sigma": law.contention,
        "usl_kappa": law.crosstalk,
        "usl_lambda": law.single,
        "usl_n_max_floor": np.floor(law.peak),
        "usl_x_max": float(law.throughput(np.floor(law.peak))),
    }[v["metric"]]


def scalability_law(v: Vector) -> float:
    law = Scalability(v["sigma"], v["kappa"], v.get("lam1", v.get("lambda", 1.0)))

    def at_latency() -> float:
        return brentq(lambda n: n / float(law.throughput(n)) - v["r"], 1.0, 1e9)

    return {
        "x_max": lambda: float(law.throughput(np.floor(law.peak))),
        "concurrency_at_latency": at_latency,
        "throughput_at_latency": lambda: at_latency() / v["r"],
        "n_peak": lambda: law.peak,
        "n_peak_floor": lambda: np.floor(law.peak),
        "throughput_at_concurrency": lambda: float(law.throughput(v["n"])),
        "latency_at_concurrency": lambda: v["n"] / float(law.throughput(v["n"])),
    }[v["metric"]]()


def kv_stability(v: Vector) -> float:
    lengths = TokenLengths.of(prompt=v["s"], reply=v["o"])
    return float(max_stable_rate(v["M_tokens"], v["b_s"], lengths, v["chunk"]))


MODELS: dict[str, Callable[[Vector], float]] = {
    "erlang_b": lambda v: float(erlang_b(load(v), v["c"])),
    "erlang_b_inverse_load": erlang_b_load,
    "erlang_b_min_servers": erlang_b_servers,
    "erlang_c": erlang_c_value,
    "erlang_c_min_servers": erlang_c_servers,
    "erlang_a": erlang_a,
    "mmc": mmc,
    "mmck": mmck,
    "asym_mmm": unequal_servers,
    "mg1": general,
    "gg1_allen_cunneen": general,
    "gg1_kingman_bound": general,
    "ggc_allen_cunneen": general,
    "ggc_sakasegawa": general,
    "ggc_whitt93": general,
    "ggc_cosmetatos": general,
    "ggc_sim": general,
    "mdc_exact": general,
    "e2mc_exact": erlang_arrivals,
    "halfin_whitt": lambda v: float(halfin_whitt(v["beta"])),
    "staffing_p_wait": lambda v: float(servers_for_wait(load(v), v["target"])),
    "tenx": ten_times,
    "tenx_usl": lambda v: contention_for_ratio(v["N0"], load_ratio=10, machine_ratio=100),
    "usl_fit": scalability_fit,
    "usl_predict": scalability_law,
    "llm_kv_stability": kv_stability,
}


def test_queueing_vector(queueing_vector: Vector) -> None:
    v = queueing_vector
    tolerance = max(v["tol_rel"], PRINTED)
    assert MODELS[v["model"]](v) == pytest.approx(v["expected"], rel=tolerance, abs=v["tol_abs"])
