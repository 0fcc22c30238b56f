from __future__ import annotations

import numpy as np
import pytest

from forecast.backtest.rivals import rivals
from forecast.growth.statistical import ConstantGrowth, LinearGrowth
from forecast.history import History


def history(values):
    months = np.datetime64("2020-01") + np.arange(len(values))
    return History("q", months.astype("datetime64[D]"), np.array(values, float))


def test_the_baselines_stand_beside_a_forecast_with_their_known_medians():
    past = history(np.tile([10.0, 12.0, 9.0, 11.0], 9))
    found = rivals(past, "linear", LinearGrowth(), months=12)
    assert list(found.medians) == ["naive", "drift", "seasonal naive"]
    assert found.medians["naive"] == pytest.approx(np.full(12, 11.0))
    assert found.medians["seasonal naive"] == pytest.approx(past.values[-12:])


def test_a_model_that_does_not_beat_them_says_so():
    stalled = history(100.0 * 1.2 ** np.minimum(np.arange(40), 14) + np.arange(40) % 3)
    found = rivals(stalled, "constant", ConstantGrowth(), months=6)
    assert "constant does NOT beat" in found.verdict
    assert "up to 6 months ahead" in found.verdict


def test_a_model_that_beats_them_says_so():
    values = 100.0 * 1.1 ** np.arange(40.0)
    found = rivals(history(values), "constant", ConstantGrowth(), months=6)
    assert "constant beats every baseline" in found.verdict


@pytest.mark.parametrize(("count", "told"), [(2, False), (13, False), (14, True), (15, True)])
def test_without_a_year_and_a_month_there_is_no_verdict(count, told):
    found = rivals(history(10.0 + np.arange(count)), "linear", LinearGrowth(), months=3)
    assert ("no verdict" not in found.verdict) == told


def test_a_model_that_a_backtest_refuses_gets_no_verdict_but_the_reason():
    class KnowsItsUnit:
        def fit(self, given):
            return ConstantGrowth().fit(given if given.values[-1] > 200.0 else history([1, 2, 4]))

    found = rivals(history(100.0 * 1.1 ** np.arange(30.0)), "knowing", KnowsItsUnit(), months=6)
    assert found.verdict.startswith("knowing: no verdict")
    assert "told in another unit" in found.verdict
