from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from capacity.load.storage import DAYS_PER_MONTH, checkpoint_bytes, conversation_bytes, kept

arrivals = arrays(np.float64, (3, 12), elements=st.floats(0, 1e6))


@given(arrivals, st.integers(1, 20))
def test_what_is_kept_is_the_sum_of_the_last_arrivals(new: np.ndarray, months: int) -> None:
    slow = np.stack([new[:, max(0, m - months + 1) : m + 1].sum(axis=1) for m in range(12)], axis=1)
    assert kept(new, months) == pytest.approx(slow, abs=1e-6)


@given(arrivals, st.integers(1, 19))
def test_keeping_longer_never_stores_less(new: np.ndarray, months: int) -> None:
    assert np.all(kept(new, months + 1) >= kept(new, months) - 1e-6)


@given(arrivals)
def test_nothing_is_lost_while_everything_is_kept(new: np.ndarray) -> None:
    assert kept(new, 12)[:, -1] == pytest.approx(new.sum(axis=1))


@given(arrivals, st.integers(1, 20))
def test_a_store_is_never_negative(new: np.ndarray, months: int) -> None:
    assert kept(new, months).min() >= -1e-6


def test_the_arrivals_are_left_as_they_were() -> None:
    new = np.ones((2, 5))
    kept(new, 2)
    assert new.tolist() == np.ones((2, 5)).tolist()


@pytest.mark.parametrize("months", [0, -1])
def test_a_retention_below_a_month_is_refused(months: int) -> None:
    with pytest.raises(ValueError, match=f"at least 1 month, got {months}"):
        kept(np.ones((1, 2)), months)


def test_conversations_by_hand() -> None:
    month = conversation_bytes(np.array([[1_000_000.0]]), 305, 4.0, 500)
    assert float(month[0, 0]) == pytest.approx(1e6 * DAYS_PER_MONTH * (305 * 4 + 500))


def test_twelve_mean_months_are_a_julian_year() -> None:
    assert pytest.approx(365.25) == DAYS_PER_MONTH * 12


def test_a_checkpoint_of_bloom_is_as_published() -> None:
    """2.3 TB for 176 billion parameters."""
    assert float(checkpoint_bytes(176e9, 13.1, 1)) == pytest.approx(2.3e12, rel=0.01)
