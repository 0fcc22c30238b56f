from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.service_level import error_budget_min
from capacity.monitor.burn_rate import WORKBOOK_ALERTS, BurnAlert, exhaustion_h, firing

targets = st.floats(0.9, 0.9999)
PAGE, SLOW_PAGE, TICKET = WORKBOOK_ALERTS


def test_the_workbook_spends_two_five_and_ten_percent_of_the_budget() -> None:
    assert [alert.budget() for alert in WORKBOOK_ALERTS] == pytest.approx([0.02, 0.05, 0.1])
    assert [alert.short_min for alert in WORKBOOK_ALERTS] == [5.0, 30.0, 360.0]
    assert [alert.severity for alert in WORKBOOK_ALERTS] == ["page", "page", "ticket"]


def test_thresholds_at_the_target_of_the_case() -> None:
    told = [round(alert.threshold(0.9995), 6) for alert in WORKBOOK_ALERTS]
    assert told == [0.0072, 0.003, 0.0005]


@given(targets, st.floats(0.01, 1.0))
def test_an_alert_fires_in_a_simulated_fault_when_the_formula_says(
    target: float, error_rate: float
) -> None:
    step = 0.1
    errors = np.full(round(60 / step), error_rate)
    fires = firing(errors, np.ones_like(errors), step, PAGE, target)
    due = PAGE.detection_min(target, error_rate)
    if np.isinf(due):
        assert not fires.any()
    elif abs(error_rate / PAGE.threshold(target) - 1.0) > 0.01:
        first = (np.argmax(fires) + 1) * step
        # The short window needs less than the long one, and steps are whole.
        assert due < first + 1e-9
        assert first <= due + step + 1e-9


@given(targets)
def test_an_alert_that_fires_at_its_threshold_has_used_its_share_of_the_budget(
    target: float,
) -> None:
    for alert in WORKBOOK_ALERTS:
        down_min = alert.threshold(target) * alert.long_h * 60.0
        assert down_min / error_budget_min(target) == pytest.approx(alert.budget(), rel=1e-6)


def test_it_stops_soon_after_the_fault_because_both_windows_must_burn() -> None:
    errors = np.concatenate([np.ones(10), np.zeros(110)])
    fires = firing(errors, np.ones_like(errors), 1.0, PAGE, 0.9995)
    assert fires[:14].all()  # the last failing minute leaves the short window after five
    assert not fires[14:].any()
    long_alone = np.cumsum(errors)[20] / 60.0
    assert long_alone > PAGE.threshold(0.9995)


def test_a_trickle_below_the_threshold_never_fires() -> None:
    errors = np.full(600, 0.99 * PAGE.threshold(0.999))
    assert not firing(errors, np.ones_like(errors), 1.0, PAGE, 0.999).any()


def test_draws_are_judged_one_by_one() -> None:
    errors = np.stack([np.zeros(30), np.ones(30)], axis=1)
    fires = firing(errors, np.ones_like(errors), 1.0, PAGE, 0.9995)
    assert not fires[:, 0].any()
    assert fires[:, 1].all()


def test_no_demand_is_no_error() -> None:
    nothing = np.zeros(30)
    assert not firing(nothing, nothing, 1.0, PAGE, 0.9995).any()


def test_a_step_longer_than_the_short_window_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed above 0 to 5"):
        firing(np.ones(3), np.ones(3), 6.0, PAGE, 0.9995)


@given(st.floats(0.1, 1000.0), st.floats(0.0, 1.0))
def test_what_is_left_of_the_budget_burns_at_its_pace(burn: float, used: float) -> None:
    left = exhaustion_h(burn, used)
    assert burn * left / 720.0 + used == pytest.approx(1.0)


def test_a_spent_budget_is_gone_and_an_unburned_one_lasts() -> None:
    assert exhaustion_h(1.0, used=1.3) == 0.0
    assert exhaustion_h(0.0) == float("inf")


@pytest.mark.parametrize(("burn", "long_h"), [(0.0, 1.0), (-1.0, 1.0), (1.0, 0.0)])
def test_an_alert_that_cannot_be_is_refused(burn: float, long_h: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        BurnAlert("page", burn, long_h)
