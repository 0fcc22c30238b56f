from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from forecast.everyday.theta import fit_theta

series = st.lists(st.floats(1.0, 100.0), min_size=6, max_size=30).map(np.array)


def published(values, level, smoothing, weight):
    """One-step forecasts by the recursions of Fiorucci et al. (2016), value by value."""
    mean, slope, intercept, found = 0.0, 0.0, 0.0, []
    for count, value in enumerate(values):
        left = (1.0 - smoothing) ** count
        grown = (1.0 - left * (1.0 - smoothing)) / smoothing
        found.append(level + weight * (left * intercept + grown * slope))
        level = smoothing * value + (1.0 - smoothing) * level
        if count:
            slope = ((count - 1) * slope + 6.0 * (value - mean) / (count + 1)) / (count + 2)
        mean = (count * mean + value) / (count + 1)
        intercept = mean - (count + 2) / 2.0 * slope
    return np.array(found)


@settings(deadline=None, max_examples=10)
@given(series)
def test_no_optimiser_finds_a_better_model(values):
    squares = float((fit_theta(values).errors ** 2).sum())

    def loss(x):
        return float(((values - published(values, *x))[3:] ** 2).sum())

    bounds = ((None, None), (0.1, 0.99), (0.0, 1.0))
    found = minimize(loss, (values[0], 0.5, 0.5), bounds=bounds)
    assert squares <= 1.02 * float(found.fun) + 1e-6 * float((values**2).sum())


@given(series)
def test_the_forecast_goes_on_with_the_recursion(values):
    fitted = fit_theta(values)
    ahead = fitted.forecast(4)
    # Own forecasts taken for values change nothing.
    level = fitted.level
    intercept, slope, _ = fitted.line
    left = (1.0 - fitted.smoothing) ** len(values)
    grown = (1.0 - left * (1.0 - fitted.smoothing)) / fitted.smoothing
    assert ahead[0] == pytest.approx(level + fitted.weight * (left * intercept + grown * slope))
    assert np.isfinite(ahead).all()


@given(series, st.floats(0.01, 1e6))
def test_units_do_not_matter(values, unit):
    ahead = fit_theta(values).forecast(5)
    assert fit_theta(values * unit).forecast(5) == pytest.approx(ahead * unit, rel=1e-3)


def test_after_a_shift_the_forecast_stays_on_the_new_level():
    noise = np.random.default_rng(2).normal(0.0, 0.2, 60)
    values = np.where(np.arange(60) < 40, 10.0, 20.0) + noise
    assert fit_theta(values).forecast(3) == pytest.approx(np.full(3, 20.0), abs=1.5)
