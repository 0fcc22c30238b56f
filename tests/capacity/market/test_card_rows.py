"""Cards from rows, and what a card that nobody measured takes from the nearest one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.market.card_rows import NEEDED, accelerator_of, read_accelerators, with_efficiency
from capacity.market.hardware import Accelerator
from forecast.shipped.tables import Row, read_table

KNOWN = read_accelerators()
CARDS = list(KNOWN.values())


def new(like: str, **changes: object) -> Accelerator:
    """A card like a known one that nobody measured."""
    return replace(KNOWN[like], name="X900", efficiency={}, **changes)  # type: ignore[arg-type]


def test_no_shipped_card_needs_another_ones_efficiency() -> None:
    for card in CARDS:
        assert card.efficiency_of == ""
        assert card.efficiency.keys() == card.flops.keys()


@pytest.mark.parametrize(
    ("like", "changes", "taken"),
    [
        ("GB300", {"released": np.datetime64("2025-09")}, "GB300"),
        ("B200-SXM", {"released": np.datetime64("2024-10")}, "B200-SXM"),
        ("B200-SXM", {"architecture": "Rubin", "released": np.datetime64("2027-01")}, "GB300"),
        ("MI355X", {"architecture": "CDNA5", "released": np.datetime64("2027-01")}, "MI355X"),
    ],
)
def test_generation_comes_first_then_vendor_then_date(
    like: str, changes: dict[str, object], taken: str
) -> None:
    found = with_efficiency(new(like, **changes), CARDS)
    assert found.efficiency_of.split(", ")[0] == taken
    assert found.efficiency["fp16"] == KNOWN[taken].efficiency["fp16"]
    assert found.memory_efficiency == KNOWN[taken].memory_efficiency


def test_a_card_of_no_known_kind_takes_the_slowest() -> None:
    found = with_efficiency(new("H100-SXM", architecture="", vendor="", released=None), CARDS)
    for dtype, share in found.efficiency.items():
        assert share == min(c.efficiency[dtype] for c in CARDS if dtype in c.efficiency)


def test_what_was_measured_stays_and_only_the_rest_is_taken() -> None:
    own = new("H200-SXM", memory_efficiency=0.9)
    found = with_efficiency(replace(own, efficiency={"fp16": 0.6}), CARDS)
    assert (found.efficiency["fp16"], found.memory_efficiency) == (0.6, 0.9)
    assert found.efficiency["fp8"] == KNOWN["H200-SXM"].efficiency["fp8"]
    assert found.efficiency_of == "H200-SXM"
    assert with_efficiency(KNOWN["L4"], CARDS) is KNOWN["L4"]


def test_a_shipped_row_gives_the_card_without_its_efficiency() -> None:
    for row in read_table("accelerators.csv").rows:
        card = KNOWN[row.text("name")]
        bare = replace(card, efficiency={}, memory_efficiency=Accelerator.memory_efficiency)
        assert accelerator_of(row) == bare


def test_a_row_needs_memory_bandwidth_and_16_bit_rate_only() -> None:
    cells = {"name": "X900", "memory_gib": "100", "bandwidth_bytes_per_s": "4e12"}
    card = accelerator_of(Row("own.csv", 2, {**cells, "fp16_flops": "1e15"}))
    assert set(NEEDED) | {"name"} == {*cells, "fp16_flops"}
    assert (card.flops, card.one_way_bytes_per_s) == ({"fp16": 1e15}, 64e9)
    with pytest.raises(ValueError, match=r"own\.csv, line 2, column memory_gib: expected a number"):
        accelerator_of(Row("own.csv", 2, {**cells, "memory_gib": "many", "fp16_flops": "1e15"}))
    with pytest.raises(ValueError, match="peak rates must be above 0"):
        accelerator_of(Row("own.csv", 2, {**cells, "fp16_flops": "0"}))
