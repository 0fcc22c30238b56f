"""Reading of a history file: two columns, checked line by line, all faults at once."""

from __future__ import annotations

import csv
import datetime
import io
import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HEADER", "MAX_BYTES", "MAX_ROWS", "Row", "faults_error", "read_rows"]

HEADER = ("date", "value")
MAX_BYTES = 10_000_000
MAX_ROWS = 1_332  # months from 1990 to 2100
SHOWN_FAULTS = 20

DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


class Row(NamedTuple):
    """One data line of a history file.

    Attributes
    ----------
    place : str
        File name and line number, for messages.
    date : str
        Date as ``YYYY-MM`` or ``YYYY-MM-DD``.
    value : float
        Value of the series, in the unit of the history.
    """

    place: str
    date: str
    value: float


def read_rows(path: Path) -> tuple[list[Row], list[str]]:
    r"""Rows of a history file and what is wrong with the others.

    Parameters
    ----------
    path : pathlib.Path
        A regular file of at most 10 MB (10,000,000 bytes) with the header ``date,value``.

    Returns
    -------
    rows : list of Row
        The lines that could be read, in the order of the file.
    faults : list of str
        One sentence for each line that could not be read.

    Raises
    ------
    ValueError
        If the file as a whole cannot be a history: missing, too large, not text, wrong header.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "users.csv")
    ...     _ = path.write_text("date,value\n2022-01,120000\n2022-12,lots\n")
    ...     rows, faults = read_rows(path)
    >>> rows[0].value, faults
    (120000.0, ["users.csv:3: value 'lots' is no number; allowed: digits such as 1800000 or 1.8e6"])
    """
    lines = _lines(path)
    _check_header(path, [cells for _, cells in lines])
    rows: list[Row] = []
    faults: list[str] = []
    for number, cells in lines[1:]:
        place = f"{path.name}:{number}"
        fault = _cell_fault(cells)
        if fault:
            faults.append(f"{place}: {fault}")
        elif cells:
            rows.append(Row(place, cells[0].strip(), float(cells[1])))
    return rows, faults


def faults_error(subject: str, faults: list[str]) -> ValueError:
    """One error that lists every fault of a file or a history.

    Parameters
    ----------
    subject : str
        What was read.
    faults : list of str
        What is wrong, one sentence each.

    Returns
    -------
    ValueError
        With the first 20 faults, one a line, and the number of further ones.

    Examples
    --------
    >>> print(faults_error("users", ["value is missing"]))
    users: 1 fault
      value is missing
    """
    shown = [f"  {fault}" for fault in faults[:SHOWN_FAULTS]]
    if len(faults) > SHOWN_FAULTS:
        shown.append(f"  and {len(faults) - SHOWN_FAULTS} more")
    plural = "fault" if len(faults) == 1 else "faults"
    return ValueError("\n".join([f"{subject}: {len(faults)} {plural}", *shown]))


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Line number and cells of each line."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    numbered = ((reader.line_num, cells) for cells in reader)
    try:
        return list(islice(numbered, MAX_ROWS + 2))
    except csv.Error as error:
        raise ValueError(
            f"{path.name}:{reader.line_num}: {error}; allowed: lines of {','.join(HEADER)}"
        ) from error


def _text(path: Path) -> str:
    """Contents of a small regular UTF-8 file."""
    if "://" in str(path) or ":/" in str(path)[2:]:
        raise ValueError(f"{path}: an address is not read; allowed: a file on this machine")
    if not path.is_file():
        raise ValueError(f"{path}: no such regular file; allowed: an existing CSV file")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name}: {path.stat().st_size} bytes; allowed: {MAX_BYTES} bytes")
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(f"{path.name}:1: UTF-16 text; allowed: UTF-8 (save it as 'CSV UTF-8')")
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise ValueError(f"{path.name}:{line}: holds a NUL byte; allowed: UTF-8 text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(f"{path.name}:{line}: not UTF-8 text; allowed: UTF-8 text") from error


def _check_header(path: Path, lines: list[list[str]]) -> None:
    if not lines:
        raise ValueError(f"{path.name}:1: the file is empty; allowed: a header {','.join(HEADER)}")
    header = tuple(cell.strip() for cell in lines[0])
    if header != HEADER:
        given = ",".join(header)[:60]
        hint = "; separate columns by a comma, not ';'" if ";" in given else ""
        hint = "; this looks like a web page" if given.startswith("<") else hint
        raise ValueError(f"{path.name}:1: header {given!r}; allowed: {','.join(HEADER)}{hint}")
    if len(lines) - 1 > MAX_ROWS:
        raise ValueError(
            f"{path.name}:{MAX_ROWS + 2}: more than {MAX_ROWS} rows; allowed: one row a month, "
            "1990 to 2100"
        )


def _cell_fault(cells: list[str]) -> str:
    """Find what is wrong with one line; empty if nothing is, or if the line is blank."""
    if not cells:
        return ""
    if len(cells) != len(HEADER):
        return f"{len(cells)} columns; allowed: 2 (date,value; no thousands separators)"
    date, value = cells[0].strip(), cells[1].strip()
    if not _is_date(date):
        return f"date {date[:40]!r} is no date; allowed: YYYY-MM or YYYY-MM-DD"
    if value.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return f"value {value!r} is not finite; allowed: a number above 0"
    if not NUMBER.fullmatch(value):
        return f"value {value[:40]!r} is no number; allowed: digits such as 1800000 or 1.8e6"
    return ""


def _is_date(text: str) -> bool:
    if not DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text if len(text) > len("2022-01") else f"{text}-01")
    except ValueError:
        return False
    return True
