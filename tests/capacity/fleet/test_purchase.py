"""Commitments are paid at the price of their day, and run on after the plan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.fleet.purchase import TERM_MONTHS, committed_usd, covering, nodes_standing, owed_usd
from capacity.money.cost import HOURS_PER_MONTH
from capacity.policy import Policy

RISING = st.lists(st.integers(0, 5), min_size=1, max_size=50).map(np.cumsum)


@given(RISING, st.sampled_from(sorted(TERM_MONTHS)))
def test_at_one_price_the_bill_is_nodes_times_price(nodes: np.ndarray, term: str) -> None:
    found = committed_usd(nodes, np.full(len(nodes), 7.5), term)
    assert found == pytest.approx(nodes * 7.5 * HOURS_PER_MONTH)


def test_a_lot_keeps_its_price_until_its_term_ends() -> None:
    price = np.array([20.0] * 5 + [10.0] * 25)
    nodes = np.array([2] * 4 + [3] * 26)
    hourly = committed_usd(nodes, price, "1y") / HOURS_PER_MONTH
    assert hourly[[3, 4, 11, 12, 15, 16]].tolist() == [40, 60, 60, 40, 40, 30]


def test_on_demand_follows_the_price_and_owes_nothing() -> None:
    price, nodes = np.array([20.0, 10.0, 5.0]), np.array([1, 1, 4])
    assert (committed_usd(nodes, price, "on-demand") / HOURS_PER_MONTH).tolist() == [20, 10, 20]
    assert owed_usd(nodes, price, "on-demand") == 0


def test_what_is_owed_by_hand() -> None:
    """One node of month 0 owes 12 - 3 months, two of month 2 owe 12 - 1 each."""
    price = np.array([20.0, 20.0, 10.0])
    owed = owed_usd(np.array([1, 1, 3]), price, "1y") / HOURS_PER_MONTH
    assert owed == pytest.approx(9 * 20 + 2 * 11 * 10)


@given(st.floats(0.5, 0.999), st.integers(1, 12))
def test_what_stands_covers_the_quantile_in_every_month(p: float, months: int) -> None:
    need = np.random.default_rng(7).integers(1, 40, size=(300, 11))
    stands = nodes_standing(need, Policy(order_months=months), p)
    assert ((need <= stands).mean(axis=0) >= p - 1e-12).all()
    assert (stands >= covering(need, p)).all()
    assert (np.diff(stands) >= 0).all()
