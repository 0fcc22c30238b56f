"""A grid of times is found, kept and continued."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.even_steps import EvenSteps, even_steps
from forecast.series import Step

STEPS = st.sampled_from(get_args(Step))


def times(*texts):
    return np.array(texts, "datetime64[us]")


@st.composite
def grids(draw):
    """Grid that starts on any minute of any day, month ends included."""
    month = np.datetime64("1900-01") + draw(st.integers(0, 2_400))
    day = draw(st.integers(1, 31))
    length = int(((month + 1).astype("M8[D]") - month.astype("M8[D]")).astype(int))
    clock = np.timedelta64(draw(st.integers(0, 1_439)), "m")
    first = (month.astype("M8[D]") + min(day, length) - 1).astype("M8[us]") + clock
    return EvenSteps(first, draw(STEPS), day)


@given(grids(), st.integers(1, 60))
def test_places_and_times_are_inverse_and_ascend(grid, count):
    places = np.arange(count)
    found = grid.times(places)
    assert (np.diff(found) > np.timedelta64(0)).all()
    assert grid.places(found).tolist() == places.tolist()
    assert grid.hold(found)


@given(grids(), st.integers(2, 60))
def test_the_step_of_consecutive_times_is_found(grid, count):
    given_times = grid.times(np.arange(count))
    found = even_steps(given_times)
    assert found.step == grid.step
    assert found.times(np.arange(count)).tolist() == given_times.tolist()


@given(grids(), st.sets(st.integers(1, 29), min_size=1))
def test_a_told_step_needs_no_filled_grid(grid, places):
    given_times = grid.times(np.array([0, *sorted(places)]))
    found = even_steps(given_times, grid.step)
    assert found.places(given_times).tolist() == [0, *sorted(places)]


def test_month_ends_stay_month_ends():
    grid = even_steps(times("2026-04-30", "2026-05-31", "2026-06-30"))
    ahead = grid.times(np.arange(3, 11)).astype("datetime64[D]")
    assert grid.step == "month"
    assert ((ahead + 1).astype("datetime64[M]").astype("datetime64[D]") == ahead + 1).all()


def test_the_thirtieth_stays_where_february_allows():
    grid = even_steps(times("2026-01-30", "2026-03-30"))
    assert str(grid.times(np.arange(3)).astype("datetime64[D]")[1]) == "2026-02-28"


@pytest.mark.parametrize(
    ("given_times", "step", "message"),
    [
        (times("2026-01-01T00:00", "2026-01-01T00:05"), None, "keep no even step"),
        (times("2026-01-01", "2026-01-02T01:00", "2026-01-09"), None, "3 of 193 steps of one hour"),
        (times("2026-01-01", "2026-01-02", "2026-01-04"), "week", "a time each week"),
        (times("2026-01-01T00:00", "2026-02-01T00:30"), "month", "a time each month"),
    ],
)
def test_times_off_the_grid_are_refused(given_times, step, message):
    with pytest.raises(ValueError, match=message):
        even_steps(given_times, step)
