"""Waits against simulation, exact queues and each other."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.queueing.waiting import (
    cosmetatos_factor,
    fixed_service_wait,
    kingman_bound,
    mean_wait,
    p_wait_beyond,
    sakasegawa_wait,
    whitt_factor,
)

shares = st.floats(0.05, 0.98)


def simulated_waits(
    rng: np.random.Generator, arrival_rate: float, service: np.ndarray, servers: int
) -> np.ndarray:
    """Waits in order of arrival: each request takes the server that is free first."""
    arrivals = np.cumsum(rng.exponential(1.0 / arrival_rate, service.size))
    free = [0.0] * servers
    waits = np.empty(service.size)
    for i, (arrival, duration) in enumerate(zip(arrivals, service, strict=True)):
        start = max(arrival, free[0])
        heapq.heapreplace(free, start + duration)
        waits[i] = start - arrival
    return waits


def mean_and_error(waits: np.ndarray) -> tuple[float, float]:
    """Mean and its standard error from 25 batches, the first fifth left out."""
    batches = waits[waits.size // 5 :].reshape(25, -1).mean(axis=1)
    return float(batches.mean()), float(batches.std(ddof=1) / 5.0)


def test_exponential_service_waits_as_erlang_says_within_four_standard_errors() -> None:
    rng = np.random.default_rng(3)
    waits = simulated_waits(rng, 8.4, rng.exponential(1.0, 250_000), servers=10)
    mean, error = mean_and_error(waits)
    assert abs(mean - float(mean_wait(8.4, 1.0, 10))) < 4 * error
    late, late_error = mean_and_error((waits > 0.5).astype(float))
    assert abs(late - float(p_wait_beyond(8.4, 1.0, 10, patience=0.5))) < 4 * late_error


def test_fixed_service_waits_as_crommelin_says_within_four_standard_errors() -> None:
    rng = np.random.default_rng(4)
    waits = simulated_waits(rng, 8.4, np.ones(250_000), servers=10)
    mean, error = mean_and_error(waits)
    assert abs(mean - fixed_service_wait(8.4, 1.0, servers=10)) < 4 * error


def test_allen_cunneen_is_near_the_simulation_of_rough_service() -> None:
    rng = np.random.default_rng(5)
    short, long = 0.5, 3.5  # one request in six is seven times as long
    service = np.where(rng.random(250_000) < 1 / 6, long, short)
    scv = float(np.var([short] * 5 + [long]))
    waits = simulated_waits(rng, 8.4, service, servers=10)
    mean, _ = mean_and_error(waits)
    assert float(mean_wait(8.4, 1.0, 10, 0.5 * (1 + scv))) == pytest.approx(mean, rel=0.1)


@given(shares)
def test_one_server_with_fixed_service_waits_half(use: float) -> None:
    assert fixed_service_wait(use, 1.0, 1) == pytest.approx(0.5 * use / (1 - use), rel=1e-9)


@given(shares, st.integers(2, 60))
def test_fixed_service_waits_between_half_and_all_of_exponential_service(
    use: float, servers: int
) -> None:
    exponential = float(mean_wait(use * servers, 1.0, servers))
    fixed = fixed_service_wait(use * servers, 1.0, servers)
    assert 0.5 * exponential * (1 - 1e-6) <= fixed + 1e-12 <= exponential * (1 + 1e-6) + 1e-11


@given(st.floats(0.5, 0.98), st.integers(1, 60))
def test_refinements_are_exact_for_poisson_arrivals_and_exponential_service(
    use: float, servers: int
) -> None:
    assert whitt_factor(use, servers, 1.0, 1.0) == pytest.approx(1.0)
    assert cosmetatos_factor(use, servers, 1.0, 1.0) == pytest.approx(1.0)


@pytest.mark.parametrize(("use", "servers"), [(0.9, 4), (0.8, 20), (0.95, 50)])
def test_refinements_are_within_two_percent_of_fixed_service(use: float, servers: int) -> None:
    exact = fixed_service_wait(use * servers, 1.0, servers)
    base = float(mean_wait(use * servers, 1.0, servers))
    for factor in (whitt_factor, cosmetatos_factor):
        assert base * factor(use, servers, 1.0, 0.0) == pytest.approx(exact, rel=0.02)


def test_whitt_knows_both_orders_of_roughness() -> None:
    rough_arrivals = whitt_factor(0.9, 10, arrival_scv=4.0, service_scv=1.0)
    rough_service = whitt_factor(0.9, 10, arrival_scv=1.0, service_scv=4.0)
    assert rough_arrivals != rough_service
    assert min(rough_arrivals, rough_service) > 2.0
    assert max(rough_arrivals, rough_service) < 3.0
    assert whitt_factor(0.9, 10, arrival_scv=0.0, service_scv=0.0) == 0.0


def test_cosmetatos_scales_where_traffic_is_rougher_than_poisson() -> None:
    assert cosmetatos_factor(0.9, 10, 3.0, 1.0) == 2.0


@given(st.floats(0.05, 0.95), st.floats(0.0, 5.0))
def test_kingman_bounds_the_wait_at_one_server(use: float, scv: float) -> None:
    exact = float(mean_wait(use, 1.0, 1, 0.5 * (1 + scv)))  # Pollaczek and Khinchine
    assert kingman_bound(use, 1.0, scv) >= exact


def test_sakasegawa_is_within_three_percent_of_erlang_when_busy() -> None:
    exact = float(mean_wait(9.0, 1.0, 10))
    assert sakasegawa_wait(9.0, 1.0, 10, 1.0) == pytest.approx(exact, rel=0.03)


def test_full_load_waits_forever() -> None:
    assert np.isinf(mean_wait(10.0, 1.0, 10))
    assert np.isinf(fixed_service_wait(10.0, 1.0, 10))
    assert np.isinf(sakasegawa_wait(10.0, 1.0, 10, 1.0))
    assert np.isinf(kingman_bound(1.0, 1.0, 1.0))
    assert p_wait_beyond(12.0, 1.0, 10, 5.0) == 1.0


@pytest.mark.parametrize("call", [mean_wait, p_wait_beyond])
def test_service_that_never_ends_is_refused(call: object) -> None:
    with pytest.raises(ValueError, match="service_rate must be above 0"):
        call(1.0, 0.0, 2, 1.0)
