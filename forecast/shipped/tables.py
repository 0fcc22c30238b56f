"""How a shipped table is read: text first, numbers on request, every fault with its place.

A table is a CSV file whose first lines, each starting with ``#``, say what it holds and how it was
made. The header row follows. Reading needs the standard library only, so that a command starts
fast; a DataFrame is one call further, in `forecast.shipped.datasets.load`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from forecast.messages import MOST_FAULTS
from forecast.shipped.place import data_path, nearest

MONTH_LENGTH = len("2022-01")


def parse_month(text: str) -> np.datetime64:
    """Read a calendar month written as ``YYYY-MM``.

    Parameters
    ----------
    text : str
        Such as ``2022-12``.

    Returns
    -------
    numpy.datetime64
        Of unit month.

    Raises
    ------
    ValueError
        If the text is anything else, a full date included.

    Examples
    --------
    >>> parse_month("2022-12")
    np.datetime64('2022-12')
    """
    if len(text) != MONTH_LENGTH:
        raise ValueError(f"a month is written YYYY-MM, got {text!r}")
    try:
        return np.datetime64(text, "M")
    except ValueError as error:
        raise ValueError(f"a month is written YYYY-MM, got {text!r}") from error


@dataclass(frozen=True)
class Row:
    """One row of a table, with its place for error messages.

    Parameters
    ----------
    file : str
        Name of the file.
    line : int
        Line in the file, counted from one. [1]
    cells : Mapping of str to str
        Stripped text by column name.

    Examples
    --------
    >>> row = Row("prices.csv", 7, {"value": "32.77", "valid_from": "2020-11", "valid_to": ""})
    >>> row.number("value"), row.month("valid_from"), row.optional_number("valid_to")
    (32.77, np.datetime64('2020-11'), None)
    """

    file: str
    line: int
    cells: Mapping[str, str]

    def place(self, column: str) -> str:
        """Where a cell stands, for the start of a message.

        Parameters
        ----------
        column : str
            Column name.

        Returns
        -------
        str
            File, line and column.

        Examples
        --------
        >>> Row("prices.csv", 7, {}).place("value")
        'prices.csv, line 7, column value'
        """
        return f"{self.file}, line {self.line}, column {column}"

    def text(self, column: str) -> str:
        """Text of a cell.

        Parameters
        ----------
        column : str
            Column name.

        Returns
        -------
        str
            Possibly empty.

        Raises
        ------
        ValueError
            If the table has no such column.

        Examples
        --------
        >>> Row("prices.csv", 7, {"unit": "USD/GB"}).text("unit")
        'USD/GB'
        """
        if column not in self.cells:
            raise ValueError(f"{self.file} has no column {column!r}; {nearest(column, self.cells)}")
        return self.cells[column]

    def number(self, column: str) -> float:
        """Finite number in a cell.

        Parameters
        ----------
        column : str
            Column name.

        Returns
        -------
        float
            In the unit that the manifest gives for the column.

        Raises
        ------
        ValueError
            If the cell is empty, not a number, infinite or not-a-number.

        Examples
        --------
        >>> Row("prices.csv", 7, {"value": "0.023"}).number("value")
        0.023
        """
        text = self.text(column)
        try:
            value = float(text)
        except ValueError as error:
            raise ValueError(f"{self.place(column)}: expected a number, got {text!r}") from error
        if not math.isfinite(value):
            raise ValueError(f"{self.place(column)}: expected a finite number, got {text!r}")
        return value

    def optional_number(self, column: str) -> float | None:
        """Finite number in a cell that may be empty.

        Parameters
        ----------
        column : str
            Column name.

        Returns
        -------
        float or None
            None where the cell is empty: not known, or not applicable.

        Examples
        --------
        >>> Row("facts.csv", 9, {"low": ""}).optional_number("low") is None
        True
        """
        return self.number(column) if self.text(column) else None

    def month(self, column: str) -> np.datetime64:
        """Calendar month in a cell.

        Parameters
        ----------
        column : str
            Column name.

        Returns
        -------
        numpy.datetime64
            Of unit month.

        Raises
        ------
        ValueError
            If the cell is not of the form ``YYYY-MM``.

        Examples
        --------
        >>> Row("accelerators.csv", 9, {"released": "2022-10"}).month("released")
        np.datetime64('2022-10')
        """
        try:
            return parse_month(self.text(column))
        except ValueError as error:
            raise ValueError(f"{self.place(column)}: {error}") from error


@dataclass(frozen=True)
class Table:
    """A CSV file as text, every row with its line number.

    Parameters
    ----------
    file : str
        Name of the file.
    comments : tuple of str
        The leading comment lines, without ``#``.
    columns : tuple of str
        The header row.
    rows : tuple of Row
        In file order.

    Examples
    --------
    >>> prices = read_table("prices.csv")
    >>> "value" in prices.columns, len(prices.rows) > 50
    (True, True)
    """

    file: str
    comments: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def title(self) -> str:
        """First comment line; empty where there is none."""
        return self.comments[0] if self.comments else ""


def read_table(name: str, folder: Path | None = None) -> Table:
    """Read one CSV file of the data folder.

    Parameters
    ----------
    name : str
        File name relative to the folder.
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    Table
        Cells as stripped text.

    Raises
    ------
    ValueError
        If the file is unknown, is not UTF-8 text, has no header, or has rows of another length
        than the header; all such rows are named at once.

    Examples
    --------
    >>> read_table("claims.csv").rows[0].file
    'claims.csv'
    """
    return _shipped(name) if folder is None else _parse(data_path(name, folder), name)


@cache
def _shipped(name: str) -> Table:
    return _parse(data_path(name), name)


def read_file(path: Path) -> Table:
    """Read one CSV file of a user, wherever it lies.

    Parameters
    ----------
    path : Path
        An existing file.

    Returns
    -------
    Table
        Cells as stripped text.

    Raises
    ------
    ValueError
        If the file is not UTF-8 text, has no header, or has rows of another length than the
        header; all such rows are named at once.

    Examples
    --------
    >>> read_file(data_path("claims.csv")).rows[0].line > 1
    True
    """
    return _parse(path, path.name)


def _parse(path: Path, name: str) -> Table:
    """Table of a file, told by its name."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{name}: not UTF-8 text, {error}") from error
    n_comments = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.reader(lines[n_comments:])
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        found = [(n_comments + reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ValueError(f"{name}, line {n_comments + reader.line_num}: {error}") from error
    if not any(header):
        raise ValueError(f"{name}: no header row after the {n_comments} comment lines")
    ragged = [f"line {line} has {len(c)}" for line, c in found if len(c) != len(header)]
    if ragged:
        shown = "; ".join(ragged[:MOST_FAULTS])
        more = f"; and {len(ragged) - MOST_FAULTS} more" if len(ragged) > MOST_FAULTS else ""
        raise ValueError(f"{name}: {len(header)} columns expected, but {shown}{more}")
    comments = tuple(line.lstrip("# ").rstrip() for line in lines[:n_comments])
    rows = tuple(_row(name, line, header, cells) for line, cells in found)
    return Table(name, comments, header, rows)


def _row(name: str, line: int, header: tuple[str, ...], cells: list[str]) -> Row:
    """Pair one line's cells with the header."""
    stripped = (cell.strip() for cell in cells)
    return Row(name, line, dict(zip(header, stripped, strict=True)))
