"""Seasonal naive repeats, keeps units, and errs as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.seasonal_naive import EmpiricalSeasonalNaive
from forecast.series import Series

START = np.datetime64("2026-01-01")
LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]
VALUES = st.floats(-1e6, 1e6)


def quantiles(values, horizon, season, levels=LEVELS):
    series = Series("x", START, np.array(values, float), "day", season)
    return EmpiricalSeasonalNaive().fit(series).quantiles(horizon, levels)


@given(st.lists(VALUES, min_size=2, max_size=9), st.integers(2, 4), st.integers(0, 8))
def test_a_periodic_series_goes_on_without_spread(pattern, repeats, cut):
    season = len(pattern)
    values = (pattern * (repeats + 1))[: repeats * season + cut % season]
    ahead = [pattern[(len(values) + step) % season] for step in range(20)]
    assert quantiles(values, 20, season).tolist() == [ahead] * len(LEVELS)


@given(st.lists(VALUES, min_size=3, max_size=30), st.integers(1, 7), st.floats(0.01, 100.0))
def test_another_unit_changes_nothing_but_the_unit(values, season, factor):
    given_values = np.array([-1.0, *values])  # one negative value: no end at 0
    found = quantiles(factor * given_values, 9, season)
    assert found == pytest.approx(factor * quantiles(given_values, 9, season), rel=1e-9, abs=1e-6)


@given(st.lists(st.floats(0.0, 1e6), min_size=2, max_size=30), st.integers(1, 9))
def test_what_was_never_negative_stays_so_and_quantiles_ascend(values, season):
    found = quantiles(values, 15, season)
    assert (found >= 0.0).all()
    assert (np.diff(found, axis=0) >= 0.0).all()


@pytest.mark.parametrize("value", [0.0, 5.0, -3.0])
def test_a_constant_stays(value):
    assert (quantiles([value] * 10, 12, 7) == value).all()


def test_each_phase_repeats_its_last_known_value():
    values = [1.0, 2.0, 3.0, 4.0, np.nan, np.nan, 7.0]
    assert quantiles(values, 3, 3, [0.5]).tolist() == [[2.0, 3.0, 7.0]]


def test_two_points_repeat_the_last():
    assert quantiles([4.0, 6.0], 2, 7, [0.1, 0.5, 0.9]) == pytest.approx(
        np.array([[4.0, 6.0 - 2.0 * 2**0.5], [6.0, 6.0], [8.0, 6.0 + 2.0 * 2**0.5]])
    )


def test_intervals_of_a_seasonal_walk_hold_what_they_say():
    rng = np.random.default_rng(7)
    steps = rng.normal(size=(400, 20, 7)).cumsum(axis=1)  # a walk in each phase of the week
    past, ahead = steps[:, :16].reshape(400, -1), steps[:, 16:18].reshape(400, -1)
    found = np.array([quantiles(row - 1e3, 14, 7, [0.1, 0.9]) for row in past]) + 1e3
    inside = (found[:, 0] <= ahead) & (ahead <= found[:, 1])
    assert inside.mean() == pytest.approx(0.8, abs=0.02)
