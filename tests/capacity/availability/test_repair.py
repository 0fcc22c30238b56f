"""Repairable groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.pools import k_of_n_unavailability
from capacity.availability.repair import FailoverPair, Standby, repaired_pool

PAIR = FailoverPair(1 / 5000, 1 / 4, 0.9, reconfiguration_h=30 / 3600, reboot_h=1 / 6)


@given(st.integers(1, 60), st.integers(0, 10), st.floats(1e-4, 0.1))
def test_a_crew_for_every_machine_makes_failures_independent(
    need: int, spares: int, failure_rate: float
) -> None:
    machines = need + spares
    pool = repaired_pool(machines, need, machines, failure_rate, repair_rate=1.0)
    alone = k_of_n_unavailability(need, machines, 1.0 / (1.0 + failure_rate))
    assert pool.unavailability == pytest.approx(float(alone), rel=1e-6)
    assert pool.mean_up == pytest.approx(machines / (1.0 + failure_rate))


@given(st.integers(1, 9))
def test_fewer_crews_are_never_better(crews: int) -> None:
    few, more = (repaired_pool(100, 90, c, 0.01, 0.2).unavailability for c in (crews, crews + 1))
    assert few >= more


def test_ten_thousand_machines_with_crews() -> None:
    pool = repaired_pool(10_000, 9_900, 40, failure_rate=1 / 3692, repair_rate=1 / 12)
    # The crews are kept busy: 10,000 failures per 3,692 h at 12 h each.
    assert 10_000 - pool.mean_up == pytest.approx(10_000 / 3692 * 12, rel=0.05)
    assert pool.mean_down_time == pytest.approx(pool.unavailability / pool.failure_frequency)


def test_two_cold_units_with_sure_switching_follow_the_textbook() -> None:
    ratio = 0.01 / 0.5
    pair = Standby(2, need=1, crews=1, failure_rate=0.01, repair_rate=0.5)
    assert pair.unavailability == pytest.approx(ratio**2 / (1 + ratio + ratio**2))


def test_units_that_wait_as_hot_as_they_work_fail_independently() -> None:
    hot = Standby(5, 3, crews=5, failure_rate=0.02, repair_rate=0.4, dormancy=1.0)
    alone = float(k_of_n_unavailability(3, 5, 1 / 1.05))
    assert hot.unavailability == pytest.approx(alone, rel=1e-9)


@given(st.floats(0, 1), st.floats(0, 1))
def test_worse_switching_or_warmer_waiting_is_never_better(switching: float, warm: float) -> None:
    best = Standby(3, 1, crews=3, failure_rate=0.05, repair_rate=0.5)
    assert replace(best, switching=switching).unavailability >= best.unavailability * (1 - 1e-9)
    assert replace(best, dormancy=warm).unavailability >= best.unavailability * (1 - 1e-9)


def test_failover_pair_follows_its_publication() -> None:
    published = [0.9983916, 2.995e-6, 6.6559e-6, 1.59742e-3, 1.2779e-6]
    assert np.allclose(PAIR.states, published, rtol=2e-4)
    assert int(PAIR.mtbf_h) == 24857


def test_uncovered_failures_dominate_the_downtime() -> None:
    assert replace(PAIR, coverage=1.0).unavailability < 0.5 * PAIR.unavailability


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: repaired_pool(3, 4, 1, 0.1, 1.0), "need must be from 1 to machines = 3, got 4"),
        (lambda: repaired_pool(3, 2, 0, 0.1, 1.0), "crews must be at least 1, got 0"),
        (lambda: Standby(2, 3, 1, 0.1, 1.0), "need must be from 1 to units = 2, got 3"),
        (lambda: Standby(2, 1, 0, 0.1, 1.0), "crews must be at least 1, got 0"),
        (lambda: Standby(2, 1, 1, 0.1, 1.0, switching=2.0), "switching must be between 0 and 1"),
    ],
)
def test_impossible_groups_are_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
