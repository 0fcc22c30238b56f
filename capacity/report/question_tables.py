"""Tables of answers to questions: the one source of their CSV, XLSX, PDF and pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from capacity.metrics import METRICS, lowered
from capacity.numbers import exact
from capacity.questions.outputs import output
from capacity.questions.sensitivity import GROWTH, USER_GROWTH, Sensitivity
from capacity.report.question_text import POSSIBLE
from capacity.report.wording import short
from capacity.report.xlsx import Cell, Sheet

if TYPE_CHECKING:
    from capacity.outcome import CapacityPlan
    from capacity.questions.break_even import BreakEven
    from capacity.questions.breaks import Break
    from capacity.questions.crossing import Point
    from capacity.questions.economics import UnitCost
    from capacity.questions.explanation import Explanation
    from capacity.questions.goal import Answer
    from capacity.questions.tornado import End, Tornado

DIGITS, ALL_DIGITS = 4, 7
Rows = list[Sequence[Cell]]


def answer_tables(answer: Answer) -> list[Sheet]:
    """Both sides of the step beside the goal and the plan as it is, and every value of the scan.

    Parameters
    ----------
    answer : Answer
        What `solve` found.

    Returns
    -------
    list of Sheet
        Inputs and outputs in the units of their columns.
    """
    goal, found, known = answer.goal, answer.found, output(answer.goal.output)
    head = ("point", f"{goal.key} [{goal.unit}]", f"{known.title} [{known.unit}]", "remark")
    asked = f"{goal.sense}, {goal.month or 'last month'}, quantile {goal.quantile:g}"
    rows: Rows = [("goal", "", answer.target, asked)]
    best = "meets the goal" if found.met else "nearest to the goal"
    rows.append(_point(best, found.met or found.nearest))
    rows += [_point("its neighbour misses it", found.missed)] if found.missed else []
    rows.append(_point("as it is", answer.now))
    reasons = dict(answer.reasons)
    tried: Rows = [_point("tried", item, reasons.get(item.x, "")) for item in found.scanned]
    return [
        Sheet(name, head, points, precise=True)
        for name, points in (("Answer", rows), ("Values tried", tried))
    ]


def outlook_tables(broken: Sequence[Break], even: Sequence[BreakEven]) -> list[Sheet]:
    """When each resource breaks, month by month, and renting against reserving.

    Parameters
    ----------
    broken : sequence of Break
        By resource.
    even : sequence of BreakEven
        By commitment.

    Returns
    -------
    list of Sheet
        Limits in their own units, shares of draws as probabilities.
    """
    first: Rows = [
        (METRICS[item.metric].title, item.limit, METRICS[item.metric].unit, item.first(POSSIBLE),
         item.first(), item.probability[-1])
        for item in broken
    ]  # fmt: skip
    months: Rows = list(zip(broken[0].months, *(item.probability for item in broken), strict=True))
    broken_by = [f"{METRICS[item.metric].title} [1]" for item in broken]
    head = (
        "instance", "term", "reserved [USD]", "break-even p10 [USD/h]", "median [USD/h]",
        "p90 [USD/h]", "rent [USD/h]", "renting is cheaper [1]",
    )  # fmt: skip
    return [
        Sheet("Breaks", ("resource", "limit", "unit", f"possible from ({POSSIBLE:g})",
                         "likely by (0.5)", "broken at the end [1]"), first),
        Sheet("Renting", head, [tuple(asdict(item).values()) for item in even]),
        Sheet("Broken by month", ("by the end of", *broken_by), months),
    ]  # fmt: skip


def explanation_tables(found: Explanation) -> list[Sheet]:
    """Parts, what each rests on, and the choices that lost.

    Parameters
    ----------
    found : Explanation
        Of any figure.

    Returns
    -------
    list of Sheet
        The values of the parts add up to the total.
    """
    parts: Rows = [
        (part.name, part.value, found.share(part), part.factor or "") for part in found.parts
    ]
    parts.append((found.title, found.total, 1.0, ""))
    grounds: Rows = [
        (part.name, item.name, item.value, item.unit, item.basis, item.source, item.as_of)
        for part in found.parts
        for item in part.grounds
    ]
    lost: Rows = [(item.option, item.binding, item.reason) for item in found.rejections]
    unit = f"{found.title} in {found.month} [{found.unit}]"
    return [
        Sheet("Parts", ("part", unit, "share [1]", "factor [1]"), parts),
        Sheet("Grounds", ("part", "rests on", "value", "unit", "class", "source", "date"), grounds),
        Sheet("Options that lost", ("option", "decided by", "reason"), lost),
    ]


def sensitivity_tables(found: Sensitivity, swings: Tornado, plan: CapacityPlan) -> list[Sheet]:
    """Shares of the variance with the class and source of each input, and swings.

    Parameters
    ----------
    found : Sensitivity
        Shares of one figure.
    swings : Tornado
        Swings of the same figure.
    plan : CapacityPlan
        The plan that both are of.

    Returns
    -------
    list of Sheet
        The shares add up to 1.
    """
    shares: Rows = [
        (item.name, item.share, item.alone, item.total, item.worth_usd, *_origin(plan, item.name))
        for item in found.influences
    ]
    rest = 1.0 - math.fsum(item.share for item in found.influences)
    shares.append(("other inputs and higher orders", rest, *("",) * 6))
    shares.append(("everything", 1.0, "", "", found.worth_usd, "", "", ""))
    head = ("input", "share [1]", "alone [1]", "total [1]", "measuring saves [USD/month]",
            "class", "source", "date")  # fmt: skip
    unit = output(swings.name).unit
    ends: Rows = [(f"{lowered(found.title)} as planned", "", swings.base, "", "", "")]
    ends += [
        (item.name, item.low.label, _finite(item.low.output), item.high.label,
         _finite(item.high.output), _reasons(item.low, item.high))
        for item in swings.swings
    ]  # fmt: skip
    ends_head = ("input", "at", f"gives [{unit}]", "and at", f"gives then [{unit}]", "remark")
    return [
        Sheet("Shares", head, shares),
        Sheet("Swings", ends_head, ends),
    ]


def economics_tables(
    costs: Sequence[UnitCost], month: str, lasts: Break | None = None
) -> list[Sheet]:
    """Unit costs of one month, the public figures, and how long a budget lasts.

    Parameters
    ----------
    costs : sequence of UnitCost
        Of one month.
    month : str
        That month.
    lasts : Break, optional
        What `runway` found.

    Returns
    -------
    list of Sheet
        A runway only where there is one.
    """
    ours: Rows = [(item.name, month, item.unit, item.low, item.mid, item.high) for item in costs]
    known: Rows = [
        (item.name, anchor.sense, anchor.value, item.unit, anchor.what, anchor.source,
         anchor.as_of, anchor.confidence)
        for item in costs
        for anchor in item.anchors
    ]  # fmt: skip
    found = [
        Sheet("Unit costs", ("unit cost", "month", "unit", "p10", "median", "p90"), ours),
        Sheet("Public figures", ("unit cost", "sense", "value", "unit", "what", "source", "date",
                                 "confidence"), known),
    ]  # fmt: skip
    if lasts:
        spent: Rows = list(zip(lasts.months, lasts.probability, strict=True))
        found.append(Sheet("Runway", ("month", f"${lasts.limit:,.0f} spent by then [1]"), spent))
    return found


def in_words(sheet: Sheet) -> list[list[str]]:
    """Rows of a table as they are read.

    Parameters
    ----------
    sheet : Sheet
        Any table.

    Returns
    -------
    list of list of str
        Numbers to four digits, of a precise table to seven; names without underscores; long text
        cut.

    Examples
    --------
    >>> in_words(Sheet("Figures", ("input", "value"), [("node_repair_h", 1234567.0)]))
    [['node repair h', '1,235,000']]
    """
    digits = ALL_DIGITS if sheet.precise else DIGITS
    return [[_words(cell, digits) for cell in row] for row in sheet.rows]


def _words(cell: Cell, digits: int) -> str:
    if isinstance(cell, float):
        return exact(float(f"{cell:.{digits}g}"))
    text = str(cell)
    return short(text.replace("_", " ") if text.isidentifier() else text)


def _point(name: str, point: Point, remark: str = "") -> Sequence[Cell]:
    return name, point.x, _finite(point.y), remark


def _finite(value: float) -> Cell:
    """A number, or the words for what is none."""
    if math.isfinite(value):
        return value
    return "no plan" if math.isnan(value) else "none"


def _reasons(*ends: End) -> str:
    return "; ".join(f"{end.label}: {end.reason}" for end in ends if end.reason)


def _origin(plan: CapacityPlan, name: str) -> tuple[str, str, str]:
    """Class, source and date of an input, or of the growth that a model gives."""
    if name in (GROWTH, USER_GROWTH):
        growth = plan.scenario.growth
        return "forecast", f"{growth.model}, {growth.reference}", ""
    known = plan.scenario.inputs[name]
    return known.basis, known.source, known.as_of
