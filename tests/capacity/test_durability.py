"""Whether stored data survives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.durability import loss_probability


def test_three_of_four_coding_matches_the_published_model_checker_run() -> None:
    assert 1 - loss_probability(4, 3, 0.05, 52.14) == pytest.approx(0.99943953, abs=2e-7)
    assert 1 - loss_probability(4, 3, 0.05, 365.0) == pytest.approx(0.99991812, abs=5e-9)


def test_a_single_copy_is_lost_with_its_disk() -> None:
    years = 3.0
    lost = loss_probability(1, 1, 0.0157, 365.0, years)
    assert lost == pytest.approx(1 - 2.718281828 ** (-0.0157 * years), rel=1e-6)


@given(st.integers(1, 4), st.integers(0, 3), st.floats(0.005, 0.2))
def test_another_fragment_or_faster_rebuilding_loses_less(
    need: int, spare: int, failure_rate: float
) -> None:
    base = loss_probability(need + spare, need, failure_rate, 50.0)
    assert loss_probability(need + spare + 1, need, failure_rate, 50.0) < base
    assert loss_probability(need + spare, need, failure_rate, 100.0) <= base * (1 + 1e-9)


def test_more_needed_than_stored_is_refused() -> None:
    with pytest.raises(ValueError, match="need must be from 1 to fragments = 3, got 4"):
        loss_probability(3, 4, 0.01, 365.0)
