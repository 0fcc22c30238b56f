from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from capacity.serving.lengths import LengthCurve, LengthModel, even_points, scaled


def numeric_mean(curve: LengthCurve) -> float:
    return float(curve.quantile((np.arange(400_000) + 0.5) / 400_000).mean())


@given(st.floats(20, 3000), st.floats(1.5, 6), st.floats(1.2, 3), st.floats(0.9, 1.4))
def test_mean_and_every_quantile_are_reproduced(
    median: float, to_p90: float, to_p99: float, lean: float
) -> None:
    known = {0.5: median, 0.9: median * to_p90, 0.99: median * to_p90 * to_p99}
    mean = (
        lean
        * LengthCurve.fit(median, {}, np.log(to_p90) / 1.2816).mean
        * np.exp(0.5 * (np.log(to_p90) / 1.2816) ** 2)
    )
    try:
        curve = LengthCurve.fit(mean, known)
    except ValueError:
        assume(False)
    assert curve.mean == pytest.approx(mean, rel=1e-9)
    assert curve.quantile(list(known)) == pytest.approx(list(known.values()), rel=1e-9)


def test_the_mean_in_closed_form_is_that_of_the_quantiles() -> None:
    curve = LengthCurve.fit(211.1, {0.5: 129.0, 0.9: 424.0, 0.99: 601.0})
    assert numeric_mean(curve) == pytest.approx(curve.mean, rel=2e-4)


def test_no_length_is_below_one_token_and_the_mean_knows_it() -> None:
    curve = LengthCurve.fit(3.0, {0.5: 1.5, 0.9: 6.0})
    assert curve.quantile(0.01) == 1.0
    assert numeric_mean(curve) == pytest.approx(3.0, rel=1e-3)


def test_one_quantile_and_a_mean_make_a_lognormal() -> None:
    curve = LengthCurve.fit(25.0, {0.99: 209.0})
    assert numeric_mean(curve) == pytest.approx(25.0, rel=2e-2)
    assert float(curve.quantile(0.99)) == pytest.approx(209.0)
    logs = np.log(curve.quantile([0.6, 0.9, 0.97]))
    scores = np.array([0.2533471, 1.2815516, 1.8807936])
    assert np.diff(logs) / np.diff(scores) == pytest.approx([curve.above] * 2, rel=1e-5)


@pytest.mark.parametrize(
    ("mean", "known", "message"),
    [
        (0.5, {}, "at least 1 token"),
        (100.0, {0.5: 90.0, 0.9: 80.0}, "must rise"),
        (9000.0, {0.5: 90.0, 0.9: 180.0}, "no curve through these quantiles has mean"),
        (10.0, {0.99: 900.0}, "no lognormal"),
    ],
)
def test_figures_that_no_distribution_has_are_refused(
    mean: float, known: dict[float, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        LengthCurve.fit(mean, known)


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.35])
def test_the_copula_has_its_rank_correlation(correlation: float) -> None:
    curve = LengthCurve.fit(500.0, {}, 1.0)
    model = LengthModel(curve, LengthCurve.fit(200.0, {}, 0.7), correlation)
    prompt, reply = model.sample(60_000, np.random.default_rng(3))
    expected = 6.0 / np.pi * np.arcsin(correlation / 2.0)
    assert spearmanr(prompt, reply).statistic == pytest.approx(expected, abs=0.015)


def test_even_points_have_the_means_of_many_random_ones() -> None:
    curve = LengthCurve.fit(1154.7, {0.5: 1020.0, 0.9: 2734.5, 0.99: 4142.0})
    model = LengthModel(curve, LengthCurve.fit(211.1, {0.5: 129.0, 0.9: 424.0, 0.99: 601.0}), -0.1)
    random = model.sample(400_000, np.random.default_rng(5))
    for few, many in zip(model.spread_evenly(10), random, strict=True):
        assert few.mean() == pytest.approx(many.mean(), rel=5e-3)
        assert np.quantile(few, 0.9) == pytest.approx(np.quantile(many, 0.9), rel=1e-2)


@pytest.mark.parametrize("correlation", [-1.0, 1.0, np.nan])
def test_an_impossible_correlation_is_refused(correlation: float) -> None:
    curve = LengthCurve.fit(10.0, {})
    with pytest.raises(ValueError, match="correlation"):
        LengthModel(curve, curve, correlation)


@given(st.floats(1.5, 1e5))
def test_scaling_reaches_the_mean_and_keeps_the_order(mean: float) -> None:
    curve = LengthCurve.fit(211.1, {0.5: 129.0, 0.9: 424.0, 0.99: 601.0})
    moved = scaled(curve, mean)
    assert moved.mean == pytest.approx(mean, rel=1e-6)
    assert np.all(np.diff(moved.quantile(np.linspace(0.01, 0.99, 50))) >= 0.0)


def test_a_mean_of_one_token_cannot_be_scaled_to() -> None:
    with pytest.raises(ValueError, match="above 1 token"):
        scaled(LengthCurve.fit(10.0, {}), 1.0)


def test_even_points_lie_inside_the_cube() -> None:
    points = even_points(5, 8)
    assert points.shape == (256, 5)
    assert points.min() > 0.0
    assert points.max() < 1.0
    assert points.mean(axis=0) == pytest.approx(np.full(5, 0.5), abs=1e-3)
