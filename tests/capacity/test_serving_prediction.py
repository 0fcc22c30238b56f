"""Predictions of many rows at once against those of one replica."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.catalogue import Catalogue
from capacity.latency import tpot_s, ttft_s
from capacity.planning import shipped_constants
from capacity.serving import max_concurrency
from capacity.serving_prediction import Observations, log_errors, step_s
from capacity.serving_rows import MeasuredRow, parse_row
from capacity.step_time import static_batch_s, step_times
from tests.capacity.serving_cells import row

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
    first = ttft_s(one.replica, running, one.lengths, CONSTANTS)
    expected = [-np.log(float(step) / 0.02), -np.log(float(first) / 0.05)]
    assert errors(one) == pytest.approx(expected, rel=1e-3)


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
    assert measure == ["throughput", "old_engine", "ttft", "tpot", "ttft", "throughput"]
