from __future__ import annotations

import numpy as np
import pytest

from forecast.growth.class_parameters import class_parameters
from forecast.growth.reference_class import ReferenceClass
from forecast.history import History


def test_reported_users_reach_about_two_million_in_mid_2024(users):
    forecast = ReferenceClass("service").fit(users).predict(months=18, paths=10_000, seed=7)
    low, median, high = forecast.quantile([0.1, 0.5, 0.9])[:, -1]
    assert 1.9e6 < median < 2.2e6
    assert 0.8e6 < low < 1.2e6
    assert 3.8e6 < high < 5.0e6
    assert forecast.percentile_of(14e6, "2024-06") > 0.95


def test_reported_queries_reach_about_six_and_a_half_million(queries):
    forecast = ReferenceClass("service").fit(queries).predict(months=18, paths=10_000, seed=7)
    low, median, high = forecast.quantile([0.1, 0.5, 0.9])[:, -1]
    assert 6.2e6 < median < 7.0e6
    assert 2.5e6 < low < 3.6e6
    assert 11e6 < high < 15e6
    assert 0.4 < forecast.percentile_of(7.5e6, "2024-06") < 0.75


def test_paths_have_the_quantiles_of_the_learned_distribution(queries):
    reference, p = ReferenceClass("service"), np.array([0.05, 0.3, 0.62, 0.9])
    forecast = reference.fit(queries).predict(months=18, paths=20_000, seed=3)
    growth = reference.growth_quantiles(queries.yearly_growth, np.arange(1, 19), p)
    assert np.allclose(forecast.quantile(p).T, 1.8e6 * np.exp(growth), rtol=2e-3)


def test_cumulative_paths_keep_nearly_those_quantiles(users):
    reference, p = ReferenceClass("service"), np.array([0.25, 0.5, 0.75, 0.9])
    tolerance = [0.01, 0.02, 0.02, 0.12]
    forecast = reference.fit(users).predict(months=18, paths=20_000, seed=3)
    growth = reference.growth_quantiles(users.yearly_growth, np.arange(1, 19), p)
    distance = np.abs(np.log(forecast.quantile(p).T / 0.62e6) - growth)
    assert (distance < tolerance).all()


def test_a_bent_year_widens_the_interval_around_the_same_middle():
    steps = np.arange(13)
    months = (np.datetime64("2022-01") + steps).astype("datetime64[D]")
    bent, straight = (
        History("q", months, np.exp(2.0 * (steps / 12) ** power)) for power in (0.4, 1.0)
    )
    first, second = (
        ReferenceClass().fit(given).predict(months=6, paths=4_001, seed=1).quantile([0.1, 0.5, 0.9])
        for given in (bent, straight)
    )
    assert np.allclose(first[1], second[1], rtol=1e-3)
    assert (first[2] / first[0] > 1.5 * second[2] / second[0])[-1]


def test_a_year_of_two_reports_says_that_its_volatility_is_unknown(users):
    notes = ReferenceClass("service").fit(users).predict(months=6, paths=9, seed=1).notes
    assert "volatility is unknown" in notes[1]


def test_notes_tell_the_products_behind_the_interval(users):
    notes = ReferenceClass("service").fit(users).predict(months=18, paths=9, seed=1).notes
    learned = class_parameters("service")
    assert f"{learned.products[-1]} products of class 'service'" in notes[0]
    assert "6.00x in 12 months" in notes[0]


@pytest.mark.parametrize(
    ("last", "months", "said"),
    [
        (5.0, 20, "months 19 to 20 are extrapolated"),
        (1.5, 12, "1.50x is below the 2x"),
        (900.0, 12, "900x a year is beyond"),
        (0.8, 12, "0.80x is below the 2x"),
    ],
)
def test_notes_warn_outside_what_was_learned(last, months, said):
    history = History.from_points("q", {"2022-01": 1.0, "2023-01": last}, kind="flow")
    notes = ReferenceClass().fit(history).predict(months=months, paths=9, seed=1).notes
    assert any(said in note for note in notes)


def test_beyond_two_years_an_explicit_wish_is_needed(queries):
    with pytest.raises(ValueError, match=r"30 months ahead; allowed: 1 to 24 .*longest=30"):
        ReferenceClass().fit(queries).predict(months=30, paths=9, seed=1)
    insisting = ReferenceClass(longest=30).fit(queries).predict(months=30, paths=9, seed=1)
    assert insisting.values.shape == (9, 30)


def test_a_shrinking_service_goes_on_shrinking_more_slowly():
    history = History.from_points("q", {"2022-01": 10.0, "2023-01": 8.0}, kind="active")
    median = ReferenceClass().fit(history).predict(months=12, paths=999, seed=1).quantile(0.5)
    assert 8.0 * 0.8 < median[-1] < 8.0


def test_analogs_come_nearest_first_one_for_each_product():
    analogs = ReferenceClass("service").analogs(growth=np.log(6.0), count=5)
    distances = [abs(np.log(analog.growth_12 / 6.0)) for analog in analogs]
    assert distances == sorted(distances)
    assert len({analog.product for analog in analogs}) == 5
    assert ReferenceClass("developer").analogs(growth=1.0) == ()


def test_unknown_class_and_horizon_are_refused():
    with pytest.raises(ValueError, match="unknown reference class 'startup'"):
        ReferenceClass("startup")
    with pytest.raises(ValueError, match="longest must be at least 1"):
        ReferenceClass("service", longest=0)


def test_the_nearest_past_products_are_told_with_the_forecast(users):
    notes = ReferenceClass("service").fit(users).predict(months=18, paths=9, seed=1).notes
    (told,) = [note for note in notes if "nearest past products" in note]
    assert told.startswith("users: ")
    assert "Airbnb to 2011-12 grew 5.2x in a year, then 5.3x in 18 months" in told


@pytest.mark.parametrize("last", [1.5, 900.0])
def test_where_no_product_is_near_none_is_told(last):
    history = History.from_points("q", {"2022-01": 1.0, "2023-01": last}, kind="flow")
    notes = ReferenceClass().fit(history).predict(months=6, paths=9, seed=1).notes
    assert not any("nearest past products" in note for note in notes)


@pytest.mark.parametrize("name", ["service", "developer", "all"])
def test_ranks_of_a_path_at_all_horizons_go_together_as_on_past_products(name):
    history = History.from_points("q", {"2022-01": 1.0, "2023-01": 5.0}, kind="flow")
    growth = ReferenceClass(name).fit(history).predict(24, 4_000, seed=5).values
    correlation = np.corrcoef(growth.argsort(axis=0).argsort(axis=0).T)
    month = np.arange(1.0, 25.0)
    ratio = np.minimum.outer(month, month) / np.maximum.outer(month, month)
    wanted = ratio ** class_parameters(name).persistence
    assert np.abs(correlation - wanted).max() < 0.05


@pytest.mark.parametrize("kind", ["flow", "cumulative"])
def test_a_path_that_is_high_in_a_year_stays_plausible_for_two(kind):
    """Of the highest tenth at 12 months nearly all stay above the median of all at 13 to 24."""
    history = History.from_points("q", {"2022-01": 1.0, "2023-01": 5.0}, kind=kind)
    values = ReferenceClass().fit(history).predict(24, 4_000, seed=5).values
    high = values[values[:, 11] > np.quantile(values[:, 11], 0.9)]
    assert ((high > np.median(values, axis=0))[:, 11:].mean(axis=0) > 0.9).all()
    steps = np.abs(np.diff(np.log(values), axis=1))
    assert np.quantile(steps, 0.99) < np.log(2.0)
