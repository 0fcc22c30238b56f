from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from capacity.load.workload import mean_rate_per_s, peak_hour_ratio, serving_time_s, weekday_ratio

days = arrays(np.float64, 24, elements=st.floats(0.01, 10))
weekends = st.floats(0.05, 5)


@given(weekends)
def test_the_days_of_a_week_average_to_one(weekend: float) -> None:
    weekday = float(weekday_ratio(weekend))
    assert 5 * weekday + 2 * weekday * weekend == pytest.approx(7)


@given(days, weekends)
def test_the_peak_is_the_largest_hour_of_the_whole_week(day: np.ndarray, weekend: float) -> None:
    week = np.concatenate([day] * 5 + [day * weekend] * 2)
    expected = week.max() / week.mean()
    assert float(peak_hour_ratio(day, weekend)) == pytest.approx(expected)


@given(days, weekends)
def test_a_weekly_profile_holds_its_weekend_already(day: np.ndarray, weekend: float) -> None:
    week = np.concatenate([day] * 5 + [day * weekend] * 2)
    daily, weekly = peak_hour_ratio(day, weekend), peak_hour_ratio(week, 0.123)
    assert float(weekly) == pytest.approx(float(daily))


@given(days, weekends, st.floats(0.01, 5))
def test_the_peak_hour_is_never_below_the_mean_hour(
    day: np.ndarray, weekend: float, error: float
) -> None:
    assert float(peak_hour_ratio(day, weekend, error)) >= 1 - 1e-12


@given(days, st.floats(1, 100))
def test_the_scale_of_a_profile_does_not_matter(day: np.ndarray, scale: float) -> None:
    assert float(peak_hour_ratio(day * scale, 0.8)) == pytest.approx(
        float(peak_hour_ratio(day, 0.8))
    )


def test_a_day_of_queries_is_its_mean_rate_for_a_day() -> None:
    assert float(mean_rate_per_s(1_800_000) * 24 * 3600) == pytest.approx(1_800_000)
    assert float(mean_rate_per_s(1_800_000) * 3600) == pytest.approx(75_000)


def test_a_request_holds_its_place_from_the_first_to_the_last_token() -> None:
    assert float(serving_time_s(0.7, 0.04, 150)) == pytest.approx(0.7 + 6.0)
