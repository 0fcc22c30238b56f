from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.money.recourse import (
    MINUTES_PER_MONTH,
    Futures,
    Offers,
    TopUp,
    outcome,
    shortfall_minutes,
)


def one_offer(start: int, length: int) -> Offers:
    return Offers(
        np.array([start]), np.array([length]), np.array([5.0]), np.array([1.0]),
        np.array([np.inf]), np.array([1.0]), np.array([False]), np.array([0]),
    )  # fmt: skip


def test_nodes_stand_from_their_start_to_the_end_of_their_commitment() -> None:
    assert one_offer(1, 3).standing(6).ravel().tolist() == [0, 1, 1, 1, 0, 0]


def test_spot_is_used_first_then_on_demand_and_the_rest_is_missing() -> None:
    """Need 9, one ordered, spot for 3 at 1, on-demand for 4 at 2: one is missing at 10."""
    each = [np.array([value]) for value in (2.0, 4.0, 1.0, 10.0)]
    futures = Futures(np.array([[9.0]]), np.array([[3.0]]), np.zeros(1, dtype=np.int64))
    found = outcome(one_offer(0, 1), np.ones((1, 1)), TopUp(*each), futures)
    assert found.missing.item() == 1.0
    assert found.on_demand.item() == 4.0
    assert found.bought_usd.item() == 5.0 + 3.0 + 8.0
    assert found.usd.item() == 26.0
    assert found.shortfall.tolist() == [1.0]


def test_a_group_gets_its_own_orders() -> None:
    each = [np.array([value]) for value in (2.0, 0.0, 1.0, 10.0)]
    futures = Futures(np.full((2, 1), 3.0), np.zeros((2, 1)), np.array([0, 1]))
    found = outcome(one_offer(0, 1), np.array([[1.0], [3.0]]), TopUp(*each), futures)
    assert found.missing.ravel().tolist() == [2.0, 0.0]


@pytest.mark.parametrize("prices", [(2.0, 0.0, 3.0, 10.0), (2.0, 0.0, 1.0, 1.5)])
def test_prices_in_another_order_are_refused(prices: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="raise the price of a shortfall"):
        TopUp(*[np.array([value]) for value in prices])


@given(st.lists(st.floats(0.1, 3.0), min_size=1, max_size=168), st.floats(0.0, 50.0))
@settings(max_examples=60)
def test_minutes_grow_with_what_is_missing_up_to_the_whole_month(
    hours: list[float], missing: float
) -> None:
    need, profile = np.full(3, 50.0), np.array(hours)
    found = shortfall_minutes(np.array([0.0, missing, 50.0]), need, profile)
    assert found[0] == 0.0
    assert 0.0 <= found[1] <= found[2] == pytest.approx(MINUTES_PER_MONTH)
    slow = np.mean(profile / profile.max() > 1.0 - missing / 50.0) * MINUTES_PER_MONTH
    assert found[1] == pytest.approx(slow if missing > 0.0 else 0.0)


def test_nodes_of_one_region_cover_nothing_in_another() -> None:
    """Two regions need 2 each; two nodes stand in the first, one is had on demand in each."""
    offers = replace(one_offer(0, 1), region=np.array([0]))
    each = [np.full(2, value) for value in (2.0, 1.0, 1.0, 10.0)]
    futures = Futures(np.full((1, 2), 2.0), np.zeros((1, 2)), np.zeros(1, dtype=np.int64), 2)
    found = outcome(offers, np.array([[2.0]]), TopUp(*each), futures)
    assert found.missing.tolist() == [[0.0, 1.0]]
    assert found.worst.tolist() == [[1.0]]
    assert found.shortfall.tolist() == [1.0]


def test_a_commitment_of_the_first_region_does_not_run_into_the_next() -> None:
    assert one_offer(1, 3).standing(2, 2).ravel().tolist() == [0, 1, 0, 0]
