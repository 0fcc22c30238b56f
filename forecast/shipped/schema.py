"""The words in which the manifest describes a file and its columns."""

from __future__ import annotations

from dataclasses import dataclass

TYPES = ("text", "number", "integer", "month", "date")
NUMERIC = ("number", "integer")


@dataclass(frozen=True)
class Column:
    """What stands in one column of a table.

    Parameters
    ----------
    name : str
        As in the header row.
    type : str
        One of `TYPES`; a date is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    unit : str
        Unit of a number; empty for text.
    meaning : str
        One line.
    optional : bool
        Whether a cell may be empty.
    unique : bool
        Whether no value may occur twice.
    allowed : tuple of str
        The words that may stand there; empty: any.
    refers_to : str
        ``file.csv:column`` in which each value must occur; empty: nothing.

    Examples
    --------
    >>> Column("gpus", "integer", "1", "accelerators per node").optional
    False
    """

    name: str
    type: str = "text"
    unit: str = ""
    meaning: str = ""
    optional: bool = False
    unique: bool = False
    allowed: tuple[str, ...] = ()
    refers_to: str = ""


CONFIDENCE = ("high", "medium", "low")
COMMON = {
    column.name: column
    for column in (
        Column("id", meaning="identification, lower case", unique=True),
        Column("unit", meaning="unit of the row's figures; see manifest: units differ by column"),
        Column("source", meaning="publication that the row rests on, or how it was derived"),
        Column("url", meaning="public page of the source", optional=True),
        Column("as_of", "date", meaning="date of the figure or of its source"),
        Column("confidence", meaning="trust in the row", allowed=CONFIDENCE),
    )
}


@dataclass(frozen=True)
class Entry:
    """One file of the manifest.

    Parameters
    ----------
    title : str
        What the file holds.
    rows : int
        Rows of a table, or top-level tables of a TOML file. [1]
    sha256 : str
        Hash of the file's bytes, hexadecimal.
    columns : tuple of Column
        In file order; empty for a TOML file.

    Examples
    --------
    >>> Entry("a table", 2, "00", (Column("x"),)).columns[0].type
    'text'
    """

    title: str
    rows: int
    sha256: str
    columns: tuple[Column, ...] = ()
