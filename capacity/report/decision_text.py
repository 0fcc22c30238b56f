"""A purchase decision on a terminal."""

from __future__ import annotations

from capacity.numbers import percent, say
from capacity.procurement.decision import Decision
from capacity.provenance import VERSION
from capacity.report import decision_tables as tables
from capacity.report.cells import aligned, printable, wrapped
from capacity.report.decision_words import headline


def decision_text(decision: Decision) -> str:
    """Sentences, orders, policies and dates.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    str
        Lines for a terminal.
    """
    found, drawn = decision.situation, decision.draws
    parts = [
        f"Purchase for {printable(found.plan.scenario.name)}, decided {found.today}, counted in "
        f"{found.instance}",
        "\n".join(wrapped(line) for line in headline(decision)),
        _titled("Orders", _orders(decision), left=(0, 1, 2, 3)),
        _titled(f"Policies on {drawn[1]:,} draws that none has seen", _policies(decision)),
        "Order dates\n" + "\n".join(wrapped(row.sentence, "    ") for row in tables.dates(decision))
        if decision.late
        else "",
        _titled("Month by month", _months(decision)),
        f"Orders found on {drawn[0]:,} draws, at most {percent(decision.purchase.gap, 2)} above "
        f"the optimum there. fleetcast {VERSION}, seed {found.plan.seed}.",
    ]
    return "\n\n".join(part for part in parts if part)


def _titled(title: str, rows: list[list[str]], left: tuple[int, ...] = (0,)) -> str:
    return f"{title}\n{aligned(rows, left)}" if len(rows) > 1 else ""


def _orders(decision: Decision) -> list[list[str]]:
    title, places = tables.spread(decision)
    rows = [["order by", "stands from", "instance", "term", "nodes", title, "list price"]]
    rows += [
        [row.order_by.isoformat(), row.stands_from, row.instance, row.term, f"{row.nodes:,}",
         place, say(row.usd_per_month, "USD/month", digits=3)]
        for row, place in zip(tables.lots(decision), places, strict=True)
    ]  # fmt: skip
    return rows


def _policies(decision: Decision) -> list[list[str]]:
    head = ["", "cost", "priced shortfall", "together", "worst 5 %", "regret", "to recommended"]
    rows = [[*head, "shortfall", "highest P"]]
    for row in tables.policies(decision):
        money = (row.cost_usd, row.shortfall_usd, row.total_usd, row.worst_twentieth_usd)
        said = [say(value, "USD", digits=3) for value in (*money, row.regret_usd)]
        above = f"{say(row.above_recommended_usd, 'USD')} ± {say(row.above_error_usd, 'USD')}"
        minutes = f"{row.shortfall_minutes:,.0f} min/month"
        rows.append([row.policy, *said, above, minutes, percent(row.highest_shortfall, 1)])
    return rows


def _months(decision: Decision) -> list[list[str]]:
    rows = [["", "held", "standing", "need P5", "median", "P95", "P(shortfall)"]]
    for row in tables.months(decision):
        counts = (row.held, row.standing, row.need_p05, row.need_p50, row.need_p95)
        rows.append([row.month, *(f"{value:,.0f}" for value in counts), percent(row.shortfall, 1)])
    return rows
