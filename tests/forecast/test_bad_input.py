"""What a history does with bad input: each kind is either used as stated or refused by name."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from forecast.growth.baselines import Drift, Naive, SeasonalNaive, baselines
from forecast.growth.fit_errors import ShortHistoryWarning
from forecast.growth.reference_class import ReferenceClass
from forecast.growth.statistical import ConstantGrowth, GompertzGrowth, LinearGrowth, LogisticGrowth
from forecast.history import History

ANY_GROWTH = (ReferenceClass(), ConstantGrowth(), LinearGrowth(), Naive(), Drift())
RISING = (LogisticGrowth(5.0), GompertzGrowth(5.0))
MANY = 100_000


def history(values, kind="flow", start="2000-01"):
    months = np.datetime64(start) + np.arange(len(values))
    return History("q", months.astype("datetime64[D]"), np.array(values, float), kind)


def forecast(model, past, months=18):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ShortHistoryWarning)
        return model.fit(past).predict(months, paths=300, seed=7)


# --- used as stated ---------------------------------------------------------------------------


@pytest.mark.parametrize("model", [*ANY_GROWTH, SeasonalNaive()], ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("count", [13, 30])
def test_a_constant_history_stays_where_it_is(model, count):
    median = forecast(model, history([4.2] * count)).quantile(0.5)
    assert median == pytest.approx(np.full(18, 4.2), rel=1e-3)


@pytest.mark.parametrize("model", [*ANY_GROWTH, *RISING], ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("kind", ["flow", "active", "cumulative"])
def test_two_points_are_enough(model, kind):
    past = History.from_points("q", {"2022-01": 3.0, "2022-12": 11.0}, kind=kind)
    values = forecast(model, past).values
    assert values.shape == (300, 18)
    assert np.isfinite(values).all()
    assert (values >= 0.0).all()


@pytest.mark.parametrize("model", ANY_GROWTH, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("scale", [1e-150, 1e-9, 1e9, 1e150])
def test_tiny_and_huge_values_are_forecast_as_in_a_better_unit(model, scale):
    values = np.exp(0.05 * np.arange(14.0) + 0.02 * np.sin(np.arange(14.0)))
    here, there = (forecast(model, history(s * values)).values for s in (1.0, scale))
    assert np.allclose(there / scale, here, rtol=1e-9)


@pytest.mark.parametrize("model", ANY_GROWTH, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("last", [1e-58, 1e58])
def test_the_fastest_growth_that_is_allowed_overflows_nothing(model, last):
    past = History.from_points("q", {"2022-01": 1.0, "2023-01": last}, kind="flow")
    assert np.isfinite(forecast(model, past, 24).values).all()


def test_the_longest_history_there_can_be_is_forecast():
    past = history(np.exp(0.01 * np.arange(1_332.0)), start="1990-01")
    for model in (ReferenceClass(), *baselines(past).values()):
        assert np.isfinite(forecast(model, past).values).all()


# --- refused by name --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("inf"), "value inf; allowed: a finite number above 0"),
        (float("-inf"), "value -inf; allowed: a finite number above 0"),
        (float("nan"), "value nan; allowed: a finite number above 0"),
        (-3.0, "value -3; allowed: a finite number above 0"),
        (0.0, "value 0; allowed: a finite number above 0"),
        (1e300, r"value 1e\+300; allowed: 1e-160 to 1e\+160"),
        (1e-300, r"value 1e-300; allowed: 1e-160 to 1e\+160"),
    ],
)
@pytest.mark.parametrize("kind", ["flow", "cumulative"])
def test_an_impossible_value_is_named_with_its_date(value, said, kind):
    with pytest.raises(ValueError, match=f"2000-02-01: {said}"):
        history([1.0, value, 3.0], kind)


@pytest.mark.parametrize(("first", "last"), [(1e-100, 1e100), (1e100, 1e-100)])
def test_growth_that_no_forecast_can_carry_on_is_refused(first, last):
    with pytest.raises(ValueError, match=r"log growth of -?\d+ in a year; allowed: -138 to 138"):
        History.from_points("q", {"2022-01": first, "2023-01": last}, kind="flow")


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (["2022-01", "2022-02", "2022-05", "2022-06"], "3 months after 2022-02; allowed: even"),
        (["2022-01", "2022-02", "2022-02", "2022-03"], "month 2022-02 appears twice"),
        (["2022-03", "2022-01", "2022-02", "2022-04"], "month 2022-01 comes after 2022-03"),
    ],
)
def test_gaps_duplicates_and_disorder_are_named(months, said):
    with pytest.raises(ValueError, match=said):
        History("q", np.array(months, "datetime64[D]"), np.arange(1.0, 5.0))


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (np.datetime64("1000-01") + np.arange(MANY), "98668 faults"),
        (np.repeat(np.datetime64("2022-01"), MANY), "99999 faults"),
    ],
    ids=["consecutive", "the same"],
)
def test_a_hundred_thousand_points_are_refused_in_a_short_message(dates, first):
    with pytest.raises(ValueError, match=first) as refusal:
        History("q", dates.astype("datetime64[D]"), np.ones(MANY))
    assert len(str(refusal.value)) < 3_000


def test_a_file_of_a_hundred_thousand_lines_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("date,value\n" + "2022-01,5\n" * MANY)
    with pytest.raises(ValueError, match="more than 1332 rows; allowed: one row a month"):
        History.from_csv(path)


@pytest.mark.parametrize(
    "line", ["2022-02-01T00:00+09:00,5", "2022-02-01T00:00Z,5", "2022-02-01 00:00,5"]
)
def test_a_time_or_a_time_zone_in_a_file_is_refused(tmp_path, line):
    path = tmp_path / "users.csv"
    path.write_text(f"date,value\n2022-01,4\n{line}\n")
    with pytest.raises(ValueError, match=r"users.csv:3: date .* is no date; allowed: YYYY-MM"):
        History.from_csv(path)
