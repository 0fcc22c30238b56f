"""Accelerators from rows; what was not measured on a card is taken from the nearest one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from capacity.market.dated import Provenance
from capacity.market.hardware import DTYPES, Accelerator
from forecast.shipped.tables import Row, read_table

MEMORY = "memory"
PCIE_5 = 64e9  # B/s of 16 lanes, one direction
NEEDED = ("memory_gib", "bandwidth_bytes_per_s", "fp16_flops")


def read_accelerators(folder: Path | None = None) -> dict[str, Accelerator]:
    """Accelerators with the efficiency that was measured on them.

    Parameters
    ----------
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    dict of str to Accelerator
        By name, in the order of the file. A card without a row in ``efficiency.csv`` has that of
        the nearest card.

    Examples
    --------
    >>> card = read_accelerators()["H100-SXM"]
    >>> card.efficiency["fp8"], card.efficiency_of
    (0.6165, '')
    """
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read_table("efficiency.csv", folder).rows:
        shares[row.text("accelerator")][row.text("dtype")] = row.number("efficiency")
    rows = read_table("accelerators.csv", folder).rows
    cards = [_with_shares(accelerator_of(row), shares.get(row.text("name"), {})) for row in rows]
    known = [card for card in cards if card.efficiency]
    return {card.name: with_efficiency(card, known) for card in cards}


def accelerator_of(row: Row) -> Accelerator:
    """Accelerator of a row, without efficiency.

    Parameters
    ----------
    row : Row
        With the columns of ``accelerators.csv``; those in `NEEDED` must be filled.

    Returns
    -------
    Accelerator
        As on its data sheet.

    Raises
    ------
    ValueError
        If a figure is missing or cannot be.

    Examples
    --------
    >>> cells = {"name": "X", "memory_gib": "80", "bandwidth_bytes_per_s": "4e12"}
    >>> accelerator_of(Row("own.csv", 2, {**cells, "fp16_flops": "1e15"})).memory_gib
    80.0
    """

    def text(column: str) -> str:
        return row.cells.get(column) or ""

    def number(column: str, default: float) -> float:
        return row.number(column) if text(column) else default

    return Accelerator(
        name=row.text("name"),
        flops={d: row.number(f"{d}_flops") for d in DTYPES if text(f"{d}_flops")},
        efficiency={},
        memory_gib=row.number("memory_gib"),
        bandwidth_bytes_per_s=row.number("bandwidth_bytes_per_s"),
        pcie_bytes_per_s=number("pcie_bytes_per_s", PCIE_5),
        link_bytes_per_s=number("link_bytes_per_s", 0.0),
        tdp_w=number("tdp_w", 0.0),
        released=row.month("released") if text("released") else None,
        vendor=text("vendor"),
        architecture=text("architecture"),
        lifecycle=text("lifecycle") or Accelerator.lifecycle,
        provenance=Provenance(text("source"), text("as_of"), text("confidence")),
    )


def with_efficiency(card: Accelerator, known: Sequence[Accelerator]) -> Accelerator:
    """Accelerator that takes from the nearest card what it does not have itself.

    Parameters
    ----------
    card : Accelerator
        With some efficiencies or none.
    known : sequence of Accelerator
        Cards with efficiencies.

    Returns
    -------
    Accelerator
        One of the same architecture comes first, then of the same vendor, then the one released
        in the nearest month, then the slowest. A card that has all its own stays as it is.

    Examples
    --------
    >>> known = read_accelerators()
    >>> new = replace(known["B200-SXM"], name="B900", efficiency={})
    >>> with_efficiency(new, list(known.values())).efficiency_of
    'B200-SXM'
    """
    lacking = [dtype for dtype in card.flops if dtype not in card.efficiency]
    found = {dtype: _nearest(card, dtype, known) for dtype in lacking}
    taken = {dtype: other for dtype, other in found.items() if other is not None}
    if not taken:
        return card
    shares = {dtype: other.efficiency[dtype] for dtype, other in taken.items()}
    measured = card if card.efficiency else next(iter(taken.values()))
    return replace(
        card,
        efficiency={**card.efficiency, **shares},
        memory_efficiency=measured.memory_efficiency,
        efficiency_of=", ".join(dict.fromkeys(other.name for other in taken.values())),
    )


def _with_shares(card: Accelerator, shares: Mapping[str, float]) -> Accelerator:
    efficiency = {dtype: share for dtype, share in shares.items() if dtype != MEMORY}
    memory = shares.get(MEMORY, card.memory_efficiency)
    return replace(card, efficiency=efficiency, memory_efficiency=memory)


def _nearest(card: Accelerator, dtype: str, known: Sequence[Accelerator]) -> Accelerator | None:
    offers = [other for other in known if dtype in other.efficiency]
    return min(offers, key=lambda other: _distance(card, other, dtype), default=None)


def _distance(card: Accelerator, other: Accelerator, dtype: str) -> tuple[bool, bool, int, float]:
    months = 0
    if card.released is not None and other.released is not None:
        months = abs(int((card.released - other.released) / np.timedelta64(1, "M")))
    return (
        other.architecture != card.architecture,
        other.vendor != card.vendor,
        months,
        other.efficiency[dtype],
    )
