from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from capacity.market.hardware import Accelerator, Architecture, Instance

CARD = Accelerator(
    "card",
    flops={"fp16": 300e12, "int8": 600e12},
    efficiency={"fp16": 0.8},
    memory_gib=40.0,
    bandwidth_bytes_per_s=1.5e12,
    pcie_bytes_per_s=32e9,
    tdp_w=400.0,
)
NODE = Instance("node", "card", 4, 1e11, 600.0, np.datetime64("2022-05", "M"))
SHAPE = Architecture("shape", 2, 8, 4, 2, 2, 16, 3, 100)


def test_sustained_rate_is_peak_times_efficiency() -> None:
    assert CARD.sustained_flops("fp16") == pytest.approx(240e12)


@pytest.mark.parametrize("dtype", ["fp8", "int8", "fp12"])
def test_a_number_type_without_peak_or_efficiency_is_refused(dtype: str) -> None:
    with pytest.raises(ValueError, match=f"card has no '{dtype}' arithmetic; known: fp16"):
        CARD.sustained_flops(dtype)


def test_without_a_link_the_neighbour_is_reached_through_the_host() -> None:
    assert CARD.one_way_bytes_per_s == 32e9
    assert dataclasses.replace(CARD, link_bytes_per_s=600e9).one_way_bytes_per_s == 300e9


def test_a_gibibyte_is_a_power_of_two() -> None:
    assert CARD.memory_bytes == 40 * 1024**3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("memory_gib", 0.0, "memory_gib must be above 0"),
        ("bandwidth_bytes_per_s", float("nan"), "bandwidth_bytes_per_s must be above 0"),
        ("flops", {"fp32": 1.0}, "unknown number type fp32; known: fp16"),
        ("lifecycle", "new", "lifecycle must be one of stable"),
    ],
)
def test_impossible_cards_are_refused(field: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(CARD, **{field: value})


def test_node_power_is_host_plus_cards() -> None:
    assert NODE.power_w(CARD) == 600 + 4 * 400


def test_power_with_a_foreign_card_is_refused() -> None:
    with pytest.raises(ValueError, match="node holds card, not other"):
        NODE.power_w(dataclasses.replace(CARD, name="other"))


def test_a_node_is_purchasable_from_its_month_on() -> None:
    months = np.arange("2022-04", "2022-07", dtype="datetime64[M]")
    assert [NODE.purchasable(month) for month in months] == [False, True, True]


def test_an_empty_node_is_refused() -> None:
    with pytest.raises(ValueError, match="gpus must be at least 1, got 0"):
        dataclasses.replace(NODE, gpus=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": 0}, "layers must be at least 1"),
        ({"kv_heads": 0}, "kv_heads must be at least 1"),
        ({"n_experts": 2, "experts_per_token": 3}, "from 0 to n_experts = 2, got 3"),
    ],
)
def test_impossible_shapes_are_refused(change: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(SHAPE, **change)


def test_values_can_be_keys_of_a_cache() -> None:
    assert len({CARD, dataclasses.replace(CARD), NODE, SHAPE}) == 3
