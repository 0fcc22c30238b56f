"""From a plan to a purchase: orders found on some draws, judged with other policies on others."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from capacity.fleet.purchase import bought_to, nodes_standing
from capacity.money.recourse import Futures, Outcome, outcome, shortfall_minutes
from capacity.procurement.buying import Buying
from capacity.procurement.decision import (
    FORESIGHT,
    ON_DEMAND,
    RECOMMENDED,
    UNLIMITED,
    Decision,
    Late,
    Lot,
    Verdict,
    Worth,
)
from capacity.procurement.menu import COMMITMENTS, Menu
from capacity.procurement.program import Purchase, Risk, cheapest_orders
from forecast.shipped.datasets import profile

if TYPE_CHECKING:
    from capacity.arrays import Floats, Ints
    from capacity.procurement.situation import Situation

QUANTILES = (0.5, 0.8, 0.95)
TAIL_DRAWS = 500  # that a CVaR is minimised on: its program has a dense row for each
BATCH = 100  # draws that perfect foresight takes at a time
SHORTER = 0.5  # factor on lead times, to tell what shorter ones are worth
TWO_SIDED = 2.0  # standard errors to either side
WORST = 0.05  # share of draws whose mean cost tells the tail


def decide(
    found: Situation,
    buying: Buying | None = None,
    progress: Callable[[str], None] | None = None,
) -> Decision:
    """Choose orders and judge them beside other policies.

    Parameters
    ----------
    found : Situation
        A plan on the day of the decision.
    buying : Buying, optional
        Assumptions; the defaults if left out.
    progress : callable, optional
        Called with what is done next.

    Returns
    -------
    Decision
        All policies judged on draws that none of them has seen.

    Raises
    ------
    ValueError
        If a missing node is priced below one on demand.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenarios.file import load_scenario
    >>> from capacity.procurement.situation import Situation
    >>> made = decide(Situation.of(plan(load_scenario("work-assistant"), draws=400)))
    >>> made.verdict("recommended").usd < made.verdict("buy to P50").usd
    True
    """
    told = progress or (lambda _: None)
    desk = _Desk(found, buying or Buying())
    told("orders of least expected cost")
    best = desk.best()
    nodes = {RECOMMENDED: best.nodes, **desk.rivals()}
    results = {name: desk.judged(ordered) for name, ordered in nodes.items()}
    told("waiting, information and shorter lead times")
    waiting, reviewing, shorter_lead = desk.worth()
    told("perfect foresight")
    foresight = desk.foresight()
    usd = {name: result.usd for name, result in results.items()}
    verdicts = [desk.verdict(name, result, foresight, usd) for name, result in results.items()]
    verdicts.append(desk.ideal(foresight, usd[RECOMMENDED]))
    lots = desk.lots(best.nodes)
    told("what a missed date means")
    return Decision(
        situation=found,
        buying=desk.buying,
        lots=lots,
        standing=desk.standing(best.nodes),
        purchase=best,
        verdicts=tuple(sorted(verdicts, key=lambda item: item.usd)),
        late=desk.late(lots, best.nodes, results[RECOMMENDED]),
        review=desk.review,
        waiting=waiting,
        reviewing=reviewing,
        shorter_lead=shorter_lead,
        draws=(len(desk.solving), len(desk.judging)),
    )


class _Desk:
    """The parts that every step of a decision uses."""

    def __init__(self, found: Situation, buying: Buying) -> None:
        self.found, self.buying = found, buying
        self.menu = found.menu(buying)
        self.review = found.review(buying)
        solving, self.judging = found.halves(found.plan.seed)
        self.solving = solving[:TAIL_DRAWS] if buying.cvar else solving

    @cached_property
    def thresholds(self) -> Floats:
        return self.found.thresholds(self.solving, self.buying)

    def futures(self, rows: Ints, *, reviewed: bool = False) -> Futures:
        """Draws with what is known of them."""
        ends = self.thresholds if reviewed else None
        return self.found.futures(rows, self.menu, self.buying, ends)

    def best(self, max_shortfall: float | None = None) -> Purchase:
        """Orders of least cost on the draws for it."""
        limit = self.buying.max_shortfall if max_shortfall is None else max_shortfall
        risk, futures = Risk(limit, self.buying.cvar), self.futures(self.solving)
        return cheapest_orders(self.menu.offers, self.menu.top_up, futures, risk)

    def judged(self, nodes: Floats) -> Outcome:
        """What orders lead to on the other draws."""
        futures = self.futures(self.judging)
        return outcome(self.menu.offers, nodes, self.menu.top_up, futures)

    def rivals(self) -> dict[str, Floats]:
        """Orders that cover a quantile of the need under the plan's term; none; those of money."""
        policy, offers = self.found.plan.policy, self.menu.offers
        term = policy.term if policy.term in COMMITMENTS else "1y"
        mine = self.menu.of(self.found.instance, term)
        need = np.rint(self.found.need[self.solving]).astype(np.int64)
        nodes = {ON_DEMAND: np.zeros((1, offers.start.size))}
        for p in sorted({*QUANTILES, policy.confidence}):
            target = nodes_standing(need, policy, p) - self.found.held
            nodes[f"buy to P{100 * p:g}"] = bought_to(target, offers, mine, self.menu.regions)
        if self.buying.max_shortfall < 1.0:
            nodes[UNLIMITED] = self.best(max_shortfall=1.0).nodes
        return nodes

    def worth(self) -> tuple[Worth, Worth, Worth]:
        """Savings by waiting for the review, by following it, and by shorter lead times."""
        staged = self.menu.reviewed_on(self.review)
        sooner = self.found.menu(self.buying, lead_factor=SHORTER).reviewed_on(self.review)
        now, later, follow, fast = (
            self._followed(offered)
            for offered in (self.menu, staged.without_orders_before(self.review), staged, sooner)
        )
        return _worth(now, later), _worth(now, follow), _worth(follow, fast)

    def _followed(self, offered: Menu) -> Floats:
        """Cost on the other draws of the best orders that follow what was seen. [USD]"""
        known = [self.futures(rows, reviewed=True) for rows in (self.solving, self.judging)]
        risk = Risk(cvar=self.buying.cvar)
        best = cheapest_orders(offered.offers, offered.top_up, known[0], risk, whole=False)
        return outcome(offered.offers, best.nodes, offered.top_up, known[1]).usd

    def foresight(self) -> Floats:
        """Least cost of each draw that judges, were it known from the start. [USD]"""
        every = replace(self.menu.offers, informed=np.ones(len(self.menu.items), dtype=np.bool_))
        usd = np.zeros(len(self.judging))
        for first in range(0, len(usd), BATCH):
            rows = self.judging[first : first + BATCH]
            known = replace(self.futures(rows), group=np.arange(len(rows)))
            found = cheapest_orders(every, self.menu.top_up, known, Risk(), whole=False)
            usd[first : first + BATCH] = outcome(every, found.nodes, self.menu.top_up, known).usd
        return usd

    def verdict(
        self, name: str, result: Outcome, foresight: Floats, usd: Mapping[str, Floats]
    ) -> Verdict:
        """Figures of one policy."""
        above = _worth(result.usd, usd[RECOMMENDED])
        need = self.found.need[self.judging]
        hours = profile(self.found.plan.scenario.profile)
        minutes = shortfall_minutes(result.worst, need / self.menu.regions, hours)
        return Verdict(
            name=name,
            bought_usd=float(result.bought_usd.mean()),
            missing_usd=float(result.missing_usd.mean()),
            usd=float(result.usd.mean()),
            tail_usd=_tail(result.usd),
            regret_usd=float((result.usd - foresight).mean()),
            above_usd=above.usd,
            above_error=above.error,
            minutes=float(minutes.mean()),
            shortfall=result.shortfall,
        )

    def ideal(self, foresight: Floats, recommended: Floats) -> Verdict:
        """Perfect foresight as a policy that nobody can follow."""
        above, none = _worth(foresight, recommended), np.zeros(len(self.found.months))
        usd = float(foresight.mean())
        tail = _tail(foresight)
        return Verdict(FORESIGHT, usd, 0.0, usd, tail, 0.0, above.usd, above.error, 0.0, none)

    def standing(self, nodes: Floats) -> Floats:
        """Nodes committed in each month over all regions, those held included. [nodes]"""
        months, regions = len(self.found.months), self.menu.regions
        ordered = self.menu.offers.standing(months, regions) @ nodes[0]
        return np.asarray(self.found.held + ordered.reshape(regions, months).sum(axis=0))

    def lots(self, nodes: Floats) -> tuple[Lot, ...]:
        """Orders by last day, term and region."""
        counts = np.rint(nodes[0]).astype(np.int64)
        lots = [
            Lot(item, int(count))
            for item, count in zip(self.menu.items, counts, strict=True)
            if count > 0
        ]
        return tuple(
            sorted(lots, key=lambda lot: (lot.item.order_by, lot.item.term, lot.item.region))
        )

    def late(self, lots: tuple[Lot, ...], nodes: Floats, on_time: Outcome) -> tuple[Late, ...]:
        """Each date missed in turn: its lots stand a month later."""
        days = sorted({lot.item.order_by for lot in lots})
        return tuple(self._late(day, lots, nodes, on_time) for day in days)

    def _late(
        self, day: datetime.date, lots: tuple[Lot, ...], nodes: Floats, on_time: Outcome
    ) -> Late:
        due = np.array([item.order_by == day for item in self.menu.items])
        offers = replace(self.menu.offers, start=self.menu.offers.start + due)
        futures = self.futures(self.judging)
        result = outcome(offers, nodes, self.menu.top_up, futures)
        rise = result.shortfall - on_time.shortfall
        due_in = self.menu.offers.start[due & (nodes[0] > 0.0)]
        month = int(due_in[np.argmax(rise[due_in])])
        return Late(
            order_by=day,
            lots=tuple(lot for lot in lots if lot.item.order_by == day),
            month=self.found.months[month],
            before=float(on_time.shortfall[month]),
            after=float(result.shortfall[month]),
            usd=float((result.usd - on_time.usd).mean()),
        )


def _worth(usd: Floats, other: Floats) -> Worth:
    """Mean of a difference in the same draws, with two standard errors. [USD]"""
    saved = usd - other
    error = TWO_SIDED * float(saved.std(ddof=1)) / float(np.sqrt(saved.size))
    return Worth(float(saved.mean()), error)


def _tail(usd: Floats) -> float:
    worst = max(1, round(WORST * usd.size))
    return float(np.sort(usd)[-worst:].mean())
