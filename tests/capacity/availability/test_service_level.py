"""Budgets, burn rates and changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.service_level import (
    HOURS_PER_30_DAYS,
    HOURS_PER_YEAR,
    budget_burned,
    burn_error_rate,
    change_unavailability,
    detection_min,
    error_budget_min,
)


def test_an_hour_of_outage_takes_most_of_three_months_and_a_quarter_of_a_year() -> None:
    assert 60 / error_budget_min(0.9995) == pytest.approx(2.778, abs=5e-4)
    assert 60 / error_budget_min(0.9995, HOURS_PER_YEAR) == pytest.approx(0.2283, abs=5e-5)


@given(st.floats(0.9, 0.99999), st.floats(1, 100), st.floats(0.1, 72))
def test_a_window_at_the_threshold_uses_its_share_of_the_budget(
    availability: float, burn: float, window_h: float
) -> None:
    failed_min = burn_error_rate(availability, burn) * window_h * 60
    used = failed_min / error_budget_min(availability)
    assert used == pytest.approx(budget_burned(burn, window_h), rel=1e-6)


def test_a_fault_below_the_threshold_is_never_detected() -> None:
    assert np.isinf(detection_min(0.9995, 14.4, 1.0, error_rate=0.005))


def test_a_total_outage_is_detected_within_half_a_minute() -> None:
    assert detection_min(0.9995, 14.4, 1.0, error_rate=1.0) < 0.5


def test_a_canary_takes_its_share_of_a_change_that_breaks() -> None:
    month = change_unavailability(12, 0.15, 0.75, HOURS_PER_30_DAYS, exposed_share=0.04)
    assert month * HOURS_PER_30_DAYS * 60 == pytest.approx(12 * 0.15 * 45 * 0.04)


def test_changes_every_day_take_twice_the_budget() -> None:
    lost_min = change_unavailability(365, 0.05, 0.5) * HOURS_PER_YEAR * 60
    assert lost_min / error_budget_min(0.9995, HOURS_PER_YEAR) == pytest.approx(2.08, abs=0.01)


def test_an_availability_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"availability must be between 0 and 1, got 1\.01"):
        error_budget_min(1.01)
