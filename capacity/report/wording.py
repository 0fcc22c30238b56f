"""Text that fits a page: short enough, printable, broken only where it may be."""

from __future__ import annotations

import re
from typing import Any

from capacity.report.cells import printable

Block = dict[str, Any]
LONGEST = 420  # characters of a cell; the spreadsheet holds the rest
UNBROKEN = 24  # characters after which a word may be broken
BOUND = re.compile(r"(?<=\d) (?=(%|M|bn|tn|PB|TB|s|ms|min|GPUs?|nodes|weeks)(\W|$))")


def fitting(value: Any) -> Any:
    r"""Text that can be set, at every depth of a block.

    Parameters
    ----------
    value : Any
        Text, or dicts and lists of it; anything else stays as it is.

    Returns
    -------
    Any
        The same shape; without control characters, with breaks allowed inside words that no
        column holds, and none between a number and its unit.

    Examples
    --------
    >>> fitting({"a": ["x\x1by", 3]})
    {'a': ['x y', 3]}
    """
    if isinstance(value, dict):
        return {key: fitting(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fitting(item) for item in value]
    return _fitting(value) if isinstance(value, str) else value


def short(text: str, longest: int = LONGEST) -> str:
    """Text cut to a length.

    Parameters
    ----------
    text : str
        Any text.
    longest : int
        Characters at most, an ellipsis included. [1]

    Returns
    -------
    str
        The text, or its beginning and an ellipsis.

    Examples
    --------
    >>> short("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "\u2026"


def counted(number: int, noun: str) -> str:
    """Number with its noun.

    Parameters
    ----------
    number : int
        How many. [1]
    noun : str
        In the singular.

    Returns
    -------
    str
        Such as ``2 zones``.

    Examples
    --------
    >>> counted(1, "zone"), counted(2, "zone")
    ('1 zone', '2 zones')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _fitting(text: str) -> str:
    words = [
        "\u200b".join(word[at : at + UNBROKEN] for at in range(0, len(word), UNBROKEN))
        for word in printable(text).split(" ")
    ]
    return BOUND.sub("\u00a0", " ".join(words))
