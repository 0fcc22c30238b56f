"""What can be ordered for which month: term, price, last day to order, ceiling and lot."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from capacity.arrays import Floats, Months
from capacity.fleet.choice import Market
from capacity.fleet.orders import LeadTimes, first_day, order_date
from capacity.fleet.purchase import TERM_MONTHS
from capacity.market.hardware import Instance
from capacity.money.cost import HOURS_PER_MONTH
from capacity.money.recourse import Offers, TopUp
from capacity.procurement.buying import Buying, Terms

BLOCK = "capacity-block"
COMMITMENTS = {"1y": TERM_MONTHS["1y"], "3y": TERM_MONTHS["3y"], BLOCK: 1}  # months


@dataclass(frozen=True)
class Item:
    """One commitment for one month.

    Parameters
    ----------
    instance : str
        Node type.
    term : str
        ``1y``, ``3y`` or ``capacity-block``.
    month : numpy.datetime64
        First month in which the nodes stand.
    order_by : datetime.date
        Last day to order them.
    usd_per_h : float
        Price of a node. [USD/h]
    region : int
        Region, counted from 1; 0 fills all of them alike. [1]
    """

    instance: str
    term: str
    month: np.datetime64
    order_by: datetime.date
    usd_per_h: float
    region: int = 0


@dataclass(frozen=True)
class Menu:
    """Every commitment that can still be ordered, and what a month offers beyond them.

    Parameters
    ----------
    items : tuple of Item
        In the order of the columns of `offers`.
    offers : Offers
        The same in numbers.
    top_up : TopUp
        On-demand, spot and missing nodes.
    spot_sold : numpy.ndarray of bool, shape (slots,)
        Whether spot nodes are sold below the price on demand. [1]
    regions : int
        Regions told apart; 1 where all are alike. [1]
    """

    items: tuple[Item, ...]
    offers: Offers
    top_up: TopUp
    spot_sold: NDArray[np.bool_]
    regions: int = 1

    def of(self, instance: str, term: str) -> NDArray[np.bool_]:
        """Which offers are of a node type and term.

        Parameters
        ----------
        instance, term : str
            Names as in `items`.

        Returns
        -------
        numpy.ndarray of bool, shape (offers,)
            True for those. [1]
        """
        wanted = (instance, term)
        return np.array([(item.instance, item.term) == wanted for item in self.items], dtype=bool)

    def kept(self, keep: NDArray[np.bool_]) -> Menu:
        """Menu of some of the offers.

        Parameters
        ----------
        keep : numpy.ndarray of bool, shape (offers,)
            Those to keep. [1]

        Returns
        -------
        Menu
            In the same order.
        """
        items = tuple(item for item, kept in zip(self.items, keep, strict=True) if kept)
        columns = {name: values[keep] for name, values in vars(self.offers).items()}
        return replace(self, items=items, offers=Offers(**columns))

    def without_orders_before(self, day: datetime.date) -> Menu:
        """Menu in which nothing is ordered before a day.

        Parameters
        ----------
        day : datetime.date
            First day on which orders are placed.

        Returns
        -------
        Menu
            Orders that had to be placed earlier have a limit of 0.
        """
        early = np.array([item.order_by < day for item in self.items], dtype=bool)
        limit = np.where(early, 0.0, self.offers.limit)
        return replace(self, offers=replace(self.offers, limit=limit))

    def reviewed_on(self, day: datetime.date) -> Menu:
        """Menu in which orders from a day on may follow what was seen until then.

        Parameters
        ----------
        day : datetime.date
            Day of the review.

        Returns
        -------
        Menu
            The same offers, those from the day on informed.
        """
        late = np.array([item.order_by >= day for item in self.items], dtype=bool)
        return replace(self, offers=replace(self.offers, informed=late))


def menu(
    market: Market,
    yields: Mapping[str, float],
    months: Months,
    today: datetime.date,
    buying: Buying,
    *,
    lead_factor: float = 1.0,
) -> Menu:
    """Everything that can be ordered for some months.

    Parameters
    ----------
    market : Market
        Prices, lead times, zones and regions.
    yields : mapping of str to float
        Node types to order, the one that the need is counted in first, with the need that one
        node covers. [nodes]
    months : numpy.ndarray, shape (months,)
        Months to cover.
    today : datetime.date
        First day on which an order can be placed.
    buying : Buying
        Ceilings, lots and prices of risk.
    lead_factor : float
        Factor on every lead time. [1]

    Returns
    -------
    Menu
        A term is left out in months without a price or without an order in time.

    Raises
    ------
    ValueError
        If a missing node is priced below one on demand, or a list by region is too short or long.
    """
    kinds = [market.catalogue.instances[name] for name in yields]
    regions = buying.terms(market.policy.regions)
    items = [
        item
        for terms in regions
        for instance in kinds
        for item in _items(
            market, instance, months, today, buying, replace(terms, lead=terms.lead * lead_factor)
        )
    ]
    offers = _offers(market, items, yields, months, today, buying)
    top_up, spot_sold = _top_up(market, kinds[0], months, today, buying)
    return Menu(tuple(items), offers, top_up, spot_sold, len(regions))


def _items(
    market: Market,
    instance: Instance,
    months: Months,
    today: datetime.date,
    buying: Buying,
    terms: Terms,
) -> Iterator[Item]:
    """Commitments of one node type that can still be ordered in a region."""

    def weeks(month: np.datetime64) -> float | None:
        known = market.weeks(instance, month)
        return None if known is None else known * terms.lead

    for month in months:
        block = first_day(month) - datetime.timedelta(weeks=buying.block_lead_weeks)
        days = {"1y": _order_day(month, weeks)}
        days |= {"3y": days["1y"], BLOCK: block}
        for term, day in days.items():
            price = _price(market, instance.name, term, month)
            if price is not None and day is not None and day >= today:
                yield Item(instance.name, term, month, day, price * terms.price, terms.region)


def _offers(
    market: Market,
    items: list[Item],
    yields: Mapping[str, float],
    months: Months,
    today: datetime.date,
    buying: Buying,
) -> Offers:
    """The same commitments in numbers; a lot has the same nodes in every zone."""
    count, zones = market.policy.regions, market.policy.zones
    regions = buying.terms(count)
    start = np.array([item.month - months[0] for item in items], dtype="timedelta64[M]")
    first = start.astype(np.int64)
    length = np.array([COMMITMENTS[item.term] for item in items], dtype=np.int64)
    within = np.minimum(length, len(months) - first)
    charged = within + buying.owed_share * (length - within)
    usd = np.array([item.usd_per_h for item in items]) * HOURS_PER_MONTH * charged
    block = np.array([item.term == BLOCK for item in items], dtype=bool)
    place = np.array([max(0, item.region - 1) for item in items], dtype=np.int64)
    filled = np.array([terms.regions for terms in regions])[place]  # regions that an order fills
    most = np.where(block, buying.block_nodes * filled / count, buying.reserved_nodes * filled)
    drift = _drift(months, today, buying)[first] if items else np.ones(0)
    return Offers(
        start=first,
        length=length,
        usd=usd * drift,
        yields=np.array([yields[item.instance] for item in items]),
        limit=most * np.array([terms.reserved for terms in regions])[place],
        lot=float(buying.zone_lot * zones) * filled,
        informed=np.zeros(len(items), dtype=np.bool_),
        region=place,
    )


def _top_up(
    market: Market, instance: Instance, months: Months, today: datetime.date, buying: Buying
) -> tuple[TopUp, NDArray[np.bool_]]:
    """Prices of a month and region, and whether spot is sold; no price, nothing to be had."""
    regions = buying.terms(market.policy.regions)
    drift = np.concatenate([_drift(months, today, buying) * terms.price for terms in regions])
    most = [buying.on_demand_nodes * terms.regions * terms.on_demand for terms in regions]
    missing = np.full(drift.size, buying.shortfall_price)
    listed, seen = (
        np.tile([_price(market, instance.name, term, m) or np.nan for m in months], len(regions))
        for term in ("on-demand", "spot")
    )
    on_demand = np.where(np.isnan(listed), missing, listed * drift)
    limit = np.where(np.isnan(listed), 0.0, np.repeat(most, len(months)))
    # a node taken back is paid for half the month on average and makes up for it later
    spot = seen * drift / (1.0 - buying.spot_interruption / 2.0)
    useful = spot < on_demand
    top_up = TopUp(
        on_demand * HOURS_PER_MONTH,
        limit,
        np.where(useful, spot, on_demand) * HOURS_PER_MONTH,
        missing * HOURS_PER_MONTH,
    )
    return top_up, useful


def _drift(months: Months, today: datetime.date, buying: Buying) -> Floats:
    """Prices of each month over the dated price list. [1]"""
    since = (months - np.datetime64(today, "M")).astype(np.float64)
    return np.asarray((1.0 + buying.price_change) ** (np.maximum(0.0, since) / 12.0))


def _price(market: Market, name: str, term: str, month: np.datetime64) -> float | None:
    """Price of a node in a month, or none where it is not known. [USD/h]"""
    try:
        return market.catalogue.prices.price(name, term, month).value
    except ValueError:
        return None


def _order_day(month: np.datetime64, weeks: LeadTimes) -> datetime.date | None:
    """Last day to order for a month, or none where no order arrives in time."""
    try:
        return order_date(month, weeks)
    except ValueError:
        return None
