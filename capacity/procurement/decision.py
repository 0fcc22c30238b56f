"""What a planner gets for a purchase: orders by date, rivals, regret, and what waiting is worth."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from capacity.arrays import Floats
    from capacity.procurement.buying import Buying
    from capacity.procurement.menu import Item
    from capacity.procurement.program import Purchase
    from capacity.procurement.situation import Situation

RECOMMENDED, FORESIGHT, ON_DEMAND = "recommended", "perfect foresight", "all on demand"
UNLIMITED = "recommended without the limit"


@dataclass(frozen=True)
class Lot:
    """Nodes ordered under one commitment.

    Parameters
    ----------
    item : Item
        Node type, term, month, region, last day to order and price.
    nodes : int
        Nodes, spread evenly over zones, and over regions where the item names none. [nodes]
    """

    item: Item
    nodes: int


@dataclass(frozen=True)
class Verdict:
    """How a policy fares on draws that it was not made on.

    Parameters
    ----------
    name : str
        Policy.
    bought_usd, missing_usd : float
        Mean cost of what is bought, and mean price put on what is missing. [USD]
    usd : float
        Both together. [USD]
    tail_usd : float
        Mean of both over the worst twentieth of draws. [USD]
    regret_usd : float
        Mean excess over perfect foresight in the same draws. [USD]
    above_usd, above_error : float
        Mean excess over the recommendation in the same draws, and two standard errors. [USD]
    minutes : float
        Mean shortfall. [min/month]
    shortfall : numpy.ndarray, shape (months,)
        Probability of a shortfall. [1]
    """

    name: str
    bought_usd: float
    missing_usd: float
    usd: float
    tail_usd: float
    regret_usd: float
    above_usd: float
    above_error: float
    minutes: float
    shortfall: Floats = field(compare=False)


@dataclass(frozen=True)
class Late:
    """What it means to miss an order date.

    Parameters
    ----------
    order_by : datetime.date
        The date.
    lots : tuple of Lot
        What is due then.
    month : numpy.datetime64
        Month whose risk grows most if they arrive a month late.
    before, after : float
        Probability of a shortfall in that month, on time and late. [1]
    usd : float
        Mean extra cost, priced shortfall included. [USD]
    """

    order_by: datetime.date
    lots: tuple[Lot, ...]
    month: np.datetime64
    before: float
    after: float
    usd: float


@dataclass(frozen=True)
class Worth:
    """What an option would save, in draws that it was not made on.

    Parameters
    ----------
    usd : float
        Mean saving; negative where it costs. [USD]
    error : float
        Two standard errors. [USD]
    """

    usd: float
    error: float


@dataclass(frozen=True)
class Decision:
    """What to order, how sure that is, and what else was looked at.

    Parameters
    ----------
    situation : Situation
        The plan on the day of the decision.
    buying : Buying
        Assumptions.
    lots : tuple of Lot
        The recommendation, by last day to order.
    standing : numpy.ndarray, shape (months,)
        Nodes committed in each month, those held included. [nodes]
    purchase : Purchase
        Cost on the draws of the program, bound and gap.
    verdicts : tuple of Verdict
        The recommendation and the other policies, cheapest first.
    late : tuple of Late
        What a missed date means, by date.
    review : datetime.date
        Day from which later orders may follow what was seen.
    waiting, reviewing, shorter_lead : Worth
        Of ordering nothing before the review; of letting later orders follow what was seen; and,
        with that, of half the lead times. Money alone decides here: without the limit.
    draws : tuple of int
        Draws that the orders were found on, and draws that judged them. [1]
    """

    situation: Situation
    buying: Buying
    lots: tuple[Lot, ...]
    standing: Floats
    purchase: Purchase
    verdicts: tuple[Verdict, ...]
    late: tuple[Late, ...]
    review: datetime.date
    waiting: Worth
    reviewing: Worth
    shorter_lead: Worth
    draws: tuple[int, int]

    def verdict(self, name: str) -> Verdict:
        """Verdict on one policy.

        Parameters
        ----------
        name : str
            As in `verdicts`.

        Returns
        -------
        Verdict
            The one of that name.
        """
        return next(item for item in self.verdicts if item.name == name)

    @property
    def regions_differ(self) -> bool:
        """Whether each region is bought for on its own terms."""
        return len(self.buying.terms(self.situation.plan.policy.regions)) > 1

    @property
    def unreachable(self) -> tuple[np.datetime64, ...]:
        """Months in which no order can keep the limit on the shortfall."""
        months = self.situation.months
        return tuple(months[self.purchase.unreachable.reshape(-1, len(months)).any(axis=0)])
