"""`fleetcast learn-reference`: the parameters of the reference classes from past series."""

from __future__ import annotations

import argparse
import re

from capacity.commands.exit_codes import DONE
from capacity.commands.writing import print_or_write
from forecast.growth.learned_toml import to_toml
from forecast.growth.learning import learn
from forecast.shipped.place import data_path

SHIPPED = "reference_class.toml"
DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
AS_OF = re.compile(r"As of: ([0-9-]{10})")


def learn_reference(arguments: argparse.Namespace) -> int:
    """`fleetcast learn-reference`: learn, then print or write; the same series, the same text.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0.

    Raises
    ------
    ValueError
        If the date or one of the files is not as described.
    """
    as_of = arguments.as_of or shipped_date()
    if not DATE.fullmatch(as_of):
        raise ValueError(f"--as-of {as_of[:40]!r}: allowed YYYY-MM-DD")
    print_or_write(to_toml(learn(arguments.series, arguments.meta), as_of), arguments.out)
    return DONE


def shipped_date() -> str:
    """Date of the shipped parameters, which does not depend on the day of the call.

    Returns
    -------
    str
        YYYY-MM-DD.

    Raises
    ------
    ValueError
        If the shipped file has none.

    Examples
    --------
    >>> shipped_date()
    '2026-11-23'
    """
    found = AS_OF.search(data_path(SHIPPED).read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{SHIPPED} does not say as of when it is")
    return found.group(1)
