"""All words and tables of the printed report: from a plan to text, ready to be set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from capacity.numbers import say, span
from capacity.outcome import CapacityPlan
from capacity.report import tables
from capacity.report.annex import assumptions, method, run
from capacity.report.cover import cover, figures
from capacity.report.design_section import design_section
from capacity.report.placing import month_words
from capacity.report.sections import availability, cost, purchase
from capacity.report.wording import Block, fitting, short

if TYPE_CHECKING:
    from capacity.auditing import Finding
    from capacity.availability.designing import DesignStudy


def pages(plan: CapacityPlan, findings: Sequence[Finding], study: DesignStudy) -> Block:
    """Everything that the printed report says.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; empty where the claims are not about this plan.
    study : DesignStudy
        Redundancy of the plan.

    Returns
    -------
    dict
        Text by section, and tables as rows of text; no control characters, no endless words.
    """
    content: Block = {
        "title": f"Capacity plan: {plan.scenario.name}",
        "cover": cover(plan),
        "figures": figures(plan),
        "purchase": purchase(plan),
        "availability": availability(plan),
        "design": design_section(study),
        "cost": cost(plan),
        "audit": audit_section(plan, findings),
        "inputs": assumptions(plan),
        "method": method(plan),
        "run": run(plan),
    }
    set_text: Block = fitting(content)
    return set_text


def audit_section(plan: CapacityPlan, findings: Sequence[Finding]) -> Block:
    """The audit of the claims, and published figures beside ours.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; may be empty.

    Returns
    -------
    dict
        Text, judged claims with what is contradicted first, the others, the checks.
    """
    judged = [item for item in findings if item.verdict != "cannot be checked"]
    open_claims = [item for item in findings if item.verdict == "cannot be checked"]
    order = {"contradicted": 0, "implausible": 1, "holds": 2}
    judged.sort(key=lambda item: order[item.verdict])
    counts = {word: sum(item.verdict == word for item in judged) for word in order}
    return {
        "text": ", ".join(f"{count} {word}" for word, count in counts.items())
        + f", {len(open_claims)} that nothing in the account lets us check.",
        "judged": [
            [short(item.text), item.reported, item.computed, item.verdict, short(item.reason)]
            for item in judged
        ],
        "open": _grouped(open_claims),
        "checks": [_check_row(row) for row in tables.checks(plan)],
    }


def _grouped(findings: Iterable[Finding]) -> list[list[str]]:
    """Claims that cannot be checked and why, joined where the reason is the same."""
    reasons: dict[str, list[str]] = {}
    for item in findings:
        reasons.setdefault(item.reason, []).append(short(item.text))
    return [[" ".join(texts), reason] for reason, texts in reasons.items()]


def _check_row(row: tables.CheckRow) -> list[str]:
    return [
        f"{row.title}, {month_words(row.month)}",
        f"{row.comparator} {say(row.published, row.unit)}",
        f"{say(row.p50, row.unit)} ({span(row.p05, row.p95, row.unit)})",
        "agrees" if row.agrees else "differs",
        short(row.source),
    ]
