"""Values for other programs: text safe in a cell, on a terminal, in Markdown; fixed digits."""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SIGNIFICANT = 10  # digits beyond them differ from machine to machine
GUARD = "'"
TRIGGERS = frozenset("=+-@|%\u2212")
SKIPPED = frozenset("\"'`,;\u2018\u2019\u201c\u201d\uff02\uff07")
LEADERS = frozenset("\t\r\n\0")
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")
MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")
NUMBER = re.compile(r"(?<=\d) (?=(?:[kMGTPB]|%)(?:\W|$))")  # a line never breaks inside it
WIDTH = 100  # characters of a line on a terminal
GAP = "  "  # between columns


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


def escaped(text: str) -> str:
    r"""Text in which nothing is markup, a formula, an image or a link.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Markdown that shows the text as it is.

    Examples
    --------
    >>> escaped("$1 ![x](http)")
    '\\$1 \\!\\[x\\]\\(http\\)'
    """
    whole = NUMBER.sub("\N{NO-BREAK SPACE}", text)
    return "  \n".join(MARKUP.sub(r"\\\1", line) for line in whole.splitlines())


def wrapped(text: str, indent: str = "") -> str:
    r"""Text in lines of at most `WIDTH` characters.

    Parameters
    ----------
    text : str
        One paragraph.
    indent : str
        Put before every line but the first.

    Returns
    -------
    str
        Printable; a word longer than a line stays whole.

    Examples
    --------
    >>> wrapped("a\x1b b")
    'a b'
    """
    lines = [""]
    for word in printable(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if len(longer) > WIDTH and lines[-1].strip():
            lines.append(indent + word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def aligned(rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """Columns of equal width.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells, equally many in each row.
    left : sequence of int
        Columns to align left; the others are aligned right. [1]

    Returns
    -------
    str
        One line a row.

    Examples
    --------
    >>> print(aligned([["users", "2 M"], ["GPUs", "984"]]))
    users  2 M
    GPUs   984
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines = []
    for row in cells:
        padded = [
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(GAP.join(padded).rstrip())
    return "\n".join(lines)


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
