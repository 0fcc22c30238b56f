from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.paths import Forecast, months_after

ORIGIN = np.datetime64("2022-12")


def forecast(rows, origin=ORIGIN, kind="forecast", **changes):
    values = np.array(rows, dtype=float)
    months = months_after(origin, values.shape[1])
    made = Forecast(
        "users", "users", months, values, (kind,) * len(months), origin, "by hand", 3, ("note",)
    )
    return replace(made, **changes)


GAMMA = forecast(np.random.default_rng(5).gamma(2.0, 3.0, (501, 4)))


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_quantiles_never_cross(first, second):
    low, high = sorted((first, second))
    assert (GAMMA.quantile(low) <= GAMMA.quantile(high)).all()


@given(st.floats(0.01, 0.99))
def test_an_interval_holds_the_stated_share(level):
    low, high = GAMMA.interval(level)
    inside = ((GAMMA.values >= low) & (GAMMA.values <= high)).mean(axis=0)
    assert np.allclose(inside, level, atol=0.005)


@given(st.floats(0.01, 0.99))
def test_percentile_and_quantile_undo_each_other(p):
    value = float(GAMMA.quantile(p)[2])
    assert GAMMA.percentile_of(value, "2023-03") == pytest.approx(p, abs=0.003)


def test_ties_count_half():
    assert forecast([[1.0], [2.0], [2.0], [7.0]]).percentile_of(2.0, "2023-01") == 0.5


def test_mean_and_month_of_hand_made_paths():
    made = forecast([[1.0, 2.0], [4.0, 3.0]])
    assert made.mean.tolist() == [2.5, 2.5]
    assert made.at(np.datetime64("2023-02")).tolist() == [2.0, 3.0]
    assert made.paths == 2


def test_a_joined_forecast_keeps_every_path():
    first = forecast([[1.0, 2.0], [4.0, 3.0]], kind="reconstructed", notes=("a",))
    later = forecast([[5.0], [6.0]], origin=np.datetime64("2023-02"), notes=("a", "b"))
    joined = first.then(later)
    assert joined.values.tolist() == [[1.0, 2.0, 5.0], [4.0, 3.0, 6.0]]
    assert joined.kinds == ("reconstructed", "reconstructed", "forecast")
    assert (joined.notes, str(joined.origin)) == (("a", "b"), "2023-02")


@pytest.mark.parametrize(
    "change", [{"name": "x"}, {"unit": "y"}, {"months": months_after(np.datetime64("2024-01"), 1)}]
)
def test_forecasts_that_do_not_fit_are_not_joined(change):
    first = forecast([[1.0, 2.0], [4.0, 3.0]])
    later = forecast([[5.0], [6.0]], origin=np.datetime64("2023-02"), **change)
    with pytest.raises(ValueError, match="cannot join"):
        first.then(later)


def test_the_table_has_a_row_for_each_month_and_ordered_quantiles():
    frame = GAMMA.to_frame()
    assert frame["month"].tolist() == ["2023-01", "2023-02", "2023-03", "2023-04"]
    quantiles = frame[["p05", "p10", "p25", "p50", "p75", "p90", "p95"]].to_numpy()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert np.allclose(frame["p50"], GAMMA.quantile(0.5))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"values": np.ones((2, 3))}, "values have shape"),
        ({"values": np.ones(2)}, "values have shape"),
        ({"values": np.ones((0, 2))}, "none empty"),
        ({"kinds": ("forecast", "guess")}, "kinds are"),
        ({"values": np.array([[1.0, -1.0]])}, "at least 0"),
        ({"values": np.array([[1.0, np.nan]])}, "finite"),
        ({"months": np.array(["2023-01", "2023-03"], "datetime64[M]")}, "consecutive"),
    ],
)
def test_a_forecast_that_cannot_be_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        forecast([[1.0, 2.0]], **change)


@pytest.mark.parametrize("months", [0, -3, 1.5, True])
def test_an_impossible_number_of_months_is_refused(months):
    with pytest.raises(ValueError, match="months must be a whole number"):
        months_after(ORIGIN, months)


def test_impossible_questions_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        GAMMA.quantile(1.5)
    with pytest.raises(ValueError, match="strictly between"):
        GAMMA.interval(80)
    with pytest.raises(ValueError, match="no month 2030-01; allowed: 2023-01 to 2023-04"):
        GAMMA.at("2030-01")
    with pytest.raises(ValueError, match="got nan"):
        GAMMA.percentile_of(float("nan"), "2023-01")


def test_values_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        GAMMA.values[0, 0] = 1.0


@given(st.floats(0.0, 60.0))
def test_a_threshold_is_reached_in_the_first_month_at_or_above_it(value):
    rising = forecast([[10.0, 20.0, 30.0], [40.0, 5.0, 50.0], [1.0, 2.0, 3.0]])
    for path, month in zip(rising.values, rising.first_reached(value), strict=True):
        reached = [m for m, v in zip(rising.months, path, strict=True) if v >= value]
        assert str(month) == (str(reached[0]) if reached else "NaT")


def test_a_threshold_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="must be a number"):
        forecast([[1.0], [2.0]]).first_reached(float("nan"))
