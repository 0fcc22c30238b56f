from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.market.catalogue import Catalogue

CATALOGUE = Catalogue.load()
MONTHS = st.integers(0, 96).map(lambda n: np.datetime64("2020-01", "M") + n)


def test_a_plan_of_2022_cannot_see_hardware_of_2023() -> None:
    names = {node.name for node in CATALOGUE.available("2022-12")}
    assert {"p4d.24xlarge", "p4de.24xlarge", "g5.48xlarge", "a2-highgpu-8g"} <= names
    assert not {"p5.48xlarge", "g6.48xlarge", "a3-highgpu-8g", "ND96isr_H100_v5"} & names


@given(MONTHS)
def test_nothing_available_holds_a_card_of_the_future(month: np.datetime64) -> None:
    for node in CATALOGUE.available(month):
        released = CATALOGUE.accelerators[node.accelerator].released
        assert released is not None
        assert released <= month


@given(MONTHS, st.integers(0, 24))
def test_what_was_available_stays_available(month: np.datetime64, later: int) -> None:
    then, now = CATALOGUE.available(month), CATALOGUE.available(month + later)
    assert set(then) <= set(now)


@pytest.mark.parametrize(("month", "weeks"), [("2023-11", (36, 44, 52)), ("2024-04", (8, 10, 12))])
def test_h100_lead_times_are_those_of_their_month(
    month: str, weeks: tuple[float, float, float]
) -> None:
    lead = CATALOGUE.lead_time("p5.48xlarge", month)
    assert (lead.low, lead.mid, lead.high) == weeks


def test_a_lead_time_before_the_first_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no lead time of 'p5.48xlarge' \(H100-SXM\) in 2022-06"):
        CATALOGUE.lead_time("p5.48xlarge", "2022-06")


def test_a_lead_time_of_an_unknown_instance_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"nearest: p5.48xlarge"):
        CATALOGUE.lead_time("p5.48xlargee", "2024-06")


def test_units_are_si() -> None:
    card = CATALOGUE.accelerators["H100-SXM"]
    assert card.flops["fp8"] == 1978e12
    assert card.bandwidth_bytes_per_s == 3.35e12
    assert card.link_bytes_per_s == 900e9
    assert CATALOGUE.instances["p5.48xlarge"].network_bits_per_s == 3.2e12


def test_prices_come_from_the_price_list() -> None:
    price = CATALOGUE.price("p4d.24xlarge", "3y", "2023-03")
    assert price == CATALOGUE.prices.price("p4d.24xlarge", "3y", "2023-03")
