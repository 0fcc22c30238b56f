"""Nodes switched with the load."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.autoscaling import latency_need, paid_hours, scaled_ahead, scaled_hours
from capacity.queueing.erlang import quality_of_service, staffing

needs = st.lists(st.floats(1, 50), min_size=1, max_size=48).map(np.array)
colds = st.sampled_from((0.1, 1 / 6, 0.25, 1.0, 1.5))
limits = st.integers(1, 60)


def minutes(need: np.ndarray, cold_h: float, at_once: int) -> np.ndarray:
    """Fewest nodes in each slot from the quietest hour, the plain way."""
    per_hour = max(1, int(1 / cold_h + 1e-9))
    wanted = np.repeat(np.ceil(np.roll(need, -int(need.argmin()))), per_hour)
    ahead = np.arange(wanted.size)
    return np.array([(np.roll(wanted, -slot) - at_once * ahead).max() for slot in ahead])


@given(needs, colds, limits)
def test_the_schedule_is_the_least_that_rises_no_faster(
    need: np.ndarray, cold_h: float, at_once: int
) -> None:
    found = scaled_ahead(need, cold_h, at_once)
    least = minutes(need, cold_h, at_once)
    slot = found.hours / least.size
    assert found.hours == pytest.approx(need.size)
    served = np.concatenate([[s.serving] * round(s.hours / slot) for s in found.steps])
    assert served.tolist() == least.tolist()
    assert found.held
    assert max(step.back for step in found.steps) <= at_once


@given(needs, colds, limits)
def test_paid_hours_are_those_of_every_node_for_itself(
    need: np.ndarray, cold_h: float, at_once: int
) -> None:
    found = scaled_ahead(need, cold_h, at_once)
    on = [0.0] * found.steps[0].serving
    paid = 0.0
    for step in found.steps:
        for _ in range(step.out):
            paid += step.start_h - on.pop()
        on += [step.start_h + step.hours - cold_h] * step.back
    paid += sum(found.hours - since for since in on)
    assert paid_hours(found, cold_h) == pytest.approx(paid)


@given(needs, colds, limits)
def test_foresight_costs_least_and_a_slow_ramp_most(
    need: np.ndarray, cold_h: float, at_once: int
) -> None:
    quick, slow = scaled_ahead(need, cold_h, 60), scaled_ahead(need, cold_h, at_once)
    least = scaled_hours(need, 0)
    hours = [sum(step.hours * step.serving for step in item.steps) for item in (quick, slow)]
    assert least.foreseen <= hours[0] + 1e-6 <= hours[1] + 2e-6
    assert hours[1] <= least.fixed + 1e-6


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


@given(st.floats(100, 1e5), st.floats(0.01, 0.2), st.floats(0.05, 1))
def test_the_need_off_the_peak_is_that_of_square_root_staffing(
    offered: float, waiting: float, load: float
) -> None:
    spread = quality_of_service(waiting) * np.sqrt(offered)
    peak = offered + float(spread)
    found = latency_need(np.array([load]), peak, float(spread) / peak)
    assert found[0] == pytest.approx(float(staffing(offered * load, waiting)), abs=2.5)
    assert found[0] >= peak * load - 1e-9  # rounded


@pytest.mark.parametrize(("cold_h", "at_once"), [(0.0, 1), (1.0, 0), (float("nan"), 1)])
def test_impossible_ramps_are_refused(cold_h: float, at_once: int) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        scaled_ahead(np.array([1.0]), cold_h, at_once)


def test_a_negative_lag_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        scaled_hours(np.array([1.0]), -1)
