"""Erlang's formulas and staffing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.queueing.erlang import (
    erlang_b,
    erlang_c,
    halfin_whitt,
    quality_of_service,
    servers_for_wait,
    staffing,
)

loads = st.floats(0.01, 1e5)
p_waits = st.floats(0.01, 0.6)


def erlang_b_by_recursion(load: float, servers: int) -> float:
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


@pytest.mark.parametrize(
    ("load", "servers"),
    [(0.3, 1), (7.2, 9), (1000, 200), (1000, 10), (5000, 4000), (99_000, 100_000), (2e5, 100_000)],
)
def test_erlang_b_equals_the_recursion(load: float, servers: int) -> None:
    expected = erlang_b_by_recursion(load, servers)
    assert float(erlang_b(load, servers)) == pytest.approx(expected, rel=1e-9)


def test_erlang_b_without_servers_loses_everything_and_without_load_nothing() -> None:
    assert float(erlang_b(5.0, 0)) == pytest.approx(1.0)
    assert erlang_b(0.0, 5) == 0.0


def test_published_waiting_probability() -> None:
    # 360 calls per half hour of 4 minutes each, 55 agents: 0.2387 in print.
    assert float(erlang_c(48.0, 55)) == pytest.approx(0.2387, abs=5e-5)


@given(loads, st.integers(0, 1000))
def test_overloaded_servers_make_everyone_wait(load: float, fewer: int) -> None:
    servers = max(1, int(load) - fewer)
    assert erlang_c(max(load, 1.0), servers) == 1.0


def test_waiting_probability_rises_to_one_at_full_load() -> None:
    waits = erlang_c(100_000 * np.array([0.9, 0.99, 0.999, 0.999999, 1.0, 1.1]), 100_000)
    assert np.all(np.diff(waits) >= 0)
    assert waits[-3] > 0.99
    assert waits[-2] == 1.0


@given(st.floats(0.01, 1e4), st.integers(1, 10_000), st.floats(0, 100))
def test_more_load_or_fewer_servers_never_wait_less(load: float, servers: int, more: float) -> None:
    base = float(erlang_c(load, servers + 1))
    assert float(erlang_c(load + more, servers + 1)) >= base * (1 - 1e-9)
    assert float(erlang_c(load, servers)) >= base * (1 - 1e-9)


@given(p_waits)
def test_quality_of_service_inverts_the_halfin_whitt_function(p_wait: float) -> None:
    assert float(halfin_whitt(quality_of_service(p_wait))) == pytest.approx(p_wait, rel=1e-12)


def test_halfin_whitt_is_the_limit_of_erlang_c() -> None:
    load = 1e8
    exact = float(erlang_c(load, load + 0.75 * np.sqrt(load)))
    assert exact == pytest.approx(float(halfin_whitt(0.75)), rel=1e-3)


@pytest.mark.parametrize("p_wait", [0.01, 0.05, 0.1, 0.3, 0.5])
def test_staffing_is_never_short_and_at_most_one_over(p_wait: float) -> None:
    load = np.unique(np.logspace(-1, 5, 300).round(3))
    over = staffing(load, p_wait) - servers_for_wait(load, p_wait)
    assert over.min() >= 0
    assert over.max() <= 1
    assert np.mean(over) < 0.1


@given(loads, p_waits)
def test_exact_staffing_meets_the_target_and_one_server_fewer_misses_it(
    load: float, p_wait: float
) -> None:
    servers = int(servers_for_wait(load, p_wait))
    assert erlang_c(load, servers) <= p_wait
    assert servers == 1 or erlang_c(load, servers - 1) > p_wait


@given(loads, p_waits, st.floats(0, 20))
def test_staffing_exceeds_the_load(load: float, p_wait: float, variability: float) -> None:
    assert staffing(load, p_wait, variability) > load


@given(loads, loads, p_waits, st.floats(0, 20))
def test_two_pools_never_need_less_than_one_pooled(
    one: float, two: float, p_wait: float, variability: float
) -> None:
    apart = staffing([one, two], p_wait, variability).sum()
    # The sum of two loads rounds: a millionth of an erlang is not a server.
    assert apart >= staffing(one + two - 1e-6, p_wait, variability)
    assert servers_for_wait([one, two], p_wait).sum() >= servers_for_wait(one + two - 1e-6, p_wait)


@given(loads, st.floats(0, 1e4), p_waits, st.floats(0, 9), st.floats(0, 9))
def test_more_load_or_variability_never_needs_fewer_servers(
    load: float, more: float, p_wait: float, variability: float, rougher: float
) -> None:
    base = staffing(load, p_wait, variability)
    assert staffing(load + more, p_wait, variability) >= base
    assert staffing(load, p_wait, variability + rougher) >= base


@given(loads, st.floats(0.01, 0.3), st.floats(0, 0.3))
def test_a_laxer_target_never_needs_more_servers(load: float, p_wait: float, laxer: float) -> None:
    assert staffing(load, p_wait + laxer) <= staffing(load, p_wait)
    assert servers_for_wait(load, p_wait + laxer) <= servers_for_wait(load, p_wait)


def test_staffing_keeps_the_shape_of_its_arguments() -> None:
    assert staffing(np.full((4, 3), 50.0), 0.05, np.full((4, 1), 2.0)).shape == (4, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang_b(-1.0, 3), "must not be negative"),
        (lambda: erlang_c(1.0, 0), "servers must be at least 1"),
        (lambda: staffing(-1.0, 0.1), "offered_load and variability must not be negative"),
        (lambda: staffing(1.0, 0.0), "p_wait must lie strictly between 0 and 1"),
        (lambda: servers_for_wait(1.0, 1.0), "p_wait must lie strictly between 0 and 1"),
        (lambda: staffing(np.nan, 0.1), "must not be negative"),
    ],
)
def test_impossible_arguments_are_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
