from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.questions.crossing import FINENESS, find_crossing


def scan(low: float, high: float) -> list[float]:
    return [low + (high - low) * step / 8 for step in range(9)]


@given(st.floats(-50, 50), st.sampled_from(["<=", ">=", "="]))
def test_both_sides_of_a_smooth_crossing_are_neighbours(root: float, sense: str) -> None:
    found = find_crossing(lambda x: (x - root) ** 3, (sense, 0.0), scan(-60, 60.5), 0.0)
    assert found.met is not None
    assert found.missed is not None
    assert (
        min(found.met.x, found.missed.x) - 1e-3 <= root <= max(found.met.x, found.missed.x) + 1e-3
    )
    assert (found.met.y >= 0.0) == (sense != "<=") or found.met.y == 0.0
    assert abs(found.met.x - found.missed.x) <= 2 * FINENESS * max(
        1e-3, abs(found.met.x), abs(root)
    )


@given(st.floats(0.5, 99.5), st.integers(1, 9))
def test_on_a_staircase_the_goal_of_a_step_is_met_by_exactly_that_step(
    x: float, width: int
) -> None:
    def stairs(value: float) -> float:
        return float(math.floor(value / width))

    target = stairs(x)
    found = find_crossing(stairs, ("=", target), scan(0.0, 100.0), x)
    best = found.met or found.nearest
    assert stairs(best.x) == target


def test_at_most_takes_the_largest_and_at_least_the_smallest_input_of_a_rising_output() -> None:
    at_most = find_crossing(lambda x: x // 10, ("<=", 3.0), scan(0, 99), 0.0)
    at_least = find_crossing(lambda x: x // 10, (">=", 3.0), scan(0, 99), 0.0)
    assert at_most.met is not None
    assert at_least.met is not None
    assert at_most.met.x == pytest.approx(40, rel=1e-5)
    assert at_least.met.x == pytest.approx(30, rel=1e-5)
    assert (at_most.met.y, at_least.met.y) == (3.0, 3.0)


@given(st.floats(1.1, 90.0))
def test_a_straight_output_needs_few_evaluations(root: float) -> None:
    seen = []

    def straight(x: float) -> float:
        seen.append(x)
        return 3.0 * (x - root)

    find_crossing(straight, ("<=", 0.0), scan(1.0, 97.0), 0.0)
    assert len(seen) <= 9 + 4


@given(st.integers(0, 98))
def test_a_whole_input_is_bracketed_by_two_whole_neighbours(step: int) -> None:
    found = find_crossing(lambda x: x, ("<=", step + 0.5), [0.0, 40.0, 99.0], 0.0, whole=True)
    assert found.met is not None
    assert found.missed is not None
    assert (found.met.x, found.missed.x) == (step, step + 1)


def test_what_cannot_be_reached_says_the_nearest() -> None:
    found = find_crossing(lambda x: -x, (">=", 5.0), scan(0, 10), 0.0)
    assert (found.met, found.missed, found.crossings) == (None, None, 0)
    assert (found.nearest.x, found.nearest.y) == (0.0, 0.0)


def test_a_goal_that_every_input_meets_has_no_missing_side() -> None:
    found = find_crossing(lambda x: x, ("<=", 20.0), scan(0, 10), 0.0)
    assert found.met == found.nearest
    assert found.met is not None
    assert found.met.x == 10.0
    assert found.missed is None


def test_an_output_that_turns_is_said_and_the_crossing_nearest_to_now_is_taken() -> None:
    found = find_crossing(lambda x: x * x, ("<=", 4.0), scan(-8, 7.5), 6.0)
    assert (found.crossings, found.monotone) == (2, False)
    assert found.met is not None
    assert found.met.x == pytest.approx(2.0, rel=1e-5)


def test_an_input_without_output_never_meets_a_goal() -> None:
    found = find_crossing(lambda x: math.nan if x > 3 else x, ("<=", 9.0), scan(0, 8), 0.0)
    assert found.met is not None
    assert found.missed is not None
    assert found.met.x == pytest.approx(3.0, rel=1e-5)
    assert math.isnan(found.missed.y)
    assert found.monotone


def test_a_wrong_sense_and_a_function_without_any_output_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed <=, >=, ="):
        find_crossing(lambda x: x, ("<", 1.0), [0.0, 1.0], 0.0)
    with pytest.raises(ValueError, match="no input from 0 to 1"):
        find_crossing(lambda x: math.nan, ("<=", 1.0), [0.0, 1.0], 0.0)
