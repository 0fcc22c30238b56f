"""Tables of a purchase decision: the one source of its text, CSV, XLSX, JSON and PDF."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import numpy as np

from capacity.fleet.purchase import covering
from capacity.money.cost import HOURS_PER_MONTH
from capacity.procurement.buying import BASES, REGION_BASES
from capacity.procurement.decision import RECOMMENDED, Decision
from capacity.report.decision_words import sentence

NEED_LEVELS = (0.05, 0.5, 0.95)


class LotRow(NamedTuple):
    """One order, with the list price of its nodes in a month; ``all`` regions, or one's number."""

    order_by: datetime.date
    stands_from: str
    instance: str
    term: str
    region: str
    nodes: int
    nodes_per_region: float
    usd_per_node_hour: float
    usd_per_month: float


class MonthRow(NamedTuple):
    """Nodes held and ordered beside the need, and the risk on other draws."""

    month: str
    held: float
    standing: float
    need_p05: float
    need_p50: float
    need_p95: float
    shortfall: float


class PolicyRow(NamedTuple):
    """One policy on draws that it was not made on; USD over the plan, minutes a month."""

    policy: str
    cost_usd: float
    shortfall_usd: float
    total_usd: float
    worst_twentieth_usd: float
    regret_usd: float
    above_recommended_usd: float
    above_error_usd: float
    shortfall_minutes: float
    highest_shortfall: float
    highest_in: str


class DateRow(NamedTuple):
    """What missing an order date by a month means."""

    order_by: datetime.date
    nodes: int
    month: str
    shortfall_on_time: float
    shortfall_late: float
    extra_usd: float
    sentence: str


class AssumptionRow(NamedTuple):
    """One assumption beside prices and lead times."""

    name: str
    value: float
    unit: str
    basis: str
    meaning: str
    source: str


def lots(decision: Decision) -> list[LotRow]:
    """Orders by last day.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    list of LotRow
        One row for each order.
    """
    regions = decision.situation.plan.policy.regions
    return [
        LotRow(
            lot.item.order_by,
            str(lot.item.month),
            lot.item.instance,
            lot.item.term,
            str(lot.item.region or "all"),
            lot.nodes,
            lot.nodes / (1 if lot.item.region else regions),
            lot.item.usd_per_h,
            lot.nodes * lot.item.usd_per_h * HOURS_PER_MONTH,
        )
        for lot in decision.lots
    ]


def spread(decision: Decision) -> tuple[str, list[str]]:
    """What a reader is told of the region of each order.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    str, list of str
        Title of the column, and its cells: the region where they differ, else the nodes in each.
    """
    rows = lots(decision)
    if decision.regions_differ:
        return "region", [row.region for row in rows]
    return "a region", [f"{row.nodes_per_region:g}" for row in rows]


def months(decision: Decision) -> list[MonthRow]:
    """Need and what covers it, month by month.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    list of MonthRow
        One row for each month of the decision.
    """
    found = decision.situation
    need = [covering(found.need, level) for level in NEED_LEVELS]
    risk = decision.verdict(RECOMMENDED).shortfall
    columns = zip(found.months, found.held, decision.standing, *need, risk, strict=True)
    return [MonthRow(str(month), *(float(value) for value in rest)) for month, *rest in columns]


def policies(decision: Decision) -> list[PolicyRow]:
    """Every policy, cheapest first.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    list of PolicyRow
        Perfect foresight included: nobody can follow it.
    """
    rows = []
    for item in decision.verdicts:
        worst = int(np.argmax(item.shortfall))
        highest = float(item.shortfall[worst])
        when = str(decision.situation.months[worst]) if highest > 0.0 else ""
        rows.append(
            PolicyRow(
                item.name,
                item.bought_usd,
                item.missing_usd,
                item.usd,
                item.tail_usd,
                item.regret_usd,
                item.above_usd,
                item.above_error,
                item.minutes,
                highest,
                when,
            )
        )
    return rows


def dates(decision: Decision) -> list[DateRow]:
    """Order dates and what missing them means.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    list of DateRow
        By date.
    """
    return [
        DateRow(
            item.order_by,
            sum(lot.nodes for lot in item.lots),
            str(item.month),
            item.before,
            item.after,
            item.usd,
            sentence(item),
        )
        for item in decision.late
    ]


def assumptions(decision: Decision) -> list[AssumptionRow]:
    """What the decision takes for granted beside prices and lead times.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    list of AssumptionRow
        With unit, class and source; what differs by region in a row for each.
    """
    found = []
    for name, known in {**BASES, **REGION_BASES}.items():
        value = getattr(decision.buying, name)
        values = value if isinstance(value, tuple) else (value,)
        for number, each in enumerate(values, start=1):
            key = f"{name} {number}" if len(values) > 1 else name
            meaning = known.meaning if len(values) == 1 else f"{known.meaning}: region {number}"
            row = AssumptionRow(key, float(each), known.unit, known.basis, meaning, known.source)
            found.append(row)
    return found
