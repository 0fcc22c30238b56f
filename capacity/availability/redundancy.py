"""The error budget: what the availability target leaves for machines after everything else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from capacity.availability.pools import k_of_n_unavailability

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats

MINUTES_PER_MONTH, MINUTES_PER_YEAR = 30 * 24 * 60, 365 * 24 * 60
HALVINGS = 60  # of an interval of one half: below the spacing of floats
MOST_KEPT = 256  # a plan asks the same of every node type and number of cards


@dataclass(frozen=True)
class RegionRisks:
    """Causes of unavailability other than the GPU pool of a region.

    Parameters
    ----------
    services : float
        Share of time that a service the region needs is down: entry, compute, database,
        storage in series. [1]
    failover_failure : float
        Probability that traffic does not move when its region fails. [1]
    changes : float
        Share of time lost to bad changes, in every region at once. [1]

    Examples
    --------
    >>> RegionRisks(services=0.0017, failover_failure=0.1, changes=3e-5).services
    0.0017
    """

    services: float
    failover_failure: float
    changes: float


def regional_loss(
    region_unavailability: ArrayLike, regions: int, carry: int, failover_failure: ArrayLike
) -> Floats:
    """Share of user time lost where regions share the users and take over from one another.

    Parameters
    ----------
    region_unavailability : array_like
        Probability that one region is down, independently of the others. [1]
    regions : int
        Regions, each the home of an equal share of the users. [1]
    carry : int
        Regions that suffice for all users. [1]
    failover_failure : array_like
        Probability that the users of a region that is down cannot be moved. [1]

    Returns
    -------
    ndarray
        Broadcast shape. [1]

    Raises
    ------
    ValueError
        If the regions that suffice are not from 1 to all of them.

    Notes
    -----
    All is lost while fewer regions than `carry` are up. While enough of the others are up, the
    users of a region that is down are lost if they cannot be moved. One active region with
    n - 1 in reserve loses as much: there `carry` is 1.

    Examples
    --------
    >>> round(float(regional_loss(0.003, regions=2, carry=1, failover_failure=0.1)), 7)
    0.0003081
    """
    if not 1 <= carry <= regions:
        raise ValueError(f"carry must be from 1 to regions = {regions}, got {carry}")
    u = np.asarray(region_unavailability, dtype=np.float64)
    too_few = k_of_n_unavailability(carry, regions, 1.0 - u)
    others = 1.0 - k_of_n_unavailability(carry, regions - 1, 1.0 - u)
    return np.asarray(too_few + u * others * np.asarray(failover_failure, dtype=np.float64))


def system_unavailability(region: float, regions: int, risks: RegionRisks) -> float:
    """Share of service lost, over all regions and causes, weighted by users.

    Parameters
    ----------
    region : float
        Share of time that one region is down, services and pool together. [1]
    regions : int
        Regions that share the users; any one may be lost if there are two or more. [1]
    risks : RegionRisks
        Failover and change risks.

    Returns
    -------
    float
        Share of user time. [1]

    Notes
    -----
    Regions are sized so that all but one carry everything; the loss is that of `regional_loss`.

    Examples
    --------
    >>> risks = RegionRisks(services=0.0, failover_failure=0.1, changes=0.0)
    >>> round(system_unavailability(0.0045, regions=2, risks=risks), 7)
    0.0004682
    """
    carry = max(1, regions - 1)
    lost = float(regional_loss(region, regions, carry, risks.failover_failure))
    return 1.0 - (1.0 - lost) * (1.0 - risks.changes)


@lru_cache(maxsize=MOST_KEPT)
def pool_availability_needed(target: float, regions: int, risks: RegionRisks) -> float:
    """Availability that the GPU pool of each region must reach.

    Parameters
    ----------
    target : float
        Availability promised to users. [1]
    regions : int
        Regions that share the users. [1]
    risks : RegionRisks
        Everything that is not the pool.

    Returns
    -------
    float
        Below 1. [1]

    Raises
    ------
    ValueError
        If the other causes alone use up the budget, naming the largest of them.

    Examples
    --------
    >>> risks = RegionRisks(services=0.0017, failover_failure=0.1, changes=3e-5)
    >>> round(pool_availability_needed(0.9995, regions=2, risks=risks), 5)
    0.99718
    """
    budget = 1.0 - target
    floor = system_unavailability(risks.services, regions, risks)
    if floor >= budget:
        raise ValueError(
            f"{target:.5g} cannot be met: {floor * MINUTES_PER_MONTH:.1f} minutes a month go to "
            f"{bounding_cause(regions, risks)} alone, {budget * MINUTES_PER_MONTH:.1f} are allowed"
        )

    met, missed = risks.services, 0.5
    for _ in range(HALVINGS):
        middle = (met + missed) / 2
        if system_unavailability(middle, regions, risks) <= budget:
            met = middle
        else:
            missed = middle
    return (1.0 - met) / (1.0 - risks.services)


def bounding_cause(regions: int, risks: RegionRisks) -> str:
    """Largest cause of unavailability that no spare machine removes.

    Parameters
    ----------
    regions : int
        Regions that share the users. [1]
    risks : RegionRisks
        Everything that is not the pool.

    Returns
    -------
    str
        Name of the cause.

    Examples
    --------
    >>> bounding_cause(1, RegionRisks(services=0.0017, failover_failure=0.1, changes=3e-5))
    'the services of a single region'
    """
    no_changes = RegionRisks(risks.services, risks.failover_failure, 0.0)
    regional = system_unavailability(risks.services, regions, no_changes)
    if risks.changes > regional:
        return "changes"
    return "the services of a single region" if regions == 1 else "failover between regions"
