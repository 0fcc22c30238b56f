from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.money.cost import carbon_t, hosted_usd, power_kw, tiered_usd

TIERS = [(10_000.0, 0.09), (50_000.0, 0.085), (150_000.0, 0.07), (math.inf, 0.05)]
amounts = st.floats(0, 1e9)


def slowly(amount: float) -> float:
    total = 0.09 * min(amount, 10_000)
    if amount > 10_000:
        total += 0.085 * (min(amount, 50_000) - 10_000)
    if amount > 50_000:
        total += 0.07 * (min(amount, 150_000) - 50_000)
    return total + 0.05 * max(0.0, amount - 150_000)


@given(amounts)
def test_a_tariff_by_hand(amount: float) -> None:
    assert float(tiered_usd(amount, TIERS)) == pytest.approx(slowly(amount))


@given(amounts, amounts)
def test_buying_together_is_never_dearer_and_more_never_cheaper(a: float, b: float) -> None:
    whole, one, other = (float(tiered_usd(x, TIERS)) for x in (a + b, a, b))
    assert max(one, other) - 1e-6 <= whole <= one + other + 1e-6


@given(amounts)
def test_no_unit_costs_more_than_the_first_or_less_than_the_last(amount: float) -> None:
    usd = float(tiered_usd(amount, TIERS))
    assert 0.05 * amount - 1e-6 <= usd <= 0.09 * amount + 1e-6


def test_a_tariff_works_on_arrays() -> None:
    many = np.array([[0.0, 12_000.0], [70_000.0, 1e6]])
    assert tiered_usd(many, TIERS) == pytest.approx(np.vectorize(slowly)(many))


def test_a_machine_runs_for_the_hours_of_a_twelfth_of_a_year() -> None:
    assert float(hosted_usd(3, 2.5)) * 12 == pytest.approx(3 * 2.5 * 365.25 * 24)


def test_power_and_carbon_by_hand() -> None:
    kw = float(power_kw(16, 400 * 0.7, 2, 3300, 1.15))
    assert kw == pytest.approx((16 * 280 + 2 * 3300) * 1.15 / 1000)
    assert float(carbon_t(kw, 245)) == pytest.approx(kw * 730.5 * 245 / 1e6)
