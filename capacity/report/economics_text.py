"""Unit costs beside public figures, and the runway of a budget, as text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from capacity.numbers import percent, say, span
from capacity.report.cells import aligned, wrapped
from capacity.report.question_json import json_text

if TYPE_CHECKING:
    from capacity.questions.breaks import Break
    from capacity.questions.economics import UnitCost

SCHEMA = "fleetcast.economics/1"
SURE, UNSURE = 0.1, 0.9
CAVEAT = (
    "Public figures are of other services, models and years, and say little of what they cover; "
    "ours are the whole bill, nodes that stand idle for confidence and redundancy included."
)


def economics_text(costs: Sequence[UnitCost], month: str, lasts: Break | None = None) -> str:
    """Unit costs of one month, and how long a budget lasts.

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
    str
        Plain text.
    """
    rows = [[f"in {month}", "median", "80 % between"]]
    rows += [
        [item.name, say(item.mid, item.unit), span(item.low, item.high, item.unit)]
        for item in costs
    ]
    known = [
        wrapped(
            f"{item.name}: {anchor.sense} {say(anchor.value, item.unit)}: {anchor.what} "
            f"({anchor.source}, {anchor.as_of}; confidence {anchor.confidence})", "    ",
        )
        for item in costs
        for anchor in item.anchors
    ]  # fmt: skip
    none = ", ".join(item.name for item in costs if not item.anchors)
    public = ["Public figures", *known, wrapped(f"No public figure is known to us for {none}."),
              wrapped(CAVEAT)]  # fmt: skip
    blocks = [aligned(rows), "\n".join(public), wrapped(runway_text(lasts)) if lasts else ""]
    return "\n\n".join(block for block in blocks if block)


def runway_text(lasts: Break) -> str:
    """How long a budget lasts, in one sentence.

    Parameters
    ----------
    lasts : Break
        What `runway` found.

    Returns
    -------
    str
        Months by which it is spent with 10, 50 and 90 % probability.
    """
    first, likely, late = (lasts.first(p) for p in (SURE, 0.5, UNSURE))
    last = lasts.months[-1]
    left = percent(1.0 - lasts.probability[-1])
    if not first:
        return f"{say(lasts.limit, 'USD')} lasts to {last} with {left} probability."
    words = [f"may be spent in {first}"]
    words += [f"is likely spent by {likely}"] if likely else []
    words += [f"almost surely by {late}"] if late else []
    return (
        f"{say(lasts.limit, 'USD')} from {lasts.months[0]} on {', '.join(words)}; it lasts beyond "
        f"{last} with {left} probability."
    )


def economics_json(costs: Sequence[UnitCost], month: str, lasts: Break | None = None) -> str:
    """Unit costs and runway as JSON.

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
    str
        One object.
    """
    found = None if lasts is None else {**asdict(lasts), "likely": lasts.first()}
    rows = [asdict(item) for item in costs]
    return json_text(SCHEMA, {"month": month, "unit_costs": rows, "runway": found})
