"""From a market and token lengths to the mix problem: what each node type does for each class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats
from capacity.fleet.choice import Market
from capacity.fleet.gpu_mix import Mix, MixProblem, NoMix, cheapest_mix, one_type
from capacity.fleet.ranking import Ranked
from capacity.fleet.sizing import Option, Traffic, batch_at_limits
from capacity.load.workload import serving_time_s
from capacity.numbers import percent
from capacity.queueing.erlang import staffing
from capacity.serving.lengths import LengthModel, scaled
from capacity.serving.replica import TokenLengths
from forecast.shipped.place import nearest

_LOG2_REQUESTS = 13


@dataclass(frozen=True)
class SizeClasses:
    """Requests grouped by length; arrays of shape (classes,).

    Parameters
    ----------
    share : ndarray
        Part of all requests. [1]
    prompt, reply : ndarray
        Mean lengths. [tokens]
    """

    share: Floats
    prompt: Floats
    reply: Floats


@dataclass(frozen=True)
class MixResult:
    """A mix beside the best single type.

    Parameters
    ----------
    options : tuple of Option
        What the mix could use, in the order of its arrays.
    problem : MixProblem
        Classes, capacities, prices and limits.
    classes : SizeClasses
        Requests by length.
    found : Mix or NoMix
        The answer.
    headroom : float
        Places over busy places: what the queueing at the peak minute takes. [1]
    pools : tuple of str
        Names of the pools that limits refer to: accelerators.
    """

    options: tuple[Option, ...]
    problem: MixProblem
    classes: SizeClasses
    found: Mix | NoMix
    headroom: float
    pools: tuple[str, ...]

    @property
    def single(self) -> tuple[Option, int, float] | None:
        """Best single option, its nodes and its price, or None [USD/h]."""
        nodes, usd = one_type(self.problem)
        best = int(np.argmin(usd))
        if not np.isfinite(usd[best]):
            return None
        return self.options[best], int(nodes[best]), float(usd[best])

    @property
    def reason(self) -> str:
        """Why there is no mix; empty where there is one."""
        if isinstance(self.found, Mix):
            return ""
        if self.found.unserved:
            first = self.found.unserved[0]
            size = f"{self.classes.prompt[first]:.0f} + {self.classes.reply[first]:.0f} tokens"
            count = len(self.found.unserved)
            return f"{count} classes fit no type within the targets; the first has {size}"
        names = ", ".join(
            f"{self.pools[pool]} ({self.problem.limits[pool]:.0f} nodes)"
            for pool in self.found.exhausted
        )
        return f"{percent(self.found.served)} of the load can be served; used up: {names}"


def size_classes(lengths: LengthModel, bins: int) -> SizeClasses:
    """Group requests by quantiles of prompt and reply.

    Parameters
    ----------
    lengths : LengthModel
        Prompts and replies together.
    bins : int
        Classes along each of the two. [1]

    Returns
    -------
    SizeClasses
        At most bins times bins classes; empty ones are left out.

    Raises
    ------
    ValueError
        If there is no class.
    """
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}")
    prompt, reply = lengths.spread_evenly(_LOG2_REQUESTS)
    inner = np.arange(1, bins) / bins
    cell = np.digitize(prompt, np.quantile(prompt, inner)) * bins
    cell = cell + np.digitize(reply, np.quantile(reply, inner))
    count = np.bincount(cell, minlength=bins * bins)
    sums = [np.bincount(cell, values, bins * bins) for values in (prompt, reply)]
    kept = count > 0
    means = [total[kept] / count[kept] for total in sums]
    return SizeClasses(count[kept] / count.sum(), means[0], means[1])


def mix(
    market: Market,
    traffic: Traffic,
    ranked: Sequence[Ranked],
    lengths: LengthModel,
    *,
    bins: int = 10,
    limits: Mapping[str, float] | None = None,
) -> MixResult:
    """Cheapest mix of all options that can be had, for the nodes up at the peak minute.

    Parameters
    ----------
    market : Market
        Everything but the load.
    traffic : Traffic
        Median load, arrays of shape (1, 1); its mean lengths scale `lengths`.
    ranked : sequence of Ranked
        Options; those that cannot be built, priced or had are left out.
    lengths : LengthModel
        Shape of the distribution of lengths.
    bins : int
        Classes along prompt and reply. [1]
    limits : mapping of str to float, optional
        Most nodes by accelerator. [nodes]

    Returns
    -------
    MixResult
        Before spares, zones and regions, for the mix and for the single type alike.

    Raises
    ------
    ValueError
        If no option can be had, or a limit names an unknown accelerator.
    """
    options = tuple(item.option for item in ranked if item.option is not None)
    if not options:
        raise ValueError("no option can be had; see the ranking for the reasons")
    pools = tuple(dict.fromkeys(option.instance.accelerator for option in options))
    bounds = _limits(limits or {}, pools)
    model = LengthModel(
        scaled(lengths.prompt, traffic.lengths.prompt.item()),
        scaled(lengths.reply, traffic.lengths.reply.item()),
        lengths.correlation,
    )
    classes = size_classes(model, bins)
    capacity, places = _capacities(market, traffic, options, classes)
    headroom = _headroom(market, traffic, places)
    problem = MixProblem(
        classes.share * traffic.rate.item() * headroom,
        capacity,
        np.array([market.price(option.instance) for option in options]),
        np.array([pools.index(option.instance.accelerator) for option in options]),
        bounds,
    )
    return MixResult(options, problem, classes, cheapest_mix(problem), headroom, pools)


def _limits(limits: Mapping[str, float], pools: Sequence[str]) -> Floats:
    for name in limits:
        if name not in pools:
            raise ValueError(f"unknown limit {name[:80]!r}; {nearest(name, pools)}")
    return np.array([limits.get(pool, np.inf) for pool in pools], dtype=np.float64)


def _capacities(
    market: Market, traffic: Traffic, options: Sequence[Option], classes: SizeClasses
) -> tuple[Floats, float]:
    """Requests/s of each class that a node serves at the targets, and the shortest mean stay."""
    cached = traffic.lengths.cached.item() / traffic.lengths.prompt.item()
    lengths = TokenLengths.of(classes.prompt, classes.reply, classes.prompt * cached)
    rows, stays = [], []
    for option in options:
        column = Traffic(traffic.rate[0], lengths, traffic.speed[0], traffic.variability[0])
        point = batch_at_limits(option, column, market.policy, market.constants)
        speed = column.speed
        stay = serving_time_s(point.ttft_s / speed, point.tpot_s / speed, classes.reply)
        rows.append(option.replicas_per_node * point.concurrency / stay)
        stays.append(float(classes.share @ stay))
    return np.array(rows), min(stays)


def _headroom(market: Market, traffic: Traffic, stay_s: float) -> float:
    """Places over busy places that keep the latency share: most where requests leave soonest."""
    offered = traffic.rate.item() * stay_s
    waiting = 1.0 - market.policy.latency_share
    return float(staffing(offered, waiting, traffic.variability.item())) / offered
