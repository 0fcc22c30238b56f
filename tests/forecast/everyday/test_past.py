from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.everyday.past import (
    LONGEST,
    past_of,
    prepared_past,
    seasonally_filled,
    without_outliers,
)

numbers = st.lists(st.floats(-1e150, 1e150), min_size=2, max_size=30).map(np.array)


@given(numbers)
def test_the_way_back_leads_to_the_values(values):
    past = past_of(values)
    assert past.back(past.values) == pytest.approx(values, abs=1e-9 * np.abs(values).max())


@given(numbers)
def test_forward_is_the_way_back_again(values):
    past = past_of(values)
    assert past.forward(values) == pytest.approx(past.values, rel=1e-9)


@given(numbers)
def test_values_are_positive_unless_the_series_is_constant(values):
    past = past_of(values)
    assert past.constant or (past.values > 0.0).all()


@given(numbers)
def test_nothing_below_zero_comes_back_to_a_series_without_negatives(values):
    past = past_of(np.abs(values))
    assert (past.back(np.array([-5.0, 0.0])) >= 0.0).all()


def test_a_gap_is_filled_on_a_straight_line():
    filled = past_of(np.array([2.0, np.nan, np.nan, 8.0]))
    assert filled.back(filled.values) == pytest.approx([2.0, 4.0, 6.0, 8.0])


def test_of_a_long_series_the_latest_values_are_read():
    values = 1.0 + np.arange(100_000.0)
    past = past_of(values)
    assert past.back(past.values) == pytest.approx(values[-LONGEST:])


def spiked(values, place, value):
    values = values.copy()
    values[place] = value
    return values


WAVE = 10.0 + np.sin(np.arange(60.0))


@pytest.mark.parametrize("place", [0, 1, 30, 58, 59])
@pytest.mark.parametrize("value", [0.01, 1_000.0, -50.0, 0.0])
def test_a_value_far_off_alone_is_taken_for_a_gap(place, value):
    found = without_outliers(spiked(WAVE, place, value))
    assert np.flatnonzero(np.isnan(found)).tolist() == [place]


@pytest.mark.parametrize(
    "values",
    [
        WAVE,
        np.where(np.arange(60) % 12 == 11, 100.0, WAVE),  # a peak that comes again
        np.where(np.arange(60) < 40, WAVE, 50.0 * WAVE),  # a new level
        np.where(np.arange(60) < 58, WAVE, 50.0 * WAVE),  # a new level of two values
        np.where(np.arange(60) == 30, 5.0, 0.0),  # one sale
        2.0 ** np.arange(60.0),  # growth
        spiked(WAVE[:11], 5, 500.0),  # too few to tell
        spiked(WAVE, 30, 15.0),  # less than twice as much
    ],
)
def test_what_comes_again_stays_or_is_no_great_matter_is_no_outlier(values):
    assert without_outliers(values).tolist() == values.tolist()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_gap_is_filled_with_its_season_and_growth(sign):
    values = sign * np.tile([10.0, 13.0, 10.0, 7.0], 6) * 1.05 ** (np.arange(24) * (sign > 0))
    for gone in (slice(9, 15), slice(23, 24)):
        assert seasonally_filled(spiked(values, gone, np.nan), 4) == pytest.approx(values)


def test_without_a_known_season_gaps_stay():
    gap = spiked(np.arange(1.0, 12.0), slice(3, 5), np.nan)
    assert np.isnan(seasonally_filled(gap, 1)).sum() == 2
    assert np.isnan(seasonally_filled(gap, 4)).sum() == 2


def test_a_prepared_past_has_its_season_where_a_gap_or_an_outlier_was():
    truth = 100.0 * (1.0 + 0.3 * np.sin(np.arange(48.0) * np.pi / 6.0))
    values = truth.copy()
    values[17], values[30] = np.nan, 9_000.0
    past = prepared_past(values, 12)
    assert past.back(past.values) == pytest.approx(truth, rel=0.02)


@given(numbers, st.integers(1, 12))
def test_what_has_neither_is_left_as_it_is(values, season):
    plain, prepared = past_of(values), prepared_past(values, season)
    if not np.isnan(without_outliers(values)).any():
        assert prepared.values.tolist() == plain.values.tolist()
