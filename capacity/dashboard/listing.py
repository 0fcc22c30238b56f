"""Lists of facts: filtered by a word, handed out as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from capacity.report.cells import csv_text

Row = TypeVar("Row", bound=NamedTuple)


def matching(rows: Sequence[Row], word: str) -> list[Row]:
    """Rows that hold a word in any column, in any case.

    Parameters
    ----------
    rows : sequence of tuple
        What to search.
    word : str
        Plain text; no pattern.

    Returns
    -------
    list of tuple
        All rows for no word.
    """
    sought = word.strip().lower()
    return [row for row in rows if any(sought in str(cell).lower() for cell in row)]


def listing_csv(rows: Sequence[NamedTuple]) -> bytes:
    """Rows as a CSV file.

    Parameters
    ----------
    rows : sequence of tuple
        Of one kind.

    Returns
    -------
    bytes
        With a header; empty for no rows.
    """
    return csv_text(rows[0]._fields, rows).encode() if rows else b""
