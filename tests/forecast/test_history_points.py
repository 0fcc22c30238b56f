from __future__ import annotations

import numpy as np
import pytest

from forecast.history_points import point_faults

MONTHS = np.array(["2022-01", "2022-02", "2022-03"], "datetime64[D]")
PLACES = ["line 2", "line 3", "line 4"]


def test_points_of_a_history_have_no_faults():
    assert point_faults(MONTHS, np.array([1.0, 2.0, 3.0]), "cumulative", PLACES) == []


def test_dates_and_values_of_different_length_are_refused():
    assert "two equal columns" in point_faults(MONTHS[:2], np.ones(3), "flow", ["a", "b"])[0]


@pytest.mark.parametrize("kind", ["active", "flow"])
def test_only_a_cumulative_series_may_not_fall(kind):
    values = np.array([1.0, 3.0, 2.0])
    (fault,) = point_faults(MONTHS, values, "cumulative", PLACES)
    assert fault.startswith("line 4: value 2 is below 3")
    assert point_faults(MONTHS, values, kind, PLACES) == []


def test_every_fault_of_a_point_is_named_with_its_place():
    dates = np.array(["2022-01", "1980-02", "NaT"], "datetime64[D]")
    faults = point_faults(dates, np.array([1e200, 1.0, np.nan]), "flow", PLACES)
    assert [fault[:6] for fault in faults] == ["line 2", "line 3", "line 4", "line 4"]


def test_the_message_on_their_number_names_whose_points_they_are():
    (fault,) = point_faults(MONTHS[:1], np.ones(1), "flow", PLACES[:1], subject="users.csv")
    assert fault == "users.csv: 1 points; allowed: at least 2"
