"""A plan on a terminal: plain text, aligned columns, no control characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from capacity.numbers import percent, say, say_error, span
from capacity.outcome import CapacityPlan
from capacity.report import tables
from capacity.report.cells import aligned, printable, wrapped
from capacity.report.key_figures import key_figures

if TYPE_CHECKING:
    from capacity.auditing import Finding


def console(plan: CapacityPlan, findings: Sequence[Finding] = ()) -> str:
    """The plan as a text for a terminal.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit, if there is one.

    Returns
    -------
    str
        Headline, key figures, orders, steps, error budget, rejected options, published figures.
    """
    parts = [
        f"Capacity plan: {printable(plan.scenario.name)}",
        "\n".join(wrapped(line) for line in plan.text.split("\n")),
        _key_figures(plan),
        _orders(plan),
        _steps(plan),
        _budget(plan),
        _rejections(plan),
        _checks(plan),
        audit_text(findings) if findings else "",
        _run(plan),
    ]
    return "\n\n".join(part for part in parts if part)


def audit_text(findings: Sequence[Finding]) -> str:
    """Findings of an audit, those that matter most first.

    Parameters
    ----------
    findings : sequence of Finding
        What the audit found.

    Returns
    -------
    str
        Verdict and claim, then both values and the reason; claims that cannot be checked last.
    """
    blocks = []
    for verdict in ("contradicted", "implausible", "holds", "cannot be checked"):
        for item in findings:
            if item.verdict == verdict:
                values = [("reported", item.reported), ("computed", item.computed)]
                said = "; ".join(f"{word} {value}" for word, value in values if value)
                lines = [f"{verdict.upper()}: {item.text}", said, item.reason]
                blocks.append("\n".join(wrapped(line, "    ") for line in lines if line))
    return "\n".join(blocks)


def _titled(title: str, rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    return f"{title}\n{aligned(rows, left)}" if rows else ""


def _key_figures(plan: CapacityPlan) -> str:
    figures = key_figures(plan)
    rows = [["", "median", "80 % between", "another seed"]]
    for row in figures:
        title = row.title if " to " not in row.period else f"{row.title}, {row.period}"
        between = span(row.p10, row.p90, row.unit)
        rows.append([title, say(row.p50, row.unit), between, say_error(row.error, row.unit)])
    return _titled(f"Key figures of {plan.months[-1]}", rows)


def _orders(plan: CapacityPlan) -> str:
    rows = [["order by", "stands from", "nodes", "GPUs", "for", "list price", ""]]
    for row in tables.orders(plan):
        due = "date has passed" if row.past else ""
        usd = say(row.usd_per_month, "USD/month", digits=3)
        day = row.order_by.isoformat()
        rows.append([day, row.in_service, f"{row.nodes:,}", f"{row.gpus:,}", row.purpose, usd, due])
    return _titled(f"Orders of {plan.option.instance.name}", rows, left=(0, 1, 4, 6))


def _steps(plan: CapacityPlan) -> str:
    rows = [["", "GPUs", "added"]]
    rows += [
        [row.step, say(row.gpus, "GPUs"), f"+{say(row.added, 'GPUs')}"]
        for row in tables.steps(plan)
    ]
    return _titled(f"From demand to purchase in {plan.months[-1]}", rows)


def _budget(plan: CapacityPlan) -> str:
    rows = [[row.cause, say(row.minutes, "min"), percent(row.share)] for row in tables.budget(plan)]
    title = f"Error budget a month, {plan.policy.redundancy} redundancy: "
    title += f"{percent(plan.policy.availability, 2)} promised, "
    return _titled(f"{title}{percent(plan.availability, 3)} reached", rows)


def _rejections(plan: CapacityPlan) -> str:
    lines = [wrapped(f"{item.option}: {item.reason}", "    ") for item in plan.rejections]
    return "\n".join(["Options not taken", *lines]) if lines else ""


def _checks(plan: CapacityPlan) -> str:
    lines = []
    for row in tables.checks(plan):
        verdict = "agrees" if row.agrees else "differs"
        ours = f"{say(row.p50, row.unit)} (90 %: {span(row.p05, row.p95, row.unit)})"
        told = f"{row.comparator} {say(row.published, row.unit)}"
        line = f"{row.title}, {row.month}: published {told}, ours {ours}: {verdict}"
        lines.append(wrapped(line, "    "))
    return "\n".join(["Published figures beside ours", *lines]) if lines else ""


def _run(plan: CapacityPlan) -> str:
    draws = next(iter(plan.draws.values())).shape[0]
    return f"fleetcast {plan.version}, seed {plan.seed}, {draws:,} draws"
