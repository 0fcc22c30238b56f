from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.everyday.classical import classical

positive = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=40).map(np.array)


@settings(deadline=None, max_examples=40)
@given(positive, st.sampled_from([(1,), (4,), (24, 168)]))
def test_forecasts_of_positive_values_are_positive_and_finite(values, seasons):
    middle = classical(values, seasons, 9).middle
    assert (middle > 0.0).all()
    assert np.isfinite(middle).all()


def test_three_values_are_carried_on_with_errors_of_their_largest_step():
    found = classical(np.array([2.0, 1.0, 1.5]), (12,), 4)
    assert found.middle.tolist() == [1.5] * 4
    assert found.error == pytest.approx(np.log(2.0) * np.sqrt([1.0, 2.0, 3.0, 4.0]))


def test_an_hourly_shape_of_day_and_week_is_continued():
    hours = np.arange(24 * 7 * 6)
    day = 1.0 + 0.5 * np.sin(hours * np.pi / 12.0)
    values = day * np.where(hours // 24 % 7 < 5, 1.2, 0.5)
    found = classical(values[:-48], (24, 168), 48).middle
    assert found == pytest.approx(values[-48:], rel=0.15)


def test_the_expected_error_is_that_of_noise_and_grows_for_a_walk():
    noise = np.random.default_rng(4).normal(0.0, 0.1, 150)
    still, walk = (classical(np.exp(logs), (1,), 9).error for logs in (noise, np.cumsum(noise)))
    mean = 0.1 * np.sqrt(2.0 / np.pi)
    assert still == pytest.approx(np.full(9, mean), rel=0.25)
    assert walk == pytest.approx(mean * np.sqrt(np.arange(1.0, 10.0)), rel=0.25)
