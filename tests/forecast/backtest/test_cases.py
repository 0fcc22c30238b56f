from __future__ import annotations

import numpy as np
import pytest

from forecast.backtest.cases import LEVELS, cases_at, depends_on_more, truncated
from forecast.growth.baselines import Drift, Naive, SeasonalNaive
from forecast.growth.reference_class import ReferenceClass
from forecast.growth.statistical import ConstantGrowth, GompertzGrowth, LinearGrowth, LogisticGrowth
from forecast.scores import crps

DRAWS = {"paths": 200, "seed": 3, "lag": 1}
MODELS = (
    Naive(), SeasonalNaive(), Drift(), ReferenceClass(), ConstantGrowth(), LinearGrowth(),
    LogisticGrowth(), GompertzGrowth(),
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_an_honest_model_does_not_know_the_unit(model, monthly):
    assert not depends_on_more(model, monthly(40), 26, DRAWS)


def test_a_case_holds_the_scores_of_its_own_paths(monthly):
    history = monthly(30)
    found = cases_at(("drift", Drift()), history, 20, 4, DRAWS)
    forecast = Drift().fit(truncated(history, 20)).predict(4, 200, 3)
    assert [case.horizon for case in found] == [1, 2, 3, 4]
    for index, case in enumerate(found):
        assert case.actual == history.values[20 + index]
        assert case.quantiles == pytest.approx(forecast.quantile(LEVELS)[:, index])
        assert case.crps == pytest.approx(float(crps(case.actual, forecast.values[:, index])))
        assert case.scale == pytest.approx(np.abs(np.diff(history.values[:20])).mean())


def test_the_scale_is_that_of_the_season_where_there_is_one(monthly):
    history = monthly(40)
    (case,) = cases_at(("naive", Naive()), history, 30, 1, {**DRAWS, "lag": 12})
    assert case.scale == pytest.approx(np.abs(history.values[12:30] - history.values[:18]).mean())


def test_a_truncated_history_keeps_its_labels(monthly):
    history = monthly(20, kind="cumulative")
    past = truncated(history, 7)
    assert (past.name, past.kind, past.unit) == (history.name, history.kind, history.unit)
    assert len(past.dates) == 7
    with pytest.raises(ValueError, match="at least 2"):
        truncated(history, 1)
