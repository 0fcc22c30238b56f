"""The chosen hardware: the cheapest that keeps the latency targets, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.fleet.choice import Candidate, Market, Rejection, choose, median_traffic
from capacity.fleet.purchase import committed_usd, nodes_standing
from capacity.fleet.sizing import Need, Option, Traffic, batch_at_limits, size
from capacity.load.training import training_gpus
from capacity.numbers import percent, say
from capacity.serving.replica import TokenLengths

if TYPE_CHECKING:
    from capacity.arrays import Ints
    from capacity.serving.latency import ServingPoint
    from capacity.world import World

EVERY = 8  # of the draws that judge a candidate
MISSED = 0.01  # share of draws that may miss a latency target at a batch of one
NONE_SERVES = {
    "parallelism": (
        "no node type serves the model on so many GPUs a replica",
        "any other number of GPUs a replica: --policy tensor_parallel=auto",
    ),
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
    priced = [_priced(market, world, found) for found in candidates]
    for bid in sorted(priced, key=lambda bid: bid.usd):
        option = bid.candidate.option
        point = batch_at_limits(option, world.traffic, market.policy, market.constants)
        missed = float(np.mean(point.concurrency == 0))
        if missed > MISSED:
            share = percent(missed, 1)
            reason = f"misses a latency target in {share} of the draws even one at a time"
            rejections.insert(0, Rejection(option.name, reason, "latency"))
            continue
        need = size(option, point, world.traffic, market.policy, market.failures)
        training = training_nodes(market, world, option)
        return Fleet(bid.candidate, point, need, training, (*_dearer(bid, priced), *rejections))
    return tuple(rejections)


@dataclass(frozen=True)
class _Bid:
    """A candidate with the nodes of its last month and its price over the whole plan."""

    candidate: Candidate
    nodes: int
    usd: float


def _priced(market: Market, world: World, found: Candidate) -> _Bid:
    """Price of what a candidate would buy, judged on every eighth draw. [USD]"""
    policy, option, traffic = market.policy, found.option, _thinned(world.traffic)
    point = batch_at_limits(option, traffic, policy, market.constants)
    need = size(option, point, traffic, policy, market.failures)
    serving = nodes_standing(need.nodes, policy, policy.confidence)
    training = training_nodes(market, world, option)[::EVERY]
    nodes = serving + nodes_standing(training, policy, policy.confidence)
    months = market.scenario.months
    price = market.catalogue.prices.series(option.instance.name, policy.term, months)
    return _Bid(found, int(nodes[-1]), float(committed_usd(nodes, price, policy.term).sum()))


def _thinned(traffic: Traffic) -> Traffic:
    """Every eighth draw of a load: enough to tell candidates apart."""
    lengths = traffic.lengths
    return Traffic(
        traffic.rate[::EVERY],
        TokenLengths(lengths.prompt[::EVERY], lengths.cached[::EVERY], lengths.reply[::EVERY]),
        traffic.speed[::EVERY],
        traffic.variability[::EVERY],
    )


def _dearer(chosen: _Bid, bids: list[_Bid]) -> list[Rejection]:
    """The cheapest bid of every other node type, by price over the plan."""
    best: dict[str, _Bid] = {}
    for bid in sorted(bids, key=lambda bid: bid.usd):
        best.setdefault(bid.candidate.option.instance.name, bid)
    best.pop(chosen.candidate.option.instance.name, None)
    return [
        Rejection(
            bid.candidate.option.name,
            f"{percent(bid.usd / chosen.usd - 1.0)} dearer over the plan: {say(bid.usd, 'USD')} "
            f"for up to {bid.nodes} nodes against {say(chosen.usd, 'USD')} for {chosen.nodes}",
            "cost",
        )
        for bid in best.values()
    ]


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


def training_nodes(market: Market, world: World, option: Option) -> Ints:
    """Nodes that background training keeps busy.

    Parameters
    ----------
    market : Market
        Model and catalogue.
    world : World
        Draws of the inputs.
    option : Option
        Node type.

    Returns
    -------
    numpy.ndarray, shape (draws, months)
        Whole nodes, the same in every month. [nodes]
    """
    x, instance = world.x, option.instance
    gpus = training_gpus(
        market.parameters.active,
        x["training_tokens_per_run"] * x["training_runs_per_month"],
        market.catalogue.accelerators[instance.accelerator].flops["fp16"],
        x["model_flop_utilisation"],
        x["training_goodput"],
    )
    nodes = np.ceil(gpus / instance.gpus).astype(np.int64)
    return np.broadcast_to(nodes, world.traffic.rate.shape)
