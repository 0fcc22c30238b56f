"""How often a part with copies is missed: standbys that take over, replicas to read from."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from capacity.availability.planned_work import needed_replicas
from capacity.availability.pools import k_of_n_unavailability
from capacity.availability.repair import Standby
from capacity.scenarios.tree import Design, Replicas, Replicated

HALVINGS = 60  # of an interval of rates, on a logarithmic scale
SLOWEST, FASTEST = 1e-12, 1e3  # failures per repair time


@lru_cache(maxsize=4096)
def replicated_down(part: Replicated, standbys: int) -> float:
    """Share of time that a replicated part is down with some number of standbys.

    Parameters
    ----------
    part : Replicated
        With its figure for one standby.
    standbys : int
        Standbys. [1]

    Returns
    -------
    float
        Share of time; at one standby the figure of the part, less what a promoted read replica
        saves. [1]

    Notes
    -----
    The failure rate of a unit is the one at which a pair is down as often as the part says.

    Examples
    --------
    >>> database = Replicated(0.0005, repair_h=4.0, coverage=0.9)
    >>> [round(replicated_down(database, standbys), 5) for standbys in (0, 1, 2)]
    [0.0048, 0.0005, 0.00048]
    """
    kept = 1.0 - part.promotion
    if part.unavailability <= 0.0 or standbys == 1:
        return kept * part.unavailability
    return kept * _group(part, standbys, unit_failures_per_h(part)).unavailability


def unit_failures_per_h(part: Replicated) -> float:
    """Failure rate of one unit of a replicated part, from the figure of a pair.

    Parameters
    ----------
    part : Replicated
        Any replicated part.

    Returns
    -------
    float
        Failures of a unit. [1/h]
    """
    low, high = np.log(SLOWEST / part.repair_h), np.log(FASTEST / part.repair_h)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _group(part, 1, float(np.exp(middle))).unavailability < part.unavailability:
            low = middle
        else:
            high = middle
    return float(np.exp(high))


def unread(part: Replicas, design: Design, reads: float, stuck: float) -> tuple[float, float]:
    """Requests of a region lost to its read replicas.

    Parameters
    ----------
    part : Replicas
        The replicas.
    design : Design
        Regions, and spare replicas in each.
    reads : float
        Replicas that carry the reads of all users. [1]
    stuck : float
        Probability that readers cannot be moved to another region. [1]

    Returns
    -------
    float, float
        Share of the requests lost, and how much more while one replica is worked on. [1]

    Examples
    --------
    >>> copies = Replicas(0.01, repair_h=1.0)
    >>> [round(share, 6) for share in unread(copies, Design(1, 1, 9), reads=0.4, stuck=0.1)]
    [0.0001, 0.0099]
    """
    need, up = needed_replicas(reads, design.regions), 1.0 - part.unavailability
    most = need + design.read_spares
    full, fewer = (float(k_of_n_unavailability(need, n, up)) for n in (most, most - 1))
    lost = part.read_share * (stuck if design.regions > 1 else 1.0)
    return lost * full, lost * (fewer - full)


def _group(part: Replicated, standbys: int, failures_per_h: float) -> Standby:
    """Hot standbys, each with its own repair."""
    units = 1 + standbys
    rates = (failures_per_h, 1.0 / part.repair_h)
    return Standby(units, 1, units, *rates, dormancy=1.0, switching=part.coverage)
