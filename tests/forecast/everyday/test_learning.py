from __future__ import annotations

import numpy as np

from forecast.everyday.learning import learn_kind

YEAR = ("year", 1)


def walks(count, size=0.1, length=24):
    steps = np.random.default_rng(5).normal(0.02, size, (count, length))
    return list(np.exp(np.cumsum(steps, axis=1)))


def test_learning_from_the_same_series_gives_the_same():
    one, two = (learn_kind(walks(6), YEAR, 3) for _ in range(2))
    assert one.errors.quantiles.tolist() == two.errors.quantiles.tolist()
    assert one.errors.stretch.tolist() == two.errors.stretch.tolist()
    for a, b in zip(one.networks.members[YEAR], two.networks.members[YEAR], strict=True):
        assert all((x == y).all() for x, y in zip(a.weights, b.weights, strict=True))


def test_calm_series_are_told_from_wild_ones():
    found = learn_kind([*walks(30, size=0.02), *walks(30, size=0.3)], YEAR, 3)
    assert found.errors.trust > 0.7


def test_constant_series_teach_nothing():
    both, alone = (learn_kind(given, YEAR, 3) for given in ([*walks(6), np.ones(24)], walks(6)))
    assert both.errors.quantiles.tolist() == alone.errors.quantiles.tolist()


def test_what_short_pasts_cost_is_learned():
    """A trend that eight values hardly show: forecasts from them miss by more."""
    rng = np.random.default_rng(6)
    noise = rng.normal(0.0, 0.1, (60, 40))
    series = list(np.exp(0.05 * np.arange(40) + noise))
    assert learn_kind(series, YEAR, 6).errors.shortness > 0.0


def test_learning_does_not_depend_on_the_unit():
    one, two = (learn_kind([unit * w for w in walks(6)], YEAR, 3) for unit in (1.0, 1024.0))
    assert one.errors.quantiles.tolist() == two.errors.quantiles.tolist()


def spiked(values, place):
    """The same values, one of them fifty times too high."""
    return np.where(np.arange(len(values)) == place, 50.0 * values, values)


def test_learning_sees_pasts_without_lone_outliers_as_forecasting_does():
    """A spike in the past is taken for a gap; in what came it stays, for such errors happen."""
    calm = walks(30, size=0.02, length=30)
    early = learn_kind([spiked(w, 8) for w in calm], YEAR, 3).errors
    late = learn_kind([spiked(w, 28) for w in calm], YEAR, 3).errors
    usual = learn_kind(calm, YEAR, 3).errors
    assert early.typical < 1.2 * usual.typical
    assert np.ptp(early.quantiles) < 1.5 * np.ptp(usual.quantiles)
    assert np.ptp(late.quantiles) > 3.0 * np.ptp(usual.quantiles)
