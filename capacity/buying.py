"""What the purchase decision assumes: prices put on risk, ceilings, lots, spot, information."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from forecast.messages import LONGEST, shown, told
from forecast.shipped import nearest


@dataclass(frozen=True)
class Basis:
    """What one assumption rests on, and what may be set.

    Parameters
    ----------
    unit : str
        Unit of the value.
    minimum, maximum : float
        Allowed range, both ends included, in `unit`.
    meaning : str
        One line for the planner.
    source : str
        Where the default comes from.
    basis : str
        ``measured``, ``calibrated`` or ``assumed``.
    """

    unit: str
    minimum: float
    maximum: float
    meaning: str
    source: str
    basis: str = "assumed"


def _assumed(
    default: float, unit: str, allowed: tuple[float, float], meaning: str, source: str
) -> Any:  # dataclasses.field is typed as the default's own type
    return field(default=default, metadata={"basis": Basis(unit, *allowed, meaning, source)})


def _measured(
    default: float, unit: str, allowed: tuple[float, float], meaning: str, source: str
) -> Any:
    basis = Basis(unit, *allowed, meaning, source, "measured")
    return field(default=default, metadata={"basis": basis})


@dataclass(frozen=True)
class Buying:
    """Assumptions of a purchase decision; a change returns a copy.

    Raises
    ------
    ValueError
        With one line per fault if a value is of the wrong type or outside its range.

    Examples
    --------
    >>> Buying(owed_share=1.0).owed_share, BASES["owed_share"].basis
    (1.0, 'assumed')
    >>> Buying(max_shortfall=5)
    Traceback (most recent call last):
    ...
    ValueError: max_shortfall = 5: allowed 0 to 1 [share]
    """

    shortfall_price: float = _assumed(
        300.0, "USD/node-hour", (0.0, 1e9),
        "price put on a node that is missing at the peak, for every hour of the month",
        "about ten times the on-demand price of a node of eight A100 cards; no public figure",
    )  # fmt: skip
    max_shortfall: float = _assumed(
        0.05, "share", (0.0, 1.0), "largest probability of a shortfall in any month; 1: no limit",
        "a month in twenty; the planner's own choice",
    )  # fmt: skip
    cvar: float = _assumed(
        0.0, "share", (0.0, 0.99),
        "minimise the mean cost of the worst 1 - cvar share of futures; 0: the mean of all",
        "neutral to risk beyond the price and the limit of a shortfall",
    )  # fmt: skip
    on_demand_nodes: int = _assumed(
        8, "nodes/region", (0, 1_000_000), "most nodes to be had on demand at any time",
        "64 GPUs at once; quotas and free capacity differ, none is published",
    )  # fmt: skip
    reserved_nodes: int = _assumed(
        100_000, "nodes/region", (0, 1_000_000), "most nodes of one type and term for one month",
        "as good as unlimited: no provider publishes a ceiling for reservations",
    )  # fmt: skip
    block_nodes: int = _assumed(
        64, "nodes", (0, 1_000_000), "most nodes of one type in capacity blocks of one month",
        "size of the largest block of AWS EC2 Capacity Blocks for ML, general knowledge",
    )  # fmt: skip
    block_lead_weeks: float = _assumed(
        2.0, "weeks", (0.0, 8.0), "how long before its month a capacity block is booked",
        "blocks are sold up to 8 weeks ahead; a fortnight leaves some choice",
    )  # fmt: skip
    zone_lot: int = _assumed(
        1, "nodes/zone", (1, 1_000), "smallest order, in each zone of each region",
        "redundancy counts on equal zones, so an order fills all of them alike",
    )  # fmt: skip
    owed_share: float = _assumed(
        0.5, "share", (0.0, 1.0),
        "part that is charged of what a commitment still costs after the last month",
        "half: some of the nodes will go on being needed, some not",
    )  # fmt: skip
    price_change: float = _assumed(
        0.0, "1/year", (-0.9, 2.0), "change of all prices a year, beyond the dated price list",
        "rental prices fell in 2025 and rose in 2026: no direction is sure",
    )  # fmt: skip
    spot_interruption: float = _measured(
        0.05, "share/month", (0.0, 0.99), "probability that spot nodes are taken back in a month",
        "AWS Spot Instance Advisor for p5.48xlarge, 0 to 0.05, 2026-08 (data/facts.csv)",
    )  # fmt: skip
    spot_nodes: int = _assumed(
        0, "nodes/region", (0, 1_000_000),
        "spot nodes that may serve users, all lost at once in a month of interruption",
        "none: spot is for background training, unless a planner models its survival",
    )  # fmt: skip
    review_months: int = _assumed(
        3, "months", (1, 24), "months after which later orders may follow what was seen",
        "a quarter",
    )  # fmt: skip
    review_groups: int = _assumed(
        4, "groups", (2, 20), "how finely the need seen until then tells futures apart",
        "quarters of the draws",
    )  # fmt: skip

    def __post_init__(self) -> None:
        """Report every fault at once."""
        faults = [text for name in BASES for text in _faults(name, getattr(self, name))]
        if faults:
            raise ValueError(told(faults))

    def change(self, values: Mapping[str, str | float]) -> Buying:
        """Copy with some assumptions changed.

        Parameters
        ----------
        values : mapping
            New values by field name; text is read as the field's own type.

        Returns
        -------
        Buying
            The changed copy.

        Raises
        ------
        ValueError
            With one line per unknown name, unreadable or impossible value.

        Examples
        --------
        >>> Buying().change({"on_demand_nodes": "20"}).on_demand_nodes
        20
        >>> Buying().change({"on_demand": 3})
        Traceback (most recent call last):
        ...
        ValueError: unknown assumption 'on_demand'; nearest: on_demand_nodes
        """
        unknown = [name for name in values if name not in BASES]
        if unknown:
            near = (nearest(name[:LONGEST], BASES) for name in unknown)
            lines = zip(unknown, near, strict=True)
            raise ValueError(
                told([f"unknown assumption {shown(name)}; {text}" for name, text in lines])
            )
        parsed: dict[str, Any] = {name: _parsed(name, value) for name, value in values.items()}
        return replace(self, **parsed)


BASES: dict[str, Basis] = {item.name: item.metadata["basis"] for item in fields(Buying)}
_KINDS: dict[str, type] = {item.name: type(item.default) for item in fields(Buying)}


def _parsed(name: str, value: str | float) -> Any:
    """Text as the field's own type; anything that does not parse is left for the check."""
    try:
        return _KINDS[name](value) if isinstance(value, str) and value.isascii() else value
    except ValueError:
        return value


def _faults(name: str, value: Any) -> list[str]:
    known, kind = BASES[name], _KINDS[name]
    accepted = isinstance(value, int | float if kind is float else int)
    if isinstance(value, bool) or not accepted:
        return [f"{name} = {shown(value)}: must be {kind.__name__} [{known.unit}]"]
    if known.minimum <= value <= known.maximum:
        return []
    return [
        f"{name} = {shown(value)}: allowed {known.minimum:g} to {known.maximum:g} [{known.unit}]"
    ]
