"""Run lengths of control charts: published tables, closed forms, and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.monitor.control_charts import cusum_arl, ewma_arl, shewhart_arl

shifts = st.floats(0.0, 3.0)
few = settings(max_examples=10)  # each solves a chain of hundreds of states


@pytest.mark.parametrize(
    ("weight", "limit", "shift", "published"),
    # Lucas and Saccucci 1990, schemes of an in-control run length of 500.
    [(0.4, 3.054, 0.5, 71.2), (0.25, 2.998, 1.0, 11.1), (0.1, 2.814, 0.5, 31.3),
     (0.1, 2.814, 2.0, 4.36), (0.05, 2.615, 0.25, 84.1), (0.2, 2.962, 3.0, 2.4)],
)  # fmt: skip
def test_published_run_lengths_of_the_ewma(
    weight: float, limit: float, shift: float, published: float
) -> None:
    assert ewma_arl(weight, limit, shift) == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize(
    ("interval", "shift", "published"),
    # Montgomery, tabular CUSUM with k = 1/2.
    [(4.0, 0.25, 74.2), (4.0, 1.5, 4.75), (4.0, 3.0, 2.19), (5.0, 0.75, 17.0), (5.0, 4.0, 2.01)],
)
def test_published_run_lengths_of_the_cusum(
    interval: float, shift: float, published: float
) -> None:
    assert cusum_arl(interval, 0.5, shift) == pytest.approx(published, rel=0.005)


@few
@given(st.floats(0.5, 3.5), shifts)
def test_an_ewma_without_memory_is_a_shewhart_chart(limit: float, shift: float) -> None:
    assert ewma_arl(1.0, limit, shift) == pytest.approx(shewhart_arl(limit, shift), rel=1e-9)


@few
@given(st.floats(2.0, 6.0), st.floats(0.25, 1.0), shifts)
def test_two_sides_signal_before_one(interval: float, reference: float, shift: float) -> None:
    assert cusum_arl(interval, reference, shift) <= cusum_arl(interval, reference, shift, sides=1)


@few
@given(st.floats(2.0, 5.0), shifts, st.floats(0.1, 1.0))
def test_a_larger_shift_is_found_sooner(interval: float, shift: float, more: float) -> None:
    assert cusum_arl(interval, 0.5, shift + more) < cusum_arl(interval, 0.5, shift)
    assert ewma_arl(0.2, 2.5, shift + more) < ewma_arl(0.2, 2.5, shift)


@few
@given(shifts)
def test_both_directions_are_alike(shift: float) -> None:
    assert cusum_arl(4.0, 0.5, shift) == pytest.approx(cusum_arl(4.0, 0.5, -shift), rel=1e-9)
    assert ewma_arl(0.1, 2.8, shift) == pytest.approx(ewma_arl(0.1, 2.8, -shift), rel=1e-9)


def test_a_simulated_cusum_runs_as_long_as_the_chain_says() -> None:
    rng = np.random.default_rng(5)
    runs, shift = 20_000, 0.8
    high = low = np.zeros(runs)
    length = np.zeros(runs)
    running = np.ones(runs, dtype=bool)
    while running.any():
        z = rng.standard_normal(runs) + shift
        high, low = np.maximum(high + z - 0.5, 0.0), np.maximum(low - z - 0.5, 0.0)
        length += running
        running &= (high <= 3.0) & (low <= 3.0)
    error = length.std() / np.sqrt(runs)
    assert cusum_arl(3.0, 0.5, shift) == pytest.approx(length.mean(), abs=4.0 * error)


@pytest.mark.parametrize(
    "call",
    [
        lambda: shewhart_arl(0.0),
        lambda: cusum_arl(0.0, 0.5),
        lambda: cusum_arl(4.0, -0.1),
        lambda: cusum_arl(4.0, 0.5, sides=3),
        lambda: ewma_arl(0.0, 3.0),
        lambda: ewma_arl(1.1, 3.0),
        lambda: ewma_arl(0.2, float("nan")),
    ],
)
def test_a_chart_that_cannot_be_is_refused(call) -> None:
    with pytest.raises(ValueError, match="must be"):
        call()
