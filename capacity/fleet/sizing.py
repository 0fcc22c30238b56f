"""From load to machines: replicas within the latency targets, whole nodes, spares, regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.arrays import Floats, Ints
from capacity.load.workload import serving_time_s
from capacity.market.hardware import Instance
from capacity.policy import Policy
from capacity.queueing.erlang import staffing
from capacity.serving.calibration import ServingConstants
from capacity.serving.latency import LatencyLimits, ServingPoint, serving_point
from capacity.serving.replica import Replica, TokenLengths

if TYPE_CHECKING:
    from capacity.fleet.redundancy_rule import Redundancy


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
