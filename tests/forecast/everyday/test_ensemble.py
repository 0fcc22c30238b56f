from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.monitor.exhaustion import first_crossing
from forecast.everyday.ensemble import FEWEST_IN_PANEL, Everyday
from forecast.series import SEASONS, Series

LEVELS = np.array([0.001, 0.025, 0.1, 0.33, 0.5, 0.67, 0.9, 0.975, 0.999])
START = np.datetime64("2020-01-01")
steps = st.sampled_from(sorted(SEASONS))
numbers = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=30)
counts = st.lists(st.integers(0, 40), min_size=2, max_size=30)


def quantiles(values, step="month", horizon=6, season=0):
    series = Series("s", START, np.array(values, dtype=float), step, season)
    return Everyday().fit(series).quantiles(horizon, LEVELS)


@settings(deadline=None, max_examples=40)
@given(numbers, steps, st.integers(1, 60))
def test_quantiles_are_finite_and_never_cross(values, step, horizon):
    found = quantiles(values, step, horizon)
    assert found.shape == (len(LEVELS), horizon)
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=0) >= 0.0).all()


@settings(deadline=None, max_examples=25)
@given(counts, steps)
def test_what_is_never_negative_is_never_forecast_negative(values, step):
    assert (quantiles(values, step) >= 0.0).all()


@settings(deadline=None, max_examples=10)
@given(st.lists(st.floats(1.0, 1e3), min_size=5, max_size=30), st.sampled_from([1e-150, 1e157]))
def test_units_do_not_matter(values, unit):
    found = quantiles(np.array(values) * unit) / unit
    assert found == pytest.approx(quantiles(values), rel=1e-3)


@pytest.mark.parametrize("value", [0.0, -3.0, 7e159])
def test_a_constant_stays_what_it_is(value):
    assert quantiles([value] * 9).tolist() == np.full((len(LEVELS), 6), value).tolist()


@pytest.mark.parametrize("step", ["month", "year", "hour"])
@pytest.mark.parametrize("last", [1e-150, 1e150])
def test_a_jump_of_a_hundred_and_fifty_orders_stays_finite(step, last):
    found = quantiles([*np.ones(50), last], step, 60)
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=0) >= 0.0).all()


def test_two_values_give_a_wide_interval_around_the_last():
    found = quantiles([80.0, 100.0])
    assert 70.0 < found[4, 0] < 130.0
    assert found[1, 0] < 90.0
    assert found[-2, 0] > 110.0


@pytest.mark.parametrize(("step", "season", "length"), [("day", 7, 90), ("week", 52, 160)])
def test_days_and_weeks_bear_shifts_and_gaps(step, season, length):
    """A season on a level that doubled, a tenth of the values missing, three holidays."""
    rng = np.random.default_rng(7)
    steps = np.arange(length + season)
    truth = np.where(steps < length // 2, 100.0, 200.0)
    truth = truth * (1.0 + 0.3 * np.sin(2.0 * np.pi * steps / season))
    values = truth[:length] * np.exp(rng.normal(0.0, 0.03, length))
    values[[20, 45, 70]] *= 0.5
    values[rng.choice(np.arange(1, length - 1), length // 10, replace=False)] = np.nan
    found = quantiles(values, step, season)
    assert found[4].mean() == pytest.approx(200.0, rel=0.1)
    inside = (truth[length:] >= found[1]) & (truth[length:] <= found[-2])
    assert inside.mean() > 0.9


def test_after_a_shift_the_median_is_on_the_new_level():
    noise = np.random.default_rng(1).normal(0.0, 1.0, 72)
    found = quantiles(np.where(np.arange(72) < 48, 100.0, 200.0) + noise)
    assert found[4] == pytest.approx(np.full(6, 200.0), rel=0.1)


def test_a_gap_moves_a_smooth_forecast_little():
    values = 100.0 + 20.0 * np.sin(np.arange(60) * np.pi / 6.0) + np.arange(60)
    gappy = values.copy()
    gappy[[7, 20, 21, 44]] = np.nan
    assert quantiles(gappy)[4] == pytest.approx(quantiles(values)[4], rel=0.06)


def test_a_season_is_carried_on():
    values = 100.0 + 40.0 * np.sin(np.arange(96) * np.pi / 6.0)
    assert quantiles(values, horizon=12)[4] == pytest.approx(values[:12], rel=0.15)


def test_of_a_hundred_thousand_points_the_latest_decide():
    values = 50.0 + np.random.default_rng(2).normal(0.0, 1.0, 100_000)
    found = quantiles(values, "hour", 48)
    assert (found == quantiles(values[-4_800:], "hour", 48)).all()


@pytest.mark.parametrize("levels", [[0.0], [1.0], [0.5, np.nan], [[0.5]]])
def test_levels_outside_zero_to_one_are_refused(levels):
    fitted = Everyday().fit(Series("s", START, np.arange(1.0, 9.0)))
    with pytest.raises(ValueError, match="probabilities between 0 and 1"):
        fitted.quantiles(3, levels)


@pytest.mark.parametrize("horizon", [0, -1, True])
def test_a_horizon_below_one_is_refused(horizon):
    with pytest.raises(ValueError, match="1 or more"):
        Everyday().fit(Series("s", START, np.arange(1.0, 9.0))).quantiles(horizon, [0.5])


def panel(size):
    rng = np.random.default_rng(3)
    walks = np.exp(np.cumsum(rng.normal(0.0, 0.05, (size, 16)), axis=1))
    return [Series(f"s{i}", START, walk, "year") for i, walk in enumerate(walks)]


def test_a_panel_is_learned_from_when_it_is_large_enough():
    series = panel(FEWEST_IN_PANEL)
    shipped = Everyday().fit(series[0]).quantiles(4, LEVELS)
    few = Everyday().on_panel(series[:-1]).fit(series[0]).quantiles(4, LEVELS)
    assert few.tolist() == shipped.tolist()
    one, two = (Everyday().on_panel(series).fit(series[0]).quantiles(4, LEVELS) for _ in range(2))
    assert one.tolist() == two.tolist()
    assert one.tolist() != shipped.tolist()


def test_a_panel_is_learned_from_without_lone_outliers():
    series = panel(FEWEST_IN_PANEL)
    gaps, spikes = ([changed(one, value) for one in series] for value in (np.nan, 1e3))
    with_gaps, with_spikes = (
        Everyday().on_panel(given).fit(series[0]).quantiles(4, LEVELS) for given in (gaps, spikes)
    )
    assert with_gaps.tolist() == with_spikes.tolist()


def changed(series, value):
    """The series with another value in the middle."""
    values = np.where(np.arange(16) == 9, value, series.values)
    return Series(series.name, series.start, values, series.step)


def test_series_too_short_to_learn_from_keep_what_is_shipped():
    """A panel of calm long series says nothing about one wild year."""
    rng = np.random.default_rng(8)
    calm = np.exp(np.cumsum(rng.normal(0.0, 0.01, (FEWEST_IN_PANEL, 40)), axis=1))
    series = [Series(f"s{i}", START, values) for i, values in enumerate(calm)]
    wild = Series("wild", START, np.exp(rng.normal(0.0, 0.5, 12)))
    model = Everyday().on_panel([*series, wild])
    shipped = Everyday()
    assert model.fit(wild).quantiles(4, LEVELS).tolist() == (
        shipped.fit(wild).quantiles(4, LEVELS).tolist()
    )
    assert model.fit(series[0]).quantiles(4, LEVELS).tolist() != (
        shipped.fit(series[0]).quantiles(4, LEVELS).tolist()
    )


def test_short_series_teach_no_networks():
    few = [Series(f"s{i}", START, np.arange(1.0, 8.0) + i % 3, "day") for i in range(40)]
    assert not Everyday().on_panel(few).panel.members


def test_forecasts_of_calm_series_are_narrower():
    rng = np.random.default_rng(4)
    noise = rng.normal(0.0, 1.0, 80)
    calm, wild = (quantiles(np.exp(5.0 + size * noise)) for size in (0.02, 0.2))
    assert (np.log(calm[-2] / calm[1]) < 0.5 * np.log(wild[-2] / wild[1])).all()


# --- odd series of every step -------------------------------------------------------------------

COUNTS = {"hour": 672, "day": 280, "week": 208, "month": 72, "quarter": 48, "year": 30}
everywhere = pytest.mark.parametrize("step", COUNTS)


def wave(step):
    """A season, or none for years, with 2 % of noise, and what comes without noise."""
    count, ahead = COUNTS[step], max(6, min(SEASONS[step], 13))
    steps = np.arange(count + ahead)
    season = 0.3 * np.sin(2.0 * np.pi * steps / SEASONS[step]) if SEASONS[step] > 1 else 0.0
    level = 100.0 * (1.0 + season) * np.ones(len(steps))
    noise = np.random.default_rng(0).normal(0.0, 0.02, count)
    return level[:count] * (1.0 + noise), level[count:]


def log_error(values, came, step):
    return np.abs(np.log(quantiles(values, step, len(came))[4] / came)).mean()


@everywhere
def test_one_value_in_ten_may_be_missing(step):
    values, came = wave(step)
    gone = np.random.default_rng(1).choice(np.arange(1, len(values) - 1), len(values) // 10, False)
    values[gone] = np.nan
    assert log_error(values, came, step) < 0.03


@everywhere
def test_a_whole_season_may_be_missing(step):
    values, came = wave(step)
    middle, gone = len(values) // 2, max(3, SEASONS[step])
    values[middle : middle + gone] = np.nan
    assert log_error(values, came, step) < 0.06


@everywhere
@pytest.mark.parametrize("back", [1, 3, 20])
@pytest.mark.parametrize("times", [0.1, 10.0])
def test_a_lone_outlier_moves_the_median_little_even_at_the_end(step, back, times):
    values, came = wave(step)
    values[-back] *= times
    assert log_error(values, came, step) < 0.06


@everywhere
def test_the_median_follows_to_a_level_that_has_held_for_a_third_of_the_past(step):
    values, came = wave(step)
    values[: 2 * len(values) // 3] /= 2.0
    assert log_error(values, came, step) < 0.25  # the step itself is 0.69


@everywhere
def test_three_values_at_a_new_level_are_believed(step):
    values, _ = wave(step)
    before = quantiles(values, step)[4]
    values[-3:] *= 5.0
    assert (quantiles(values, step)[4] > 2.0 * before).all()


def test_paths_have_the_quantiles_and_tell_when_a_value_is_reached():
    fitted = Everyday().fit(Series("s", START, wave("day")[0] + np.arange(280.0), "day"))
    paths = fitted.simulate(14, 20_000, seed=7)
    wanted = fitted.quantiles(14, [0.1, 0.5, 0.9])
    assert np.quantile(paths, [0.1, 0.5, 0.9], axis=0) == pytest.approx(wanted, rel=3e-3)
    limit = float(wanted[1].max())
    first = first_crossing(np.arange(1, 15), paths, limit)
    assert (first <= 1).mean() == pytest.approx((paths[:, 0] >= limit).mean(), abs=1e-3)
    assert 0.3 < np.isfinite(first).mean() < 1.0
