"""What would make ten times the users take a hundred times the machines, and what does here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capacity.questions.scalability import contention_for_ratio

if TYPE_CHECKING:
    from capacity.questions.scaling import Scaling

REDUNDANCY = ("spares, zones and regions", "confidence", "whole orders")


@dataclass(frozen=True)
class Factor:
    """One factor of the growth of resources with users.

    Parameters
    ----------
    name : str
        What grows.
    here : float
        By how much in the scenario. [1]
    needed : float
        By how much it would have to grow alone for resources to grow with the square of the
        users. [1]
    condition : str
        When it would.
    """

    name: str
    here: float
    needed: float
    condition: str

    @property
    def suffices(self) -> bool:
        """Whether it alone makes the claim right here."""
        return self.here >= self.needed


def grows_with_square(found: Scaling, factors: Sequence[Factor]) -> bool:
    """Whether resources grow with the square of the users.

    Parameters
    ----------
    found : Scaling
        Resources at a multiple of the users.
    factors : sequence of Factor
        Its factors.

    Returns
    -------
    bool
        They do as a whole, or by one factor alone.

    Examples
    --------
    >>> from capacity.questions.scaling import Scaling
    >>> found = Scaling(10.0, 9.0, (("demand", 10.0), ("confidence", 0.9)), 8.0, 4.0)
    >>> grows_with_square(found, scaling_factors(found, nodes=48))
    False
    """
    return found.ratio >= found.factor**2 or any(item.suffices for item in factors)


def scaling_factors(found: Scaling, nodes: int) -> tuple[Factor, ...]:
    """Factors whose product is the growth of resources, and what each would have to be.

    Parameters
    ----------
    found : Scaling
        Resources at a multiple of the users.
    nodes : int
        Serving nodes before growth. [nodes]

    Returns
    -------
    tuple of Factor
        Load and redundancy as planned; what the scenario keeps as it is, at 1; stored data.

    Examples
    --------
    >>> from capacity.questions.scaling import Scaling
    >>> found = Scaling(10.0, 9.0, (("demand", 10.0), ("confidence", 0.9)), 8.0, 4.0)
    >>> [(item.name, round(item.here, 2)) for item in scaling_factors(found, nodes=48)][:2]
    [('load', 10.0), ('redundancy', 0.9)]
    """
    square = found.factor**2
    redundancy = math.prod(part for name, part in found.parts if name in REDUNDANCY)
    load = found.ratio / redundancy
    missing = square / found.ratio
    shared = contention_for_ratio(nodes, found.factor, square)
    return (
        Factor("load", load, square / redundancy, "the peak grows with the square of the users"),
        Factor("redundancy", redundancy, square / load, "all machines must be up at once"),
        Factor(
            "work per user", 1.0, missing, "queries, tokens or parameters grow as much as the users"
        ),
        Factor("all-to-all", 1.0, missing, "every user or node talks to every other one"),
        Factor(
            "contention", 1.0, missing,
            f"{100 * shared:.2g} % of the work is done by one node at a time; cells avoid it",
        ),
        Factor(
            "retention", found.storage_ratio, square,
            "data are kept for ever and the history grows as much as the users",
        ),
    )  # fmt: skip
