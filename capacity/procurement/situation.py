"""Where a plan stands on the day of a purchase: what is needed, held and known."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.arrays import Floats, Ints, Months
from capacity.fleet.choice import Market, choose
from capacity.fleet.orders import Order, first_day
from capacity.money.recourse import Futures
from capacity.outcome import CapacityPlan
from capacity.planning import median_stage
from capacity.policy import AUTO
from capacity.procurement.buying import Buying
from capacity.procurement.held import Held
from capacity.procurement.menu import COMMITMENTS, Menu, menu
from forecast.draws import named_stream


@dataclass(frozen=True)
class Situation:
    """A plan on the day of the decision.

    Parameters
    ----------
    plan : CapacityPlan
        What is needed, draw by draw.
    market : Market
        Prices and lead times.
    yields : mapping of str to float
        Node types that could be ordered, with the nodes of the plan's type that one replaces.
    today : datetime.date
        First day on which an order can be placed.
    months : numpy.ndarray, shape (months,)
        Months to decide on.
    need : numpy.ndarray, shape (draws, months)
        Nodes for users and training, redundancy included. [nodes]
    training : numpy.ndarray, shape (draws, months)
        Part of them that only trains and may be interrupted. [nodes]
    held : numpy.ndarray, shape (months,)
        Nodes that stand without a new order. [nodes]
    """

    plan: CapacityPlan
    market: Market
    yields: dict[str, float]
    today: datetime.date
    months: Months
    need: Floats
    training: Floats
    held: Floats

    @classmethod
    def of(
        cls,
        plan: CapacityPlan,
        *,
        today: np.datetime64 | None = None,
        held: Sequence[Held] | None = None,
    ) -> Situation:
        """Look at a plan on the day of the decision.

        Parameters
        ----------
        plan : CapacityPlan
            Any plan.
        today : numpy.datetime64, optional
            Month of the decision. The month after the last reported one if left out; where that
            lies outside the plan, the month in which its first order is due.
        held : sequence of Held, optional
            Nodes that stand already. If left out, those that the plan had to order before, each lot
            until its commitment ends.

        Returns
        -------
        Situation
            Months from the day on, need and what is held.

        Raises
        ------
        ValueError
            If no month of the plan lies after the day.

        Examples
        --------
        >>> from capacity.planning import plan as make
        >>> from capacity.scenarios.file import load_scenario
        >>> found = Situation.of(make(load_scenario("reported-case"), draws=200))
        >>> str(found.today), str(found.months[-1]), int(found.held[0])
        ('2023-01-01', '2024-06', 45)
        """
        month = _month_of_decision(plan) if today is None else today
        months = plan.months[plan.months >= month]
        if not months.size:
            raise ValueError(f"the plan ends in {plan.months[-1]}, before the decision in {month}")
        market, yields = _alternatives(plan)
        columns = plan.months >= month
        gpus = plan.option.instance.gpus
        lots = _ordered_before(plan, month) if held is None else tuple(held)
        return cls(
            plan=plan,
            market=market,
            yields=yields,
            today=first_day(month),
            months=months,
            need=plan.draws["gpus"][:, columns] / gpus,
            training=plan.draws["training_gpus"][:, columns] / gpus,
            held=_standing(lots, months),
        )

    def menu(self, buying: Buying, *, lead_factor: float = 1.0) -> Menu:
        """What can be ordered; dearer ways to the same are left out.

        Parameters
        ----------
        buying : Buying
            Ceilings, lots, prices of risk.
        lead_factor : float
            Factor on every lead time. [1]

        Returns
        -------
        Menu
            Offers of the plan's node type, and of others where they are cheaper for the need.
        """
        found = menu(
            self.market, self.yields, self.months, self.today, buying, lead_factor=lead_factor
        )
        own = np.array([item.instance == self.instance for item in found.items], dtype=bool)
        most = float(self.need.max()) / found.regions
        return found.kept(own | found.offers.worthwhile(most))

    @property
    def instance(self) -> str:
        """Node type that the need is counted in."""
        return self.plan.option.instance.name

    def review(self, buying: Buying) -> datetime.date:
        """Day from which orders may follow what was seen.

        Parameters
        ----------
        buying : Buying
            Months until the review.

        Returns
        -------
        datetime.date
            First of a month.
        """
        return first_day(self.months[0] + buying.review_months)

    def halves(self, seed: int) -> tuple[Ints, Ints]:
        """Draws to find orders on, and other draws to judge them on.

        Parameters
        ----------
        seed : int
            Seed of the split, not negative. [1]

        Returns
        -------
        numpy.ndarray, numpy.ndarray
            Numbers of the draws, half each. [1]
        """
        order = named_stream(seed, "procurement split").permutation(len(self.need))
        middle = (len(order) + 1) // 2
        return order[:middle], order[middle:]

    def futures(
        self, rows: Ints, offered: Menu, buying: Buying, thresholds: Floats | None = None
    ) -> Futures:
        """Draws as the program takes them.

        Parameters
        ----------
        rows : numpy.ndarray
            Numbers of the draws. [1]
        offered : Menu
            Whether spot is sold, and which regions are told apart.
        buying : Buying
            Spot nodes that may serve users, and how often they are taken back.
        thresholds : numpy.ndarray, optional
            Ends of the groups told apart at the review; one group if left out. [nodes]

        Returns
        -------
        Futures
            Need beyond what is held; spot covers training, and users as far as it survives. Where
            regions are told apart, each has an equal part of all.
        """
        need, regions = self.need[rows], offered.regions
        lasting = np.minimum(self.training[rows], need)
        stream = named_stream(self.plan.seed, "spot interruption")
        kept = stream.random(self.need.shape)[rows] >= buying.spot_interruption
        serving = kept * float(buying.spot_nodes * self.plan.policy.regions)
        spot = np.tile((lasting + serving) / regions, regions) * offered.spot_sold
        group = np.zeros(len(rows), dtype=np.int64)
        if thresholds is not None:
            seen = need[:, self.seen_column(buying)]
            group = np.searchsorted(thresholds, seen, side="left").astype(np.int64)
        return Futures(np.tile((need - self.held) / regions, regions), spot, group, regions)

    def seen_column(self, buying: Buying) -> int:
        """Last month that is seen at the review, counted from 0.

        Parameters
        ----------
        buying : Buying
            Months until the review.

        Returns
        -------
        int
            The last month of the plan where the review comes later. [months]
        """
        return min(buying.review_months, len(self.months)) - 1

    def thresholds(self, rows: Ints, buying: Buying) -> Floats:
        """Needs at the review that tell futures apart.

        Parameters
        ----------
        rows : numpy.ndarray
            Numbers of the draws that the orders are found on. [1]
        buying : Buying
            Number of groups.

        Returns
        -------
        numpy.ndarray
            Upper ends of all groups but the last, fewer where needs coincide. [nodes]
        """
        seen = self.need[rows, self.seen_column(buying)]
        levels = np.arange(1, buying.review_groups) / buying.review_groups
        ends = np.unique(np.quantile(seen, levels, method="inverted_cdf"))
        return np.asarray(ends[ends < seen.max()])


def _month_of_decision(plan: CapacityPlan) -> np.datetime64:
    after = plan.scenario.queries.origin + 1
    if plan.months[0] <= after <= plan.months[-1]:
        return after
    first = np.datetime64(plan.orders[0].order_by, "M")
    return max(first, after) if after < plan.months[0] else first


def _ordered_before(plan: CapacityPlan, month: np.datetime64) -> tuple[Held, ...]:
    """Lots of the plan that had to be ordered before, each to the end of its commitment."""
    length = COMMITMENTS.get(plan.policy.term, 0)
    earlier = [lot for lot in plan.orders if lot.order_by < first_day(month)]
    return tuple(_held(lot, month, length) for lot in earlier) if length else ()


def _held(lot: Order, month: np.datetime64, length: int) -> Held:
    """A lot whose commitment was renewed whenever it ended before."""
    age = max(0, int((month - lot.in_service).astype(np.int64)))
    return Held(lot.nodes, lot.in_service + (age // length + 1) * length - 1, lot.in_service)


def _standing(lots: Sequence[Held], months: Months) -> Floats:
    total = np.zeros(len(months))
    for lot in lots:
        stands = months <= lot.until
        if lot.since is not None:
            stands &= months >= lot.since
        total += lot.nodes * stands
    return total


def _alternatives(plan: CapacityPlan) -> tuple[Market, dict[str, float]]:
    """Node types that would serve the plan's last month, with what one of them replaces.

    Whole lots blur the ratio of the nodes needed; its lower end is taken, so that no type covers
    more than it would.
    """
    scenario, policy, own = plan.scenario, plan.policy, plan.option.instance.name
    market, traffic = median_stage(scenario, policy, seed=plan.seed, draws=len(plan.draws["gpus"]))
    yields = {own: 1.0}
    late = replace(market, scenario=replace(scenario, start=scenario.end))
    candidates = choose(late, traffic)[0] if policy.instance == AUTO else []
    mine = [found.nodes for found in candidates if found.option.name == plan.option.name]
    lot = policy.zones * policy.regions
    for found in candidates if mine else []:
        covers = (mine[0] - lot) / found.nodes
        if covers > 0.0:
            yields.setdefault(found.option.instance.name, covers)
    return market, yields
