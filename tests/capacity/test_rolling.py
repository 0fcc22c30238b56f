"""Rolling restarts and scaling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.rolling import rolling_restart, scaled_hours

needs = st.lists(st.floats(1, 50), min_size=1, max_size=48).map(np.array)


def done_after(need: np.ndarray, standing: int, cold_h: float, begin: int) -> int:
    """Hours of work hour by hour, the plain way."""
    out, hour = 0.0, 0
    while out < standing - 1e-9:
        out += max(np.floor(standing - need[(begin + hour) % need.size]), 0) / cold_h
        hour += 1
    return hour


@given(needs, st.integers(1, 60), st.floats(0.1, 3))
def test_no_other_beginning_ends_sooner(need: np.ndarray, more: int, cold_h: float) -> None:
    standing = int(need.min()) + 1 + more
    found = rolling_restart(need, standing, cold_h)
    assert found is not None
    hours = [done_after(need, standing, cold_h, begin) for begin in range(need.size)]
    assert found.hours == min(hours) == hours[found.begin]
    assert 1 <= found.at_once <= standing - np.floor(need.min())


def test_a_fleet_without_a_spare_node_cannot_be_restarted_in_service() -> None:
    assert rolling_restart(np.array([5.0, 4.5]), 5, 0.2) is None


@given(needs, st.integers(0, 6))
def test_foresight_is_the_least_and_a_fixed_fleet_the_most(need: np.ndarray, lag: int) -> None:
    found = scaled_hours(need, lag)
    assert found.foreseen <= found.scaled <= found.fixed
    assert found.foreseen == np.ceil(need).sum()


@given(needs, st.integers(0, 5))
def test_a_slower_start_never_saves_more(need: np.ndarray, lag: int) -> None:
    assert scaled_hours(need, lag + 1).scaled >= scaled_hours(need, lag).scaled


def test_a_node_that_starts_at_once_needs_no_reserve() -> None:
    found = scaled_hours(np.array([2.0, 9.0, 5.0]), 0)
    assert found.scaled == found.foreseen == 16


def test_impossible_times_are_refused() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        rolling_restart(np.array([1.0]), 2, 0.0)
    with pytest.raises(ValueError, match="must not be negative"):
        scaled_hours(np.array([1.0]), -1)
