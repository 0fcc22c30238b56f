"""Schedules of work."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.schedule import Pool, most_needed, over_week, schedule

needs = st.lists(st.floats(1, 50), min_size=1, max_size=48).map(np.array)
durations = st.floats(0.05, 5)
acts = st.lists(st.tuples(durations, st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=9)


@given(needs, acts, st.integers(0, 47))
def test_steps_follow_one_another_and_no_node_gets_lost(
    need: np.ndarray, work: list[tuple[float, int, int]], begin: int
) -> None:
    found = schedule(Pool(60, need), begin, work)
    end, serving = 0.0, 60
    for step in found.steps:
        assert step.start_h == pytest.approx(end)
        assert step.serving == serving - step.out
        end, serving = step.start_h + step.hours, step.serving + step.back
    assert found.hours == pytest.approx(end)
    assert found.least_serving == min(step.serving for step in found.steps)


@given(needs, st.floats(0, 47), durations)
def test_the_need_of_a_step_is_the_largest_of_any_moment(
    need: np.ndarray, begin: float, hours: float
) -> None:
    moments = np.linspace(begin + 1e-6, begin + hours - 1e-6, 400)
    seen = need[moments.astype(int) % need.size].max()
    assert most_needed(need, begin, begin + hours) == seen


@given(needs, acts, st.floats(0.01, 1))
def test_targets_hold_where_the_nodes_suffice_and_nobody_is_stranded(
    need: np.ndarray, work: list[tuple[float, int, int]], share: float
) -> None:
    found = schedule(Pool(40, need), 0, work, [share])
    assert not found.held
    assert not found.steps[0].held
    assert found.steps[0].unserved >= share
    for step in found.steps[1:]:
        assert step.held == (step.serving >= step.need) == (step.unserved == 0.0)
    assert found.hours_missed == sum(step.hours for step in found.steps if not step.held)
    assert found.hours_lost <= found.hours_missed + 1e-12


def test_the_best_begin_comes_first() -> None:
    pool = Pool(5, np.array([5.0, 3.0, 4.0]))
    found = over_week(range(3), lambda hour: schedule(pool, hour, [(1.0, 1, 1)]))
    assert [item.begin for item in found] == [1, 2, 0]
    assert [item.lacking for item in found] == [-1.0, 0.0, 1.0]
