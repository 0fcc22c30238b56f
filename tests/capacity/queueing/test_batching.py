from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.queueing.batching import batch_queue
from capacity.queueing.erlang import erlang_c
from capacity.queueing.impatience import impatient_queue, p_served_within
from capacity.queueing.waiting import p_wait_beyond


@given(st.integers(1, 60), st.floats(0.05, 0.95), st.floats(0.1, 10))
def test_servers_of_one_speed_make_erlangs_model_c(servers: int, use: float, mu: float) -> None:
    queue = batch_queue(use * servers * mu, mu * np.arange(1, servers + 1))
    assert queue.p_wait == pytest.approx(float(erlang_c(use * servers, servers)), rel=1e-9)


@given(st.integers(1, 60), st.floats(0.3, 2.5), st.floats(0.05, 5))
def test_servers_of_one_speed_with_leaving_users_make_erlangs_model_a(
    servers: int, use: float, leaving: float
) -> None:
    queue = batch_queue(use * servers, np.arange(1.0, servers + 1), leaving_rate=leaving)
    known = impatient_queue(use * servers, 1.0, servers, leaving)
    assert queue.p_lost == pytest.approx(known.p_lost, rel=1e-7, abs=1e-12)
    assert queue.p_wait == pytest.approx(known.p_wait, rel=1e-7, abs=1e-12)


def shares_within(queue: object, wait: float, leaving: float) -> float:
    """Service level by the states and the waits that they bring."""
    ranks = (np.arange(400) + 0.5) / 400
    states = queue.states  # type: ignore[attr-defined]
    present = np.arange(states.size)
    grid = queue.waits(np.repeat(present, 400), np.tile(ranks, present.size))  # type: ignore[attr-defined]
    served = np.where(grid <= wait, np.exp(-leaving * grid), 0.0).reshape(-1, 400).mean(axis=1)
    return float(states @ served)


@pytest.mark.parametrize("wait", [0.05, 0.2, 0.6])
def test_waits_are_those_of_model_c(wait: float) -> None:
    queue = batch_queue(9.0, np.arange(1.0, 11.0))
    expected = 1.0 - float(p_wait_beyond(9.0, 1.0, 10, wait))
    assert shares_within(queue, wait, 0.0) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("leaving", [0.2, 1.0, 3.0])
def test_waits_are_those_of_model_a(leaving: float) -> None:
    queue = batch_queue(11.0, np.arange(1.0, 11.0), leaving_rate=leaving)
    known = impatient_queue(11.0, 1.0, 10, leaving)
    expected = p_served_within(known, 1.0, leaving, wait=0.2)
    assert shares_within(queue, 0.2, leaving) == pytest.approx(expected, abs=5e-3)


SHARED = np.arange(1, 21) / (1.0 + 0.05 * np.arange(1, 21))  # slower with every request more


def test_a_replica_that_slows_down_holds_more_requests() -> None:
    slow = batch_queue(8.0, SHARED)
    fast = batch_queue(8.0, np.arange(1.0, 21.0))
    assert slow.mean_running > fast.mean_running


@given(st.floats(1, 9), st.integers(1, 6))
def test_flow_in_equals_flow_out(rate: float, replicas: int) -> None:
    queue = batch_queue(rate * replicas, SHARED, replicas)
    assert float(queue.states @ queue.rates) == pytest.approx(rate * replicas, rel=1e-6)


@given(st.floats(2, 9.5))
def test_replicas_behind_one_queue_wait_less_than_each_alone(rate: float) -> None:
    assert batch_queue(4 * rate, SHARED, 4).p_wait <= batch_queue(rate, SHARED).p_wait + 1e-12


def test_a_burst_widens_the_distribution_by_its_factor() -> None:
    many = np.arange(1.0, 2001.0)
    plain, burst = batch_queue(400.0, many), batch_queue(400.0, many, burst=2.5)
    assert plain.variance_present == pytest.approx(400.0, rel=1e-6)
    assert burst.variance_present == pytest.approx(1000.0, rel=0.02)
    assert burst.mean_present == pytest.approx(400.0, rel=0.01)


def test_too_few_replicas_are_refused_with_how_many_it_takes() -> None:
    with pytest.raises(ValueError, match="at least 3 replicas"):
        batch_queue(25.0, SHARED)


@pytest.mark.parametrize(
    "arguments",
    [{"arrival_rate": 0.0}, {"leaving_rate": -1.0}, {"burst": 0.0}, {"replicas": 0}],
)
def test_impossible_numbers_are_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"above 0|at least 1"):
        batch_queue(**{"arrival_rate": 1.0, "busy_rates": SHARED, **arguments})  # type: ignore[arg-type]
