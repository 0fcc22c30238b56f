from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.report.placing import month_ticks, month_words, spread, value_ticks, value_words

places = st.lists(st.floats(0, 100), min_size=1, max_size=8)


@given(places)
def test_labels_keep_their_distance_and_stay_inside(wanted: list[float]) -> None:
    found = spread(wanted, gap=5.0, low=0.0, high=100.0)
    assert all(b - a >= 5.0 - 1e-6 for a, b in pairwise(sorted(found)))
    assert min(found) >= -1e-9
    assert max(found) <= 100 + 1e-9


@given(places)
def test_labels_keep_their_order(wanted: list[float]) -> None:
    found = spread(wanted, gap=5.0, low=0.0, high=100.0)
    by_wish = sorted(range(len(wanted)), key=lambda place: wanted[place])
    assert [found[place] for place in by_wish] == sorted(found)


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([10.0, 50.0, 30.0], gap=5.0, low=0.0, high=100.0) == [10.0, 50.0, 30.0]


@given(st.floats(1e-6, 1e15))
def test_ticks_reach_the_top_without_waste(top: float) -> None:
    ticks = value_ticks(top)
    assert ticks[0] == 0
    assert ticks[-1] >= top * (1 - 1e-6)
    assert ticks[-2] < top
    assert 2 <= len(ticks) <= 7


@given(st.integers(1, 240), st.integers(1, 12))
def test_months_are_named_sparsely(count: int, first: int) -> None:
    months = [
        f"{2022 + (first - 1 + k) // 12}-{(first - 1 + k) % 12 + 1:02d}" for k in range(count)
    ]
    named = month_ticks(months, most=6)
    assert 1 <= len(named) <= 7
    assert any(character.isdigit() for _, words in named for character in words)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(0, "users", "0"), (20e6, "users", "20 M"), (2e9, "queries/day", "2 bn"),
     (50_000, "USD/month", "$50,000"), (0.05, "PB", "0.05")],
)  # fmt: skip
def test_ticks_are_said_shortly(value: float, unit: str, words: str) -> None:
    assert value_words(value, unit) == words


def test_months_are_said_in_words() -> None:
    assert month_words("2023-11-05") == "Nov 2023"


def test_the_year_is_told_once_where_names_stand_close() -> None:
    months = ["2022-12", "2023-01", "2023-02", "2023-03"]
    assert month_ticks(months, most=4) == [(0, "Dec"), (1, "Jan 2023"), (2, "Feb"), (3, "Mar")]
    assert month_ticks(months[1:], most=4)[0] == (0, "Jan 2023")
    assert month_ticks(["2022-05"], most=4) == [(0, "May 2022")]
