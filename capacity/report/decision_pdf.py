"""The printed page of a purchase decision: a tagged PDF, the same bytes for the same decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capacity.numbers import percent, plain, say
from capacity.procurement.decision import RECOMMENDED, Decision
from capacity.provenance import VERSION
from capacity.report import decision_tables as tables
from capacity.report.decision_charts import need_fan, regret_bars
from capacity.report.decision_words import LIMITS, day_words, headline
from capacity.report.placing import month_words
from capacity.report.svg import WIDE, bars_size, svg
from capacity.report.typeset import typeset
from capacity.report.wording import fitting, short

TEMPLATE = Path(__file__).with_name("decision.typ")
BAR_MM = 4.6


def decision_pdf(decision: Decision) -> bytes:
    """Set the page.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    bytes
        PDF 1.7 that meets PDF/UA-1: tagged, with language, title and alternative text.
    """
    fan, bars = need_fan(decision), regret_bars(decision)
    drawn = {
        "need": {"svg": svg(fan, WIDE), "alt": fan.alt},
        "regret": {"svg": svg(bars, bars_size(bars, BAR_MM)), "alt": bars.alt},
    }
    return typeset(TEMPLATE, {**_words(decision), "charts": drawn})


def _words(decision: Decision) -> dict[str, Any]:
    found, (solved, judged) = decision.situation, decision.draws
    words = {
        "title": f"Purchase decision: {short(found.plan.scenario.name, 80)}",
        "heading": short(found.plan.scenario.name, 80),
        "date": str(found.today),
        "when": f"DECIDED {day_words(found.today).upper()}",
        "footer": f"fleetcast {VERSION} · seed {found.plan.seed} · found on {solved:,}, judged "
        f"on {judged:,} draws",
        "headline": headline(decision),
        "tiles": _tiles(decision),
        "orders": _orders(decision),
        "spread": tables.spread(decision)[0],
        "policies": _policies(decision),
        "dates": [row.sentence for row in tables.dates(decision)],
        "assumptions": [
            [row.meaning, plain(row.value), row.unit, f"{row.basis}: {row.source}"]
            for row in tables.assumptions(decision)
        ],
        "limits": list(LIMITS),
        "gap": f"Orders are at most {percent(decision.purchase.gap, 2)} above the optimum on the "
        "draws that they were found on. Policies are judged on other draws.",
    }
    set_words: dict[str, Any] = fitting(words)
    return set_words


def _tiles(decision: Decision) -> list[dict[str, str]]:
    chosen = decision.verdict(RECOMMENDED)
    rows = (
        ("expected cost", say(chosen.usd, "USD"), f"worst 5 %: {say(chosen.tail_usd, 'USD')}"),
        ("of it priced shortfall", say(chosen.missing_usd, "USD"),
         f"{chosen.minutes:,.0f} min a month"),
        ("highest P(shortfall)", percent(float(chosen.shortfall.max()), 1),
         f"{percent(decision.buying.max_shortfall)} asked"),
        ("mean regret", say(chosen.regret_usd, "USD"), "beyond perfect foresight"),
    )  # fmt: skip
    return [{"title": title, "value": value, "other": other} for title, value, other in rows]


def _orders(decision: Decision) -> list[list[str]]:
    _, places = tables.spread(decision)
    return [
        [day_words(row.order_by), month_words(row.stands_from), row.instance, row.term,
         f"{row.nodes:,}", place, say(row.usd_per_month, "USD/month")]
        for row, place in zip(tables.lots(decision), places, strict=True)
    ]  # fmt: skip


def _policies(decision: Decision) -> list[list[str]]:
    return [
        [row.policy, say(row.cost_usd, "USD"), say(row.shortfall_usd, "USD"),
         say(row.total_usd, "USD"), say(row.worst_twentieth_usd, "USD"),
         say(row.regret_usd, "USD"), f"{row.shortfall_minutes:,.0f} min",
         percent(row.highest_shortfall, 1)]
        for row in tables.policies(decision)
    ]  # fmt: skip
