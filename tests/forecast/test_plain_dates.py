from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from forecast.plain_dates import plain_dates

TOKYO = datetime.timezone(datetime.timedelta(hours=9))
PLAIN = ["2022-02-01", "2022-03-01"]


@pytest.mark.parametrize(
    "dates",
    [
        PLAIN,
        tuple(PLAIN),
        ["2022-02", "2022-03"],
        ["2022-02-01T23:30", "2022-03-01T00:00"],
        np.array(PLAIN, dtype="datetime64[s]"),
        [datetime.date(2022, 2, 1), datetime.date(2022, 3, 1)],
        pd.date_range("2022-02-01", periods=2, freq="MS"),
    ],
    ids=str,
)
def test_dates_of_any_make_are_the_same_days(dates):
    assert plain_dates(dates).tolist() == [datetime.date(2022, 2, 1), datetime.date(2022, 3, 1)]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["2022-02-01", "2022-03-01T00:00+09:00"], r"date 2022-03-01T00:00\+09:00"),
        (["2022-02-01T00:00Z"], "2022-02-01T00:00Z"),
        (["2022-02-01T00:00-05:00"], "-05:00"),
        ([datetime.datetime(2022, 2, 1, tzinfo=TOKYO)], "date 2022-02-01"),
        (np.array([datetime.datetime(2022, 2, 1, tzinfo=TOKYO)]), r"\+09:00"),
        (pd.date_range("2022-02-01", periods=2, freq="MS", tz="Asia/Tokyo"), "Asia/Tokyo"),
    ],
)
def test_a_time_zone_is_refused_because_it_could_move_the_month(dates, said):
    with pytest.raises(ValueError, match=said) as refusal:
        plain_dates(dates)
    assert "allowed: dates without a time zone" in str(refusal.value)


def test_the_copy_is_independent():
    dates = np.array(PLAIN, dtype="datetime64[D]")
    copy = plain_dates(dates)
    dates[0] = np.datetime64("2000-01-01")
    assert str(copy[0]) == "2022-02-01"
