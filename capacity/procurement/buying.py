"""What the purchase decision assumes: prices put on risk, ceilings, lots, spot, information."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from capacity.bounded import BOUNDS, Bounded, Bounds
from forecast.messages import shown, told

ALIKE = (1.0,)  # one number stands for all regions
REGIONAL = ("region_price", "region_lead", "region_on_demand", "region_reserved")


@dataclass(frozen=True, kw_only=True)
class Basis(Bounds):
    """What one assumption rests on, and what may be set.

    Parameters
    ----------
    unit, minimum, maximum, choices, percents : as in Bounds
        What the field may hold.
    meaning : str
        One line for the planner.
    source : str
        Where the default comes from.
    basis : str
        ``measured``, ``calibrated`` or ``assumed``.
    """

    meaning: str
    source: str
    basis: str


@dataclass(frozen=True)
class Terms:
    """Terms of one region, or of all regions where they are alike.

    Parameters
    ----------
    region : int
        Its number from 1; 0 stands for all. [1]
    regions : int
        Regions that it stands for. [1]
    price, lead, on_demand, reserved : float
        Factors on prices, lead times and ceilings. [1]
    """

    region: int
    regions: int
    price: float
    lead: float
    on_demand: float
    reserved: float


def _number(
    default: float | tuple[float, ...],
    unit: str,
    allowed: tuple[float, float],
    meaning: str,
    source: str,
    basis: str = "assumed",
) -> Any:  # dataclasses.field is typed as the default's own type
    low, high = allowed
    known = Basis(unit=unit, minimum=low, maximum=high, meaning=meaning, source=source, basis=basis)
    return field(default=default, metadata={BOUNDS: known})


@dataclass(frozen=True)
class Buying(Bounded):
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
    >>> Buying().change({"on_demand": 3})
    Traceback (most recent call last):
    ...
    ValueError: unknown assumption 'on_demand'; nearest: on_demand_nodes
    """

    noun: ClassVar[str] = "assumption"

    shortfall_price: float = _number(
        300.0, "USD/node-hour", (0.0, 1e9),
        "price put on a node that is missing at the peak, for every hour of the month",
        "about ten times the on-demand price of a node of eight A100 cards; no public figure",
    )  # fmt: skip
    max_shortfall: float = _number(
        0.05, "share", (0.0, 1.0), "largest probability of a shortfall in any month; 1: no limit",
        "a month in twenty; the planner's own choice",
    )  # fmt: skip
    cvar: float = _number(
        0.0, "share", (0.0, 0.99),
        "minimise the mean cost of the worst 1 - cvar share of futures; 0: the mean of all",
        "neutral to risk beyond the price and the limit of a shortfall",
    )  # fmt: skip
    on_demand_nodes: int = _number(
        8, "nodes/region", (0, 1_000_000), "most nodes to be had on demand at any time",
        "64 GPUs at once; quotas and free capacity differ, none is published",
    )  # fmt: skip
    reserved_nodes: int = _number(
        100_000, "nodes/region", (0, 1_000_000), "most nodes of one type and term for one month",
        "as good as unlimited: no provider publishes a ceiling for reservations",
    )  # fmt: skip
    block_nodes: int = _number(
        64, "nodes", (0, 1_000_000), "most nodes of one type in capacity blocks of one month",
        "size of the largest block of AWS EC2 Capacity Blocks for ML, general knowledge",
    )  # fmt: skip
    block_lead_weeks: float = _number(
        2.0, "weeks", (0.0, 8.0), "how long before its month a capacity block is booked",
        "blocks are sold up to 8 weeks ahead; a fortnight leaves some choice",
    )  # fmt: skip
    zone_lot: int = _number(
        1, "nodes/zone", (1, 1_000), "smallest order, in each zone of each region",
        "redundancy counts on equal zones, so an order fills all of them alike",
    )  # fmt: skip
    owed_share: float = _number(
        0.5, "share", (0.0, 1.0),
        "part that is charged of what a commitment still costs after the last month",
        "half: some of the nodes will go on being needed, some not",
    )  # fmt: skip
    price_change: float = _number(
        0.0, "1/year", (-0.9, 2.0), "change of all prices a year, beyond the dated price list",
        "rental prices fell in 2025 and rose in 2026: no direction is sure",
    )  # fmt: skip
    spot_interruption: float = _number(
        0.05, "share/month", (0.0, 0.99), "probability that spot nodes are taken back in a month",
        "AWS Spot Instance Advisor for p5.48xlarge, 0 to 0.05, 2026-08 (data/facts.csv)",
        "measured",
    )  # fmt: skip
    spot_nodes: int = _number(
        0, "nodes/region", (0, 1_000_000),
        "spot nodes that may serve users, all lost at once in a month of interruption",
        "none: spot is for background training, unless a planner models its survival",
    )  # fmt: skip
    review_months: int = _number(
        3, "months", (1, 24), "months after which later orders may follow what was seen",
        "a quarter",
    )  # fmt: skip
    review_groups: int = _number(
        4, "groups", (2, 20), "how finely the need seen until then tells futures apart",
        "quarters of the draws",
    )  # fmt: skip
    region_price: tuple[float, ...] = _number(
        ALIKE, "ratio", (0.01, 100.0), "factor on all prices in each region",
        "shipped prices are the list of one region; others are a planner's own",
    )  # fmt: skip
    region_lead: tuple[float, ...] = _number(
        ALIKE, "ratio", (0.0, 10.0), "factor on the lead times of reservations in each region",
        "shipped lead times name no region",
    )  # fmt: skip
    region_on_demand: tuple[float, ...] = _number(
        ALIKE, "ratio", (0.0, 1000.0), "factor on the ceiling of nodes on demand in each region",
        "quotas differ by region, none is published",
    )  # fmt: skip
    region_reserved: tuple[float, ...] = _number(
        ALIKE, "ratio", (0.0, 1000.0),
        "factor on the ceilings of reservations and of an equal part of blocks in each region",
        "free capacity differs by region, none is published",
    )  # fmt: skip

    def terms(self, regions: int) -> tuple[Terms, ...]:
        """Terms of every region.

        Parameters
        ----------
        regions : int
            Regions of the policy. [1]

        Returns
        -------
        tuple of Terms
            One for all regions where they are alike, else one for each.

        Raises
        ------
        ValueError
            With one line for each field that holds neither one number nor one for each region.

        Examples
        --------
        >>> [(found.region, found.price) for found in Buying(region_price=(1.0, 1.12)).terms(2)]
        [(1, 1.0), (2, 1.12)]
        >>> [(found.region, found.regions) for found in Buying(region_price=(1.1, 1.1)).terms(2)]
        [(0, 2)]
        """
        given: dict[str, tuple[float, ...]] = {name: getattr(self, name) for name in REGIONAL}
        faults = [
            f"{name} = {shown(','.join(f'{value:g}' for value in values))}: allowed are one number "
            f"for all regions, or as many as the policy has, {regions}"
            for name, values in given.items()
            if len(values) not in {1, regions}
        ]
        if faults:
            raise ValueError(told(faults))
        each = (values * (regions // len(values)) for values in given.values())
        rows = list(zip(*each, strict=True))
        if len(set(rows)) == 1:
            return (Terms(0, regions, *rows[0]),)
        return tuple(Terms(number, 1, *row) for number, row in enumerate(rows, start=1))


BASES: dict[str, Basis] = {
    item.name: item.metadata[BOUNDS] for item in fields(Buying) if item.name not in REGIONAL
}
REGION_BASES: dict[str, Basis] = {
    item.name: item.metadata[BOUNDS] for item in fields(Buying) if item.name in REGIONAL
}
