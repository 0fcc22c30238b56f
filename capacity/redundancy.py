"""The error budget: what the availability target leaves for machines after everything else."""

from __future__ import annotations

from dataclasses import dataclass

MINUTES_PER_MONTH = 30 * 24 * 60
HALVINGS = 60  # of an interval of one half: below the spacing of floats


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
    With one region its loss is the loss of the service. With n regions sized so that n - 1
    carry everything, users are lost when two or more regions are down, and when one is down
    (probability n U (1 - U)**(n - 1), a share 1/n of the users) and its traffic does not move.
    For two regions this is U**2 + U (1 - U) f.

    Examples
    --------
    >>> risks = RegionRisks(services=0.0, failover_failure=0.1, changes=0.0)
    >>> round(system_unavailability(0.0045, regions=2, risks=risks), 7)
    0.0004682
    """
    lost = region
    if regions > 1:
        up = 1.0 - region
        stranded = region * up ** (regions - 1) * risks.failover_failure
        both = 1.0 - up**regions - regions * region * up ** (regions - 1)
        lost = both + stranded
    return 1.0 - (1.0 - lost) * (1.0 - risks.changes)


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


def change_unavailability(
    changes_per_month: float, failure_share: float, repair_min: float, canary_share: float
) -> float:
    """Share of user time lost to bad changes that a canary group meets first.

    Parameters
    ----------
    changes_per_month : float
        Releases and migrations. [changes/month]
    failure_share : float
        Share of them that break the service. [1]
    repair_min : float
        Minutes until one is reverted. [min]
    canary_share : float
        Share of users who meet a change before it is judged. [1]

    Returns
    -------
    float
        Share of user time, of a 30-day month. [1]

    Examples
    --------
    >>> round(change_unavailability(8, 0.1, 30, 0.05) * MINUTES_PER_MONTH, 3)
    1.2
    """
    return changes_per_month * failure_share * repair_min * canary_share / MINUTES_PER_MONTH
