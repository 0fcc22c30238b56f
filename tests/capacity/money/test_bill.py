from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.market.catalogue import shipped_catalogue
from capacity.market.prices import PriceList
from capacity.money.bill import bill, billed_storage, energy, unit_costs
from capacity.policy import Policy

CATALOGUE = shipped_catalogue()
PRICES = CATALOGUE.prices
MONTHS = np.array(["2024-05", "2024-06"], dtype="datetime64[M]")
GPUS_USD = {"serving": np.array([170e3, 260e3]), "training": np.array([44e3, 44e3])}
ONE = np.ones((1, 2))
RESOURCES = {
    "hosts": ONE * 40,
    "databases": ONE * 22,
    "logical_datasets": ONE * 0.05,
    "logical_checkpoints": ONE * 0.3,
    "logical_telemetry": ONE * 0.02,
    "logical_conversations": ONE * 0.1,
    "billed_conversations": ONE * 0.2,
    "billed_backups": ONE * 0.45,
    "egress_pb": ONE * 0.2,
    "inter_zone_pb": ONE * 0.5,
    "inter_region_pb": ONE * 0.04,
    "users": ONE * 1e6,
    "daily_queries": ONE * 3e6,
}
X = {"price_factor": np.array([[1.0]]), "overhead_share": np.array([[0.08]])}


def run(prices: PriceList = PRICES, **changes: float) -> dict[str, Any]:
    x = X | {name: np.array([[value]]) for name, value in changes.items()}
    return bill(RESOURCES, x, GPUS_USD, prices, MONTHS)


def usd(item: str, term: str = "pay-as-you-go") -> float:
    return PRICES.price(item, term, "2024-06").value


def test_every_line_of_the_bill_by_hand() -> None:
    found = {name: value[0, 1] for name, value in run(price_factor=0.9).items()}
    egress = 10_000 * 0.09 + 40_000 * 0.085 + 100_000 * 0.07 + 50_000 * 0.05
    lines = {
        "cost_serving": 260e3,
        "cost_training": 44e3,
        "cost_hosts": 40 * 0.768 * 730.5,
        "cost_databases": 22 * 0.859 * 730.5,
        "cost_storage": 200_000 * 0.1 + 370_000 * 0.023 + 450_000 * 0.0125,
        "cost_network": egress + 500_000 * 0.02 + 40_000 * 0.02,
    }
    for name, value in lines.items():
        assert found[name] == pytest.approx(value * 0.9), name
    assert found["cost_overhead"] == pytest.approx(sum(lines.values()) * 0.9 * 0.08)
    assert found["cost"] == pytest.approx(sum(lines.values()) * 0.9 * 1.08)


@given(st.floats(0.01, 10))
@settings(max_examples=20)
def test_the_price_factor_scales_every_line(factor: float) -> None:
    one, other = run(), run(price_factor=factor)
    for name in one:
        assert other[name] == pytest.approx(one[name] * factor), name


@given(st.floats(0.01, 100))
@settings(max_examples=20)
def test_scaling_every_price_scales_every_line_but_the_gpus(factor: float) -> None:
    dearer = PriceList(tuple(replace(row, value=row.value * factor) for row in PRICES.prices))
    one, other = run(), run(dearer)
    for name in ("cost_hosts", "cost_databases", "cost_storage", "cost_network"):
        assert other[name] == pytest.approx(one[name] * factor), name
    assert np.array_equal(other["cost_serving"], one["cost_serving"])


def test_a_month_without_a_price_is_an_error_that_names_the_item() -> None:
    months = np.array(["2021-01", "2021-02"], dtype="datetime64[M]")
    with pytest.raises(ValueError, match=r"no .* price of '.*' in 2021-0"):
        bill(RESOURCES, X, GPUS_USD, PRICES, months)


def test_unit_costs_by_hand() -> None:
    cost = ONE * 456_789.0
    found = unit_costs(cost, RESOURCES, {"queries_per_conversation_hour": np.array([[60.0]])})
    per_query = 456_789 / (3e6 * 30.4375)
    assert found["cost_per_1000_queries"][0, 0] == pytest.approx(per_query * 1000)
    assert found["cost_per_user"][0, 0] == pytest.approx(0.456789)
    assert found["cost_per_conversation_hour"][0, 0] == pytest.approx(per_query * 60)


def test_energy_by_hand() -> None:
    node = CATALOGUE.instances["p4d.24xlarge"]
    names = {"gpu_power_share": 0.8, "gpu_idle_share": 0.15, "host_power_share": 0.5}
    names |= {"power_usage_effectiveness": 1.15, "grid_carbon": 245.0}
    x = {name: np.array([[value]]) for name, value in names.items()}
    card, busy = CATALOGUE.accelerators[node.accelerator], np.array([[0.0, 0.3]])
    found = energy(np.array([10, 20]), busy, node, card, x)
    idle = (10 * 8 * 400 * 0.15 + 10 * 1650) * 1.15 / 1000
    kw = (20 * 8 * 400 * (0.15 + 0.65 * 0.3) + 20 * 1650) * 1.15 / 1000
    assert found["power_kw"][0] == pytest.approx([idle, kw])
    assert found["carbon_t"][0, 1] == pytest.approx(kw * 730.5 * 245e-6)


def test_conversations_are_billed_in_each_region_and_backups_once_a_copy() -> None:
    found = billed_storage(RESOURCES, Policy(regions=3, backup_copies=2))
    assert found["billed_conversations"][0, 0] == pytest.approx(0.3)
    assert found["billed_backups"][0, 0] == pytest.approx(0.9)
