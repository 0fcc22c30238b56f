"""The simulation against laws that hold in every queue, and against the formulas on a small grid.

The large grid is `python -m benchmarks.queueing`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.market.catalogue import shipped_catalogue
from capacity.planning import shipped_constants
from capacity.serving.latency import ttft_s
from capacity.serving.length_presets import length_preset
from capacity.serving.lengths import LengthCurve, LengthModel
from capacity.serving.peak_latency import PeakLoad, peak_latency, replica_speed
from capacity.serving.replica import Replica, TokenLengths
from capacity.serving.simulation import Requests, Served, simulate
from capacity.serving.step_time import step_times

CATALOGUE, CONSTANTS = shipped_catalogue(), shipped_constants()
TOLERANCE = 0.15  # of TTFT and TPOT at P50 and P90, within the domain of decision 12


def replica(card: str = "L40S", model: str = "llama-3.1-8b", tp: int = 1) -> Replica:
    return Replica(CATALOGUE.accelerators[card], CATALOGUE.architectures[model], tp=tp)


def requests(arrival: list[float], prompt: float = 500.0, reply: float = 20.0) -> Requests:
    n = len(arrival)
    ones = np.ones(n)
    return Requests(np.array(arrival), prompt * ones, 0 * ones, reply * ones, np.inf * ones)


def test_a_lone_request_takes_its_prompt_step_and_one_step_a_token() -> None:
    served = simulate(replica(), requests([3.0], reply=2.0), CONSTANTS)
    first = step_times(replica(), 0, TokenLengths.of(500, 1), CONSTANTS, prompts=1.0).total
    second = step_times(replica(), 1, TokenLengths.of(501, 1), CONSTANTS, prompts=0.0)
    begin = CONSTANTS.request_overhead_s
    assert served.ttft_s.item() == pytest.approx(begin + float(first))
    read = float(second.kv_read) * 501 / 501.5
    rest = float(second.gemm + second.overhead + second.allreduce)
    assert served.tpot_s.item() == pytest.approx(read + rest)


def test_requests_are_taken_in_by_order_of_arrival() -> None:
    few = replace(CONSTANTS, max_batch=2)
    served = simulate(replica(), requests([0.0, 0.01, 0.02, 0.03, 0.04, 0.05]), few)
    starts = served.wait_s + np.arange(6) * 0.01
    assert np.all(np.diff(starts) >= 0.0)
    assert served.wait_s[-1] > served.wait_s[0]


def test_two_places_are_never_three_requests() -> None:
    few = replace(CONSTANTS, max_batch=2)
    served = simulate(replica(), requests([0.0] * 9), few)
    assert served.running <= 2.0
    assert np.unique(served.wait_s.round(9)).size >= 5


def test_users_without_patience_leave_and_the_others_do_not_notice() -> None:
    few = replace(CONSTANTS, max_batch=1)
    crowd = requests([0.0, 0.001, 0.002])
    crowd = replace(crowd, patience_s=np.array([np.inf, 0.01, np.inf]))
    served = simulate(replica(), crowd, few)
    assert np.isinf(served.ttft_s).tolist() == [False, True, False]
    without = simulate(replica(), requests([0.0, 0.002]), few)
    assert served.ttft_s[[0, 2]] == pytest.approx(without.ttft_s)


def test_littles_law() -> None:
    lengths = length_preset("sharegpt").model
    stream = Requests.random(2.0, 2_000, lengths, np.random.default_rng(2))
    served = simulate(replica(), stream, CONSTANTS)
    stay = served.ttft_s - served.wait_s + np.nan_to_num(served.tpot_s) * (stream.reply - 1.0)
    busy = served.running  # never idle at this load
    assert served.requests_per_s * stay.mean() == pytest.approx(busy, rel=0.02)


def test_a_request_too_long_for_the_cache_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit into a cache of"):
        simulate(replica(), requests([0.0], prompt=1e7), CONSTANTS)


def test_pipelines_are_refused() -> None:
    with pytest.raises(ValueError, match="pp must be 1, got 2"):
        simulate(replace(replica(), pp=2), requests([0.0]), CONSTANTS)


def test_dropping_the_start_keeps_the_rest() -> None:
    served = Served(np.arange(3.0), np.arange(3.0), np.arange(3.0), 1.0, 1.0).after(1)
    assert served.ttft_s.tolist() == [1.0, 2.0]


def test_bursts_have_the_variation_asked_for() -> None:
    lengths = LengthModel(LengthCurve.fit(10.0, {}), LengthCurve.fit(10.0, {}))
    stream = Requests.random(5.0, 60_000, lengths, np.random.default_rng(4), gap_scv=4.0)
    gaps = np.diff(stream.arrival_s)
    assert gaps.mean() == pytest.approx(0.2, rel=0.03)
    assert gaps.var() / gaps.mean() ** 2 == pytest.approx(4.0, rel=0.1)


CELLS = [
    ("H100-SXM", "llama-3.1-70b", 4, "azure2023_conv", 0.6),
    ("L40S", "llama-3.1-8b", 1, "azure2023_conv", 0.8),
    ("L40S", "llama-3.1-8b", 1, "azure2024_conv", 0.6),
    ("A100-SXM-80", "llama-2-13b", 1, "sharegpt", 0.6),
]


@pytest.mark.parametrize(("card", "model", "tp", "lengths", "use"), CELLS)
def test_percentiles_agree_with_the_formulas(
    card: str, model: str, tp: int, lengths: str, use: float
) -> None:
    one, tokens = replica(card, model, tp), length_preset(lengths).model
    rate = use * replica_speed(one, PeakLoad(1.0, tokens), CONSTANTS).capacity
    formula = peak_latency(one, PeakLoad(rate, tokens), CONSTANTS)
    stream = Requests.random(rate, 6_000, tokens, np.random.default_rng(1))
    served = simulate(one, stream, CONSTANTS).after(2_000)
    for p in (0.5, 0.9):
        assert np.quantile(formula.ttft_s, p) == pytest.approx(
            np.quantile(served.ttft_s, p), rel=TOLERANCE
        )
        assert np.quantile(formula.tpot_s, p) == pytest.approx(
            np.nanquantile(served.tpot_s, p), rel=TOLERANCE
        )


def test_users_who_give_up_agree_with_the_formulas() -> None:
    few = replace(CONSTANTS, max_batch=16)
    one, tokens = replica(), length_preset("azure2023_conv").model
    rate = 1.2 * replica_speed(one, PeakLoad(1.0, tokens), few).capacity
    load = PeakLoad(rate, tokens, leaving_rate=0.1)
    formula = peak_latency(one, load, few)
    stream = Requests.random(rate, 5_000, tokens, np.random.default_rng(6), leaving_rate=0.1)
    served = simulate(one, stream, few).after(1_000)
    assert np.mean(np.isinf(served.ttft_s)) == pytest.approx(formula.p_lost, abs=0.03)


def test_the_time_to_first_token_of_the_plan_is_that_of_the_median_request() -> None:
    """`latency.ttft_s` counts half a step and the prompt's own step."""
    lengths = LengthModel(LengthCurve.fit(800.0, {}, 0.01), LengthCurve.fit(200.0, {}, 0.01))
    stream = Requests.random(0.5, 1_500, lengths, np.random.default_rng(8))
    served = simulate(replica(), stream, CONSTANTS)
    planned = float(ttft_s(replica(), served.running, TokenLengths.of(800, 200), CONSTANTS))
    assert np.median(served.ttft_s) == pytest.approx(planned, rel=0.1)
