"""Where the minutes of unavailability go, and what other layouts would take."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from capacity.availability import nodes_per_zone, zonal_pool_unavailability
from capacity.policy import Policy
from capacity.redundancy import (
    MINUTES_PER_MONTH,
    RegionRisks,
    pool_availability_needed,
    system_unavailability,
)
from capacity.sizing import Failures


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


def error_budget(
    need: int, zone_nodes: int, policy: Policy, failures: Failures
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
    failures : Failures
        Reliability.

    Returns
    -------
    tuple of BudgetLine
        Their minutes add up to the whole budget.

    Notes
    -----
    What remains of a region's failures after failover is attributed to nodes, zones and
    services in proportion to how often each takes a region down.
    """
    pool = pool_unavailability(need, zone_nodes, policy, failures)
    nodes = pool_unavailability(need, zone_nodes, policy, replace(failures, zone_availability=1.0))
    services, risks = failures.risks.services, failures.risks
    region = 1.0 - (1.0 - services) * (1.0 - pool)
    lost = system_unavailability(region, policy.regions, RegionRisks(0, risks.failover_failure, 0))
    budget = (1.0 - policy.availability) * MINUTES_PER_MONTH
    scale = lost * MINUTES_PER_MONTH / (pool + services) if pool + services else 0.0
    after = "" if policy.regions == 1 else " not taken over by another region"
    lines = [
        BudgetLine(f"node failures{after}", nodes * scale),
        BudgetLine(f"zone loss{after}", (pool - nodes) * scale),
        BudgetLine(f"regional services{after}", services * scale),
        BudgetLine("changes that break the service", risks.changes * MINUTES_PER_MONTH),
    ]
    spent = sum(line.minutes for line in lines)
    return (*lines, BudgetLine("left over", budget - spent))


def layouts(need: int, policy: Policy, failures: Failures) -> tuple[Layout, ...]:
    """Nodes that one to four zones in one to three regions, or the policy, take for the same load.

    Parameters
    ----------
    need : int
        Nodes that must be up to carry all users. [nodes]
    policy : Policy
        Target.
    failures : Failures
        Reliability.

    Returns
    -------
    tuple of Layout
        Feasible ones first, by nodes; then the others.
    """
    shapes = [(zones, regions) for regions in (1, 2, 3) for zones in (1, 2, 3, 4)]
    shapes = list(dict.fromkeys((*shapes, (policy.zones, policy.regions))))
    found = [
        _layout(need, replace(policy, zones=zones, regions=regions), failures)
        for zones, regions in shapes
    ]
    return tuple(sorted(found, key=lambda item: (item.nodes == 0, item.nodes, -item.availability)))


def _layout(need: int, policy: Policy, failures: Failures) -> Layout:
    zones, regions = policy.zones, policy.regions
    share = int(np.ceil(need / max(1, regions - 1)))
    try:
        target = pool_availability_needed(policy.availability, regions, failures.risks)
        zone_nodes = int(
            nodes_per_zone(
                np.array([share]),
                zones,
                failures.node_availability,
                failures.zone_availability,
                target,
            )[0]
        )
    except ValueError as error:
        return Layout(zones, regions, 0, availability_reached(0.0, policy, failures), str(error))
    pool = pool_unavailability(share, zone_nodes, policy, failures)
    reached = availability_reached(pool, policy, failures)
    return Layout(zones, regions, zone_nodes * zones * regions, reached)
