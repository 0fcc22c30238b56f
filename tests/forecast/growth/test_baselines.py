from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.growth.baselines import Drift, Naive, SeasonalNaive, baselines
from forecast.history import History

series = st.lists(st.floats(0.5, 90.0), min_size=14, max_size=40)


def history(values, *, start="2020-01", step=1, kind="flow"):
    months = np.datetime64(start) + step * np.arange(len(values))
    return History("q", months.astype("datetime64[D]"), np.array(values, float), kind, "calls")


def medians(model, past, months):
    return model.fit(past).predict(months=months, paths=2_001, seed=3).quantile(0.5)


@given(series)
def test_medians_are_those_of_the_textbook(values):
    past = history(values)
    assert medians(Naive(), past, 15) == pytest.approx(np.full(15, values[-1]))
    last_year = (values[-12:] * 2)[:15]
    assert medians(SeasonalNaive(), past, 15) == pytest.approx(np.array(last_year))
    rise = (values[-1] - values[0]) / (len(values) - 1)
    line = np.maximum(values[-1] + rise * np.arange(1, 16), 1e-3 * values[-1])
    assert medians(Drift(), past, 15) == pytest.approx(line)


def test_quarterly_values_come_back_in_their_months():
    past = history([3.0, 5.0, 4.0, 6.0, 3.5, 5.5, 4.5, 7.0], step=3)
    assert medians(SeasonalNaive(), past, 12)[2::3] == pytest.approx([3.5, 5.5, 4.5, 7.0])
    between = medians(SeasonalNaive(), past, 12)[3]
    assert between == pytest.approx(np.exp((2 * np.log(3.5) + np.log(5.5)) / 3))
    assert medians(Drift(), past, 6)[5] == pytest.approx(7.0 + 2 * 4.0 / 7)


def spread(model, past, months):
    low, high = model.fit(past).predict(months, paths=4_001, seed=3).interval(0.8)
    return np.log(high / low)


def test_intervals_follow_the_root_mean_square_error_of_the_past():
    """Log steps 0.1, -0.3, 0.2, 0.4: root mean square 0.2739; 80 % is 2.563 of it wide."""
    past = history(np.exp(np.cumsum([0.0, 0.1, -0.3, 0.2, 0.4])))
    width = spread(Naive(), past, 9)
    assert width[0] == pytest.approx(2.5631 * np.sqrt(0.3 / 4), rel=2e-3)
    assert width[8] == pytest.approx(3.0 * width[0], rel=2e-3)


def test_seasonal_errors_step_up_once_a_season():
    rng = np.random.default_rng(2)
    width = spread(SeasonalNaive(), history(np.exp(rng.normal(size=30))), 25)
    assert width[:12] == pytest.approx(np.full(12, width[0]))
    assert width[12] == pytest.approx(np.sqrt(2) * width[0], rel=2e-3)
    assert width[24] == pytest.approx(np.sqrt(3) * width[0], rel=2e-3)


def test_the_drift_is_less_sure_of_its_slope_the_shorter_the_history():
    rng = np.random.default_rng(5)
    values = np.exp(0.1 * rng.normal(size=11))
    width = spread(Drift(), history(values), 20)
    assert width[9] / width[0] == pytest.approx(np.sqrt(10 * 2 / 1.1), rel=3e-3)


def test_a_random_walk_is_covered_as_promised():
    """Eighty per cent of the ends of unseen walks lie inside, within four binomial errors."""
    rng, hits = np.random.default_rng(11), []
    for _ in range(300):
        levels = np.cumsum(0.2 * rng.normal(size=46))
        low, high = Naive().fit(history(np.exp(levels[:40]))).predict(6, 401, 1).interval(0.8)
        hits.append(low[-1] <= np.exp(levels[-1]) <= high[-1])
    assert np.mean(hits) == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / 300))


def test_two_points_are_enough_and_borrow_the_errors_of_past_services(users):
    assert list(baselines(users)) == ["naive", "drift"]
    for model in baselines(users).values():
        forecast = model.fit(users).predict(months=18, paths=500, seed=1)
        assert "1 past errors of its own are too few" in forecast.notes[0]
        assert (np.diff(forecast.values, axis=1) >= 0.0).all()


def test_a_year_of_history_adds_the_seasonal_naive(monthly):
    assert list(baselines(monthly(13))) == ["naive", "drift", "seasonal naive"]
    assert list(baselines(monthly(12))) == ["naive", "drift"]
    assert list(baselines(history([1.0, 2.0, 3.0, 4.0], step=5))) == ["naive", "drift"]


def test_a_constant_history_has_no_spread():
    past = history([4.0] * 20)
    for model in baselines(past).values():
        assert model.fit(past).predict(5, 9, 1).values == pytest.approx(np.full((9, 5), 4.0))


def test_a_history_without_a_season_is_refused(monthly):
    with pytest.raises(ValueError, match=r"needs steps that divide 12 months.*over 9 months"):
        SeasonalNaive().fit(monthly(10))
    with pytest.raises(ValueError, match="at least 2 months, got 1"):
        SeasonalNaive(season=1)
