"""The chosen hardware: the cheapest that keeps the latency targets, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.arrays import Ints
from capacity.choice import Candidate, Market, Rejection, choose, dearer, median_traffic
from capacity.latency import ServingPoint
from capacity.numbers import percent
from capacity.sizing import Need, batch_at_limits, size
from capacity.training import training_gpus
from capacity.world import World

MISSED = 0.01  # share of draws that may miss a latency target at a batch of one
NONE_SERVES = {
    "latency": (
        "no node type serves the model within the latency targets",
        "looser --policy ttft_s and tpot_s, a smaller model, or another provider",
    ),
    "memory": (
        "no node type holds the model in memory",
        "a smaller model, --policy precision=fp8 or int8, or another provider",
    ),
    "precision": (
        "no node type that could be had computes in the chosen number type",
        "another --policy precision, or a later start",
    ),
    "price": (
        "no price is known for the chosen term",
        "another --policy term or provider",
    ),
    "date": (
        "no node type could be had when the plan begins",
        "a later start, or another provider",
    ),
}


@dataclass(frozen=True)
class Fleet:
    """The chosen hardware, draw by draw.

    Parameters
    ----------
    chosen : Candidate
        Node type, replica, and their price at the median load.
    point : ServingPoint
        How a replica runs, arrays of shape (draws, 1).
    need : Need
        Serving machines.
    training : numpy.ndarray, shape (draws, months)
        Nodes for background training. [nodes]
    rejections : tuple of Rejection
        Node types that were not chosen.
    """

    chosen: Candidate
    point: ServingPoint
    need: Need
    training: Ints
    rejections: tuple[Rejection, ...]


def choose_fleet(market: Market, world: World) -> Fleet | tuple[Rejection, ...]:
    """Cheapest hardware that keeps the latency targets in nearly all draws.

    Parameters
    ----------
    market : Market
        Everything but the load.
    world : World
        The load, draw by draw.

    Returns
    -------
    Fleet or tuple of Rejection
        Without a fleet, why each node type was refused.

    Raises
    ------
    ValueError
        If the policy names an unknown provider or instance.
    """
    candidates, rejections = choose(market, median_traffic(world.traffic))
    for place, found in enumerate(candidates):
        point = batch_at_limits(found.option, world.traffic, market.policy, market.constants)
        missed = float(np.mean(point.concurrency == 0))
        if missed > MISSED:
            reason = (
                f"misses a latency target in {percent(missed, 1)} of the draws even one at a time"
            )
            rejections.insert(0, Rejection(found.option.name, reason, "latency"))
            continue
        need = size(found.option, point, world.traffic, market.policy, market.failures)
        others = [dearer(other, found) for other in candidates[place + 1 :]]
        training = _training_nodes(market, world, found)
        return Fleet(found, point, need, training, (*others, *rejections))
    return tuple(rejections)


def why_none(rejections: tuple[Rejection, ...]) -> tuple[str, str]:
    """Reason and remedy by the constraint that the most promising node type met.

    Parameters
    ----------
    rejections : tuple of Rejection
        Why each node type was refused; at least one.

    Returns
    -------
    str, str
        Both in words.

    Examples
    --------
    >>> why_none((Rejection("p5.48xlarge", "no 3y price", "price"),))[0]
    'no price is known for the chosen term'
    """
    bindings = {item.binding for item in rejections}
    first = next(binding for binding in NONE_SERVES if binding in bindings)
    return NONE_SERVES[first]


def _training_nodes(market: Market, world: World, found: Candidate) -> Ints:
    x, instance = world.x, found.option.instance
    gpus = training_gpus(
        market.parameters.active,
        x["training_tokens_per_run"] * x["training_runs_per_month"],
        market.catalogue.accelerators[instance.accelerator].flops["fp16"],
        x["model_flop_utilisation"],
        x["training_goodput"],
    )
    nodes = np.ceil(gpus / instance.gpus).astype(np.int64)
    return np.broadcast_to(nodes, world.traffic.rate.shape)
