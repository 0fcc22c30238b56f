"""Queues that lose requests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from capacity.queueing.erlang import erlang_b, erlang_c
from capacity.queueing.impatience import bounded_queue, impatient_queue, p_served_within
from capacity.queueing.waiting import mean_wait, p_wait_beyond


def test_no_waiting_room_is_erlang_b() -> None:
    queue = bounded_queue(42.0, 1.0, servers=50, places=50)
    assert queue.p_lost == pytest.approx(float(erlang_b(42.0, 50)))
    assert queue.mean_waiting == 0.0


def test_a_large_waiting_room_is_erlang_c() -> None:
    queue = bounded_queue(42.0, 1.0, servers=50, places=1000)
    assert queue.p_wait == pytest.approx(float(erlang_c(42.0, 50)))
    assert queue.mean_wait == pytest.approx(float(mean_wait(42.0, 1.0, 50)))


def test_leaving_as_fast_as_being_served_makes_the_number_present_poisson() -> None:
    queue = impatient_queue(30.0, 0.7, servers=25, leaving_rate=0.7)
    present = np.arange(80)
    assert queue.states[:80] == pytest.approx(poisson.pmf(present, 30.0 / 0.7), abs=1e-12)


def test_patient_users_wait_as_erlang_c_says() -> None:
    queue = impatient_queue(42.0, 1.0, servers=50, leaving_rate=1e-9)
    assert queue.p_wait == pytest.approx(float(erlang_c(42.0, 50)), rel=1e-6)
    in_time = 1.0 - float(p_wait_beyond(42.0, 1.0, 50, patience=0.05))
    assert p_served_within(queue, 1.0, 1e-9, wait=0.05) == pytest.approx(in_time, rel=1e-6)


def test_heavy_overload_turns_away_the_excess() -> None:
    queue = impatient_queue(1000.0, 1.0, servers=100, leaving_rate=0.1)
    assert queue.p_lost == pytest.approx(0.9, rel=1e-6)
    assert queue.utilization == pytest.approx(1.0)


@given(st.floats(1, 200), st.integers(1, 150), st.floats(0.01, 10))
def test_what_is_not_lost_is_served(rate: float, servers: int, leaving: float) -> None:
    queue = impatient_queue(rate, 1.0, servers, leaving)
    assert queue.utilization * servers == pytest.approx(rate * (1.0 - queue.p_lost), rel=1e-9)


@given(st.floats(1, 200), st.integers(1, 150), st.floats(0.01, 10), st.floats(0, 5))
def test_served_in_time_lies_between_no_wait_and_not_lost(
    rate: float, servers: int, leaving: float, wait: float
) -> None:
    queue = impatient_queue(rate, 1.0, servers, leaving)
    served = p_served_within(queue, 1.0, leaving, wait)
    assert 1.0 - queue.p_wait - 1e-9 <= served <= 1.0 - queue.p_lost + 1e-9


def test_fewer_places_than_servers_are_refused() -> None:
    with pytest.raises(ValueError, match="servers must be from 1 to places = 3, got 5"):
        bounded_queue(1.0, 1.0, servers=5, places=3)


def test_no_server_is_refused() -> None:
    with pytest.raises(ValueError, match="servers must be at least 1, got 0"):
        impatient_queue(1.0, 1.0, servers=0, leaving_rate=1.0)
