"""Laws that every model of everyday series obeys."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.everyday.ensemble import Everyday
from forecast.series import SEASONS, Series

MODELS = {"everyday": Everyday()}
LEVELS = [0.05, 0.5, 0.95]
models = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())


def series(step="month"):
    values = 50.0 + np.random.default_rng(1).normal(0.0, 5.0, 40)
    return Series("s", np.datetime64("2020-01-01"), values, step)


@models
@pytest.mark.parametrize("step", sorted(SEASONS))
def test_quantiles_have_a_row_for_each_level_and_a_column_for_each_step(model, step):
    found = model.fit(series(step)).quantiles(7, LEVELS)
    assert found.shape == (3, 7)
    assert (np.diff(found, axis=0) >= 0.0).all()


@models
def test_a_longer_horizon_does_not_change_the_median_of_the_first_steps(model):
    fitted = model.fit(series())
    assert fitted.quantiles(24, LEVELS)[1, :5] == pytest.approx(fitted.quantiles(5, LEVELS)[1])


@models
def test_fitting_leaves_the_model_as_it_was(model):
    before = model.fit(series()).quantiles(3, LEVELS)
    model.fit(series("year")).quantiles(3, LEVELS)
    assert model.fit(series()).quantiles(3, LEVELS).tolist() == before.tolist()
