from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.scores import (
    coverage,
    crps,
    crps_integral,
    interval_score,
    log_bias,
    mase,
    mean_absolute_log_error,
    owa,
    pinball_loss,
    smape,
    weighted_interval_score,
)

numbers = st.floats(-50.0, 50.0)
positive = st.floats(0.02, 50.0)
samples = st.lists(numbers, min_size=1, max_size=9)
LEVELS = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
seven = st.lists(numbers, min_size=7, max_size=7).map(sorted)


# --- worked by hand ---------------------------------------------------------------------------


def test_mase_is_the_mean_error_over_the_mean_step_of_the_past():
    """Errors 3, 1, 5: mean 3. Two steps apart the past moves by 3, 2 and 7: mean 4."""
    found = mase([10.0, 4.0, 9.0], [7.0, 5.0, 4.0], training=[1.0, 5.0, 4.0, 7.0, 11.0], season=2)
    assert float(found) == pytest.approx(3.0 / 4.0)


def test_smape_of_two_series_is_the_mean_for_each():
    """2 * 3 / 15 and 2 * 1 / 9; 2 * 2 / 6 and 2 * 6 / 10."""
    found = smape([[9.0, 4.0], [2.0, 8.0]], [[6.0, 5.0], [4.0, 2.0]])
    assert found == pytest.approx([(0.4 + 2 / 9) / 2, (2 / 3 + 1.2) / 2])


def test_owa_weighs_both_ratios_alike():
    assert owa(0.09, 1.4, naive_smape=0.15, naive_mase=1.75) == pytest.approx((0.6 + 0.8) / 2)


def test_log_error_and_log_bias_of_factors():
    """Factors 3, 1/2 and 5: ln 3 + ln 2 + ln 5 without signs, ln 3 - ln 2 + ln 5 with them."""
    actual, predicted = [2.0, 8.0, 1.5], [6.0, 4.0, 7.5]
    error = mean_absolute_log_error(actual, predicted)
    assert float(error) == pytest.approx(np.log(30.0) / 3)
    assert float(log_bias(actual, predicted)) == pytest.approx(np.log(7.5) / 3)


def test_pinball_loss_weighs_the_two_sides_unequally():
    """3 above at level 0.9, 4 below at level 0.3."""
    found = pinball_loss([8.0, 1.0], [[5.0, 12.0], [3.0, 5.0]], [0.9, 0.3])
    assert found == pytest.approx(np.array([[2.7, 2.8], [0.2, 2.8]]))


def test_crps_of_four_unequal_samples():
    """To 5: 3, 1, 2, 8, mean 3.5; pairs 2, 5, 11, 3, 9, 6: 72 / 16, half 2.25."""
    given_samples = [13.0, 2.0, 4.0, 7.0]
    assert float(crps(5.0, given_samples)) == pytest.approx(3.5 - 2.25)
    assert float(crps_integral(5.0, given_samples)) == pytest.approx(1.25)


def test_interval_score_of_a_lopsided_interval():
    """Width 6; 1.5 below, at 10 % outside times 20."""
    assert float(interval_score(0.5, 2.0, 8.0, 0.9)) == pytest.approx(6.0 + 20.0 * 1.5)


def test_weighted_interval_score_of_two_intervals():
    """Actual 9, median 4: 2.5. Outer 0.1: (11 + 0) 0.1. Inner 0.3: 5 + (2 / 0.6) 2, times 0.3."""
    found = weighted_interval_score(9.0, [1.0, 2.0, 4.0, 7.0, 12.0], [0.1, 0.3, 0.5, 0.7, 0.9])
    assert float(found) == pytest.approx((2.5 + 1.1 + 0.3 * (5.0 + 2.0 / 0.6 * 2.0)) / 2.5)


def test_coverage_of_four_intervals_of_which_three_hold():
    found = coverage([1.0, 4.0, 8.0, 5.0], [0.0, 5.0, 6.0, 5.0], [2.0, 7.0, 9.0, 6.0], level=0.9)
    assert found.share == 0.75
    assert found.error == pytest.approx(np.sqrt(0.09 / 4))
    assert found.n == 4
    assert found.kept


def test_a_promise_that_is_broken_by_more_than_chance_is_not_kept():
    wide, narrow = np.arange(100.0), np.arange(100.0) % 2
    found = coverage(narrow, np.zeros(100), np.full(100, 0.5), level=0.8)
    assert (found.share, found.kept) == (0.5, False)
    assert coverage(wide, wide - 1, wide + 1, level=0.975).kept


# --- identities -------------------------------------------------------------------------------


@given(numbers, samples)
def test_both_formulas_of_the_crps_agree(actual, drawn):
    assert float(crps(actual, drawn)) == pytest.approx(
        float(crps_integral(actual, drawn)), abs=1e-9
    )


@given(numbers, samples)
def test_the_crps_lies_between_zero_and_the_mean_distance(actual, drawn):
    distance = np.abs(np.array(drawn) - actual).mean()
    assert -1e-9 <= float(crps(actual, drawn)) <= distance + 1e-9


@given(numbers, numbers)
def test_the_crps_of_one_sample_is_the_absolute_error(actual, sample):
    assert float(crps(actual, [sample])) == pytest.approx(abs(actual - sample))


@given(numbers, st.lists(numbers, min_size=2, max_size=6))
def test_the_crps_is_the_pinball_loss_at_the_middles_of_the_ranks(actual, drawn):
    p = (np.arange(len(drawn)) + 0.5) / len(drawn)
    loss = 2.0 * pinball_loss(actual, sorted(drawn), p).mean()
    assert float(crps(actual, drawn)) == pytest.approx(float(loss), abs=1e-9)


@given(numbers, seven)
def test_the_weighted_interval_score_is_twice_the_mean_pinball_loss(actual, quantiles):
    loss = 2.0 * pinball_loss(actual, quantiles, LEVELS).mean()
    found = weighted_interval_score(actual, quantiles, LEVELS)
    assert float(found) == pytest.approx(float(loss), abs=1e-9)


@given(numbers, numbers, numbers, st.floats(0.05, 0.95))
def test_the_interval_score_is_two_pinball_losses(actual, one, other, level):
    lower, upper = sorted((one, other))
    tail = (1.0 - level) / 2.0
    loss = pinball_loss(actual, [lower, upper], [tail, 1.0 - tail]).sum() / tail
    assert float(interval_score(actual, lower, upper, level)) == pytest.approx(
        float(loss), abs=1e-7
    )


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=8), st.floats(0.1, 9.0))
def test_scale_free_scores_do_not_change_with_the_unit(pairs, factor):
    actual, predicted = np.array(pairs).T
    for score in (smape, mean_absolute_log_error, log_bias):
        assert float(score(factor * actual, factor * predicted)) == pytest.approx(
            float(score(actual, predicted)), abs=1e-9
        )
    past = np.array([1.0, 4.0, 2.5])
    scaled = mase(factor * actual, factor * predicted, factor * past)
    assert float(scaled) == pytest.approx(float(mase(actual, predicted, past)))


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=8))
def test_swapping_turns_the_log_bias_and_keeps_the_log_error(pairs):
    actual, predicted = np.array(pairs).T
    assert float(log_bias(predicted, actual)) == pytest.approx(-float(log_bias(actual, predicted)))
    assert (
        float(mean_absolute_log_error(actual, predicted))
        >= abs(float(log_bias(actual, predicted))) - 1e-9
    )
    assert 0.0 <= float(smape(actual, predicted)) <= 2.0


def test_the_true_quantile_has_the_least_pinball_loss():
    actual = np.random.default_rng(3).gamma(2.0, 3.0, 4_000)
    tried = np.linspace(1.0, 15.0, 141)
    losses = pinball_loss(actual, np.tile(tried, (4_000, 1)), np.full(141, 0.7)).mean(axis=0)
    assert tried[losses.argmin()] == pytest.approx(np.quantile(actual, 0.7), abs=0.1)


# --- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: smape([1.0, 2.0], [1.0]), r"actual \(2,\), predicted \(1,\)"),
        (lambda: mase([1.0], [[2.0]], [1.0, 2.0]), r"actual \(1,\), predicted \(1, 1\)"),
        (lambda: mase([1.0], [2.0], [1.0, 2.0], season=2), r"shape \(2,\), season is 2"),
        (lambda: mase([1.0], [2.0], [3.0, 3.0]), "no scale"),
        (lambda: crps([1.0, 2.0], [1.0, 2.0]), r"actual \(2,\), samples \(2,\)"),
        (lambda: crps(1.0, []), r"actual \(\), samples \(0,\)"),
        (lambda: crps(float("nan"), [1.0]), "not finite"),
        (lambda: smape([np.inf], [1.0]), "not finite"),
        (lambda: pinball_loss(1.0, [1.0, 2.0], [0.3]), r"\(2,\), levels \(1,\)"),
        (lambda: pinball_loss(1.0, [1.0], [1.0]), "strictly between 0 and 1"),
        (lambda: interval_score(1.0, 2.0, 1.0, 0.8), "above its upper"),
        (lambda: interval_score(1.0, 0.0, 1.0, 1.2), "strictly between"),
        (lambda: weighted_interval_score(1.0, [1.0, 2.0], [0.2, 0.5]), "symmetric"),
        (lambda: weighted_interval_score(1.0, [1.0], [0.2, 0.5, 0.8]), r"\(1,\), levels \(3,\)"),
        (lambda: coverage([], [], [], 0.8), "at least one"),
        (lambda: log_bias([1.0], [0.0]), "above 0"),
        (lambda: owa(1.0, 1.0, 0.0, 1.0), "above 0"),
    ],
)
def test_what_cannot_be_scored_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
