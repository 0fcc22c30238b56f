"""Words and tables of the printed report: from a plan to plain text, ready to be set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from capacity.metrics import METRICS
from capacity.outcome import LEVELS, CapacityPlan
from capacity.report import sources, tables
from capacity.report.cells import printable
from capacity.report.numbers import bare, percent, plain, raised, say, say_error, span
from capacity.report.placing import MONTHS

if TYPE_CHECKING:
    from capacity.audit import Finding

Block = dict[str, Any]
LONGEST = 260  # characters of a cell; the spreadsheet holds the rest
UNBROKEN = 24  # characters after which a word may be broken
BOUND = re.compile(r"(?<=\d) (?=(%|M|bn|tn|PB|TB|s|ms|min|GPUs?|nodes|weeks)(\W|$))")
TILES = ("gpus", "cost", "total", "daily_queries", "users", "storage_pb", "peak_gbit_s",
         "cost_per_1000_queries")  # fmt: skip
MOST_ROWS = 18
TABLED = ("users", "daily_queries", "queries_per_user", "peak_rate", "gpus", "storage_pb",
          "peak_gbit_s", "cost", "cost_per_1000_queries", "power_kw")  # fmt: skip


def pages(plan: CapacityPlan, findings: Sequence[Finding] = ()) -> Block:
    """Everything that the printed report says.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; empty where the claims are not about this plan.

    Returns
    -------
    dict
        Text by section, and tables as rows of text; no control characters, no endless words.
    """
    content: Block = {
        "title": f"Capacity plan: {plan.scenario.name}",
        "cover": _cover(plan),
        "figures": _figures(plan),
        "purchase": _purchase(plan),
        "availability": _availability(plan),
        "cost": _cost(plan),
        "audit": _audit(plan, findings),
        "inputs": _inputs(plan),
        "method": _method(plan),
        "run": _run(plan),
    }
    cleaned: Block = _clean(content)
    return cleaned


def month_words(month: object) -> str:
    """Month in words.

    Parameters
    ----------
    month : object
        Prints as YYYY-MM or a longer date.

    Returns
    -------
    str
        Such as ``June 2024``, shortened to three letters.

    Examples
    --------
    >>> month_words("2024-06")
    'Jun 2024'
    """
    year, number = str(month).split("-")[:2]
    return f"{MONTHS[int(number) - 1]} {year}"


def _clean(value: Any) -> Any:
    """Printable text at every depth."""
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return _fitting(value) if isinstance(value, str) else value


def _fitting(text: str) -> str:
    """Printable; breaks inside words that no column holds, none between a number and its unit."""
    words = [
        "\u200b".join(word[at : at + UNBROKEN] for at in range(0, len(word), UNBROKEN))
        for word in printable(text).split(" ")
    ]
    return BOUND.sub("\u00a0", " ".join(words))


def _short(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "\u2026"


def _cover(plan: CapacityPlan) -> Block:
    scenario, policy = plan.scenario, plan.policy
    first, last = month_words(plan.months[0]), month_words(plan.months[-1])
    return {
        "name": scenario.name,
        "description": _short(scenario.description, 420),
        "facts": [
            f"{first} to {last}",
            f"reported up to {month_words(scenario.queries.origin)}",
            f"{percent(policy.availability, 2)} availability",
            f"bought at {percent(policy.confidence)} confidence",
        ],
        "headline": [line.strip() for line in plan.text.split("\n") if line.strip()],
        "tiles": [_tile(row) for row in _tile_rows(plan)],
        "tiles_note": (
            f"Medians of {last}; below each the range that holds 80 % of the draws. Behind \u00b1: "
            "the most by which another random seed moves the median."
        ),
        "chart_note": (
            "Blue: what each draw needs; the shaded ranges hold 50, 80 and 90 % of the draws. "
            f"Orange: what stands if every order is placed, enough in {percent(policy.confidence)} "
            "of the draws in each month."
        ),
    }


def _tile_rows(plan: CapacityPlan) -> list[tables.KeyFigure]:
    rows = {row.metric: row for row in tables.key_figures(plan)[:-1]}
    rows["total"] = tables.costs_by_period(plan)[-1]
    return [rows[name] for name in TILES]


def _tile(row: tables.KeyFigure) -> Block:
    total = row.unit == "USD" and row.metric == "cost"
    first, _, last = row.period.partition(" to ")
    words = f"{row.title}, {month_words(first)} to {month_words(last)}" if total else row.title
    return {
        "title": words,
        "value": say(row.p50, row.unit),
        "range": span(row.p10, row.p90, row.unit),
        "error": say_error(row.error, row.unit),
    }


def _figures(plan: CapacityPlan) -> Block:
    rows = []
    for name in TABLED:
        metric = METRICS[name]
        values = [bare(float(plan.quantile(name, level)[-1]), metric.unit) for level in LEVELS]
        error = raised(float(plan.monte_carlo_error(name, 0.5)[-1]), metric.unit)
        rows.append([metric.title, metric.unit, *values, f"\u00b1{bare(error, metric.unit)}"])
    growth = [note for note in plan.notes if note.startswith(("users:", "queries:"))]
    return {
        "notes": growth,
        "caption": (
            "Shaded: ranges that hold 50, 80 and 90 % of the draws, around the median. Hatched "
            "and dashed: a reconstruction between the reported points, not a record. Dots are "
            "reported, diamonds are published projections with their place in our distribution."
        ),
        "month": month_words(plan.months[-1]),
        "head": ["", "unit", *(f"{round(100 * level)} %" for level in LEVELS), "\u00b1 of 50 %"],
        "rows": rows,
    }


def _purchase(plan: CapacityPlan) -> Block:
    rows = tables.orders(plan)
    option, serving = plan.option, plan.serving
    first = min((row.gpus for row in rows), default=0)
    nodes = int(plan.serving_nodes[-1] + plan.training_nodes[-1])
    return {
        "text": [
            f"{option.instance.name} is the cheapest node type of {option.instance.provider} that "
            f"can be had in {month_words(plan.months[0])} and keeps the latency targets: "
            f"{option.instance.gpus} \u00d7 {option.instance.accelerator}, "
            f"{_replicas(plan)} of {option.replica.architecture.name} in "
            f"{option.replica.weight_dtype}. A replica serves {plain(serving.batch)} requests at "
            f"once at {say(serving.tokens_per_s, 'tokens/s')}; first token after "
            f"{say(serving.ttft_s, 's')} (target {say(plan.policy.ttft_s, 's')}), then one every "
            f"{say(serving.tpot_s, 's')} (target {say(plan.policy.tpot_s, 's')}).",
            f"What bounds the plan: {plan.bound}.",
            f"At the end {nodes:,} nodes stand, {int(plan.gpus_standing[-1]):,} GPUs. Each order "
            f"covers {_months(plan.policy.order_months)}; the smallest is {first:,} GPUs.",
        ],
        "head": ["order by", "stands from", "lead time", "nodes", "GPUs", "for", "list price"],
        "orders": _order_rows(rows),
        "more": _more(rows, "orders"),
        "note": (
            "Grey: the date had passed when the last figure was reported; these nodes should "
            f"stand already. List price: {option.instance.name}, {plan.policy.term} term, "
            "in the first month of the lot."
        ),
        "rejected": [
            [item.option, item.binding, _short(item.reason)] for item in plan.rejections[:MOST_ROWS]
        ],
        "rejected_more": _more(plan.rejections, "options"),
    }


def _replicas(plan: CapacityPlan) -> str:
    option = plan.option
    count, size = option.replicas_per_node, option.replica.gpus
    return f"{count} replica{'s' * (count > 1)} on {size} GPU{'s' * (size > 1)} each"


def _months(count: int) -> str:
    return "one month" if count == 1 else f"{count} months"


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


def _availability(plan: CapacityPlan) -> Block:
    policy = plan.policy
    worst = int(plan.shortfall.argmax())
    text = [
        f"{int(plan.serving_nodes[-1]):,} serving nodes in {_count(policy.regions, 'region')} of "
        f"{_count(policy.zones, 'zone')} reach {percent(plan.availability, 3)} at the need that is "
        f"bought; the target is {percent(policy.availability, 2)}. Spares are solved for, not "
        "divided out: need over availability would be met only every other time.",
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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _impossible(plan: CapacityPlan) -> list[str]:
    """Layouts that cannot meet the target, one line for each reason."""
    reasons: dict[str, list[str]] = {}
    for row in tables.layouts(plan):
        if not row.nodes:
            words = f"{_count(row.regions, 'region')} of {_count(row.zones, 'zone')}"
            reasons.setdefault(row.reason, []).append(words)
    return [f"{', '.join(found)}: {reason}." for reason, found in reasons.items()]


def _cost(plan: CapacityPlan) -> Block:
    unit_names = ("cost_per_1000_queries", "cost_per_user", "cost_per_conversation_hour")
    energy = ("utilisation", "power_kw", "carbon_t")
    return {
        "text": [
            f"Nodes are paid for when they stand, used or not: {plan.policy.term} list prices of "
            f"{plan.policy.provider}, times the price actually paid. The order is fixed, so the "
            "cost varies less than the demand; what varies is whether it suffices.",
            "The chart splits the draws whose total lies in the middle; medians of lines do not "
            "add up to the median of the total.",
        ],
        "head": ["", "10 %", "median", "90 %"],
        "month": month_words(plan.months[-1]),
        "lines": [_range_row(row, row.title) for row in tables.cost_lines(plan)],
        "periods": [_range_row(row, _period(row.period)) for row in tables.costs_by_period(plan)],
        "units": [_metric_row(plan, name) for name in (*unit_names, *energy)],
    }


def _range_row(row: tables.KeyFigure, words: str) -> list[str]:
    unit = row.unit.partition("/")[0]
    return [words, *(say(value, unit) for value in (row.p10, row.p50, row.p90))]


def _metric_row(plan: CapacityPlan, name: str) -> list[str]:
    metric = METRICS[name]
    values = (float(plan.quantile(name, p)[-1]) for p in (tables.LOW, 0.5, tables.HIGH))
    unit = "" if metric.unit.startswith(("USD", "share")) else f", {metric.unit}"
    return [metric.title + unit, *(bare(value, metric.unit) for value in values)]


def _period(period: str) -> str:
    first, last = period.split(" to ")
    return f"{month_words(first)} to {month_words(last)}"


def _audit(plan: CapacityPlan, findings: Sequence[Finding]) -> Block:
    judged = [item for item in findings if item.verdict != "cannot be checked"]
    open_claims = [item for item in findings if item.verdict == "cannot be checked"]
    order = {"contradicted": 0, "implausible": 1, "holds": 2}
    judged.sort(key=lambda item: order[item.verdict])
    counts = {word: sum(item.verdict == word for item in judged) for word in order}
    return {
        "text": ", ".join(f"{count} {word}" for word, count in counts.items())
        + f", {len(open_claims)} that nothing in the account lets us check.",
        "judged": [
            [_short(item.text), item.reported, item.computed, item.verdict, _short(item.reason)]
            for item in judged
        ],
        "open": _grouped(open_claims),
        "checks": [_check_row(row) for row in tables.checks(plan)],
    }


def _grouped(findings: Iterable[Finding]) -> list[list[str]]:
    """Claims that cannot be checked, joined where the reason is the same."""
    reasons: dict[str, list[str]] = {}
    for item in findings:
        reasons.setdefault(item.reason, []).append(_short(item.text))
    return [[reason, " ".join(texts)] for reason, texts in reasons.items()]


def _check_row(row: tables.CheckRow) -> list[str]:
    return [
        f"{row.title}, {month_words(row.month)}",
        f"{row.comparator} {say(row.published, row.unit)}",
        f"{say(row.p50, row.unit)} ({span(row.p05, row.p95, row.unit)})",
        "agrees" if row.agrees else "differs",
        _short(row.source),
    ]


def _inputs(plan: CapacityPlan) -> Block:
    rows = [
        [
            row.name.replace("_", " "),
            plain(row.mid),
            "exactly" if row.low == row.high else f"{plain(row.low)} to {plain(row.high)}",
            row.unit,
            _moves(row),
            _short(f"{_basis(row)}: {_dated(row)}", 200),
        ]
        for row in sources.inputs(plan)
    ]
    return {
        "text": (
            "Middle value and the range that holds 90 % unless the spreadsheet says otherwise. "
            "First the inputs that move a headline figure most, with the rank correlation over "
            "the draws."
        ),
        "rows": rows,
        "facts": _facts(plan),
        "policy": [
            [row.item.replace("_", " "), _unit_words(row.value, row.unit), row.source]
            for row in sources.policy_rows(plan.policy)
        ],
    }


def _unit_words(value: str, unit: str) -> str:
    return value if unit == "name" else f"{value} {unit}"


def _moves(row: sources.InputRow) -> str:
    names = {"gpus": "GPUs", "cost": "cost", "storage_pb": "storage", "peak_gbit_s": "bandwidth"}
    return f"{names[row.moves]} {row.sway:+.2f}".replace("-", "\u2212") if row.moves else ""


def _facts(plan: CapacityPlan) -> list[list[str]]:
    """Reported points, hardware and prices, one row for each source and period."""
    wanted = ("reported", "model", "hourly profile", "hardware", "price")
    joined: dict[tuple[str, str], list[str]] = {}
    for row in sources.sources(plan):
        if row.group in wanted:
            words = f"{row.item.removesuffix(', pay-as-you-go')} {row.value} {row.unit}"
            joined.setdefault((_dated(row), row.valid), []).append(words)
    return [[";  ".join(items), valid, _short(source, 160)]
            for (source, valid), items in joined.items()]  # fmt: skip


def _dated(row: sources.InputRow | sources.SourceRow) -> str:
    return f"{row.source} ({row.as_of})" if row.as_of else row.source


def _basis(row: sources.InputRow) -> str:
    return row.basis if row.set_by == "baseline" else f"{row.basis}, set by {row.set_by}"


def _method(plan: CapacityPlan) -> Block:
    scenario, policy = plan.scenario, plan.policy
    replica = plan.option.replica
    draws = next(iter(plan.draws.values())).shape[0]
    return {
        "steps": [
            ["Demand", f"Users and daily queries are forecast together by {scenario.growth.model} "
             f"growth, with a correlation of {plain(scenario.growth.correlation)}. Between two "
             "reported points the path is reconstructed: a straight line in the logarithm with "
             "random deviations that vanish at the points."],
            ["Load", f"Daily queries become a peak minute by the hourly profile "
             f"{scenario.profile}, the weekend, the spread between services and the burst within "
             "the hour; tokens follow from the lengths of prompts and replies."],
            ["GPUs", f"One replica of {replica.architecture.name} is modelled from its memory, "
             "arithmetic and links, calibrated on published throughput. Its batch is the largest "
             f"within {plain(policy.ttft_s)} s to the first and {plain(policy.tpot_s)} s for each "
             f"further token. Queueing leaves {percent(policy.latency_share)} of requests in the "
             "peak minute unqueued."],
            ["Redundancy", "Nodes are added until the share of time with enough of them up, "
             "through node, zone and region loss, failed failovers and bad changes, meets the "
             "target."],
            ["Purchase", f"Nodes that suffice in {percent(policy.confidence)} of the draws, in "
             "whole nodes, spread evenly over zones and regions, ordered ahead by the lead time."],
            ["Money", "Dated list prices by item and term, the price paid over list, overhead; "
             "storage accumulates with its retention."],
            ["Uncertainty", f"{draws:,} joint draws of all inputs. A percentile of a result is "
             "taken over the draws of that result, never from the percentiles of its inputs. "
             "Every input has its own random stream, so two scenarios share their luck."],
        ],
        "limits": [note for note in plan.notes if not note.startswith(("users:", "queries:"))],
    }  # fmt: skip


def _run(plan: CapacityPlan) -> Block:
    draws = next(iter(plan.draws.values())).shape[0]
    date = sources.data_date(plan)
    return {
        "version": plan.version,
        "footer": (
            f"fleetcast {plan.version} \u00b7 seed {plan.seed} \u00b7 {draws:,} draws \u00b7 data as of "
            f"{month_words(date)}"
        ),
        "note": (
            "Same version, data, seed and draws: same figures. Shipped data files with the first "
            "digits of their SHA-256:"
        ),
        "date": date,
        "hashes": [[name, digest[:16]] for name, digest in plan.hashes.items()],
    }
