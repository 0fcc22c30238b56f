from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.growth.fit_errors import ShortHistoryWarning
from forecast.growth.statistical import ConstantGrowth, GompertzGrowth, LinearGrowth, LogisticGrowth
from forecast.history import History

STEPS = np.arange(30.0)
MONTHS = (np.datetime64("2020-01") + np.arange(30)).astype("datetime64[D]")
AHEAD = np.array([1.0, 6.0, 18.0, 40.0])


def logistic(steps, rate=0.25, middle=25.0):
    return 900.0 / (1.0 + np.exp(-rate * (steps - middle)))


def gompertz(steps, rate=0.07, depth=4.0):
    return 900.0 * np.exp(-depth * np.exp(-rate * steps))


@pytest.mark.parametrize(
    ("model", "curve"), [(LogisticGrowth(), logistic), (GompertzGrowth(), gompertz)]
)
def test_a_curve_is_recovered_from_its_own_points(model, curve):
    fitted = model.fit(History("q", MONTHS, curve(STEPS)))
    expected = np.log(curve(29.0 + AHEAD) / curve(29.0))
    assert np.allclose(fitted.curve(AHEAD), expected, atol=1e-5)


@settings(max_examples=20, deadline=None)
@given(rate=st.floats(0.08, 0.4), middle=st.floats(10.0, 32.0))
def test_the_cap_of_a_logistic_history_is_found(rate, middle):
    fitted = LogisticGrowth().fit(History("q", MONTHS, logistic(STEPS, rate, middle)))
    last = logistic(29.0, rate, middle)
    assert last * np.exp(fitted.curve(np.array([2_000.0]))).item() == pytest.approx(900.0, rel=0.01)


@pytest.mark.parametrize("model", [LogisticGrowth(5.0), GompertzGrowth(5.0)])
def test_two_points_and_a_cap_stay_below_the_cap(model, users):
    with pytest.warns(ShortHistoryWarning):
        fitted = model.fit(users)
    ahead = np.exp(fitted.curve(np.array([6.0, 18.0, 600.0])))
    assert (np.diff(ahead) > 0.0).all()
    assert ahead[-1] == pytest.approx(5.0, rel=1e-6)


def test_constant_and_linear_growth_of_the_reported_users(users):
    with pytest.warns(ShortHistoryWarning):
        constant, linear = (
            model.fit(users).predict(months=18, paths=2_001, seed=1).quantile(0.5)[-1]
            for model in (ConstantGrowth(), LinearGrowth())
        )
    assert constant == pytest.approx(9.11e6, rel=2e-3)
    assert linear == pytest.approx(1.39e6, rel=1e-2)


def test_a_steady_history_has_a_narrow_interval():
    steady = History("q", MONTHS, 1.05**STEPS)
    low, high = ConstantGrowth().fit(steady).predict(6, 500, seed=1).interval(0.8)
    assert np.allclose(low, high, rtol=1e-6)


def test_a_cap_that_the_history_does_not_determine_is_noted():
    straight = History("q", MONTHS, 1.05**STEPS)
    notes = LogisticGrowth().fit(straight).notes
    assert any("does not determine the cap" in note for note in notes)


def test_two_points_without_a_cap_are_refused(users):
    with pytest.raises(ValueError, match="2 points cannot determine a cap"):
        GompertzGrowth().fit(users)


def test_a_shrinking_history_has_no_saturating_curve():
    shrinking = History("q", MONTHS, 0.95**STEPS)
    with pytest.raises(ValueError, match="allowed: growth"):
        LogisticGrowth().fit(shrinking)
    two = History.from_points("q", {"2022-01": 2.0, "2023-01": 1.0}, kind="flow")
    with pytest.warns(ShortHistoryWarning):
        fitted = GompertzGrowth(5.0).fit(two)
    with pytest.raises(ValueError, match="decline"):
        fitted.predict(6, 10, seed=1)


@pytest.mark.parametrize("cap", [1.0, 0.0, -2.0, float("inf"), float("nan")])
def test_an_impossible_cap_is_refused(cap):
    for model in (LogisticGrowth, GompertzGrowth):
        with pytest.raises(ValueError, match="cap_multiple must be finite and above 1"):
            model(cap)


def test_a_line_that_falls_to_zero_stays_there():
    falling = History("q", MONTHS, 100.0 - 3.3 * STEPS)
    forecast = LinearGrowth().fit(falling).predict(12, 50, seed=1)
    assert (forecast.values[:, -1] == 0.0).all()
