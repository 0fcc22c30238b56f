from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.growth.class_parameters import CLASSES, HIGH_GROWTH, class_parameters
from forecast.growth.curves import gompertz_growth

classes = pytest.mark.parametrize("name", CLASSES)
growths = st.floats(-1.0, 5.0)
horizons = st.floats(0.0, 24.0)


@classes
@given(first=growths, second=growths, months=horizons)
def test_more_growth_never_forecasts_less(name, first, second, months):
    low, high = sorted((first, second))
    learned = class_parameters(name)
    assert learned.log_growth(low, months) <= learned.log_growth(high, months) + 1e-12


@classes
@given(growth=st.floats(0.0, 5.0), first=horizons, second=horizons)
def test_a_growing_product_goes_on_growing(name, growth, first, second):
    early, late = sorted((first, second))
    learned = class_parameters(name)
    assert learned.log_growth(growth, early) <= learned.log_growth(growth, late) + 1e-12


@classes
@given(growth=growths)
def test_nothing_has_grown_today(name, growth):
    assert class_parameters(name).log_growth(growth, 0.0) == pytest.approx(0.0, abs=1e-12)


@given(growth=st.floats(HIGH_GROWTH, 5.0))
def test_services_slow_down_after_a_fast_year(growth):
    assert class_parameters("service").log_growth(growth, 12.0) < growth


def test_the_forecast_is_the_mean_of_the_two_rules():
    learned, growth = class_parameters("service"), 1.9
    line = learned.intercept[1] + learned.slope[1] * np.log(growth)
    curve = gompertz_growth(growth, 12.0, learned.cap_multiple)
    assert learned.log_growth(growth, 12.0) == pytest.approx((curve + line) / 2)


def test_a_calm_history_is_scaled_from_a_doubling():
    learned = class_parameters("service")
    half = learned.log_growth(HIGH_GROWTH / 2, 18.0)
    assert half == pytest.approx(learned.log_growth(HIGH_GROWTH, 18.0) / 2)


def test_a_rule_that_carries_growth_on_errs_less_after_a_calm_year():
    learned = class_parameters("service")
    wide, narrow, none = (
        learned.spread(growth, "linear").quantile(0.9, 12.0).item() for growth in (2.0, 0.5, 0.0)
    )
    assert narrow == pytest.approx(wide * 0.5 / HIGH_GROWTH)
    assert none == pytest.approx(wide * 0.4)


def test_a_calm_year_of_unknown_volatility_narrows_by_the_root_of_its_growth():
    learned = class_parameters("service")
    wide, narrow, none = (
        learned.spread(growth).quantile(0.9, 12.0).item() for growth in (2.0, 0.5, 0.0)
    )
    assert narrow == pytest.approx(wide * np.sqrt(0.5 / HIGH_GROWTH))
    assert none == pytest.approx(wide * np.sqrt(0.4))


def test_growth_says_nothing_once_the_volatility_is_known():
    learned = class_parameters("service")
    fast, calm = (learned.spread(growth, volatility=0.05) for growth in (2.0, 0.1))
    assert np.allclose(fast.quantiles, calm.quantiles)


@classes
@given(first=st.floats(0.0, 3.0), second=st.floats(0.0, 3.0), months=horizons)
def test_a_wilder_year_never_narrows_the_interval(name, first, second, months):
    learned = class_parameters(name)
    low, high = (
        np.ptp(learned.spread(1.0, volatility=volatility).quantile([0.1, 0.9], months))
        for volatility in sorted((first, second))
    )
    assert low <= high + 1e-12


@classes
def test_errors_of_unknown_volatility_lie_between_those_of_calm_and_wild_years(name):
    learned = class_parameters(name)
    calm, unknown, wild = (
        np.ptp(learned.spread(1.0, volatility=volatility).quantile([0.1, 0.9], 18.0))
        for volatility in (0.01, np.nan, 1.0)
    )
    assert calm < unknown < wild


def test_services_grow_on_further_than_open_source_projects():
    service, developer = (class_parameters(name).log_growth(1.8, 18.0) for name in CLASSES[:2])
    assert service > 1.5 * developer


def test_unknown_class_and_method_name_the_nearest():
    with pytest.raises(ValueError, match="nearest: service"):
        class_parameters("services")
    with pytest.raises(ValueError, match="nearest: linear"):
        class_parameters("service").spread(1.0, "liner")


def test_growth_must_be_a_number():
    with pytest.raises(ValueError, match="finite"):
        class_parameters("service").log_growth(np.inf, 6.0)
