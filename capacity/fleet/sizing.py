"""From load to machines: replicas within the latency targets, whole nodes, spares, regions."""

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
from capacity.load.workload import serving_time_s
from capacity.market.hardware import Instance
from capacity.policy import Policy
from capacity.queueing.erlang import staffing
from capacity.scenarios.tree import Managed, Replicated
from capacity.scenarios.tree_file import NO_CHANGES, Tables, service_of
from capacity.serving.calibration import ServingConstants
from capacity.serving.latency import LatencyLimits, ServingPoint, serving_point
from capacity.serving.replica import Replica, TokenLengths


@dataclass(frozen=True)
class Option:
    """A way to serve: replicas of a model on the nodes of one instance type.

    Parameters
    ----------
    instance : Instance
        Node type.
    replica : Replica
        Model, card and parallelism.

    Raises
    ------
    ValueError
        If a replica has more GPUs than a node.
    """

    instance: Instance
    replica: Replica

    def __post_init__(self) -> None:
        """Refuse a replica that does not fit a node."""
        if self.replica.gpus > self.instance.gpus:
            raise ValueError(
                f"a replica of {self.replica.gpus} GPUs does not fit {self.instance.name}, "
                f"which has {self.instance.gpus}"
            )

    @property
    def replicas_per_node(self) -> int:
        """Replicas that one node holds."""
        return self.instance.gpus // self.replica.gpus

    @property
    def name(self) -> str:
        """Instance, tensor parallelism and number type."""
        return f"{self.instance.name} TP{self.replica.tp} {self.replica.weight_dtype}"


@dataclass(frozen=True)
class Traffic:
    """Load as the serving tier meets it; arrays of shape (draws, 1) or (draws, months).

    Parameters
    ----------
    rate : numpy.ndarray, shape (draws, months)
        Arrivals in the peak minute. [requests/s]
    lengths : TokenLengths
        Tokens per request, shape (draws, 1).
    speed : numpy.ndarray, shape (draws, 1)
        Rate of the engine over the rate of the serving model. [1]
    variability : numpy.ndarray, shape (draws, 1)
        Mean of the squared variations of arrivals and of service. [1]
    """

    rate: Floats
    lengths: TokenLengths
    speed: Floats
    variability: Floats


@dataclass(frozen=True)
class Need:
    """Machines that a load requires, draw by draw.

    Parameters
    ----------
    batch : numpy.ndarray, shape (draws, 1)
        Requests that one replica serves at once. [1]
    service_s : numpy.ndarray, shape (draws, 1)
        Time that a request occupies its place. [s]
    load_gpus : numpy.ndarray, shape (draws, months)
        GPUs for the peak minute with queueing headroom, before redundancy. [GPUs]
    region_nodes : numpy.ndarray, shape (draws, months)
        Nodes that must be up in a region at the peak minute. [nodes]
    zone_nodes : numpy.ndarray, shape (draws, months)
        Nodes to install in each zone. [nodes]
    nodes : numpy.ndarray, shape (draws, months)
        Nodes over all zones and regions. [nodes]
    """

    batch: Floats
    service_s: Floats
    load_gpus: Floats
    region_nodes: Ints
    zone_nodes: Ints
    nodes: Ints


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


def batch_at_limits(
    option: Option, traffic: Traffic, policy: Policy, constants: ServingConstants
) -> ServingPoint:
    """Largest batch of a replica within the latency targets, on the engine in use.

    Parameters
    ----------
    option : Option
        Node and replica.
    traffic : Traffic
        Token lengths and speed of the engine.
    policy : Policy
        Latency targets.
    constants : ServingConstants
        Calibrated constants of the serving model.

    Returns
    -------
    ServingPoint
        In the time of the serving model; divide times by `traffic.speed`.
    """
    limits = LatencyLimits(policy.ttft_s * traffic.speed, policy.tpot_s * traffic.speed)
    return serving_point(option.replica, traffic.lengths, limits, constants)


def size(
    option: Option, point: ServingPoint, traffic: Traffic, policy: Policy, failures: Redundancy
) -> Need:
    """Machines for a load at the policy's latency and availability.

    Parameters
    ----------
    option : Option
        Node and replica.
    point : ServingPoint
        What `batch_at_limits` found. A draw in which nothing meets the targets is served
        one request at a time; the caller decides how many such draws are too many.
    traffic : Traffic
        The load.
    policy : Policy
        Latency share, zones and regions.
    failures : Failures or RequestWeighted
        Reliability to design for, with the rule by which spares are found.

    Returns
    -------
    Need
        Draw by draw, month by month.

    Raises
    ------
    ValueError
        If the availability cannot be met.

    Notes
    -----
    A request occupies a place in a batch from its first to its last token. Places follow
    square-root staffing at the peak minute; with n regions, n - 1 carry everything.
    """
    batch = np.maximum(1.0, point.concurrency)
    service_s = serving_time_s(
        point.ttft_s / traffic.speed, point.tpot_s / traffic.speed, traffic.lengths.reply
    )
    offered = traffic.rate * service_s
    waiting = 1.0 - policy.latency_share
    places = staffing(offered, waiting, traffic.variability)
    regional = staffing(offered / max(1, policy.regions - 1), waiting, traffic.variability)
    replicas = np.ceil(regional / batch)
    region_nodes = np.ceil(replicas / option.replicas_per_node).astype(np.int64)
    zone_nodes = failures.zone_nodes(region_nodes, policy)
    return Need(
        batch=batch,
        service_s=service_s,
        load_gpus=places / batch * option.replica.gpus,
        region_nodes=region_nodes,
        zone_nodes=zone_nodes,
        nodes=zone_nodes * policy.zones * policy.regions,
    )
