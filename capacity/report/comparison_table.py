"""Differences of plans as text and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from capacity.metrics import METRICS
from capacity.numbers import percent, say, span
from capacity.report.cells import aligned, csv_text, wrapped

if TYPE_CHECKING:
    from capacity.comparison import Comparison, Difference, Saving


def comparison_text(found: Comparison) -> str:
    """Tables of the last common month, and what each plan saves.

    Parameters
    ----------
    found : Comparison
        Any comparison.

    Returns
    -------
    str
        For each other plan: medians, the 90 % interval of the difference, the saving.
    """
    return "\n\n".join(_one(found, saving) for saving in found.savings)


def last_rows(differences: Sequence[Difference], plan: str) -> list[Difference]:
    """Differences of one plan in the last month.

    Parameters
    ----------
    differences : sequence of Difference
        Of all plans and months.
    plan : str
        Name of the plan.

    Returns
    -------
    list of Difference
        One for each metric.
    """
    last = differences[-1].month
    return [item for item in differences if (item.plan, item.month) == (plan, last)]


def saving_text(saving: Saving, base: str) -> str:
    """What a plan saves, in one sentence.

    Parameters
    ----------
    saving : Saving
        Of one plan.
    base : str
        Name of the plan that it is compared with.

    Returns
    -------
    str
        With the 90 % interval, the probability, and the month from which it pays.
    """
    low, mid, high = saving.low, saving.mid, saving.high
    owed = f" It owes {say(saving.owed, 'USD')} more afterwards." if saving.owed > 0.0 else ""
    if low == mid == high == 0.0:
        return f"{saving.plan} costs in every draw what {base} costs.{owed}"
    word = "less" if mid >= 0.0 else "more"
    ends = (low, high) if mid >= 0.0 else (-high, -low)
    between = span(*ends, "USD").replace(" to ", " and ")
    pays = f" Its cost to date stays below from {saving.month} on." if saving.month else ""
    return (
        f"{saving.plan} costs {say(abs(mid), 'USD')} {word} than {base} over all months (90 % "
        f"between {between}); it is cheaper with {percent(saving.cheaper)} probability."
        f"{pays}{owed}"
    )


def _one(found: Comparison, saving: Saving) -> str:
    rows = last_rows(found.differences, saving.plan)
    table = [[str(found.months[-1]), "base", "other", "difference, 90 %"]]
    table += [
        [METRICS[item.metric].title, say(item.base, item.unit), say(item.other, item.unit),
         span(item.low, item.high, item.unit)]
        for item in rows
    ]  # fmt: skip
    title = f"{saving.plan} against {found.names[0]}"
    sentence = saving_text(saving, found.names[0])
    return f"{wrapped(title)}\n{aligned(table, left=(0, 3))}\n{wrapped(sentence)}"


def comparison_csv(differences: Sequence[Difference]) -> str:
    """Tidy CSV text.

    Parameters
    ----------
    differences : sequence of Difference
        Of all common months.

    Returns
    -------
    str
        One row for each month and metric.
    """
    rows = [asdict(item) for item in differences]
    return csv_text(list(rows[0]), (row.values() for row in rows))
