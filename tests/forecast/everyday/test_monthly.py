from __future__ import annotations

import numpy as np
import pytest

from forecast.everyday.ensemble import Everyday
from forecast.everyday.monthly import EverydayGrowth
from forecast.history import History
from forecast.series import Series

VALUES = 100.0 * np.exp(np.cumsum(np.random.default_rng(6).normal(0.02, 0.05, 40)))


def history(values=VALUES, kind="flow", step=1):
    months = np.datetime64("2020-01") + step * np.arange(len(values))
    return History("q", months.astype("datetime64[D]"), values, kind)


def test_paths_have_the_quantiles_of_the_series():
    paths = EverydayGrowth().fit(history()).predict(12, 20_000, seed=7)
    series = Series("q", np.datetime64("2020-01"), VALUES)
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    wanted = Everyday().fit(series).quantiles(12, levels)
    assert paths.quantile(levels) == pytest.approx(wanted, rel=2e-3)


def test_a_path_with_a_high_score_stands_high():
    scores = np.repeat(np.array([[-1.0], [0.0], [1.0]]), 6, axis=1)
    values = EverydayGrowth().fit(history()).predict(6, 3, seed=7, shocks=scores).values
    assert (np.diff(values, axis=0) > 0.0).all()


def test_a_running_total_never_falls():
    total = history(np.maximum.accumulate(VALUES), "cumulative")
    values = EverydayGrowth().fit(total).predict(12, 200, seed=7).values
    assert (np.diff(values, axis=1) >= -1e-9 * values[:, :-1]).all()
    assert (values[:, 0] >= total.values[-1] * (1 - 1e-12)).all()


@pytest.mark.parametrize("given", [history(VALUES[:12]), history(VALUES, step=3)])
def test_a_year_or_less_or_gaps_between_months_are_refused(given):
    with pytest.raises(ValueError, match="13 or more, one in each month"):
        EverydayGrowth().fit(given)


def test_steady_fast_growth_is_forecast_as_an_adoption_curve_and_that_is_said():
    adopted = history((3.0 + np.arange(24.0)) ** 2)
    forecast = EverydayGrowth().fit(adopted).predict(12, 200, seed=7)
    assert forecast.model == "everyday: adoption curve"
    assert "square root" in forecast.notes[0]
    assert "adoption" not in EverydayGrowth().fit(history()).predict(2, 99, seed=7).model


def test_no_path_exceeds_the_capacity():
    share = history(100.0 / (1.0 + np.exp(1.0 - 0.2 * np.arange(24.0))))
    values = EverydayGrowth(capacity=100.0).fit(share).predict(60, 500, seed=7).values
    assert values.max() <= 100.0 * (1.0 + 1e-12)
    assert EverydayGrowth().fit(share).predict(60, 500, seed=7).values.max() > 200.0
