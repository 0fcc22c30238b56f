"""Words of an error message: offending values cut short, faults told together."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["LONGEST", "MOST_FAULTS", "disarmed", "label", "shown", "told"]

LONGEST = 80
MOST_FAULTS = 20


def shown(value: object) -> str:
    """Beginning of a value as it would be typed, safe to print.

    Parameters
    ----------
    value : object
        Anything a file or a command line may hold.

    Returns
    -------
    str
        At most 80 characters and an ellipsis; control characters are escaped.

    Examples
    --------
    >>> shown("three"), shown(2.5)
    ("'three'", '2.5')
    >>> shown(10**5000)
    'a number of over 4,300 digits'
    """
    try:
        text = repr(value[:LONGEST] if isinstance(value, str | bytes) else value)
    except ValueError:
        return "a number of over 4,300 digits"
    except RecursionError:
        return f"a deeply nested {type(value).__name__}"
    text = text.encode("ascii", "backslashreplace").decode() if not text.isprintable() else text
    return text if len(text) <= LONGEST + 2 else f"{text[:LONGEST]}..."


def disarmed(text: str) -> str:
    r"""Text without characters that could drive a terminal; lines and columns stay.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As long as the text, with a question mark for each such character.

    Examples
    --------
    >>> disarmed("a" + chr(27) + "[2J")
    'a?[2J'
    """
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)


def label(key: str) -> str:
    r"""Key of a file or command line, safe to print.

    Parameters
    ----------
    key : str
        As it was given.

    Returns
    -------
    str
        The key itself where it is short and printable, else its quoted beginning.

    Examples
    --------
    >>> label("zones"), label("a" + chr(9))
    ('zones', "'a\\t'")
    """
    return key if key.isprintable() and 0 < len(key) <= LONGEST else shown(key)


def told(faults: Sequence[str], prefix: str = "") -> str:
    """Faults as one message.

    Parameters
    ----------
    faults : sequence of str
        One line each; a fault may hold several lines.
    prefix : str
        Put before the line that counts the rest.

    Returns
    -------
    str
        The first 20 lines, and how many more there are.

    Examples
    --------
    >>> told([str(number) for number in range(30)]).splitlines()[-1]
    '... and 10 faults more'
    """
    lines = [line for fault in faults for line in fault.split("\n")]
    if len(lines) <= MOST_FAULTS:
        return "\n".join(lines)
    return "\n".join(
        [*lines[:MOST_FAULTS], f"{prefix}... and {len(lines) - MOST_FAULTS} faults more"]
    )
