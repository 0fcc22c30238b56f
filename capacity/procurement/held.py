"""Nodes that stand before anything is ordered, lot by lot, until a last month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.messages import shown
from forecast.shipped.tables import parse_month

HELD = re.compile(r"(\d{1,6}):(\d{4}-\d{2})", re.ASCII)


@dataclass(frozen=True)
class Held:
    """Nodes that stand, or are on their way, when the decision is made.

    Parameters
    ----------
    nodes : int
        How many, of the type that the plan chose. [nodes]
    until : numpy.datetime64
        Last month in which they stand: end of a commitment, or retirement of the cards.
    since : numpy.datetime64, optional
        First month in which they stand; long ago if left out.
    """

    nodes: int
    until: np.datetime64
    since: np.datetime64 | None = None


def told_held(texts: Sequence[str]) -> tuple[Held, ...]:
    """Nodes that stand already, from a command line.

    Parameters
    ----------
    texts : sequence of str
        ``NODES:YYYY-MM`` each: a lot and its last month.

    Returns
    -------
    tuple of Held
        One a text.

    Raises
    ------
    ValueError
        If a text is not as described.

    Examples
    --------
    >>> told_held(["24:2023-12"])[0].nodes
    24
    """
    lots = []
    for text in texts:
        found = HELD.fullmatch(text)
        if found is None:
            raise ValueError(f"--held {shown(text)}: must be NODES:YYYY-MM, such as 24:2023-12")
        lots.append(Held(int(found[1]), parse_month(found[2])))
    return tuple(lots)
