"""One month in which everything is certain, against arithmetic written out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom

from capacity.market.catalogue import shipped_catalogue
from capacity.outcome import CapacityPlan
from capacity.planning import shipped_constants
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from forecast.shipped.datasets import profile

Planner = Callable[..., CapacityPlan]
DAYS, HOURS = 30.4375, 730.5


@pytest.fixture(scope="module")
def month(planned: Planner, certain: Scenario) -> CapacityPlan:
    # a batch of requests whose waiting is that of M/M/c: Poisson arrivals, exponential service
    # months before are reconstructed and uncertain, so nothing is kept of them
    kept = {f"{name}_retention_months": 1 for name in ("conversation", "telemetry", "checkpoint")}
    return planned(certain, Policy(**kept), arrival_variability=1.0, reply_variability=1.0)


@pytest.fixture(scope="module")
def value(month: CapacityPlan) -> Callable[[str], float]:
    """The one value that a metric has in every draw."""

    def read(name: str) -> float:
        values = month.draws[name]
        assert np.ptp(values) <= 1e-12 * np.abs(values).max()
        return float(values[0, 0])

    return read


@pytest.fixture(scope="module")
def x(month: CapacityPlan) -> dict[str, float]:
    return {name: item.mid for name, item in month.scenario.inputs.items()}


@pytest.fixture(scope="module")
def peak(x: dict[str, float]) -> float:
    """Arrivals a second in the peak minute of 1.8 million queries a day."""
    day = profile("burstgpt_chatgpt_conv")
    weekday = 7 / (5 + 2 * x["weekend_factor"])
    hour = 1.8e6 / 86_400 * weekday * (day.max() / day.mean()) * x["peak_hour_error"]
    return hour * x["peak_minute_ratio"]


def step_s(tp: int, batch: float, x: dict[str, float], prompts: float | None = None) -> float:
    """One step of Llama 2 13B in 16 bits on `tp` A100 cards with 80 GB, written out."""
    c, card = shipped_constants(), shipped_catalogue().accelerators["A100-SXM-80"]
    layers, hidden, heads, width, ffn, vocab = 40, 5120, 40, 128, 13_824, 32_000
    prompt, reply = x["prompt_tokens"], x["reply_tokens"]
    taken = batch / reply if prompts is None else prompts
    tokens = batch + taken * prompt
    dense = layers * (4 * hidden * heads * width + 3 * hidden * ffn)
    head = vocab * hidden
    speed = tp * 2.039e12 * card.memory_efficiency
    read = (dense + head) * 2 / (speed * c.bandwidth_efficiency)
    rate = tp * card.flops["fp16"] * card.efficiency["fp16"] * c.gemm_efficiency
    rate /= 1 + c.half_matrix * layers * tp / dense
    compute = (2 * dense * tokens + 2 * head * (batch + taken)) / rate
    p = c.roofline_exponent
    gemm = (read**p + compute**p) ** (1 / p)
    cache = 2 * layers * heads * width * 2
    streams = batch + c.kv_streams / (heads / tp)
    kv = streams * (prompt + reply / 2) * cache / (speed * c.kv_efficiency)
    pairs = taken * prompt * prompt / 2 * 4 * layers * heads * width
    attention = pairs / (tp * 312e12 * c.attention_efficiency)
    exchange = 0.0
    if tp > 1:
        send = tokens * 2 * hidden / (600e9 / 2 * c.link_efficiency)
        direct = c.direct_latency_s + (tp - 1) * send
        ring = c.ring_latency_s * math.log2(tp) + 2 * (tp - 1) / tp * send
        exchange = 2 * layers * min(direct, ring)
    overhead = c.step_overhead_s + layers * c.layer_overhead_s + batch * c.sequence_overhead_s
    exchange -= c.overlap * min(exchange, gemm)
    return gemm + kv + attention + exchange + overhead


def first_token_s(tp: int, batch: float, x: dict[str, float]) -> float:
    together = max(1.0, batch / x["reply_tokens"])
    overhead = shipped_constants().request_overhead_s
    return overhead + 0.5 * step_s(tp, batch, x) + step_s(tp, batch, x, prompts=together)


def largest_batch(tp: int, x: dict[str, float], policy: Policy) -> int:
    """Count up until memory or a latency target forbids one more."""
    c, speed = shipped_constants(), x["serving_error"] * x["engine_maturity"]
    dense = 40 * (4 * 5120 * 5120 + 3 * 5120 * 13_824)
    weights = (dense + 2 * 32_000 * 5120) * 2
    room = c.memory_share * (tp * (80 * 2**30 - c.reserved_bytes) - weights)
    tokens = x["prompt_tokens"] + x["reply_tokens"]
    fits = min(c.max_batch, int(room // (2 * 40 * 5120 * 2 * tokens)))
    batch = 0
    while (
        batch < fits
        and step_s(tp, batch + 1, x) <= policy.tpot_s * speed
        and first_token_s(tp, batch + 1, x) <= policy.ttft_s * speed
    ):
        batch += 1
    return batch


def erlang_c_places(load: float, share: float) -> int:
    """Fewest servers of M/M/c with which at most that share waits, by the usual recursion."""
    blocked, servers = 1.0, 0
    while True:
        servers += 1
        blocked = load * blocked / (servers + load * blocked)
        if servers > load and blocked / (1 - load / servers * (1 - blocked)) <= share:
            return servers


def pool_target(x: dict[str, float], policy: Policy) -> float:
    up = math.prod(
        1 - x[f"{name}_unavailability"] for name in ("gateway", "compute", "database", "storage")
    )
    f = x["failover_failure"]
    bad = policy.changes_per_month * x["change_failure_share"] * x["change_repair_min"]
    changes = bad * policy.canary_share / (30 * 24 * 60)

    def missing(region: float) -> float:
        lost = region**2 + region * (1 - region) * f
        return 1 - (1 - lost) * (1 - changes) - (1 - policy.availability)

    return float((1 - brentq(missing, 1e-9, 0.4, xtol=1e-15)) / up)


def zone_nodes(need: int, x: dict[str, float], target: float) -> int:
    hours = 24_000 / x["node_failures_per_1000_node_days"]
    node, zone = hours / (hours + x["node_repair_h"]), 1 - x["zone_unavailability"]
    for each in range(1, 10_000):
        enough = sum(
            binom.pmf(up, 3, zone) * binom.sf(need - 1, up * each, node) for up in range(1, 4)
        )
        if enough >= target:
            return each
    raise AssertionError


def test_the_load_of_a_certain_month_by_hand(
    value: Callable[[str], float], peak: float, x: dict[str, float]
) -> None:
    assert value("users") == pytest.approx(620_000)
    assert value("daily_queries") == pytest.approx(1.8e6)
    assert value("peak_rate") == pytest.approx(peak)
    assert value("peak_hour_queries") == pytest.approx(peak / x["peak_minute_ratio"] * 3600)
    assert value("token_rate") == pytest.approx(peak * 210)


def test_the_gpus_of_a_certain_month_by_hand(
    month: CapacityPlan, value: Callable[[str], float], peak: float, x: dict[str, float]
) -> None:
    policy, tp = month.policy, month.option.replica.tp
    speed = x["serving_error"] * x["engine_maturity"]
    batch = largest_batch(tp, x, policy)
    holds = (first_token_s(tp, batch, x) + step_s(tp, batch, x) * x["reply_tokens"]) / speed
    places = erlang_c_places(peak * holds, 1 - policy.latency_share)
    nodes = math.ceil(math.ceil(places / batch) / (8 // tp))
    each = zone_nodes(nodes, x, pool_target(x, policy))
    assert month.option.instance.name == "p4de.24xlarge"
    assert month.serving.batch == batch
    assert value("load_gpus") == pytest.approx(places / batch * tp, rel=2 / places)
    assert month.serving_nodes.tolist() == [each * 3 * 2]
    assert value("serving_gpus") == each * 3 * 2 * 8


def test_the_choice_of_a_certain_month_is_the_cheapest_parallelism(
    month: CapacityPlan, x: dict[str, float]
) -> None:
    """On one node type the nodes decide; two smaller replicas never hold more than one larger."""
    batches = {tp: largest_batch(tp, x, month.policy) for tp in (1, 2, 4, 8)}
    chosen = month.option.replica.tp
    assert batches[chosen] > 0
    assert batches[chosen] / chosen >= 0.5 * max(batch / tp for tp, batch in batches.items())


def test_the_training_of_a_certain_month_by_hand(
    value: Callable[[str], float], x: dict[str, float]
) -> None:
    parameters = 40 * (4 * 5120 * 5120 + 3 * 5120 * 13_824) + 2 * 32_000 * 5120
    work = 6 * parameters * x["training_tokens_per_run"] * x["training_runs_per_month"]
    rate = 312e12 * x["model_flop_utilisation"] * x["training_goodput"] * DAYS * 86_400
    assert value("training_gpus") == math.ceil(work / rate / 8) * 8


def test_the_bill_of_a_certain_month_by_hand(
    month: CapacityPlan, value: Callable[[str], float], peak: float, x: dict[str, float]
) -> None:
    usd = shipped_catalogue().price("p4de.24xlarge", "1y", "2022-12").value
    hosts = math.ceil(peak / x["queries_per_host_s"])
    databases = 2 * math.ceil(peak * x["writes_per_query"] / x["database_writes_per_s"])
    databases += 2 * (math.ceil(peak * x["reads_per_query"] / x["database_reads_per_s"]) + 1)
    turn = (x["message_tokens"] + x["reply_tokens"]) * x["bytes_per_token"]
    turn += x["turn_metadata_bytes"]
    monthly_gb = 1.8e6 * DAYS / 1e9
    stored = value("datasets_pb") + value("checkpoints_pb") + value("telemetry_pb")
    logical_gb = stored / x["object_copies"] * 1e6
    talks_gb = monthly_gb * turn
    saved_gb = (
        talks_gb + (value("datasets_pb") + value("checkpoints_pb")) * 1e6 / x["object_copies"]
    )
    history = x["history_messages"] * x["history_message_bytes"]
    egress = monthly_gb * x["reply_tokens"] * x["stream_bytes_per_token"]
    lines = {
        "cost_serving": int(month.serving_nodes[0]) * usd * HOURS,
        "cost_training": int(month.training_nodes[0]) * usd * HOURS,
        "cost_hosts": 2 * (hosts + math.ceil(hosts / 2)) * 0.768 * HOURS,
        "cost_databases": databases * 0.859 * HOURS,
        "cost_storage": talks_gb * 2 * 0.1 + logical_gb * 0.023 + saved_gb * 0.0125,
        "cost_network": min(egress, 10_000) * 0.09
        + max(0, egress - 10_000) * 0.085
        + monthly_gb * (history * 2 / 3 + turn * 2) * 0.02
        + monthly_gb * turn * 2 * 0.02,
    }
    for name, expected in lines.items():
        assert value(name) == pytest.approx(expected), name
    assert value("cost") == pytest.approx(sum(lines.values()) * (1 + x["overhead_share"]))
    assert value("cost_per_1000_queries") == pytest.approx(value("cost") / (1.8e3 * DAYS))


def test_power_and_use_of_a_certain_month_by_hand(
    month: CapacityPlan, value: Callable[[str], float], x: dict[str, float]
) -> None:
    nodes = int(month.serving_nodes[0] + month.training_nodes[0])
    work = x["gpu_power_share"] - x["gpu_idle_share"]
    share = x["gpu_idle_share"] + work * value("utilisation")
    machine = nodes * (8 * 400 * share + 3300 * x["host_power_share"])
    assert value("power_kw") == pytest.approx(machine * x["power_usage_effectiveness"] / 1e3)
    tp, speed = month.option.replica.tp, x["serving_error"] * x["engine_maturity"]
    batch = month.serving.batch
    holds = (first_token_s(tp, batch, x) + step_s(tp, batch, x) * x["reply_tokens"]) / speed
    busy = 1.8e6 / 86_400 * holds / batch * tp
    assert value("utilisation") == pytest.approx(busy / (month.serving_nodes[0] * 8))
