"""Values for other programs: text safe in a cell and on a terminal, numbers of fixed digits."""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SIGNIFICANT = 10  # digits beyond them differ from machine to machine
GUARD = "'"
TRIGGERS = frozenset("=+-@|%\u2212")
SKIPPED = frozenset("\"'`,;\u2018\u2019\u201c\u201d\uff02\uff07")
LEADERS = frozenset("\t\r\n\0")
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def neutral(text: str) -> str:
    r"""Text that no spreadsheet reads as a formula.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text, led by an apostrophe where it could be taken for a formula, or where it begins
        with an apostrophe already, so that `restored` gives back every text.

    Notes
    -----
    Spaces, quotes, separators, control and invisible characters before the first sign are looked
    through; full-width signs count as their plain forms. Numbers are never passed through here.

    Examples
    --------
    >>> neutral("reported-case"), neutral("=1+1"), neutral("\u00ad=1+1"), neutral('" =1+1')
    ('reported-case', "'=1+1", "'\xad=1+1", '\'" =1+1')
    """
    guarded = text.startswith(GUARD) or text[:1] in LEADERS or _first_sign(text) in TRIGGERS
    return GUARD + text if guarded and text else text


def restored(cell: str) -> str:
    """Text as it was before `neutral`.

    Parameters
    ----------
    cell : str
        A text cell of an export.

    Returns
    -------
    str
        Without the leading apostrophe, if there is one.

    Examples
    --------
    >>> restored(neutral("@SUM(1)"))
    '@SUM(1)'
    """
    return cell.removeprefix(GUARD)


def printable(text: str) -> str:
    r"""Text on one line without control, direction and invisible characters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Control characters and line ends become spaces, invisible ones and lone halves of
        surrogate pairs are dropped, runs of spaces become one.

    Examples
    --------
    >>> printable("a\x1b[2Jb\r\n c\u202e")
    'a [2Jb c'
    """
    kept = (" " if _kind(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join("".join(sign for sign in kept if _kind(sign) not in ("Cf", "Cs")).split())


def plain(value: Any) -> Any:
    """Only what JSON knows, and no digits beyond those that are sure to be the same everywhere.

    Parameters
    ----------
    value : object
        Numbers, text, dates, and lists, tuples and mappings of them.

    Returns
    -------
    object
        Lists and dictionaries; floats of ten significant digits, dates as text.

    Examples
    --------
    >>> plain({"share": (1 / 3, None)})
    {'share': [0.3333333333, None]}
    """
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT}g}")
    return value.isoformat() if isinstance(value, datetime.date) else value


def csv_text(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    r"""Table as CSV text in which no cell starts a formula.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    rows : iterable of iterable
        Cells in the order of the columns.

    Returns
    -------
    str
        Lines end in LF; quotes only where they are needed.

    Examples
    --------
    >>> csv_text(["name", "value"], [["=1+1", 2.5]])
    "name,value\n'=1+1,2.5\n"
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def _kind(sign: str) -> str:
    return unicodedata.category(sign)


def _first_sign(text: str) -> str:
    """First character that a reader would see as content, in its plain form."""
    for sign in text:
        if sign not in SKIPPED and _kind(sign) not in UNSEEN:
            return unicodedata.normalize("NFKC", sign)[:1]
    return ""
