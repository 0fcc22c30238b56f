from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.history import History
from forecast.volatility import last_year_volatility, volatility_factor

steps = st.lists(st.floats(-2.0, 2.0), min_size=8, max_size=12)


def test_a_year_by_hand():
    """Steps of 0.5, 0.1 and 0.3 in one, two and one quarters; the line rises by 0.225 in one."""
    months, levels = 3.0 * np.array([0.0, 1.0, 3.0, 4.0]), np.array([0.0, 0.5, 0.6, 0.9])
    squares = (0.275**2 + 0.35**2 / 2.0 + 0.075**2) / 3.0
    assert last_year_volatility(months, levels) == pytest.approx(np.sqrt(squares / 2.0))


@given(changes=steps, drift=st.floats(-1.0, 1.0))
def test_a_drift_makes_no_year_unsteady(changes, drift):
    months = np.arange(len(changes) + 1.0)
    levels = np.concatenate([[0.0], np.cumsum(changes)])
    drifting = last_year_volatility(months, levels + drift * months)
    assert drifting == pytest.approx(last_year_volatility(months, levels), abs=1e-7)


def test_it_is_that_of_the_random_walk_however_often_it_is_reported():
    rng = np.random.default_rng(3)
    walks = np.cumsum(0.2 * rng.standard_normal((4_000, 13)), axis=1)
    for every in (1, 3, 4):
        months = np.arange(13.0)[::every]
        squares = [last_year_volatility(months, walk[::every]) ** 2 for walk in walks]
        assert np.mean(squares) == pytest.approx(0.04, rel=0.05)


def test_what_is_older_than_a_year_does_not_count():
    months = np.arange(25.0)
    levels = np.where(months < 12.0, np.sin(9.0 * months), 0.1 * months)
    assert last_year_volatility(months, levels) == pytest.approx(0.0, abs=1e-12)


def test_three_values_or_a_few_months_tell_nothing():
    assert np.isnan(last_year_volatility(6.0 * np.arange(3.0), np.array([0.0, 1.0, 0.5])))
    assert np.isnan(last_year_volatility(np.arange(8.0), 0.1 * np.arange(8.0)))
    assert last_year_volatility(np.arange(9.0), 0.1 * np.arange(9.0)) == pytest.approx(0.0)
    assert volatility_factor(float("nan"), 0.1) == 1.0
    assert volatility_factor(0.3, float("nan")) == 1.0


@given(first=st.floats(0.0, 10.0), second=st.floats(0.0, 10.0))
def test_a_wilder_year_never_narrows_the_interval(first, second):
    low, high = volatility_factor(sorted((first, second)), 0.1)
    assert 0.5 <= low <= high <= 2.0


def test_a_history_knows_the_volatility_of_its_last_year():
    months = np.arange("2022-01", "2023-02", dtype="datetime64[M]").astype("datetime64[D]")
    levels = np.cumsum(np.tile([0.3, 0.1], 7)[:13])
    found = History("users", months, np.exp(levels)).volatility
    assert found == pytest.approx(last_year_volatility(np.arange(13.0), levels))
    ends = History.from_points("users", {"2022-01": 1.0, "2022-12": 5.0}, kind="flow")
    assert np.isnan(ends.volatility)
