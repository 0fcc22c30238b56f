"""Failures that take several machines at once."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.common_cause import (
    alpha_factor_probability,
    beta_factor_unavailability,
    pfd_one_of_two,
    shock_unavailability,
)
from capacity.availability.pools import k_of_n_unavailability


@given(st.integers(1, 20), st.integers(0, 5), st.floats(0.0, 0.2))
def test_without_common_cause_failures_are_independent(need: int, spares: int, down: float) -> None:
    alone = float(k_of_n_unavailability(need, need + spares, 1.0 - down))
    assert beta_factor_unavailability(need, need + spares, down, 0.0) == pytest.approx(alone)


@given(st.integers(1, 20), st.integers(0, 5), st.floats(0.0, 0.2))
def test_all_common_makes_the_pool_one_machine(need: int, spares: int, down: float) -> None:
    pool = beta_factor_unavailability(need, need + spares, down, 1.0)
    assert pool == pytest.approx(down, abs=1e-12)


def test_a_tenth_in_common_costs_a_pair_a_factor_of_26() -> None:
    with_shocks = shock_unavailability(1, 2, 1 / 2000, 1 / 4, beta=0.1)
    without = shock_unavailability(1, 2, 1 / 2000, 1 / 4, beta=0.0)
    assert with_shocks / without == pytest.approx(26, rel=0.01)


def test_shocks_of_share_zero_leave_independent_machines() -> None:
    alone = float(k_of_n_unavailability(3, 5, 1 / 1.05))
    assert shock_unavailability(3, 5, 0.02, 0.4, beta=0.0) == pytest.approx(alone, rel=1e-9)


@pytest.mark.parametrize("staggered", [True, False])
def test_alpha_factors_add_up_to_the_probability_of_one_machine(staggered: bool) -> None:
    alphas = (0.93, 0.05, 0.015, 0.005)
    sets_with_one_machine = [comb(3, k - 1) for k in range(1, 5)]
    total = sum(
        n * alpha_factor_probability(alphas, 1e-3, k, staggered)
        for k, n in enumerate(sets_with_one_machine, start=1)
    )
    assert total == pytest.approx(1e-3)


def test_tested_pair_without_common_cause_follows_the_integral() -> None:
    # Both fail independently since the last test: the mean of (rate * time)^2 over an interval.
    rate, interval = 1e-6, 8760.0
    time = np.linspace(0, interval, 100_001)
    exact = float(np.mean((rate * time) ** 2))
    assert pfd_one_of_two(rate, 0.0, interval, 0.0) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: beta_factor_unavailability(1, 2, 0.1, 1.5), "between 0 and 1, got 0.1 and 1.5"),
        (lambda: shock_unavailability(1, 2, 0.1, 1.0, beta=-1), "beta must be between 0 and 1"),
        (lambda: alpha_factor_probability((1.0,), 0.1, 2), "together must be from 1 to 1, got 2"),
    ],
)
def test_impossible_arguments_are_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
