"""Choice of hardware: every node type that could serve, the cheapest, and why not the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from capacity.fleet.orders import order_date
from capacity.fleet.sizing import Option, Traffic, batch_at_limits, size
from capacity.market.catalogue import Catalogue
from capacity.market.hardware import Architecture, Instance
from capacity.money.cost import hosted_usd
from capacity.numbers import percent, say
from capacity.policy import AUTO, Policy
from capacity.scenarios.scenario import Scenario
from capacity.serving.calibration import ServingConstants
from capacity.serving.latency import Binding
from capacity.serving.replica import Replica
from capacity.serving.transformer import ParameterCount, count_parameters
from forecast.shipped.place import nearest

if TYPE_CHECKING:
    from capacity.fleet.redundancy_rule import Redundancy

MISSES = {
    Binding.WEIGHTS: ("the weights do not fit into its memory", "memory"),
    Binding.MEMORY: ("not one request fits into its memory beside the weights", "memory"),
    Binding.BATCH: ("the engine allows no batch", "memory"),
    Binding.TPOT: ("misses the time per token even for one request", "latency"),
    Binding.TTFT: ("misses the time to first token even for one request", "latency"),
}


@dataclass(frozen=True)
class Rejection:
    """An option that was not chosen.

    Parameters
    ----------
    option : str
        What was looked at.
    reason : str
        Why it was refused, with the figure that decided.
    binding : str
        The constraint: date, price, precision, memory, parallelism,
        latency or cost.

    Examples
    --------
    >>> Rejection("p5.48xlarge", "to be had from 2023-07", "date").binding
    'date'
    """

    option: str
    reason: str
    binding: str


@dataclass(frozen=True)
class Candidate:
    """The best way to use one node type, at the median load of the last month.

    Parameters
    ----------
    option : Option
        Node type and replica.
    nodes : int
        Serving nodes over all zones and regions. [nodes]
    usd_per_month : float
        Their price. [USD/month]
    """

    option: Option
    nodes: int
    usd_per_month: float


@dataclass(frozen=True)
class Market:
    """What the choice of hardware looks at, besides the load.

    Parameters
    ----------
    catalogue : Catalogue
        Cards, nodes, models, prices.
    constants : ServingConstants
        Calibrated constants of the serving model.
    scenario : Scenario
        Months and model.
    policy : Policy
        Provider, term, precision, latency, redundancy.
    failures : Failures or RequestWeighted
        Reliability to design for, with the rule by which spares are found.
    """

    catalogue: Catalogue
    constants: ServingConstants
    scenario: Scenario
    policy: Policy
    failures: Redundancy

    def weeks(self, instance: Instance, month: np.datetime64) -> float | None:
        """Lead time of an order placed in a month.

        Parameters
        ----------
        instance : Instance
            Node type.
        month : numpy.datetime64
            Month of the order.

        Returns
        -------
        float or None
            None where it could not be ordered yet, or no figure is known. [weeks]
        """
        if month < instance.purchasable_from:
            return None
        known = self.catalogue.lead_times_of(instance)
        return next((item.mid for item in known if item.period.holds_in(month)), None)

    def price(self, instance: Instance) -> float:
        """Price of a node in the last month of the plan, under the term of the policy.

        Parameters
        ----------
        instance : Instance
            Node type.

        Returns
        -------
        float
            [USD/h]

        Raises
        ------
        ValueError
            If it has no price then.
        """
        last = self.scenario.months[-1]
        return self.catalogue.price(instance.name, self.policy.term, last).value

    def replica(self, instance: Instance, tp: int, dtype: str) -> Replica:
        """The model of the scenario on some cards of a node.

        Parameters
        ----------
        instance : Instance
            Node type.
        tp : int
            Cards that share one replica. [GPUs]
        dtype : str
            Number type of weights and cache.

        Returns
        -------
        Replica
            Ready to be sized.

        Raises
        ------
        ValueError
            If the card does not know the number type.
        """
        return Replica(
            accelerator=self.catalogue.accelerators[instance.accelerator],
            architecture=self.architecture,
            tp=tp,
            weight_dtype=dtype,
            kv_dtype=dtype,
            cache=self.scenario.cache,
        )

    @property
    def architecture(self) -> Architecture:
        """Model that serves.

        Raises
        ------
        ValueError
            If the catalogue does not know it.
        """
        return self.catalogue.architecture(self.scenario.architecture)

    @property
    def parameters(self) -> ParameterCount:
        """Parameters of the model that serves."""
        return count_parameters(self.architecture)


def choose(market: Market, traffic: Traffic) -> tuple[list[Candidate], list[Rejection]]:
    """Candidates that serve, cheapest first, and the rejected node types.

    Parameters
    ----------
    market : Market
        Everything but the load.
    traffic : Traffic
        Median load of the last month, arrays of shape (1, 1).

    Returns
    -------
    list of Candidate, list of Rejection
        Every parallelism that meets every target on node types that could be had in the first
        month of the plan; then the other node types with their reasons.

    Raises
    ------
    ValueError
        If the policy names an unknown provider or instance, or the scenario an unknown model.
    """
    candidates, rejections = [], []
    for instance in considered(market):
        found = _usable(market, instance, traffic)
        if isinstance(found, Rejection):
            rejections.append(found)
        elif not in_time(market, instance):
            rejections.append(_too_late(market, found[0]))
        else:
            candidates += found
    candidates.sort(key=lambda found: found.usd_per_month)
    return candidates, rejections


def dearer(candidate: Candidate, chosen: Candidate) -> Rejection:
    """Rejection of a candidate that serves but costs more.

    Parameters
    ----------
    candidate, chosen : Candidate
        Both meet every target.

    Returns
    -------
    Rejection
        With the difference in cost.
    """
    share = candidate.usd_per_month / chosen.usd_per_month - 1.0
    return Rejection(
        candidate.option.name,
        f"{percent(share)} dearer: {candidate.nodes} nodes at "
        f"{say(candidate.usd_per_month, 'USD/month')} against {chosen.nodes} at "
        f"{say(chosen.usd_per_month, 'USD/month')}",
        "cost",
    )


def considered(market: Market) -> list[Instance]:
    """Node types that the policy allows: all of its provider, unless it names one.

    Parameters
    ----------
    market : Market
        Catalogue and policy.

    Returns
    -------
    list of Instance
        In catalogue order.

    Raises
    ------
    ValueError
        If the policy names an unknown provider or instance.
    """
    policy, instances = market.policy, market.catalogue.instances
    if policy.instance != AUTO:
        if policy.instance not in instances:
            near = nearest(policy.instance, instances)
            raise ValueError(f"unknown instance {policy.instance[:80]!r}; {near}")
        return [instances[policy.instance]]
    providers = {instance.provider for instance in instances.values()}
    if policy.provider not in providers:
        near = nearest(policy.provider, providers)
        raise ValueError(f"unknown provider {policy.provider[:80]!r}; {near}")
    return [node for node in instances.values() if node.provider == policy.provider]


def _usable(market: Market, instance: Instance, traffic: Traffic) -> list[Candidate] | Rejection:
    """Every parallelism that serves on a node type, cheapest first, or why none does."""
    last = market.scenario.months[-1]
    if instance.purchasable_from > last:
        return Rejection(
            instance.name,
            f"to be had from {instance.purchasable_from}, after the plan ends in {last}",
            "date",
        )
    try:
        price = market.price(instance)
    except ValueError as error:
        return Rejection(instance.name, str(error), "price")
    looked_at = list(_candidates(market, instance, traffic, price))
    usable = [found for found in looked_at if isinstance(found, Candidate)]
    if usable:
        return sorted(usable, key=lambda found: found.usd_per_month)
    reasons = [found for found in looked_at if isinstance(found, Rejection)]
    reasons = reasons or [Rejection(instance.name, _indivisible(market, instance), "memory")]
    return _with_nearest(market, instance, traffic, reasons[-1])


def _indivisible(market: Market, instance: Instance) -> str:
    asked = " or ".join(map(str, market.policy.gpus_per_replica))
    return f"{asked} GPUs a replica do not divide the {instance.gpus} of the node"


def _with_nearest(
    market: Market, instance: Instance, traffic: Traffic, refused: Rejection
) -> Rejection:
    """The same, with the nearest number of GPUs a replica that serves where one was asked for."""
    if market.policy.tensor_parallel == AUTO:
        return refused
    free = replace(market, policy=replace(market.policy, tensor_parallel=AUTO))
    found = _candidates(free, instance, traffic, 0.0)
    (asked,) = market.policy.gpus_per_replica
    serve = [one.option.replica.gpus for one in found if isinstance(one, Candidate)]
    if not serve:
        return refused
    best = min(serve, key=lambda gpus: abs(gpus - asked))
    return replace(refused, reason=f"{refused.reason}; {best} would serve", binding="parallelism")


def _candidates(
    market: Market, instance: Instance, traffic: Traffic, price: float
) -> Iterator[Candidate | Rejection]:
    policy = market.policy
    card = market.catalogue.accelerators[instance.accelerator]
    for tp in policy.gpus_per_replica:
        if instance.gpus % tp:
            continue
        try:
            replica = market.replica(instance, tp, policy.precision)
        except ValueError as error:
            yield Rejection(instance.name, str(error), "precision")
            return
        option = Option(instance, replica)
        point = batch_at_limits(option, traffic, policy, market.constants)
        if point.concurrency.item() == 0:
            words, binding = MISSES[Binding(point.binding.item())]
            yield Rejection(instance.name, f"{card.name}, {tp} GPUs a replica: {words}", binding)
            continue
        need = size(option, point, traffic, policy, market.failures)
        nodes = int(need.nodes.item())
        yield Candidate(option, nodes, float(hosted_usd(nodes, price)))


def in_time(market: Market, instance: Instance) -> bool:
    """Whether nodes can stand in the first month of the plan.

    Parameters
    ----------
    market : Market
        Months and lead times.
    instance : Instance
        Node type.

    Returns
    -------
    bool
        False also where no lead time is known.
    """
    first = market.scenario.months[0]
    if instance.purchasable_from > first:
        return False
    try:
        order_date(first, lambda month: market.weeks(instance, month))
    except ValueError:
        return False
    return True


def _too_late(market: Market, found: Candidate) -> Rejection:
    instance, first = found.option.instance, market.scenario.months[0]
    return Rejection(
        found.option.name,
        f"to be had from {instance.purchasable_from}, none could stand when the plan begins in "
        f"{first}; in "
        f"{market.scenario.months[-1]} it would serve with {found.nodes} nodes for "
        f"{say(found.usd_per_month, 'USD/month')}",
        "date",
    )


def median_traffic(traffic: Traffic) -> Traffic:
    """Load of the median draw in the last month.

    Parameters
    ----------
    traffic : Traffic
        Arrays of shape (draws, months) and (draws, 1).

    Returns
    -------
    Traffic
        Arrays of shape (1, 1).
    """

    def middle(
        values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.median(values[:, -1:], axis=0, keepdims=True)

    lengths = type(traffic.lengths)(
        middle(traffic.lengths.prompt),
        middle(traffic.lengths.cached),
        middle(traffic.lengths.reply),
    )
    return Traffic(
        middle(traffic.rate), lengths, middle(traffic.speed), middle(traffic.variability)
    )
