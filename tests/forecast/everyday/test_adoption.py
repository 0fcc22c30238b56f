from __future__ import annotations

import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.adoption import learned_file, read_cases, score_all
from forecast.everyday.adoption import adoption_curve, learned_shares
from forecast.everyday.ensemble import Everyday
from forecast.series import Series
from forecast.shipped.place import data_path

LEVELS = np.array([0.001, 0.025, 0.1, 0.5, 0.9, 0.975, 0.999])
RISING = 3.0 + np.arange(24.0)  # its square is an adoption curve


def quantiles(values, step="month", capacity=np.inf, horizon=18):
    series = Series("s", np.datetime64("2020-01"), np.array(values), step, capacity=capacity)
    return Everyday().fit(series).quantiles(horizon, LEVELS)


@pytest.mark.parametrize(("step", "count"), [("month", 24), ("quarter", 12), ("year", 6)])
def test_a_line_in_the_square_root_goes_on(step, count):
    curve = adoption_curve((1.0 + np.arange(count)) ** 2, step)
    ahead = (count + np.arange(1.0, 6.0)) ** 2
    assert curve.values(curve.growth(5)) == pytest.approx(ahead)


@pytest.mark.parametrize(
    ("values", "step"),
    [
        (RISING**2, "hour"),
        (RISING**2, "day"),
        (RISING**2, "week"),
        (RISING[:12] ** 2, "month"),  # a year of steps needs 13 values
        (RISING[:4] ** 2, "year"),
        (RISING[::-1] ** 2, "month"),
        (np.full(24, 7.0), "month"),
        (RISING - 3.0, "month"),  # begins at 0
        (1_000.0 + RISING, "month"),  # a few percent a year
        ((3.0 + 0.1 * np.maximum(np.arange(74.0) - 60.0, 0.0)) ** 2, "month"),  # boom, calm before
        ((3.0 + np.maximum(np.arange(28.0) - 20.0, 0.0)) ** 2, "year"),
        (np.where(np.arange(24) < 20, 10.0, 30.0), "month"),  # one jump is no growth
        (RISING**2 * (1.0 + 0.3 * (-1.0) ** np.arange(24)), "month"),  # noise
        (100.0 + 10.0 * np.arange(24) + 90.0 * np.sin(np.arange(24) * np.pi / 6), "month"),
    ],
)
def test_what_is_short_slow_noisy_falling_or_booms_late_is_no_adoption_curve(values, step):
    assert adoption_curve(values, step) is None


@given(st.floats(1e-100, 1e100), st.lists(st.floats(0.5, 1.5), min_size=14, max_size=30))
def test_units_do_not_matter(unit, steps):
    values = np.cumsum([3.0, *steps]) ** 2
    here, there = adoption_curve(values, "month"), adoption_curve(values * unit, "month")
    assert (here is None) == (there is None)
    if here is not None:
        assert there.growth(9) == pytest.approx(here.growth(9), rel=1e-9)


def test_more_noise_gives_a_wider_interval_and_none_gives_no_point():
    noise = 0.3 * np.random.default_rng(1).normal(size=24)
    calm, wild = quantiles(RISING**2), quantiles((RISING + noise) ** 2)
    wide = [np.log(found[4] / found[2]) for found in (calm, wild)]
    assert (wide[0] > 0.0).all()
    assert (wide[1] > 1.5 * wide[0]).all()


def test_the_everyday_model_follows_an_adoption_curve_by_itself():
    users = RISING**2
    curve = adoption_curve(users, "month")
    median = curve.offsets(18, learned_shares())[6]
    assert quantiles(users)[3] == pytest.approx(curve.values(median), rel=1e-9)
    assert (np.diff(quantiles(users)[3]) > 0.0).all()


@given(st.floats(0.2, 0.95), st.floats(0.1, 0.6), st.integers(1, 240))
def test_no_quantile_reaches_the_capacity(level, rate, horizon):
    steps = np.arange(-23.0, 1.0)
    share = 100.0 / (1.0 + (1.0 / level - 1.0) * np.exp(-rate * steps))
    found = quantiles(share, capacity=100.0, horizon=horizon)
    assert (found <= 100.0).all()
    assert (np.diff(found, axis=0) >= 0.0).all()


def test_a_capacity_far_away_changes_nothing():
    near = quantiles(RISING**2, capacity=1e12)
    assert near == pytest.approx(quantiles(RISING**2), rel=1e-6)


def test_a_series_that_wavers_below_its_capacity_stays_there():
    share = 97.0 + 2.5 * np.sin(np.arange(48.0))
    assert quantiles(share).max() > 100.0
    assert quantiles(share, capacity=100.0).max() <= 100.0


def test_a_value_above_the_capacity_is_refused():
    with pytest.raises(ValueError, match="above the capacity 100; allowed: up to that"):
        Series("s", np.datetime64("2020-01"), np.array([50.0, 101.0]), capacity=100.0)


@pytest.fixture(scope="module")
def cases(reference):
    return list(read_cases(reference))


def test_what_is_shipped_is_what_the_series_teach(cases):
    shipped = data_path("adoption.toml").read_text(encoding="utf-8")
    assert tomllib.loads(learned_file(cases)) == tomllib.loads(shipped)


def test_on_products_not_learned_from_the_route_beats_the_others(cases):
    scores = score_all(cases)["all"]
    own = scores.pop("adoption curve")
    for name, other in scores.items():
        assert own["MALE"] < other["MALE"], name
        assert own["pinball"] < other["pinball"], name
    assert 0.74 < own["cover80"] < 0.86
    assert 0.91 < own["cover95"] < 0.98
