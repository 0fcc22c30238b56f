"""Tables of a plan: pure functions from a plan to rows, the one source of every export."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import numpy as np

from capacity.availability.redundancy import MINUTES_PER_MONTH
from capacity.market.catalogue import shipped_catalogue
from capacity.metrics import METRICS
from capacity.money.cost import hosted_usd
from capacity.outcome import LEVELS, CapacityPlan


class MonthRow(NamedTuple):
    """One metric in one month: mean and percentiles, in `unit`."""

    month: str
    kind: str
    metric: str
    title: str
    unit: str
    mean: float
    p05: float
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    p95: float


class OrderRow(NamedTuple):
    """One lot to buy, with the list price of its nodes [USD/month] in the first month."""

    order_by: datetime.date
    in_service: str
    lead_time_weeks: float
    nodes: int
    gpus: int
    instance: str
    purpose: str
    usd_per_month: float
    past: bool


class StepRow(NamedTuple):
    """One step from mean demand to purchase, in GPUs."""

    step: str
    gpus: float
    added: float


class BudgetRow(NamedTuple):
    """Minutes of a 30-day month that one cause takes, and their share of the budget."""

    cause: str
    minutes: float
    share: float


class LayoutRow(NamedTuple):
    """Zones and regions, and what they take; no nodes where the target cannot be met."""

    zones: int
    regions: int
    nodes: int
    gpus: int
    availability: float
    chosen: bool
    reason: str


class CheckRow(NamedTuple):
    """A published figure beside our 90 % interval, in `unit`."""

    metric: str
    title: str
    unit: str
    month: str
    comparator: str
    published: float
    p05: float
    p50: float
    p95: float
    agrees: bool
    source: str


def metrics_of(plan: CapacityPlan) -> tuple[str, ...]:
    """Metrics that a plan holds, in the order of `capacity.metrics`.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    tuple of str
        Their names.
    """
    return tuple(name for name in METRICS if name in plan.draws)


def monthly(plan: CapacityPlan) -> list[MonthRow]:
    """Every metric in every month.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of MonthRow
        By metric, then month; percentiles never fall from p05 to p95.
    """
    months = [str(month) for month in plan.months]
    rows = []
    for name in metrics_of(plan):
        metric = METRICS[name]
        columns = [plan.mean(name), *(plan.quantile(name, level) for level in LEVELS)]
        figures = np.stack(columns, axis=1).tolist()
        rows += [
            MonthRow(month, kind, name, metric.title, metric.unit, *values)
            for month, kind, values in zip(months, plan.kinds, figures, strict=True)
        ]
    return rows


def orders(plan: CapacityPlan) -> list[OrderRow]:
    """Lots to buy, in the order of their dates.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of OrderRow
        With the list price of each lot in its first month.
    """
    instance, catalogue = plan.option.instance, shipped_catalogue()
    rows = []
    for lot in plan.orders:
        price = catalogue.price(instance.name, plan.policy.term, lot.in_service).value
        usd = float(hosted_usd(lot.nodes, price))
        rows.append(
            OrderRow(
                lot.order_by,
                str(lot.in_service),
                lot.lead_time_weeks,
                lot.nodes,
                lot.nodes * instance.gpus,
                instance.name,
                lot.purpose,
                usd,
                lot.past,
            )
        )
    return rows


def steps(plan: CapacityPlan) -> list[StepRow]:
    """Waterfall with the GPUs that each step adds.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of StepRow
        In the order of the chain; the additions sum to the purchase.
    """
    before = (0.0, *(step.gpus for step in plan.waterfall))
    return [
        StepRow(step.name, step.gpus, step.gpus - last)
        for step, last in zip(plan.waterfall, before, strict=False)
    ]


def budget(plan: CapacityPlan) -> list[BudgetRow]:
    """Error budget with shares.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of BudgetRow
        Their minutes sum to the budget of a 30-day month.
    """
    whole = (1.0 - plan.policy.availability) * MINUTES_PER_MONTH
    return [BudgetRow(line.cause, line.minutes, line.minutes / whole) for line in plan.budget]


def layouts(plan: CapacityPlan) -> list[LayoutRow]:
    """Other zones and regions, and which one the plan has.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of LayoutRow
        Feasible ones first, by nodes.
    """
    here = (plan.policy.zones, plan.policy.regions)
    size = plan.option.instance.gpus
    return [
        LayoutRow(
            item.zones, item.regions, item.nodes, item.nodes * size, item.availability,
            (item.zones, item.regions) == here, item.reason,
        )
        for item in plan.layouts
    ]  # fmt: skip


def checks(plan: CapacityPlan) -> list[CheckRow]:
    """Published figures beside ours.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of CheckRow
        In the order of the scenario.
    """
    rows = []
    for check in plan.checks:
        told, metric = check.published, METRICS[check.published.metric]
        rows.append(
            CheckRow(
                metric.name,
                metric.title,
                metric.unit,
                told.month,
                told.comparator,
                told.value,
                check.low,
                check.mid,
                check.high,
                check.agrees,
                told.source,
            )
        )
    return rows
