"""The plan in words: what to order by when, the risk, what bounds it, and why not fewer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from capacity.fleet.error_budget import COUNTED
from capacity.metrics import METRICS
from capacity.numbers import percent, say, span

if TYPE_CHECKING:
    from capacity.fleet.error_budget import Layout
    from capacity.fleet.orders import Order
    from capacity.outcome import CapacityPlan


def headline(plan: CapacityPlan) -> str:
    """Paragraphs that a planner can read out.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        One paragraph a line: decision, demand, cost, availability, bounds.
    """
    return "\n".join((decision(plan), demand(plan), money(plan), service(plan), bounds(plan)))


def decision(plan: CapacityPlan) -> str:
    """What to order by when, and how sure that is.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        One paragraph.
    """
    future = [lot for lot in plan.orders if not lot.past]
    standing = int(plan.serving_nodes[-1] + plan.training_nodes[-1])
    return (
        f"{_now(plan, future)}{_later(future)} Then {standing:,} nodes "
        f"({say(float(plan.gpus_standing[-1]), 'GPUs')}) stand in {_long(plan.months[-1])}; the "
        f"{int(plan.serving_nodes[-1]):,} that serve suffice in that month with probability "
        f"{percent(1.0 - float(plan.shortfall[-1]))}{_always(plan)}."
        f"{_late([lot for lot in plan.orders if lot.past])}"
    )


def demand(plan: CapacityPlan) -> str:
    """Users and queries in the last month.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        One paragraph.
    """
    return (
        f"In {_long(plan.months[-1])} the median is {_middle(plan, 'users')} and "
        f"{_middle(plan, 'daily_queries')} ({_interval(plan, 'daily_queries')}), "
        f"{_middle(plan, 'peak_rate')} in the peak minute.{_events(plan)}"
    )


def _events(plan: CapacityPlan) -> str:
    """What was planned to happen on the way there."""
    told = "; ".join(f"{item.text}, on {item.on}" for item in plan.scenario.events)
    return f" It counts with {told}." if told else ""


def money(plan: CapacityPlan) -> str:
    """Cost in the last month and over the plan.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        One paragraph.
    """
    total = np.quantile(plan.draws["cost"].sum(axis=1), (0.1, 0.5, 0.9))
    forecast = int(sum(kind == "forecast" for kind in plan.kinds))
    ahead = plan.draws["cost"][:, len(plan.kinds) - forecast :].sum(axis=1)
    months = f", {say(float(np.median(ahead)), 'USD')} of it in the {forecast} months ahead"
    return (
        f"It costs {_middle(plan, 'cost')} in {_long(plan.months[-1])} ({_interval(plan, 'cost')})"
        f" and {say(float(total[1]), 'USD')} from {_long(plan.months[0])} on"
        f"{months if 0 < forecast < len(plan.kinds) else ''}; "
        f"{_middle(plan, 'cost_per_1000_queries')} per 1,000 queries. {_owed(plan)}"
    ).rstrip()


def _owed(plan: CapacityPlan) -> str:
    """Commitments that run on after the plan."""
    if not plan.owed_usd:
        return ""
    return (
        f"Commitments of {say(plan.owed_usd, 'USD')} at list prices run on after "
        f"{_long(plan.months[-1])}."
    )


def service(plan: CapacityPlan) -> str:
    """Availability reached and why not fewer machines.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        One paragraph.
    """
    policy = plan.policy
    spent = sum(line.minutes for line in plan.budget[:-1])
    allowed = sum(line.minutes for line in plan.budget)
    return (
        f"{policy.zones} zones in {policy.regions} region{'s' if policy.regions > 1 else ''} reach "
        f"{percent(plan.availability, 3)} {COUNTED[policy.redundancy]} against "
        f"{percent(policy.availability, 2)} at the need that is bought: "
        f"{spent:.1f} of {allowed:.1f} minutes a month. {_alternative(plan)}"
    ).rstrip()


def bounds(plan: CapacityPlan) -> str:
    """What bounds the plan.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        One paragraph.
    """
    steps = [step.gpus for step in plan.waterfall]
    ratios = [after / before for before, after in pairwise(steps)]
    largest = int(np.argmax(ratios))
    return (
        f"What bounds it: {plan.bound}; the largest step from demand to purchase is "
        f"{plan.waterfall[largest + 1].name}, a factor of {ratios[largest]:.1f}."
    )


def _alternative(plan: CapacityPlan) -> str:
    """The cheapest other layout, or that none is cheaper."""
    policy = plan.policy
    here = next(item for item in plan.layouts if _same(item, policy.zones, policy.regions))
    best = plan.layouts[0]
    if best.nodes and best.nodes < here.nodes:
        return (
            f"{best.zones} zone{'s' if best.zones > 1 else ''} in each of {best.regions} regions "
            f"would do with {best.nodes} serving nodes instead of {here.nodes}."
        )
    return f"No layout of up to 4 zones and 3 regions does with fewer than {here.nodes} nodes."


def _same(layout: Layout, zones: int, regions: int) -> bool:
    return (layout.zones, layout.regions) == (zones, regions)


def _always(plan: CapacityPlan) -> str:
    """Probability that the serving nodes suffice in all months of the plan."""
    if len(plan.months) == 1:
        return ""
    standing = plan.serving_nodes * plan.option.instance.gpus
    always = (plan.draws["serving_gpus"] <= standing).all(axis=1).mean()
    return f", in all {len(plan.months)} months at once with {percent(float(always))}"


def _now(plan: CapacityPlan, orders: list[Order]) -> str:
    """First order that can still be placed."""
    if not orders:
        return "Nothing is left to order."
    instance = plan.option.instance
    nodes = sum(lot.nodes for lot in orders if lot.order_by == orders[0].order_by)
    return (
        f"Order {nodes} {instance.name} nodes ({nodes * instance.gpus} {instance.accelerator} "
        f"GPUs) by {_date(orders[0])}, to stand in {_long(orders[0].in_service)}."
    )


def _later(orders: list[Order]) -> str:
    """Later orders, which the next figures may change."""
    later = [lot for lot in orders if lot.order_by != orders[0].order_by]
    if not later:
        return ""
    lots = "lot" if len(later) == 1 else "lots"
    return (
        f" Plan on {sum(lot.nodes for lot in later)} more in {len(later)} {lots} until "
        f"{_date(later[-1])}, each to be confirmed by the figures of its quarter."
    )


def _late(orders: list[Order]) -> str:
    nodes = sum(lot.nodes for lot in orders)
    return f" {nodes} nodes had to be ordered before this plan was made." if nodes else ""


def _date(order: Order) -> str:
    return f"{order.order_by.day} {order.order_by:%B %Y}"


def _long(month: np.datetime64) -> str:
    day = month.astype("datetime64[D]").item()
    return f"{day:%B %Y}"


def _middle(plan: CapacityPlan, metric: str) -> str:
    return say(float(plan.quantile(metric, 0.5)[-1]), METRICS[metric].unit)


def _interval(plan: CapacityPlan, metric: str) -> str:
    low, high = (float(plan.quantile(metric, p)[-1]) for p in (0.1, 0.9))
    return f"80 % between {span(low, high, METRICS[metric].unit).replace(' to ', ' and ')}"
