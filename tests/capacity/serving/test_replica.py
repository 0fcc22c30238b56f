"""Replicas, request lengths and what fits in memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.market.catalogue import Catalogue
from capacity.serving.calibration import ServingConstants
from capacity.serving.replica import (
    Replica,
    TokenLengths,
    cache_bytes,
    max_concurrency,
    max_stable_rate,
)
from capacity.serving.transformer import CacheLayout, kv_bytes_per_token, weight_bytes
from forecast.shipped.place import data_path

KNOWN = Catalogue.load()
CONSTANTS = ServingConstants.from_toml(data_path("serving.toml"))
H100 = KNOWN.accelerators["H100-SXM"]
LLAMA_8B = KNOWN.architectures["llama-3.1-8b"]
LLAMA_70B = KNOWN.architectures["llama-3.1-70b"]


def test_cache_memory_is_what_weights_and_reserve_leave() -> None:
    replica = Replica(H100, LLAMA_70B, tp=2, weight_dtype="fp8", kv_dtype="fp8")
    left = 2 * (H100.memory_bytes - CONSTANTS.reserved_bytes) - weight_bytes(LLAMA_70B, "fp8")
    assert cache_bytes(replica, CONSTANTS) == pytest.approx(CONSTANTS.memory_share * left)


def test_concurrency_fills_the_cache_without_overflowing_it() -> None:
    replica = Replica(H100, LLAMA_70B, tp=2, weight_dtype="fp8", kv_dtype="fp8")
    lengths = TokenLengths.of(prompt=3000, reply=500)
    batch = int(max_concurrency(replica, lengths, CONSTANTS))
    per_sequence = 3500 * kv_bytes_per_token(LLAMA_70B, "fp8", 2)
    room = cache_bytes(replica, CONSTANTS)
    assert batch * per_sequence <= room < (batch + 1) * per_sequence


def test_weights_that_do_not_fit_leave_no_concurrency() -> None:
    replica = Replica(H100, LLAMA_70B)
    assert cache_bytes(replica, CONSTANTS) < 0
    assert max_concurrency(replica, TokenLengths.of(10, 10), CONSTANTS) == 0


def test_short_requests_stop_at_the_batch_of_the_engine() -> None:
    replica = Replica(H100, LLAMA_8B)
    assert max_concurrency(replica, TokenLengths.of(1, 1), CONSTANTS) == CONSTANTS.max_batch


def test_layers_that_share_a_cache_double_the_concurrency() -> None:
    full = Replica(H100, LLAMA_8B)
    shared = replace(full, cache=CacheLayout(layers_per_cache=2.0))
    lengths = TokenLengths.of(prompt=4000, reply=1000)
    once, twice = (int(max_concurrency(r, lengths, CONSTANTS)) for r in (full, shared))
    assert 2 * once <= twice <= 2 * once + 1


@given(st.integers(1, 20_000), st.integers(1, 5_000), st.integers(0, 5_000))
def test_longer_requests_never_fit_more_often(prompt: int, reply: int, more: int) -> None:
    replica = Replica(H100, LLAMA_8B)
    short = max_concurrency(replica, TokenLengths.of(prompt, reply), CONSTANTS)
    long = max_concurrency(replica, TokenLengths.of(prompt + more, reply), CONSTANTS)
    assert long <= short


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tp": 0}, "tp must be at least 1, got 0"),
        ({"weight_dtype": "fp4"}, "H100-SXM has no 'fp4' arithmetic; known: fp16"),
        ({"kv_dtype": "fp2"}, "unknown number type 'fp2'"),
    ],
)
def test_impossible_replicas_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(Replica(H100, LLAMA_8B), **change)


@pytest.mark.parametrize(
    ("prompt", "reply", "cached"), [(0, 10, 0), (10, 0.5, 0), (10, 10, 11), (10, 10, -1)]
)
def test_impossible_lengths_are_refused(prompt: float, reply: float, cached: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        TokenLengths.of(prompt, reply, cached)


def test_not_a_number_is_refused_as_a_length() -> None:
    with pytest.raises(ValueError, match="at least 1 token"):
        TokenLengths.of(np.array([10.0, np.nan]), 10.0)


def test_stable_rate_counts_the_tokens_held_in_every_step() -> None:
    prompt, reply, chunk = 2000, 500, 512
    held = [512, 1024, 1536, 2000] + [prompt + j for j in range(1, reply + 1)]
    rate = max_stable_rate(1.2e6, 0.05, TokenLengths.of(prompt, reply), chunk)
    assert rate == pytest.approx(1.2e6 / (0.05 * sum(held)))
