from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.everyday.exponential_smoothing import LEVEL, smooth

series = st.lists(st.floats(0.5, 2.0), min_size=8, max_size=24).map(np.array)


def textbook(values, smoothing, start):
    """Sum of squares and forecast of simple exponential smoothing."""
    level, squares = start, 0.0
    for value in values:
        squares = squares + (value - level) ** 2
        level = level + smoothing * (value - level)
    return squares, level


@settings(deadline=None, max_examples=15)
@given(series)
def test_a_level_is_that_of_the_best_textbook_smoothing(values):
    start = np.linspace(values.min() - 1.0, values.max() + 1.0, 3_001)
    squares, level = textbook(values, LEVEL[:, None], start)
    best = np.unravel_index(squares.argmin(), squares.shape)
    assert smooth(values, 2, "level").forecast == pytest.approx([level[best]] * 2, abs=0.02)


@given(st.floats(0.5, 2.0), st.floats(-0.05, 0.05))
def test_a_straight_line_goes_on_under_a_trend_and_fades_under_damping(start, slope):
    values = start + slope * np.arange(30.0)
    line = start + slope * (30.0 + np.arange(12.0))
    assert smooth(values, 12, "trend").forecast == pytest.approx(line, abs=1e-3)
    damped = smooth(values, 12, "damped").forecast
    assert abs(damped[-1] - values[-1]) <= abs(line[-1] - values[-1]) + 1e-3


@given(st.lists(st.floats(-0.5, 0.5), min_size=4, max_size=4))
def test_a_pure_season_is_continued(shape):
    values = 1.0 + np.tile(shape, 6)
    assert smooth(values, 8, "level", 4).forecast == pytest.approx(values[:8], abs=1e-3)


def test_the_criterion_prefers_the_form_that_made_the_values():
    noise = np.random.default_rng(3).normal(0.0, 0.05, 60)
    line, flat = 1.0 + 0.1 * np.arange(60.0) + noise, 1.0 + noise
    forms = ("level", "trend")
    assert min(forms, key=lambda form: smooth(line, 1, form).criterion) == "trend"
    assert min(forms, key=lambda form: smooth(flat, 1, form).criterion) == "level"


@given(series, st.floats(0.1, 9.0))
def test_equal_weights_change_nothing(values, weight):
    weighted = smooth(values, 2, "level", weights=np.full(len(values), weight))
    assert weighted.forecast == pytest.approx(smooth(values, 2, "level").forecast, abs=1e-6)


def test_where_errors_weigh_more_they_are_smaller():
    values = np.where(np.arange(40) < 20, 1.0 + 0.3 * (np.arange(40) % 2), 1.0)
    late = np.where(np.arange(40) < 20, 1e-3, 1.0)
    assert smooth(values, 1, "level", weights=late).forecast[0] == pytest.approx(1.0, abs=1e-2)
