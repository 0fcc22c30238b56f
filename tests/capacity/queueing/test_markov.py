"""Markov chains by two methods each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from capacity.queueing.markov import birth_death, generator, mean_time_to, stationary, transient

rates = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8)


def line(births: np.ndarray, deaths: np.ndarray) -> np.ndarray:
    n = births.size
    up = {(i, i + 1): births[i] for i in range(n)}
    down = {(i + 1, i): deaths[i] for i in range(n)}
    return generator(n + 1, up | down)


@given(rates)
def test_elimination_agrees_with_the_product_formula(births: list[float]) -> None:
    up = np.array(births)
    down = up[::-1] * 1.7
    assert stationary(line(up, down)) == pytest.approx(birth_death(up, down), rel=1e-9)


def test_small_probabilities_keep_their_digits() -> None:
    states = stationary(line(np.full(20, 1e-6), np.full(20, 1.0)))
    assert states[20] == pytest.approx(1e-120, rel=1e-4)


def test_ten_thousand_states_do_not_overflow() -> None:
    states = birth_death(np.full(10_000, 5.0), np.full(10_000, 1.0))
    assert states.sum() == pytest.approx(1.0)
    assert states[-1] == pytest.approx(0.8)


@given(rates, st.floats(0.01, 20.0))
def test_transient_equals_the_matrix_exponential(births: list[float], time: float) -> None:
    up = np.array(births) / 100.0
    chain = line(up, np.ones_like(up))
    assert transient(chain, 0, time) == pytest.approx(expm(chain * time)[0], abs=1e-10)


def test_transient_starts_where_it_starts_and_ends_in_the_long_run() -> None:
    chain = line(np.array([1.0, 2.0]), np.array([3.0, 1.0]))
    assert transient(chain, 1, 0.0).tolist() == [0.0, 1.0, 0.0]
    assert transient(chain, 1, 100.0) == pytest.approx(stationary(chain))


def test_mean_time_through_two_stages_is_their_sum() -> None:
    chain = generator(3, {(0, 1): 0.5, (1, 2): 0.25})
    assert mean_time_to(chain, 0, absorbing=(2,)) == pytest.approx(6.0)


def test_rates_must_be_positive() -> None:
    with pytest.raises(ValueError, match="births and deaths must be above 0"):
        birth_death([1.0, 0.0], [1.0, 1.0])
