"""Laws that every growth model obeys."""

from __future__ import annotations

import warnings
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast.everyday.monthly import EverydayGrowth
from forecast.growth.fit_errors import ShortHistoryWarning
from forecast.growth.prophet_model import ProphetGrowth
from forecast.growth.reference_class import ReferenceClass
from forecast.growth.statistical import ConstantGrowth, GompertzGrowth, LinearGrowth, LogisticGrowth

MODELS = {
    "service": ReferenceClass("service"),
    "developer": ReferenceClass("developer"),
    "all": ReferenceClass("all"),
    "constant": ConstantGrowth(),
    "linear": LinearGrowth(),
    "logistic": LogisticGrowth(),
    "logistic with a cap": LogisticGrowth(cap_multiple=4.0),
    "Gompertz": GompertzGrowth(),
    "Gompertz with a cap": GompertzGrowth(cap_multiple=7.0),
    "everyday": EverydayGrowth(),
    "Prophet": pytest.param(
        ProphetGrowth(),
        marks=pytest.mark.skipif(find_spec("prophet") is None, reason="prophet is an extra"),
    ),
}
PARAMETERS = [
    value if hasattr(value, "marks") else pytest.param(value) for value in MODELS.values()
]
models = pytest.mark.parametrize("model", PARAMETERS, ids=MODELS.keys())
LAWS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fit(model, history):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ShortHistoryWarning)
        return model.fit(history)


@pytest.fixture(scope="module")
def fitted(monthly):
    """Each model fitted once to fourteen months of a flow and of a cumulative count."""
    kept = {}

    def once(model, kind="flow"):
        if (model, kind) not in kept:
            kept[model, kind] = fit(model, monthly(14, kind))
        return kept[model, kind]

    return once


@models
def test_the_calendar_starts_after_the_history(fitted, model):
    forecast = fitted(model).predict(months=5, paths=50, seed=1)
    assert (str(forecast.origin), str(forecast.months[0])) == ("2021-02", "2021-03")
    assert forecast.values.shape == (50, 5)
    assert set(forecast.kinds) == {"forecast"}
    assert (forecast.name, forecast.unit, forecast.seed) == ("series", "calls", 1)


@models
@LAWS
@given(seed=st.integers(0, 2**31))
def test_a_seed_decides_every_path(fitted, model, seed):
    first = fitted(model).predict(months=4, paths=40, seed=seed)
    again = fitted(model).predict(months=4, paths=40, seed=seed)
    other = fitted(model).predict(months=4, paths=40, seed=seed + 1)
    assert (first.values == again.values).all()
    assert (first.values != other.values).any()


@models
@LAWS
@given(seed=st.integers(0, 2**31))
def test_a_cumulative_count_never_falls_along_a_path(fitted, monthly, model, seed):
    forecast = fitted(model, "cumulative").predict(months=18, paths=60, seed=seed)
    assert (np.diff(forecast.values, axis=1) >= 0.0).all()
    assert (forecast.values >= monthly(14, "cumulative").values[-1]).all()


@models
def test_another_seed_hardly_moves_the_quantiles_of_a_flow(fitted, model):
    quantiles = [
        fitted(model).predict(months=18, paths=2_000, seed=seed).quantile([0.1, 0.5, 0.9])
        for seed in (1, 2)
    ]
    assert np.allclose(quantiles[0], quantiles[1], rtol=1e-6)


@models
def test_uncertainty_grows_with_the_horizon(fitted, model):
    forecast = fitted(model).predict(months=18, paths=2_000, seed=1)
    low, high = forecast.interval(0.8)
    widths = np.log(high / low)
    assert (np.diff(widths[[0, 5, 11, 17]]) > 0.0).all()


@models
def test_given_shocks_rank_the_paths(fitted, model):
    scores = np.linspace(-2.0, 2.0, 9)[:, None].repeat(6, axis=1)
    values = fitted(model).predict(months=6, paths=9, seed=1, shocks=scores).values
    assert (np.diff(values, axis=0) >= 0.0).all()
    assert (values[-1] > values[0]).all()


@models
def test_shocks_of_another_shape_are_refused(fitted, model):
    with pytest.raises(ValueError, match=r"allowed: finite scores, shape \(9, 6\)"):
        fitted(model).predict(months=6, paths=9, seed=1, shocks=np.zeros((9, 5)))


@models
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"months": 0, "paths": 9, "seed": 1}, "months must be"),
        ({"months": 3, "paths": 1, "seed": 1}, "paths must be"),
        ({"months": 3, "paths": 9.5, "seed": 1}, "paths must be"),
        ({"months": 3, "paths": 9, "seed": -1}, "seed must be"),
    ],
)
def test_impossible_arguments_are_refused(fitted, model, arguments, said):
    with pytest.raises(ValueError, match=said):
        fitted(model).predict(**arguments)


@models
def test_fitting_leaves_the_model_as_it_was(monthly, model):
    before = repr(model)
    fit(model, monthly(14))
    assert repr(model) == before


@models
def test_every_model_has_something_to_say(fitted, model):
    forecast = fitted(model).predict(months=3, paths=9, seed=1)
    assert forecast.notes
    assert forecast.model


@models
def test_the_unit_of_the_history_scales_the_forecast(monthly, model):
    history = monthly(14)
    thousand = type(history)(
        history.name, history.dates, history.values * 1e3, history.kind, history.unit
    )
    small, large = (
        fit(model, given).predict(months=6, paths=30, seed=4).values
        for given in (history, thousand)
    )
    assert np.allclose(large, small * 1e3, rtol=2e-3)
