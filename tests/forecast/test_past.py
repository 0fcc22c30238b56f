from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.past import LONGEST, past_of

numbers = st.lists(st.floats(-1e150, 1e150), min_size=2, max_size=30).map(np.array)


@given(numbers)
def test_the_way_back_leads_to_the_values(values):
    past = past_of(values)
    assert past.back(past.values) == pytest.approx(values, abs=1e-9 * np.abs(values).max())


@given(numbers)
def test_values_are_positive_unless_the_series_is_constant(values):
    past = past_of(values)
    assert past.constant or (past.values > 0.0).all()


@given(numbers)
def test_nothing_below_zero_comes_back_to_a_series_without_negatives(values):
    past = past_of(np.abs(values))
    assert (past.back(np.array([-5.0, 0.0])) >= 0.0).all()


def test_a_gap_is_filled_on_a_straight_line():
    filled = past_of(np.array([2.0, np.nan, np.nan, 8.0]))
    assert filled.back(filled.values) == pytest.approx([2.0, 4.0, 6.0, 8.0])


def test_of_a_long_series_the_latest_values_are_read():
    values = 1.0 + np.arange(100_000.0)
    past = past_of(values)
    assert past.back(past.values) == pytest.approx(values[-LONGEST:])
