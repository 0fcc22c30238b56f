"""The rule by which a plan orders spares: the design basis, or weighted by requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats, Ints
from capacity.availability.copies import replicated_down
from capacity.availability.pools import node_availability, nodes_per_zone
from capacity.availability.redundancy import RegionRisks, pool_availability_needed
from capacity.availability.request_loss import common_down
from capacity.availability.service_level import HOURS_PER_30_DAYS, change_unavailability
from capacity.estimate import Estimate
from capacity.fleet.request_weighted import RequestWeighted
from capacity.load.workload import weekly_load
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.tree import Managed, Replicated
from capacity.scenarios.tree_file import NO_CHANGES, Tables, service_of
from forecast.shipped.datasets import profile


@dataclass(frozen=True)
class Failures:
    """Reliability on which redundancy is designed.

    Parameters
    ----------
    node_availability : float
        Share of time that a node is up while its zone is. [1]
    zone_availability : float
        Share of time that a zone is up. [1]
    risks : RegionRisks
        Everything that is not the GPU pool.
    """

    node_availability: float
    zone_availability: float
    risks: RegionRisks

    def zone_nodes(self, region_nodes: Ints, policy: Policy) -> Ints:
        """Fewest nodes in a zone with which the target is met, were the peak to last all day.

        Parameters
        ----------
        region_nodes : numpy.ndarray
            Nodes that must be up in a region at the peak minute. [nodes]
        policy : Policy
            Target, zones, regions.

        Returns
        -------
        numpy.ndarray
            Same shape. [nodes]

        Raises
        ------
        ValueError
            If no pool of any size meets the target.
        """
        target = pool_availability_needed(policy.availability, policy.regions, self.risks)
        up = (self.node_availability, self.zone_availability)
        return nodes_per_zone(region_nodes, policy.zones, *up, target)


Redundancy = Failures | RequestWeighted


def redundancy_rule(scenario: Scenario, policy: Policy, peak_rate: Floats) -> Redundancy:
    """Rule of a policy.

    Parameters
    ----------
    scenario : Scenario
        Failure rates, parts, profile of the load.
    policy : Policy
        Which rule, and what it aims at.
    peak_rate : numpy.ndarray, shape (draws,)
        Arrivals in the peak minute of the last month; as many hosts stand as its quantile that
        the policy buys takes. [requests/s]

    Returns
    -------
    Failures or RequestWeighted
        All rates at their middle; redundancy is a design decision, not a draw.

    Examples
    --------
    >>> case = Scenario.load("reported-case")
    >>> rule = redundancy_rule(case, Policy(redundancy="request-weighted"), np.array([900.0]))
    >>> rule.zone_nodes(np.array([60]), Policy()).item()
    17
    """
    x = scenario.inputs
    if policy.redundancy == "design-basis":
        return design_failures(x, policy, scenario.parts)
    bought = float(np.quantile(peak_rate, policy.confidence))
    return RequestWeighted(
        service_of(scenario.parts, x, policy),
        weekly_load(profile(scenario.profile), x["weekend_factor"].mid),
        max(1, int(np.ceil(bought / x["queries_per_host_s"].mid))),
        bought * x["reads_per_query"].mid / x["database_reads_per_s"].mid,
    )


def design_failures(
    x: Mapping[str, Estimate], policy: Policy, parts: Tables = NO_CHANGES
) -> Failures:
    """Reliability at the design basis: the middle value of every rate.

    Parameters
    ----------
    x : mapping of str to Estimate
        Inputs of the scenario.
    policy : Policy
        Changes and canary share.
    parts : mapping of str to mapping
        The scenario's changes of the tree of parts.

    Returns
    -------
    Failures
        One number each; redundancy is a design decision, not a draw.
    """
    service = service_of(parts, x, policy)
    nodes, changes = service.nodes, service.changes
    up = 1.0 - common_down(service)
    for part in service.parts.values():
        if isinstance(part, Managed):  # hosts and read replicas have spares of their own
            up *= 1.0 - part.unavailability
        elif isinstance(part, Replicated):
            up *= 1.0 - replicated_down(part, standbys=1)
    lost = change_unavailability(
        changes.per_month,
        changes.failure_share,
        changes.repair_h,
        HOURS_PER_30_DAYS,
        policy.canary_share,
    )
    alone_per_h = (1.0 - nodes.common_share) * nodes.failures_per_h
    return Failures(
        float(node_availability(1.0 / alone_per_h, nodes.repair_h)),
        1.0 - service.zone.unavailability,
        RegionRisks(1.0 - up, service.failover_failure, lost),
    )
