from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.market.dated import Period, as_month, period_of
from forecast.shipped.tables import Row

MONTHS = st.integers(0, 1200).map(lambda n: np.datetime64("1970-01", "M") + n)


@given(MONTHS, MONTHS, st.none() | MONTHS)
def test_a_period_holds_from_its_first_to_its_last_month(
    month: np.datetime64, first: np.datetime64, last: np.datetime64 | None
) -> None:
    inside = month >= first if last is None else first <= month <= last
    assert Period(first, last).holds_in(month) == inside


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)))
def test_text_and_date_name_the_same_month(day: datetime.date) -> None:
    assert as_month(np.datetime64(day)) == as_month(day.isoformat()[:7])


def test_an_empty_end_is_open() -> None:
    row = Row("x.csv", 2, {"valid_from": "2025-06", "valid_to": ""})
    assert str(period_of(row)) == "2025-06 onwards"


def test_a_day_is_not_a_month() -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        as_month("2025-06-01")
