"""Predictions of many rows at once against those of one replica."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.market.catalogue import Catalogue
from capacity.planning import shipped_constants
from capacity.serving.latency import tpot_s
from capacity.serving.prediction import Observations, log_errors, step_s
from capacity.serving.replica import max_concurrency
from capacity.serving.rows import MeasuredRow, parse_row
from capacity.serving.step_time import static_batch_s, step_times
from tests.capacity.serving.serving_cells import row

KNOWN = Catalogue.load()
CONSTANTS = shipped_constants()
MIXTRAL = {
    "model": "Mixtral-8x7B", "vocab": 32000, "n_experts": 8, "topk": 2, "tp": 2, "gpus": 2,
}  # fmt: skip


def parsed(**changes: object) -> MeasuredRow:
    return parse_row(row(**changes), KNOWN)


def errors(*rows: MeasuredRow) -> np.ndarray:
    return log_errors(Observations.of(rows, CONSTANTS), CONSTANTS)


@pytest.mark.parametrize(
    "change", [{}, MIXTRAL, {"concurrency_or_batch": 32}, {"tp": 2, "gpus": 4}]
)
def test_steady_rows_equal_the_step_of_one_replica(change: dict[str, object]) -> None:
    one = parsed(**change)
    batch = min(one.batch, float(max_concurrency(one.replica, one.lengths, CONSTANTS)))
    rate = batch / float(tpot_s(one.replica, batch, one.lengths, CONSTANTS))
    assert errors(one)[0] == pytest.approx(np.log(rate / one.tokens_per_s))


def test_kinds_are_compared_each_with_its_own_formula() -> None:
    static = parsed(scope="static", concurrency_or_batch=16, engine="vLLM")
    first = parsed(scope="ttft", concurrency_or_batch=1)
    seconds = float(static_batch_s(static.replica, 16, static.lengths, CONSTANTS))
    alone = step_times(first.replica, 0, first.lengths, CONSTANTS, prompts=1.0).total
    expected = [np.log(16 * 1000 / seconds / 10_000), -np.log(float(alone) / 0.05)]
    assert errors(static, first) == pytest.approx(expected)


def test_synthetic_prompts_touch_fewer_experts() -> None:
    rows = [
        parsed(**MIXTRAL, scope="static", concurrency_or_batch=16, engine=engine)
        for engine in ("TensorRT-LLM", "vLLM")
    ]
    alike, real = errors(*rows)
    assert alike > real


def test_an_old_engine_is_slower_by_its_rate() -> None:
    new, old = errors(parsed(), parsed(scope="offline_old_engine"))
    assert old - new == pytest.approx(np.log(CONSTANTS.old_engine_rate))


def test_online_rows_give_both_latencies() -> None:
    one = parsed(scope="online", request_rate_qps=2)
    step = tpot_s(one.replica, 1, one.lengths, CONSTANTS)
    for _ in range(100):
        running = max(1.0, 2 * 1000 * float(step))
        step = tpot_s(one.replica, running, one.lengths, CONSTANTS)
    first, further = (
        float(step_times(one.replica, running, one.lengths, CONSTANTS, prompts=prompts).total)
        for prompts in (1.0, 0.0)
    )
    reading = 2 * first
    behind = reading * first / (1 - reading) + (1 - reading) * further
    first += CONSTANTS.request_overhead_s + behind / 2
    expected = [-np.log(float(step) / 0.02), -np.log(float(first) / 0.05)]
    assert errors(one) == pytest.approx(expected, rel=1e-3)


def test_an_idle_replica_makes_no_one_wait_and_more_requests_wait_longer() -> None:
    rates = [1e-6, 1, 2, 4, 8]
    rows = [parsed(scope="online", request_rate_qps=rate, tpot_ms="") for rate in rates]
    seconds = 0.05 * np.exp(-errors(*rows))
    lone = step_times(rows[0].replica, 1, rows[0].lengths, CONSTANTS, prompts=1).total
    assert seconds[0] == pytest.approx(CONSTANTS.request_overhead_s + lone)
    assert np.all(np.diff(seconds) > 0)


def simulated_wait_s(rate: float, reply: int, first: float, further: float) -> float:
    """Mean wait at a replica whose every step reads one prompt, or none where none waits."""
    arrivals = np.cumsum(np.random.default_rng(5).exponential(1 / rate, 20_000))
    now, taken, waits, left = 0.0, 0, [], np.zeros(0)
    while taken < arrivals.size:
        if arrivals[taken] <= now:
            waits.append(now - arrivals[taken])
            taken, left, now = taken + 1, np.append(left, reply), now + first
        elif left.size:
            now += further
        else:
            now = arrivals[taken]
        left = left[left > 1] - 1
    return float(np.mean(waits))


@pytest.mark.parametrize(("rate", "prompt", "reply"), [(3, 2000, 20), (8, 1500, 150), (8, 300, 4)])
def test_the_wait_is_that_of_a_simulated_replica(rate: float, prompt: int, reply: int) -> None:
    lengths = {"input_tokens": prompt, "output_tokens": reply, "tpot_ms": ""}
    one = parsed(scope="online", request_rate_qps=rate, **lengths)
    step = step_times(one.replica, 1, one.lengths, CONSTANTS).total
    running = max(1.0, rate * reply * float(step))
    first, further = (
        float(step_times(one.replica, running, one.lengths, CONSTANTS, prompts=prompts).total)
        for prompts in (1.0, 0.0)
    )
    modelled = 0.05 * float(np.exp(-errors(one)[0])) - CONSTANTS.request_overhead_s - first
    assert modelled == pytest.approx(simulated_wait_s(rate, reply, first, further), rel=0.3)


def test_server_rows_run_at_the_measured_time_per_token() -> None:
    one = parsed(scope="mlperf", scenario="server", tpot_ms=20)
    observed = Observations.of([one], CONSTANTS)
    predicted = np.exp(log_errors(observed, CONSTANTS)) * one.tokens_per_s
    running = predicted * 0.02
    assert step_s(observed, running, CONSTANTS) == pytest.approx(0.02, rel=1e-6)
    slow = parsed(scope="mlperf", scenario="server", tpot_ms=20_000)
    assert errors(slow)[0] == pytest.approx(errors(parsed())[0])


def test_rows_that_do_not_fit_or_measure_nothing_are_left_out() -> None:
    too_large = parsed(layers=400)
    silent = parsed(total_output_tokens_per_s="")
    busy = parsed(scope="online", request_rate_qps=32)
    assert Observations.of([too_large, silent, busy], CONSTANTS).kind.size == 0


def test_a_part_of_the_observations_has_the_errors_of_that_part() -> None:
    rows = [parsed(), parsed(**MIXTRAL), parsed(scope="ttft")]
    observed = Observations.of(rows, CONSTANTS)
    mask = np.array([True, False, True])
    part = log_errors(observed.where(mask), CONSTANTS)
    assert part.tolist() == log_errors(observed, CONSTANTS)[mask].tolist()


def test_each_number_has_the_interval_of_what_was_measured() -> None:
    rows = [
        parsed(), parsed(scope="offline_old_engine"), parsed(scope="ttft"),
        parsed(scope="online", request_rate_qps=2), parsed(scope="static"),
    ]  # fmt: skip
    measure = Observations.of(rows, CONSTANTS).measure.tolist()
    assert measure == ["throughput", "old_engine", "idle_ttft", "tpot", "ttft", "throughput"]
