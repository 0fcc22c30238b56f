"""Levels of a chain and the parts between them, which add up to the last level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capacity.questions.grounds import Ground


@dataclass(frozen=True)
class Level:
    """A figure after one step of a chain.

    Parameters
    ----------
    name : str
        What the step adds.
    level : float
        The figure after it, in the unit of the chain.
    grounds : tuple of Ground
        What the step rests on.
    """

    name: str
    level: float
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class Contribution:
    """A part of a figure.

    Parameters
    ----------
    name : str
        What it is.
    value : float
        What it adds, in the unit of the figure; negative where it takes away.
    factor : float
        What it multiplies the parts before it by; 0 where it does not multiply. [1]
    grounds : tuple of Ground
        What it rests on.
    """

    name: str
    value: float
    factor: float
    grounds: tuple[Ground, ...]


def parts_of(levels: Sequence[Level]) -> list[Contribution]:
    """Parts between the levels of a chain.

    Parameters
    ----------
    levels : sequence of Level
        At least one.

    Returns
    -------
    list of Contribution
        One for each level; their values add up to the last level.

    Examples
    --------
    >>> [(part.value, part.factor) for part in parts_of([Level("a", 2.0), Level("b", 6.0)])]
    [(2.0, 0.0), (4.0, 3.0)]
    """
    found, before = [], 0.0
    for item in levels:
        factor = item.level / before if before else 0.0
        found.append(Contribution(item.name, item.level - before, factor, item.grounds))
        before = item.level
    return found
