"""A comparison of plans as a workbook: differences, savings, settings, and where all comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from capacity.comparison import Comparison
from capacity.report.xlsx import Sheet, origins, workbook
from capacity.scenarios.changes import Change

DIFFERENCES = (
    "metric", "month", "unit", "base", "other", "difference p05", "difference median",
    "difference p95", "plan",
)  # fmt: skip
SAVINGS = (
    "plan", "saves p05 [USD]", "saves median [USD]", "saves p95 [USD]", "cheaper [1]", "pays from",
    "owes more afterwards [USD]",
)  # fmt: skip
SETTINGS = ("group", "setting", "before", "after", "unit")


def comparison_xlsx(found: Comparison, changes: Sequence[Change] = ()) -> bytes:
    """A comparison as a workbook.

    Parameters
    ----------
    found : Comparison
        Any comparison.
    changes : sequence of Change
        Settings that differ, of a comparison of two; no sheet if left out.

    Returns
    -------
    bytes
        An .xlsx file. Text is text, never a formula; numbers are numbers; no cell computes.
    """
    return workbook("Comparison of plans", comparison_sheets(found, changes))


def comparison_sheets(found: Comparison, changes: Sequence[Change] = ()) -> list[Sheet]:
    """Tables of the workbook.

    Parameters
    ----------
    found : Comparison
        Any comparison.
    changes : sequence of Change
        Settings that differ.

    Returns
    -------
    list of Sheet
        Differences from the first plan, draw by draw; assumptions and sources of every plan.
    """
    settings = [Sheet("Settings", SETTINGS, [astuple(item) for item in changes])]
    return [
        Sheet("Differences", DIFFERENCES, [astuple(item) for item in found.differences]),
        Sheet("Savings", SAVINGS, [astuple(item) for item in found.savings]),
        *(settings if changes else []),
        *_origins(found),
    ]


def _origins(found: Comparison) -> list[Sheet]:
    """Assumptions and sources of all plans, each row led by its plan."""
    by_plan = [origins(plan) for plan in found.plans]
    return [
        Sheet(
            alike[0].name,
            ("plan", *alike[0].head),
            [
                (name, *row)
                for name, sheet in zip(found.names, alike, strict=True)
                for row in sheet.rows
            ],
        )
        for alike in zip(*by_plan, strict=True)
    ]
