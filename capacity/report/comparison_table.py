"""Differences of two plans as text and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from capacity.comparison import Difference
from capacity.metrics import METRICS
from capacity.numbers import say, span
from capacity.report.cells import csv_text


def comparison_text(differences: Sequence[Difference]) -> str:
    """Table of the last common month.

    Parameters
    ----------
    differences : sequence of Difference
        Of all common months.

    Returns
    -------
    str
        Medians of both plans and the 90 % interval of their difference.
    """
    last = differences[-1].month
    lines = [f"{last:<30}  {'base':>26}  {'other':>26}  difference, 90 %"]
    for item in differences:
        if item.month == last:
            title = METRICS[item.metric].title
            base, other = say(item.base, item.unit), say(item.other, item.unit)
            change = span(item.low, item.high, item.unit)
            lines.append(f"{title:<30}  {base:>26}  {other:>26}  {change}")
    return "\n".join(lines)


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
