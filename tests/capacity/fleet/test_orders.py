from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from capacity.fleet.orders import order_date, place_orders, standing
from capacity.market.catalogue import shipped_catalogue

TODAY = datetime.date(2023, 1, 1)
needs = arrays(np.float64, st.integers(1, 36), elements=st.floats(0, 1e6))
leads = st.lists(st.floats(0, 60), min_size=1, max_size=6)


def first_day(month: np.datetime64) -> datetime.date:
    day: datetime.date = month.astype("datetime64[D]").item()
    return day


@given(needs, st.integers(1, 12))
def test_what_stands_covers_every_month_and_never_falls(need: np.ndarray, months: int) -> None:
    found = standing(need, months)
    assert np.all(found >= need)
    assert np.all(np.diff(found) >= 0)


@given(needs, st.integers(1, 12))
def test_what_stands_is_the_least_that_covers_each_order(need: np.ndarray, months: int) -> None:
    found = standing(need, months)
    for month in range(len(need)):
        until = (month // months + 1) * months
        assert found[month] == np.ceil(need[:until].max())


@given(needs)
def test_longer_orders_never_stand_fewer(need: np.ndarray) -> None:
    assert np.all(standing(need, 6) >= standing(need, 3))
    assert np.all(standing(need, 3) >= standing(need, 1))


@given(needs, st.integers(1, 12))
def test_orders_add_up_to_what_stands(need: np.ndarray, months: int) -> None:
    nodes = standing(need, months)
    calendar = np.arange("2022-01", len(need), dtype="datetime64[M]")
    lots = place_orders(nodes, calendar, "serving", lambda month: 10.0, TODAY)
    total = {lot.in_service: lot.nodes for lot in lots}
    stands = np.cumsum([total.get(month, 0) for month in calendar])
    assert stands.tolist() == nodes.tolist()
    assert all(lot.past == (lot.order_by <= TODAY) for lot in lots)


def dated(weeks: list[float]) -> Callable[[np.datetime64], float]:
    """Lead time that changes every five months."""
    return lambda month: weeks[int(month.astype(int)) // 5 % len(weeks)]


@given(leads, st.integers(0, 100))
def test_an_order_on_its_last_day_arrives_and_one_a_month_later_does_not(
    weeks: list[float], after: int
) -> None:
    lead, month = dated(weeks), np.datetime64("2020-01") + after
    day = order_date(month, lead)
    placed = np.datetime64(day, "M")
    assert day + datetime.timedelta(weeks=lead(placed)) <= first_day(month) + datetime.timedelta(1)
    for later in np.arange(placed + 1, month + 1):
        earliest = first_day(later) + datetime.timedelta(weeks=lead(later))
        assert earliest > first_day(month) or lead(later) == 0


def test_dated_lead_times_move_the_order() -> None:
    """An H100 node for June 2024 is ordered in spring; one for May, a year ahead."""

    def weeks(month: np.datetime64) -> float:
        return shipped_catalogue().lead_time("p5.48xlarge", month).mid

    assert order_date(np.datetime64("2024-06"), weeks) == datetime.date(2024, 3, 23)
    assert order_date(np.datetime64("2024-05"), weeks) == datetime.date(2023, 6, 28)


def test_no_order_in_five_years_is_an_error() -> None:
    with pytest.raises(ValueError, match="no order of the five years before 2024-06"):
        order_date(np.datetime64("2024-06"), lambda month: 400.0)
