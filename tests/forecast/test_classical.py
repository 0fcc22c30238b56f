from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.classical import classical

positive = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=40).map(np.array)


@settings(deadline=None, max_examples=40)
@given(positive, st.sampled_from([(1,), (4,), (24, 168)]))
def test_forecasts_of_positive_values_are_positive_and_finite(values, seasons):
    middle = classical(values, seasons, 9).middle
    assert (middle > 0.0).all()
    assert np.isfinite(middle).all()


@given(st.lists(st.floats(0.1, 9.0), min_size=1, max_size=3))
def test_fewer_than_four_values_are_carried_on_without_a_known_error(values):
    found = classical(np.array(values), (12,), 5)
    assert found.middle.tolist() == [values[-1]] * 5
    assert np.isnan(found.error)


def test_an_hourly_shape_of_day_and_week_is_continued():
    hours = np.arange(24 * 7 * 6)
    day = 1.0 + 0.5 * np.sin(hours * np.pi / 12.0)
    values = day * np.where(hours // 24 % 7 < 5, 1.2, 0.5)
    found = classical(values[:-48], (24, 168), 48).middle
    assert found == pytest.approx(values[-48:], rel=0.15)


def test_the_error_is_that_of_the_noise():
    values = np.exp(np.random.default_rng(4).normal(0.0, 0.1, 150))
    assert classical(values, (1,), 1).error == pytest.approx(0.1, rel=0.2)
