"""Tidy CSV: one row for each metric and month."""

from __future__ import annotations

import csv
import io
from typing import Any

from capacity.outcome import CapacityPlan
from capacity.report import tables
from capacity.report.cells import neutral, plain

COLUMNS = ("scenario", *tables.MonthRow._fields)


def to_csv(plan: CapacityPlan) -> str:
    """The monthly table as CSV text.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        Header of `COLUMNS`, then one row a metric and month; lines end in CR LF, text is quoted
        and neutral, numbers are plain.

    Notes
    -----
    `capacity.report.cells.restored` gives back a text cell as it was.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    name = neutral(plan.scenario.name)
    writer.writerows([name, *(_cell(value) for value in row)] for row in tables.monthly(plan))
    return file.getvalue()


def _cell(value: Any) -> Any:
    return neutral(value) if isinstance(value, str) else plain(float(value))
