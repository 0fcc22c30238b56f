"""Latency, and the operating point that meets limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.market.catalogue import Catalogue
from capacity.market.hardware import Architecture
from capacity.serving.calibration import ServingConstants
from capacity.serving.latency import (
    Binding,
    LatencyLimits,
    ServingPoint,
    serving_point,
    tpot_s,
    ttft_s,
)
from capacity.serving.replica import Replica, TokenLengths, max_concurrency
from forecast.shipped.place import data_path

KNOWN = Catalogue.load()
CONSTANTS = ServingConstants.from_toml(data_path("serving.toml"))
H100 = KNOWN.accelerators["H100-SXM"]
LLAMA_8B = KNOWN.architectures["llama-3.1-8b"]
LLAMA_70B = KNOWN.architectures["llama-3.1-70b"]
REPLICA = Replica(H100, LLAMA_70B, tp=4, weight_dtype="fp8", kv_dtype="fp8")
NO_LIMIT = LatencyLimits.of(np.inf, np.inf)

tokens = st.integers(1, 8_000)


def point(
    lengths: TokenLengths, limits: LatencyLimits = NO_LIMIT, replica: Replica = REPLICA
) -> ServingPoint:
    return serving_point(replica, lengths, limits, CONSTANTS)


def test_without_limits_memory_decides() -> None:
    lengths = TokenLengths.of(prompt=4000, reply=1000)
    found = point(lengths)
    assert found.concurrency == max_concurrency(REPLICA, lengths, CONSTANTS)
    assert found.binding == Binding.MEMORY
    assert found.tokens_per_s == found.concurrency / found.tpot_s


def test_point_is_the_largest_batch_that_meets_both_limits() -> None:
    lengths = TokenLengths.of(prompt=1500, reply=300, cached=500)
    limits = LatencyLimits.of(ttft_s=1.0, tpot_s=0.04)
    batches = np.arange(1, 2000)
    slow = tpot_s(REPLICA, batches, lengths, CONSTANTS) > limits.tpot_s
    late = ttft_s(REPLICA, batches, lengths, CONSTANTS) > limits.ttft_s
    found = point(lengths, limits)
    assert found.concurrency == batches[~(slow | late)].max()
    assert found.binding == Binding.TPOT


@pytest.mark.parametrize(
    ("replica", "lengths", "limits", "binding"),
    [
        (Replica(H100, LLAMA_70B), (100, 100), (9.0, 9.0), Binding.WEIGHTS),
        (Replica(H100, LLAMA_8B), (900_000, 100), (9.0, 9.0), Binding.MEMORY),
        (Replica(H100, LLAMA_8B), (1000, 100), (9.0, 1e-4), Binding.TPOT),
        (Replica(H100, LLAMA_8B), (30_000, 100), (0.1, 9.0), Binding.TTFT),
    ],
)
def test_nothing_served_comes_with_its_reason(
    replica: Replica, lengths: tuple[int, int], limits: tuple[float, float], binding: Binding
) -> None:
    found = point(TokenLengths.of(*lengths), LatencyLimits.of(*limits), replica)
    assert found.concurrency == 0
    assert found.tokens_per_s == 0.0
    assert found.binding == binding


def test_short_requests_are_bound_by_the_batch_of_the_engine() -> None:
    found = point(TokenLengths.of(4, 4))
    assert found.binding == Binding.BATCH


def test_draws_do_not_influence_each_other() -> None:
    rng = np.random.default_rng(1)
    prompt, reply = rng.lognormal(7, 0.7, 50) + 1, rng.lognormal(5, 0.5, 50) + 1
    limits = LatencyLimits.of(rng.uniform(0.2, 3, 50), rng.uniform(0.01, 0.1, 50))
    together = point(TokenLengths.of(prompt, reply), limits)
    for i in range(0, 50, 7):
        one = LatencyLimits.of(limits.ttft_s[i], limits.tpot_s[i])
        alone = point(TokenLengths.of(prompt[i], reply[i]), one)
        assert alone.concurrency == together.concurrency[i]
        assert alone.tokens_per_s == pytest.approx(together.tokens_per_s[i])


def test_limits_and_lengths_broadcast() -> None:
    lengths = TokenLengths.of(prompt=np.full((3, 1), 1000.0), reply=200)
    found = point(lengths, LatencyLimits.of(ttft_s=2.0, tpot_s=np.full(4, 0.05)))
    for name in ("concurrency", "tpot_s", "ttft_s", "tokens_per_s", "binding"):
        assert getattr(found, name).shape == (3, 4)


@settings(max_examples=60)
@given(tokens, tokens, tokens)
def test_longer_prompts_never_serve_more(prompt: int, reply: int, more: int) -> None:
    limits = LatencyLimits.of(ttft_s=2.0, tpot_s=0.05)
    found = point(TokenLengths.of(np.array([prompt, prompt + more]), reply), limits)
    assert found.tokens_per_s[1] <= found.tokens_per_s[0] * (1 + 1e-12)


@settings(max_examples=60)
@given(tokens, tokens, tokens)
def test_longer_replies_never_serve_more_requests(prompt: int, reply: int, more: int) -> None:
    limits = LatencyLimits.of(ttft_s=2.0, tpot_s=0.05)
    short, long = TokenLengths.of(prompt, reply), TokenLengths.of(prompt, reply + more)
    found = point(long, limits)
    # A batch is a whole number: allow for the one sequence that rounding may gain.
    batch = point(short, limits).concurrency + 1
    at_most = batch / tpot_s(REPLICA, batch, short, CONSTANTS) / reply
    assert found.tokens_per_s / (reply + more) <= at_most * (1 + 1e-12)


@settings(max_examples=60)
@given(tokens, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_cached_part_never_serves_less(prompt: int, one: float, two: float) -> None:
    limits = LatencyLimits.of(ttft_s=1.0, tpot_s=0.05)
    cached = np.sort([one, two]) * prompt
    found = point(TokenLengths.of(prompt, 200, cached), limits)
    assert found.tokens_per_s[1] >= found.tokens_per_s[0] * (1 - 1e-12)


@settings(max_examples=60)
@given(tokens, st.floats(0.01, 5), st.floats(0.005, 0.5), st.floats(0.2, 1))
def test_tighter_limits_never_serve_more(
    prompt: int, ttft: float, tpot: float, tighter: float
) -> None:
    lengths = TokenLengths.of(prompt, 300)
    loose, ttft_tight, tpot_tight = (
        float(point(lengths, LatencyLimits.of(*limits)).tokens_per_s)
        for limits in ((ttft, tpot), (ttft * tighter, tpot), (ttft, tpot * tighter))
    )
    assert max(ttft_tight, tpot_tight) <= loose


@settings(max_examples=40)
@given(st.integers(8, 120), st.integers(1, 40))
def test_a_bigger_model_never_serves_more(layers: int, more: int) -> None:
    limits = LatencyLimits.of(ttft_s=2.0, tpot_s=0.05)
    served = []
    for depth in (layers, layers + more):
        model = Architecture(
            "test", layers=depth, hidden=8192, heads=64, kv_heads=8, head_dim=128,
            ffn=28672, ffn_matrices=3, vocab=128256,
        )  # fmt: skip
        replica = replace(REPLICA, architecture=model)
        served.append(float(point(TokenLengths.of(1000, 300), limits, replica).tokens_per_s))
    assert served[1] <= served[0]


def test_first_token_waits_for_the_prompt() -> None:
    long, short = TokenLengths.of(4000, 200), TokenLengths.of(4000, 200, cached=3900)
    assert ttft_s(REPLICA, 8, long, CONSTANTS) > 5 * ttft_s(REPLICA, 8, short, CONSTANTS)


@pytest.mark.parametrize("limits", [(0.0, 1.0), (1.0, np.array([1.0, -1.0])), (np.nan, 1.0)])
def test_limits_that_nothing_meets_are_refused(limits: tuple[object, object]) -> None:
    with pytest.raises(ValueError, match="must be above 0 s"):
        LatencyLimits.of(*limits)
