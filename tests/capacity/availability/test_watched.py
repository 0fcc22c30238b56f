"""Intervals of a simulated loss: as wide as the events are few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2
from scipy.stats import t as student

from capacity.availability.watched import Watched
from forecast.draws import named_stream

BLOCKS, SAMPLES = 40, 2000


def _compound(outages: float, base: float, name: str) -> tuple[np.ndarray, float]:
    """Losses of blocks: as much in each, and exponential outages of mean 1; and their mean."""
    rng = named_stream(6, name)
    number = rng.poisson(outages / BLOCKS, (SAMPLES, BLOCKS))
    times = np.where(number > 0, rng.gamma(np.maximum(number, 1)), 0.0)
    return base * outages / BLOCKS + times, (1.0 + base) * outages / BLOCKS


def _missed(lost: np.ndarray, truth: float) -> int:
    return sum(not Watched(item, 50.0, 1.0 / BLOCKS).agrees(truth) for item in lost)


def _student_missed(lost: np.ndarray, truth: float) -> int:
    half = student.ppf(0.995, BLOCKS - 1) * lost.std(axis=1, ddof=1) / BLOCKS**0.5
    return int(np.sum(np.abs(lost.mean(axis=1) - truth) > half))


@pytest.mark.parametrize("outages", [0.1, 1.0, 3.0, 6.0, 12.0, 30.0, 1000.0])
def test_no_more_than_one_interval_in_a_hundred_misses_however_few_the_outages(
    outages: float,
) -> None:
    lost, truth = _compound(outages, 0.0, f"outages {outages}")
    allowed = binom.ppf(0.999, SAMPLES, 0.01)  # 35 of 2,000
    assert _missed(lost, truth) <= allowed
    assert (_student_missed(lost, truth) > allowed) == (outages < 1000.0)


@pytest.mark.parametrize("outages", [1.0, 6.0, 20.0, 100.0])
def test_what_is_lost_every_day_hides_no_rare_outage(outages: float) -> None:
    # a gamma distribution of both together is less skewed than its rare part: 98 % are held
    lost, truth = _compound(outages, 5.0, f"base {outages}")
    allowed = binom.ppf(0.999, SAMPLES, 0.02)
    assert _missed(lost, truth) <= allowed
    assert (_student_missed(lost, truth) > allowed) == (outages < 100.0)


def test_of_equal_outages_the_ends_are_those_of_a_poisson_count() -> None:
    lost = np.zeros(100_000)
    lost[:3] = 1.0
    low, high = Watched(lost, 50.0, 0.5 / lost.size).interval(0.99)
    assert low * lost.size == pytest.approx(chi2.ppf(0.005, 6) / 2, rel=1e-3)
    assert high * lost.size == pytest.approx(chi2.ppf(0.995, 8) / 2, rel=1e-3)


losses = st.lists(st.just(0.0) | st.floats(1e-9, 1.0), min_size=20, max_size=40)


@given(losses, st.floats(0.0, 0.1), st.floats(0.5, 0.99))
@settings(max_examples=300)
def test_more_confidence_and_a_worse_outage_widen_it(
    lost: list[float], outage: float, level: float
) -> None:
    seen = Watched(np.array(lost), 10.0, outage)
    low, high = seen.interval(level)
    assert 0.0 <= low <= high
    assert seen.interval(0.995)[0] <= low <= seen.lost.mean() * (1 + 1e-9)
    assert seen.interval(0.995)[1] >= high >= seen.lost.mean() * (1 - 1e-9)
    worse = Watched(seen.lost, 10.0, outage + 0.01).interval(level)
    assert worse[0] == low
    assert worse[1] > high
