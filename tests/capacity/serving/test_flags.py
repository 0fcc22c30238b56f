"""Regimes in which a prediction deserves doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capacity.market.catalogue import Catalogue
from capacity.planning import shipped_constants
from capacity.serving.flags import (
    MEANING,
    CalibratedRange,
    Flag,
    fastest_tokens_per_s,
    flags,
    serving_notes,
)
from capacity.serving.replica import Replica, TokenLengths, max_concurrency
from forecast.shipped.place import data_path

KNOWN = Catalogue.load()
CONSTANTS = shipped_constants()
COVERED = CalibratedRange.from_toml(data_path("serving_range.toml"))
LENGTHS = TokenLengths.of(prompt=1000, reply=500)
PLAIN = Replica(KNOWN.accelerators["H100-SXM"], KNOWN.architectures["llama-3.1-8b"])


def raised(replica: Replica, **more: float) -> tuple[Flag, ...]:
    return flags(replica, LENGTHS, CONSTANTS, COVERED, **more)


def test_a_common_replica_raises_nothing() -> None:
    assert raised(PLAIN) == ()
    assert serving_notes(PLAIN, LENGTHS, CONSTANTS, COVERED) == ()


def test_weights_over_72_per_cent_of_memory_are_tight() -> None:
    large = KNOWN.architectures["llama-3.1-70b"]
    assert raised(replace(PLAIN, architecture=large, tp=2)) == (Flag.MEMORY_TIGHT,)
    assert raised(replace(PLAIN, architecture=large, tp=4)) == ()


def test_many_small_experts_are_flagged() -> None:
    mixtral = KNOWN.architectures["mixtral-8x7b"]
    fine = replace(mixtral, n_experts=128, experts_per_token=8, ffn=1024)
    assert Flag.FINE_EXPERTS in raised(replace(PLAIN, architecture=fine, tp=4))
    assert Flag.FINE_EXPERTS not in raised(replace(PLAIN, architecture=mixtral, tp=4))


def test_a_batch_beyond_the_cache_is_flagged() -> None:
    fits = int(max_concurrency(PLAIN, LENGTHS, CONSTANTS))
    assert raised(PLAIN, batch=fits) == ()
    assert raised(PLAIN, batch=fits + 1) == (Flag.KV_OVERFLOW,)


def test_faster_than_memory_allows_is_impossible() -> None:
    limit = fastest_tokens_per_s(PLAIN, batch=4)
    assert raised(PLAIN, batch=4, tokens_per_s=0.99 * limit) == ()
    assert raised(PLAIN, batch=4, tokens_per_s=1.01 * limit) == (Flag.IMPOSSIBLE,)


@pytest.mark.parametrize(
    ("change", "lengths", "words"),
    [
        ({"accelerator": KNOWN.accelerators["GH200-96"]}, LENGTHS, "no measurement on GH200-96"),
        ({"weight_dtype": "int8"}, LENGTHS, "none in int8"),
        ({"tp": 16}, LENGTHS, "16 tp, measured 1 to 8"),
        ({}, TokenLengths.of(50_000, 10), "50,000 prompt tokens, measured 128 to 20,000"),
        ({}, TokenLengths.of(500, 5_000), "5,000 reply tokens"),
    ],
)
def test_outside_the_measurements_is_extrapolation(
    change: dict[str, object], lengths: TokenLengths, words: str
) -> None:
    replica = replace(PLAIN, **change)
    assert Flag.EXTRAPOLATION in flags(replica, lengths, CONSTANTS, COVERED)
    assert any(words in note for note in serving_notes(replica, lengths, CONSTANTS, COVERED))


def test_a_range_covers_what_it_was_made_of() -> None:
    other = replace(PLAIN, tp=4, weight_dtype="fp8")
    covered = CalibratedRange.of([PLAIN, other], [LENGTHS, TokenLengths.of(10, 20)])
    assert covered.left_by(other, LENGTHS) == ()
    assert (covered.tp, covered.prompt, covered.reply) == ((1, 4), (10.0, 1000.0), (20.0, 500.0))


def test_every_flag_has_a_meaning() -> None:
    assert set(MEANING) == set(Flag)
