"""Middle pages of the printed report: purchase, redundancy, cost."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.fleet.error_budget import COUNTED
from capacity.metrics import METRICS
from capacity.numbers import bare, percent, plain, say
from capacity.outcome import CapacityPlan
from capacity.policy import AUTO
from capacity.questions.model_sizes import model_sizes
from capacity.report import tables
from capacity.report.key_figures import HIGH, LOW, KeyFigure, cost_lines, costs_by_period
from capacity.report.placing import month_words
from capacity.report.wording import Block, counted, short

MOST_ROWS = 18
SAME_SIZE = 1.1  # ratio of parameters


def purchase(plan: CapacityPlan) -> Block:
    """What to buy by when, how it is used, and the options not taken.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Text, orders and rejections.
    """
    rows = tables.orders(plan)
    option, serving = plan.option, plan.serving
    first = min((row.gpus for row in rows), default=0)
    nodes = int(plan.serving_nodes[-1] + plan.training_nodes[-1])
    return {
        "text": [
            f"{_why(plan)}: "
            f"{option.instance.gpus} \u00d7 {option.instance.accelerator}, "
            f"{_replicas(plan)} of {option.replica.architecture.name} in "
            f"{option.replica.weight_dtype}. A replica serves {plain(serving.batch)} requests at "
            f"once at {say(serving.tokens_per_s, 'tokens/s')}; first token after "
            f"{say(serving.ttft_s, 's')} (target {say(plan.policy.ttft_s, 's')}), then one every "
            f"{say(serving.tpot_s, 's')} (target {say(plan.policy.tpot_s, 's')}).",
            f"What bounds the plan: {plan.bound}.",
            f"At the end {nodes:,} nodes stand, {int(plan.gpus_standing[-1]):,} GPUs. Each order "
            f"covers {counted(plan.policy.order_months, 'month')}; the smallest is {first:,} GPUs.",
        ],
        "head": ["order by", "stands from", "lead time", "nodes", "GPUs", "for", "list price"],
        "orders": _order_rows(rows),
        "more": _more(rows, "orders"),
        "note": (
            "Grey: the date had passed when the last figure was reported; these nodes should "
            f"stand already. List price: {option.instance.name}, {_term(plan)}, "
            "in the first month of the lot."
        ),
        "rejected": [
            [item.option, item.binding, short(item.reason)] for item in plan.rejections[:MOST_ROWS]
        ],
        "rejected_more": _more(plan.rejections, "options"),
    }


def availability(plan: CapacityPlan) -> Block:
    """Redundancy and what cannot be reached.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Text, and a line for each reason why a layout fails.
    """
    policy = plan.policy
    worst = int(plan.shortfall.argmax())
    text = [
        f"{int(plan.serving_nodes[-1]):,} serving nodes in {counted(policy.regions, 'region')} of "
        f"{counted(policy.zones, 'zone')} reach {percent(plan.availability, 3)} "
        f"{COUNTED[policy.redundancy]} at the need that is bought; the target is "
        f"{percent(policy.availability, 2)}. Redundancy is {policy.redundancy}. Spares are solved "
        "for, not divided out: need over availability would be met only every other time.",
        f"The nodes bought suffice with at least {percent(policy.confidence)} probability in every "
        f"month; the risk of a shortfall is largest in {month_words(plan.months[worst])}, "
        f"{percent(float(plan.shortfall[worst]), 1)}.",
    ]
    if policy.regions > 1:
        text.append(
            "Minutes of a region count only where another region does not take over: both are "
            "down, or the traffic does not move."
        )
    return {"text": text, "impossible": _impossible(plan)}


def cost(plan: CapacityPlan) -> Block:
    """Cost by line, by period and per unit.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Text and tables.
    """
    unit_names = ("cost_per_1000_queries", "cost_per_user", "cost_per_conversation_hour")
    energy = ("utilisation", "power_kw", "carbon_t")
    return {
        "text": [
            f"Nodes are paid for when they stand, used or not: {_term(plan)} list prices of "
            f"{plan.policy.provider}, times the price actually paid. The order is fixed, so the "
            "cost varies less than the demand; what varies is whether it suffices.",
            "The chart splits the draws whose total lies in the middle; medians of lines do not "
            "add up to the median of the total.",
        ],
        "head": ["", "10 %", "median", "90 %"],
        "month": month_words(plan.months[-1]),
        "lines": [_range_row(row, row.title) for row in cost_lines(plan)],
        "periods": [_range_row(row, _period(row.period)) for row in costs_by_period(plan)],
        "units": [_metric_row(plan, name) for name in (*unit_names, *energy)],
        **_models(plan),
    }


def _term(plan: CapacityPlan) -> str:
    return {"1y": "one-year", "3y": "three-year"}.get(plan.policy.term, plan.policy.term)


def _why(plan: CapacityPlan) -> str:
    instance = plan.option.instance
    if plan.policy.instance != AUTO:
        return f"{instance.name} is what the policy asks for"
    return (
        f"{instance.name} is the cheapest node type of {instance.provider} that can be had in "
        f"{month_words(plan.months[0])} and keeps the latency targets"
    )


def _replicas(plan: CapacityPlan) -> str:
    option = plan.option
    count, size = option.replicas_per_node, option.replica.gpus
    return f"{count} replica{'s' * (count > 1)} on {size} GPU{'s' * (size > 1)} each"


def _order_rows(rows: Sequence[tables.OrderRow]) -> list[Block]:
    return [
        {
            "past": row.past,
            "cells": [
                f"{row.order_by.day} {month_words(row.order_by)}",
                month_words(row.in_service),
                f"{plain(round(row.lead_time_weeks, 1))} weeks",
                f"{row.nodes:,}",
                f"{row.gpus:,}",
                row.purpose,
                say(row.usd_per_month, "USD/month", digits=3),
            ],
        }
        for row in rows[-MOST_ROWS:]
    ]


def _more(rows: Sequence[object], what: str) -> str:
    hidden = len(rows) - MOST_ROWS
    return f"{hidden} more {what} in plan.xlsx." if hidden > 0 else ""


def _impossible(plan: CapacityPlan) -> list[str]:
    """Layouts that cannot meet the target, one line for each number of regions and reason."""
    found: dict[tuple[int, str], list[int]] = {}
    for row in tables.layouts(plan):
        if not row.nodes:
            found.setdefault((row.regions, row.reason), []).append(row.zones)
    return [
        f"{counted(regions, 'region')}, with {_either(zones)}: {reason}."
        for (regions, reason), zones in sorted(found.items())
    ]


def _either(zones: Sequence[int]) -> str:
    *others, last = sorted(zones)
    first = ", ".join(map(str, others))
    return f"{first} or {counted(last, 'zone')}" if others else counted(last, "zone")


def _models(plan: CapacityPlan) -> Block:
    """The same load on models of other sizes, those of about the same size left out."""
    rows, before, impossible = [], 0.0, ""
    for size in model_sizes(plan):
        own = size.architecture == plan.scenario.architecture
        if size.parameters < SAME_SIZE * before and not own:
            continue
        before = size.parameters
        impossible = impossible or size.reason
        found = [f"{size.gpus:,}", say(size.usd_per_month, "USD")] if size.gpus else ["none", ""]
        name = f"{size.architecture} (here)" if own else size.architecture
        rows.append([name, say(size.parameters, ""), *found])
    note = "Serving GPUs at the median load of that month, at list prices; no confidence added."
    why = f" None: {impossible}." if impossible else ""
    return {"models": rows, "models_note": note + why}


def _range_row(row: KeyFigure, words: str) -> list[str]:
    unit = row.unit.partition("/")[0]
    return [words, *(say(value, unit) for value in (row.p10, row.p50, row.p90))]


def _metric_row(plan: CapacityPlan, name: str) -> list[str]:
    metric = METRICS[name]
    values = (float(plan.quantile(name, p)[-1]) for p in (LOW, 0.5, HIGH))
    unit = "" if metric.unit.startswith(("USD", "share")) else f", {metric.unit}"
    return [metric.title + unit, *(bare(value, metric.unit) for value in values)]


def _period(period: str) -> str:
    first, last = period.split(" to ")
    return f"{month_words(first)} to {month_words(last)}"
