from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.everyday.seasonal_adjustment import (
    is_seasonal,
    naive2,
    seasonal_factors,
    seasonal_path,
)

SHAPE = np.array([0.7, 1.2, 1.3, 0.8])


@given(st.lists(st.floats(0.2, 3.0), min_size=3, max_size=12), st.floats(1.0, 1.05))
def test_factors_of_a_growing_series_are_those_it_was_made_of(shape, growth):
    season = len(shape)
    wanted = np.array(shape) / np.mean(shape)
    values = growth ** (np.arange(12 * season) / season) * np.tile(wanted, 12)
    assert seasonal_factors(values, season) == pytest.approx(wanted, rel=0.03)


def test_a_season_is_seen_in_a_repeated_shape_and_not_in_noise():
    noise = np.random.default_rng(1).normal(10.0, 1.0, 4_000)
    assert is_seasonal(np.tile(SHAPE, 10), 4)
    assert not is_seasonal(np.full(40, 3.0), 4)
    seen = [is_seasonal(part, 4) for part in noise.reshape(100, 40)]
    assert np.mean(seen) == pytest.approx(0.1, abs=0.08)  # the test is one of 90 %


def test_fewer_than_three_seasons_are_no_season():
    year = np.eye(12)[3]
    assert is_seasonal(np.tile(year, 3), 12)
    assert not is_seasonal(np.tile(year, 3)[:-1], 12)


def test_naive2_repeats_a_pure_season_and_else_the_last_value():
    values = 5.0 * np.tile(SHAPE, 6)
    assert naive2(values, 4, 6) == pytest.approx(5.0 * np.resize(SHAPE, 6))
    assert naive2(values[:7], 4, 2).tolist() == [values[6]] * 2
    assert naive2(values - 10.0, 4, 2).tolist() == [values[-1] - 10.0] * 2


def test_two_seasons_multiply():
    short, long = SHAPE, np.repeat([0.8, 1.2], 6)
    values = np.tile(short, 18) * np.tile(long, 6)
    path = seasonal_path(values, (4, 12), 12)
    ratio = np.resize(values, len(path)) / path
    assert ratio == pytest.approx(np.full(len(path), ratio[0]), rel=0.02)
