"""A series says everything that is wrong with it, at once."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.series import SEASONS, Series

START = np.datetime64("2026-01-01")


@pytest.mark.parametrize("step", SEASONS)
def test_the_season_is_that_of_the_step_unless_told(step):
    values = np.arange(3.0)
    assert Series("x", START, values, step).season == SEASONS[step]
    assert Series("x", START, values, step, season=5).season == 5


def test_the_values_are_a_copy_that_cannot_be_written():
    given = np.array([1.0, 2.0])
    series = Series("x", START, given)
    given[0] = 9.0
    assert series.values[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 3.0


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ([1.0], "two known or more"),
        ([np.nan, 1.0, 2.0], "gap at an end"),
        ([1.0, 2.0, np.nan], "gap at an end"),
        ([1.0, np.inf], "beyond 1e"),
        ([1.0, 1e300], "beyond 1e"),
        ([[1.0, 2.0]], "one row"),
    ],
)
def test_values_that_are_no_series_are_refused(values, fault):
    with pytest.raises(ValueError, match=fault):
        Series("x", START, np.array(values))


def test_all_faults_are_told_at_once():
    with pytest.raises(ValueError, match=r"season -1.*no time.*beyond 1e"):
        Series("x", np.datetime64("NaT"), np.array([1.0, -np.inf]), season=-1)


def test_an_unknown_step_is_refused_with_what_is_allowed():
    with pytest.raises(ValueError, match="'minute'; allowed: hour, day"):
        Series("x", START, np.array([1.0, 2.0]), "minute")
