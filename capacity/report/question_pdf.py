"""The printed answer to a question: a tagged PDF, the same bytes for the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from capacity.outcome import CapacityPlan
from capacity.provenance import VERSION
from capacity.report.annex import assumptions
from capacity.report.marks import Bars
from capacity.report.question_tables import in_words
from capacity.report.sources import data_date
from capacity.report.svg import bars_size, svg
from capacity.report.typeset import typeset
from capacity.report.wording import fitting, short
from capacity.report.xlsx import Sheet

TEMPLATE = Path(__file__).with_name("question.typ")
LONG = 28  # characters of a cell that may be broken


def question_pdf(
    title: str,
    lines: Sequence[str],
    tables: Sequence[Sheet],
    charts: Sequence[Bars],
    plan: CapacityPlan,
) -> bytes:
    """Set the page.

    Parameters
    ----------
    title : str
        What was asked.
    lines : sequence of str
        The answer in words.
    tables : sequence of Sheet
        The answer in figures.
    charts : sequence of Bars
        Pictures between words and tables.
    plan : CapacityPlan
        The plan whose assumptions close the page.

    Returns
    -------
    bytes
        PDF 1.7 that meets PDF/UA-1: tagged, with language, title and alternative text.
    """
    draws = next(iter(plan.draws.values())).shape[0]
    words = {
        "title": short(f"{title}: {plan.scenario.name}", 120),
        "heading": title,
        "kind": short(plan.scenario.name, 80),
        "date": data_date(plan),
        "footer": f"fleetcast {VERSION} \u00b7 seed {plan.seed} \u00b7 {draws:,} draws",
        "lines": list(lines),
        "tables": [_table(sheet) for sheet in tables if sheet.rows],
        "inputs": assumptions(plan)["rows"],
    }
    drawn = {item.name: {"svg": svg(item, bars_size(item)), "alt": item.alt} for item in charts}
    return typeset(TEMPLATE, {**fitting(words), "charts": drawn})


def _table(sheet: Sheet) -> dict[str, Any]:
    """Cells in words; long text may be broken, numbers stand on the right."""
    rows = in_words(sheet)
    columns = list(zip(*sheet.rows, strict=True))
    return {
        "name": sheet.name,
        "head": list(sheet.head),
        "rows": rows,
        "wide": [max(map(len, column)) > LONG for column in zip(*rows, strict=True)],
        "numbers": [any(not isinstance(cell, str) for cell in column) for column in columns],
    }
