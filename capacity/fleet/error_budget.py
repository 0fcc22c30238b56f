"""Where the minutes of unavailability go, and what other layouts would take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from capacity.availability.pools import zonal_pool_unavailability
from capacity.availability.redundancy import (
    MINUTES_PER_MONTH,
    RegionRisks,
    system_unavailability,
)
from capacity.fleet.request_weighted import AMPLE, RequestWeighted

if TYPE_CHECKING:
    from capacity.fleet.redundancy_rule import Failures, Redundancy
    from capacity.policy import Policy

COUNTED = {
    "design-basis": "of the time at peak load",
    "request-weighted": "of the requests of a week",
}


@dataclass(frozen=True)
class BudgetLine:
    """Minutes of a 30-day month that one cause takes.

    Parameters
    ----------
    cause : str
        Words for people.
    minutes : float
        Expected minutes of lost service, weighted by users. [min/month]
    """

    cause: str
    minutes: float


@dataclass(frozen=True)
class Layout:
    """Zones and regions, with the nodes that meet the target in them.

    Parameters
    ----------
    zones, regions : int
        Zones in a region, regions. [1]
    nodes : int
        Serving nodes over all of them; 0 where the target cannot be met. [nodes]
    availability : float
        Availability reached; without the pool where the target cannot be met. [1]
    reason : str
        Why it cannot be met; empty where it is.
    """

    zones: int
    regions: int
    nodes: int
    availability: float
    reason: str = ""


def pool_unavailability(need: int, zone_nodes: int, policy: Policy, failures: Failures) -> float:
    """Share of time that a region has fewer nodes up than it needs.

    Parameters
    ----------
    need : int
        Nodes that must be up. [nodes]
    zone_nodes : int
        Nodes installed in each zone. [nodes]
    policy : Policy
        Zones.
    failures : Failures
        Node and zone availability.

    Returns
    -------
    float
        Between 0 and 1. [1]
    """
    return float(
        zonal_pool_unavailability(
            need, zone_nodes, policy.zones, failures.node_availability, failures.zone_availability
        )
    )


def availability_reached(pool: float, policy: Policy, failures: Failures) -> float:
    """Availability that users see.

    Parameters
    ----------
    pool : float
        Unavailability of the GPU pool of a region. [1]
    policy : Policy
        Regions.
    failures : Failures
        Everything else.

    Returns
    -------
    float
        Between 0 and 1. [1]
    """
    region = 1.0 - (1.0 - failures.risks.services) * (1.0 - pool)
    return 1.0 - system_unavailability(region, policy.regions, failures.risks)


def never_short(policy: Policy, failures: Redundancy, zones_fail: bool = True) -> float:
    """Availability with a pool that is never short of nodes.

    Parameters
    ----------
    policy : Policy
        Zones, regions.
    failures : Failures or RequestWeighted
        Reliability and rule.
    zones_fail : bool
        Whether all zones of a region may be down; weighted by requests they always may.

    Returns
    -------
    float
        Between 0 and 1. [1]
    """
    if isinstance(failures, RequestWeighted):
        return failures.availability(1, AMPLE, policy)
    zones_down = (1.0 - failures.zone_availability) ** policy.zones
    return availability_reached(zones_down if zones_fail else 0.0, policy, failures)


def reached(need: int, zone_nodes: int, policy: Policy, failures: Redundancy) -> float:
    """Availability of a pool, as the rule that orders it counts.

    Parameters
    ----------
    need : int
        Nodes that must be up in a region at the peak minute. [nodes]
    zone_nodes : int
        Nodes installed in each zone. [nodes]
    policy : Policy
        Zones, regions.
    failures : Failures or RequestWeighted
        Reliability and rule.

    Returns
    -------
    float
        At the design basis of users' time, else of the requests of a week. [1]
    """
    if isinstance(failures, RequestWeighted):
        return failures.availability(need, zone_nodes, policy)
    pool = pool_unavailability(need, zone_nodes, policy, failures)
    return availability_reached(pool, policy, failures)


def error_budget(
    need: int, zone_nodes: int, policy: Policy, failures: Redundancy
) -> tuple[BudgetLine, ...]:
    """Expected minutes by cause, and what is left of the budget.

    Parameters
    ----------
    need : int
        Nodes that must be up in a region. [nodes]
    zone_nodes : int
        Nodes installed in each zone. [nodes]
    policy : Policy
        Target, zones, regions.
    failures : Failures or RequestWeighted
        Reliability and rule.

    Returns
    -------
    tuple of BudgetLine
        Their minutes add up to the whole budget.

    Notes
    -----
    Weighted by requests, the lines are the causes of `capacity.availability.loss_split`. At the
    design basis, what remains of a region's failures after failover is attributed to nodes, zones
    and services in proportion to how often each takes a region down.
    """
    if isinstance(failures, RequestWeighted):
        lost = failures.lost(need, zone_nodes, policy)
        lines = [
            BudgetLine(cause.value, share * MINUTES_PER_MONTH) for cause, share in lost.items()
        ]
    else:
        lines = _design_basis_budget(need, zone_nodes, policy, failures)
    budget = (1.0 - policy.availability) * MINUTES_PER_MONTH
    spent = sum(line.minutes for line in lines)
    return (*lines, BudgetLine("left over", budget - spent))


def _design_basis_budget(
    need: int, zone_nodes: int, policy: Policy, failures: Failures
) -> list[BudgetLine]:
    """Minutes by cause, were the peak to last all day."""
    pool = pool_unavailability(need, zone_nodes, policy, failures)
    nodes = pool_unavailability(need, zone_nodes, policy, replace(failures, zone_availability=1.0))
    services, risks = failures.risks.services, failures.risks
    region = 1.0 - (1.0 - services) * (1.0 - pool)
    lost = system_unavailability(region, policy.regions, RegionRisks(0, risks.failover_failure, 0))
    scale = lost * MINUTES_PER_MONTH / (pool + services) if pool + services else 0.0
    after = "" if policy.regions == 1 else " not taken over by another region"
    return [
        BudgetLine(f"node failures{after}", nodes * scale),
        BudgetLine(f"zone loss{after}", (pool - nodes) * scale),
        BudgetLine(f"regional services{after}", services * scale),
        BudgetLine("changes that break the service", risks.changes * MINUTES_PER_MONTH),
    ]


def layouts(need: int, policy: Policy, failures: Redundancy) -> tuple[Layout, ...]:
    """Nodes that the policy's layout and up to four zones in three regions take for a load.

    Parameters
    ----------
    need : int
        Nodes that must be up to carry all users. [nodes]
    policy : Policy
        Target.
    failures : Failures or RequestWeighted
        Reliability and rule.

    Returns
    -------
    tuple of Layout
        Feasible ones first, by nodes; then the others.
    """
    pairs = {(zones, regions) for zones in (1, 2, 3, 4) for regions in (1, 2, 3)}
    found = [
        _layout(need, replace(policy, zones=zones, regions=regions), failures)
        for zones, regions in sorted(pairs | {(policy.zones, policy.regions)})
    ]
    return tuple(sorted(found, key=lambda item: (item.nodes == 0, item.nodes, -item.availability)))


def _layout(need: int, policy: Policy, failures: Redundancy) -> Layout:
    zones, regions = policy.zones, policy.regions
    share = int(np.ceil(need / max(1, regions - 1)))
    try:
        zone_nodes = int(failures.zone_nodes(np.array([share]), policy)[0])
    except ValueError as error:
        return Layout(
            zones, regions, 0, never_short(policy, failures, zones_fail=False), str(error)
        )
    found = reached(share, zone_nodes, policy, failures)
    return Layout(zones, regions, zone_nodes * zones * regions, found)
