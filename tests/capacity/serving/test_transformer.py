"""Counts of parameters and cache bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.market.catalogue import Catalogue
from capacity.market.hardware import DTYPES, Architecture
from capacity.serving.transformer import (
    BYTES_PER_VALUE,
    CacheLayout,
    bytes_per_value,
    count_parameters,
    kv_bytes_per_token,
    weight_bytes,
)

ARCHITECTURES = Catalogue.load().architectures
PUBLISHED = [
    name
    for name, a in ARCHITECTURES.items()
    if a.published_params is not None and not name.startswith("dense-")
]
LLAMA = ARCHITECTURES["llama-3.1-8b"]
MIXTRAL = ARCHITECTURES["mixtral-8x7b"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_total_matches_the_published_count(name: str) -> None:
    architecture = ARCHITECTURES[name]
    total = count_parameters(architecture).total
    assert total == pytest.approx(architecture.published_params, rel=0.003)


def test_mixture_activates_two_of_eight_experts() -> None:
    counts = count_parameters(MIXTRAL)
    assert counts.experts_active / counts.experts == pytest.approx(0.25)
    assert counts.active == pytest.approx(12.88e9, rel=0.003)  # published by Mistral AI as 12.9 B


def test_dense_model_has_no_inactive_parameters() -> None:
    counts = count_parameters(LLAMA)
    assert counts.active == counts.total


def test_tied_embedding_is_stored_once() -> None:
    shape = {
        "layers": 2, "hidden": 64, "heads": 4, "kv_heads": 4, "head_dim": 16,
        "ffn": 256, "ffn_matrices": 2, "vocab": 1000,
    }  # fmt: skip
    untied = count_parameters(Architecture("untied", **shape, tied_embeddings=False))
    tied = count_parameters(Architecture("tied", **shape, tied_embeddings=True))
    assert untied.total - tied.total == 64 * 1000
    assert tied.head == untied.head


def test_every_number_type_of_the_catalogue_has_a_width() -> None:
    assert set(BYTES_PER_VALUE) == set(DTYPES)


def test_unknown_number_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown number type 'fp12'; known: fp16, fp8"):
        bytes_per_value("fp12")


def test_embedding_and_head_stay_at_sixteen_bits() -> None:
    counts = count_parameters(LLAMA)
    saved = weight_bytes(LLAMA, "fp16") - weight_bytes(LLAMA, "fp8")
    assert saved == counts.dense


def test_cache_of_llama_3_is_128_kib_a_token() -> None:
    assert kv_bytes_per_token(LLAMA, "fp16") == 128 * 1024


@pytest.mark.parametrize(("tp", "copies"), [(1, 1), (8, 1), (16, 2)])
def test_key_value_heads_are_replicated_beyond_their_number(tp: int, copies: int) -> None:
    assert kv_bytes_per_token(LLAMA, "fp8", tp) == copies * kv_bytes_per_token(LLAMA, "fp8")


def test_parallel_degree_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="tp must be at least 1, got 0"):
        kv_bytes_per_token(LLAMA, "fp8", 0)


def test_window_and_sharing_shrink_the_cache_twentyfold() -> None:
    multi_head, multi_query = LLAMA.heads / 1, 1
    layout = CacheLayout(local_share=5 / 6, window=1024, layers_per_cache=2.0)
    grouped = LLAMA.kv_heads / LLAMA.heads
    shrink = (multi_query / multi_head) / grouped * layout.kept(6144) / 6144 / 2.0 / 2.0
    assert 1.0 / shrink > 20.0  # multi-query, windows, sharing between layers, 8 bits


@given(st.floats(0, 1), st.floats(1, 1e5), st.floats(0, 1e6), st.floats(0, 1e5))
def test_a_layout_never_keeps_more_than_the_sequence(
    share: float, window: float, tokens: float, more: float
) -> None:
    layout = CacheLayout(local_share=share, window=window)
    kept = float(layout.kept(tokens))
    assert kept <= tokens * (1 + 1e-12)
    assert float(layout.kept(tokens + more)) >= kept * (1 - 1e-12)


def test_attended_pairs_are_the_sum_over_positions_of_what_each_keeps() -> None:
    layout = CacheLayout(local_share=0.75, window=100.0)
    middles = np.arange(0, 1000) + 0.5
    assert layout.attended(1000.0) == pytest.approx(float(layout.kept(middles).sum()), rel=1e-5)


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        ({"local_share": 1.5}, "local_share must be between 0 and 1, got 1.5"),
        ({"window": 0.0}, "window must be above 0 tokens, got 0.0"),
        ({"layers_per_cache": 0.5}, "layers_per_cache must be at least 1, got 0.5"),
    ],
)
def test_impossible_layouts_are_refused(layout: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CacheLayout(**layout)
