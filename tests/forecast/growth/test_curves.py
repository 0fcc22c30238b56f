from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from forecast.growth.curves import (
    exponential_growth,
    gompertz_growth,
    linear_growth,
    logistic_growth,
)

SATURATING = {
    "logistic": lambda growth, months: logistic_growth(growth, months, 5.0),
    "Gompertz": lambda growth, months: gompertz_growth(growth, months, 7.0),
}
CURVES = {"exponential": exponential_growth, "linear": linear_growth, **SATURATING}

growths = st.floats(0.0, 6.0)
horizons = st.floats(0.0, 60.0)
curves = pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES.keys())
saturating = pytest.mark.parametrize("curve", SATURATING.values(), ids=SATURATING.keys())


@curves
@given(growth=growths)
def test_nothing_has_grown_today(curve, growth):
    assert curve(growth, 0.0) == pytest.approx(0.0, abs=1e-12)


@curves
@given(first=growths, second=growths, months=horizons)
def test_more_growth_never_forecasts_less(curve, first, second, months):
    low, high = sorted((first, second))
    assert curve(low, months) <= curve(high, months) + 1e-9


@curves
@given(growth=growths, first=horizons, second=horizons)
def test_a_growing_quantity_never_falls_later(curve, growth, first, second):
    early, late = sorted((first, second))
    assert curve(growth, early) <= curve(growth, late) + 1e-9


@saturating
@given(growth=growths, months=horizons)
def test_a_saturating_curve_stays_below_the_exponential(curve, growth, months):
    assert curve(growth, months) <= exponential_growth(growth, months) + 1e-9


@saturating
def test_no_growth_stays_no_growth(curve):
    assert curve(0.0, 18.0) == pytest.approx(0.0, abs=1e-12)


@given(growth=st.floats(0.05, 4.0), months=st.floats(0.5, 36.0))
def test_logistic_passes_through_the_point_a_year_ago(growth, months):
    """Build the curve from its definition and compare."""
    rate = brentq(lambda r: np.log((1 + 4 * np.exp(12 * r)) / 5) - growth, 0.0, 2.0)
    expected = np.log(5.0 / (1 + 4 * np.exp(-rate * months)))
    assert logistic_growth(growth, months, 5.0) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (exponential_growth, 9.11),
        (linear_growth, 1.39),
        (SATURATING["Gompertz"], 2.09),
        (SATURATING["logistic"], 2.57),
    ],
)
def test_the_reported_users_give_the_published_forecasts(curve, expected):
    """120,000 to 620,000 in eleven months, 18 months ahead, in millions."""
    growth = np.log(620 / 120) * 12 / 11
    assert 0.62 * np.exp(curve(growth, 18.0)) == pytest.approx(expected, abs=0.006)


def test_arguments_broadcast():
    ahead = gompertz_growth(np.array([0.5, 1.5])[:, None], np.array([6.0, 12.0, 18.0]), 7.0)
    assert ahead.shape == (2, 3)
    assert ahead[1, 2] == pytest.approx(float(gompertz_growth(1.5, 18.0, 7.0)))


def test_a_linear_decline_ends_at_zero():
    assert linear_growth(-1.0, 60.0) == -np.inf


@saturating
@pytest.mark.parametrize(
    ("growth", "months", "said"),
    [(-0.1, 6.0, "decline"), (np.nan, 6.0, "finite"), (1.0, -1.0, "at least 0")],
)
def test_impossible_arguments_are_refused(curve, growth, months, said):
    with pytest.raises(ValueError, match=said):
        curve(growth, months)


def test_impossible_parameters_are_refused():
    with pytest.raises(ValueError, match="cap_multiple must be finite and above 1"):
        gompertz_growth(1.0, 6.0, 1.0)
    with pytest.raises(ValueError, match="cap_multiple must be finite and above 1"):
        logistic_growth(1.0, 6.0, np.inf)
