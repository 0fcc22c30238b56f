from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.monitor.detection import ALARM, alarms, watch
from capacity.monitor.novelty import LIMIT, Novelty, Past

SEEN = 3000


def rarity(score: float, limit: float = LIMIT) -> float:
    return 1.0 + (limit - 1.0) * score / (1.0 - score)


@pytest.mark.parametrize("draw", ["standard_normal", "standard_cauchy", "standard_exponential"])
def test_false_alarms_keep_their_bound_whatever_the_distribution(draw: str) -> None:
    values = getattr(np.random.default_rng(3), draw)(6000)
    high = watch(Novelty(), values)[1000:] >= ALARM
    assert 0.0 < high.mean() <= 2.0 / LIMIT


@settings(max_examples=20)
@given(st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_neither_unit_nor_offset_of_a_stream_matters(unit: float, offset: float) -> None:
    # Distances of random values differ by far more than rounding.
    values = np.random.default_rng(5).standard_normal(150) * 100.0
    known = watch(Novelty(), values)
    assert watch(Novelty(), unit * (values + offset)) == pytest.approx(known, abs=1e-9)


def test_a_value_never_seen_is_as_rare_as_anything_can_be() -> None:
    values = np.random.default_rng(7).standard_normal(SEEN)
    score = watch(Novelty(), [*values, 1e6])[-1]
    assert rarity(score) == pytest.approx(SEEN, rel=0.05)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x + 6.0,  # level
        lambda x: 6.0 * x,  # spread
        lambda x: x + np.linspace(0.0, 12.0, len(x)),  # drift
    ],
    ids=["level", "spread", "drift"],
)
def test_a_change_of_level_spread_or_trend_is_found(change) -> None:
    values = np.random.default_rng(11).standard_normal(SEEN + 100)
    values[SEEN:] = change(values[SEEN:])
    found = watch(Novelty(), values)[SEEN:] >= ALARM
    usual = watch(Novelty(), np.random.default_rng(11).standard_normal(SEEN + 100))[SEEN:] >= ALARM
    assert found.sum() >= usual.sum() + 5


def test_what_is_new_becomes_known() -> None:
    values = np.random.default_rng(13).standard_normal(2 * SEEN)
    values[SEEN:] += 10.0
    high = watch(Novelty(), values) >= ALARM
    assert high[SEEN : SEEN + 40].mean() > 0.5
    assert high[-1000:].mean() <= 2.0 / LIMIT


def test_a_second_spike_of_a_pair_is_still_new() -> None:
    values = np.random.default_rng(17).standard_normal(SEEN)
    values[[2000, 2400]] = 30.0
    raised = alarms(watch(Novelty(), values), quiet=0)
    assert {2000, 2400} <= set(raised)


def test_what_returns_every_day_is_no_news() -> None:
    day = np.round(50.0 + 40.0 * np.sin(np.arange(144) / 144 * 2 * np.pi), 6)
    noise = np.random.default_rng(19).standard_normal(144 * 20)
    high = watch(Novelty(), np.tile(day, 20) + noise) >= ALARM
    assert high[144 * 10 :].mean() <= 2.0 / LIMIT


def test_memory_is_bounded() -> None:
    detector = Novelty()
    watch(detector, np.random.default_rng(23).standard_normal(10_500))
    assert len(detector.level.ranked) == len(detector.level.distances) == 10_000
    assert detector.level.ranked == sorted(detector.level.distances)


def test_the_rank_among_all_distances_counts_ties_as_far() -> None:
    seen = Past(size=1)
    found = [seen.rarity((float(value),)) for value in [0.0] * 60]
    assert found == [1.0] * 60
    assert seen.rarity((1.0,)) > 20.0
