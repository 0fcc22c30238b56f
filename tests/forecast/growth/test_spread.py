from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from forecast.growth.spread import ResidualSpread, interpolate_horizons

SPREAD = ResidualSpread(
    np.array([6.0, 12.0]),
    np.array([0.05, 0.1, 0.5, 0.9, 0.95]),
    np.array([[-0.5, -0.3, 0.02, 0.2, 0.4], [-0.9, -0.5, -0.05, 0.6, 0.7]]),
)
probabilities = st.floats(1e-6, 1.0 - 1e-6)
horizons = st.floats(0.0, 40.0)


@given(first=probabilities, second=probabilities, months=horizons)
def test_quantiles_never_cross(first, second, months):
    low, high = sorted((first, second))
    assert SPREAD.quantile(low, months) <= SPREAD.quantile(high, months) + 1e-12


def test_learned_quantiles_are_returned_at_their_horizon():
    found = SPREAD.quantile(SPREAD.levels, [6.0, 12.0])
    assert np.allclose(found, SPREAD.quantiles)


def test_there_is_no_error_today():
    assert np.allclose(SPREAD.quantile([0.001, 0.3, 0.999], 0.0), 0.0)


def test_errors_go_with_the_root_of_time_between_and_beyond_the_horizons():
    """0.2 after 6 months and 0.6 after 12; at 24 the root is twice that at 6."""
    at = {months: SPREAD.quantile(0.9, months).item() for months in (1.5, 6, 12, 24)}
    step = 0.4 / (np.sqrt(12) - np.sqrt(6))
    beyond = 0.2 + step * np.sqrt(6)
    assert at == pytest.approx({1.5: 0.1, 6: 0.2, 12: 0.6, 24: beyond})


def test_tails_go_on_as_a_normal_distribution():
    """Beyond the last level the distance is normal, scaled by median to 90 %."""
    upper = 0.7 + 0.65 * (norm.ppf(0.999) - norm.ppf(0.95)) / norm.ppf(0.9)
    lower = -0.9 + 0.45 * (norm.ppf(0.001) - norm.ppf(0.05)) / norm.ppf(0.9)
    found = SPREAD.quantile([0.001, 0.999], 12.0)[0]
    assert found == pytest.approx([lower, upper], rel=1e-4)


@given(st.floats(-4.0, 4.0))
def test_a_score_and_its_probability_give_the_same_error(score):
    sampled = SPREAD.sample(np.array([[score]]), [9.0]).item()
    assert sampled == pytest.approx(SPREAD.quantile(norm.cdf(score), 9.0).item(), abs=1e-9)


def test_widening_keeps_the_median_and_scales_the_distance_from_it():
    wide = SPREAD.widened(1.25)
    assert np.allclose(wide.median, SPREAD.median)
    assert wide.quantiles[1, 4] == pytest.approx(-0.05 + 1.25 * 0.75)


def test_recentring_removes_the_median():
    assert SPREAD.recentred().median.tolist() == [0.0, 0.0]
    assert SPREAD.recentred().quantiles[0, 0] == pytest.approx(-0.52)


def test_added_noise_adds_in_squares():
    broad = SPREAD.broadened(0.3)
    sd = (0.2 + 0.3) / 2.5631
    width = (broad.quantiles[0, 3] - broad.quantiles[0, 1]) / 2.5631
    assert width == pytest.approx(np.hypot(sd, 0.3))
    assert np.allclose(SPREAD.broadened(0.0).quantiles, SPREAD.quantiles)


def test_interpolation_keeps_the_shape_of_the_table():
    table = np.arange(12.0).reshape(2, 3, 2)
    assert interpolate_horizons(np.array([6.0, 12.0]), table, [1.0, 7.0]).shape == (2, 3, 2)


@pytest.mark.parametrize(
    ("levels", "quantiles", "said"),
    [
        ([0.1, 0.5, 0.9], [[0.0, 0.1]], "quantiles have shape"),
        ([0.2, 0.5, 0.9], [[0.0, 0.1, 0.2]], "must contain 0.1"),
        ([0.1, 0.5, 0.9], [[0.0, 0.3, 0.2]], "never fall"),
        ([0.5, 0.1, 0.9], [[0.0, 0.1, 0.2]], "ascend"),
    ],
)
def test_an_impossible_table_is_refused(levels, quantiles, said):
    with pytest.raises(ValueError, match=said):
        ResidualSpread(np.array([6.0]), np.array(levels), np.array(quantiles))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: SPREAD.quantile(0.0, 6.0),
        lambda: SPREAD.widened(0.0),
        lambda: SPREAD.broadened(-1.0),
    ],
)
def test_impossible_questions_are_refused(ask):
    with pytest.raises(ValueError, match="must"):
        ask()


def test_negative_months_and_factors_are_refused():
    with pytest.raises(ValueError, match=r"months must be at least 0, got \[-1.0\]"):
        SPREAD.quantile(0.5, -1.0)
    with pytest.raises(ValueError, match="factor must be above 0"):
        SPREAD.scaled(-1.0)
