"""Every node type, parallelism and number type, by cost at equal service, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from capacity.fleet.choice import Market, considered, in_time
from capacity.fleet.sizing import Option, Traffic, batch_at_limits, size
from capacity.market.hardware import DTYPES, GIB, Instance
from capacity.money.cost import hosted_usd
from capacity.numbers import percent
from capacity.policy import PARALLELISM, Policy
from capacity.serving.calibration import ServingConstants
from capacity.serving.latency import Binding, ServingPoint
from capacity.serving.replica import Replica, TokenLengths, cache_bytes
from capacity.serving.transformer import kv_bytes_per_token
from forecast.shipped.place import nearest

CHOSEN, COST = "chosen", "cost"
_TEN = 10.0


@dataclass(frozen=True)
class Ranked:
    """One option and its verdict.

    Parameters
    ----------
    name : str
        Node type, tensor parallelism and number type.
    accelerator : str
        Card inside.
    gpus : int
        Cards of a replica. [1]
    binding : str
        ``chosen``, ``cost``, or the constraint that refuses it: memory, latency, precision,
        price or date.
    reason : str
        The figure that decided.
    nodes : int, optional
        Nodes at equal service, all zones and regions; None where it cannot serve. [nodes]
    usd_per_month : float, optional
        Their price. [USD/month]
    option : Option, optional
        What was sized; None where it cannot be built.
    """

    name: str
    accelerator: str
    gpus: int
    binding: str
    reason: str
    nodes: int | None = None
    usd_per_month: float | None = None
    option: Option | None = None

    @property
    def serves(self) -> bool:
        """Whether it meets every target and can be had."""
        return self.binding in (CHOSEN, COST)


def rank(market: Market, traffic: Traffic, dtypes: Sequence[str] = DTYPES) -> tuple[Ranked, ...]:
    """Rank all options of the provider.

    Parameters
    ----------
    market : Market
        Everything but the load.
    traffic : Traffic
        Median load, arrays of shape (1, 1).
    dtypes : sequence of str
        Number types of weights and cache to look at.

    Returns
    -------
    tuple of Ranked
        Cheapest first; then what cannot serve. Equal service is the latency share, the
        availability and the redundancy of the policy.

    Raises
    ------
    ValueError
        If the policy names an unknown provider or instance, the scenario an unknown model, or a
        number type is unknown.
    """
    unknown = [dtype for dtype in dtypes if dtype not in DTYPES]
    if unknown:
        raise ValueError(f"unknown number type {unknown[0][:80]!r}; {nearest(unknown[0], DTYPES)}")
    nodes = considered(market)
    found = [item for node in nodes for item in _of_node(market, node, traffic, dtypes)]
    serving = sorted((item for item in found if item.serves), key=_cost)
    refused = [item for item in found if not item.serves]
    return (*_compared(serving), *refused)


def _cost(item: Ranked) -> tuple[float, int]:
    return (item.usd_per_month or 0.0, item.gpus)


def _compared(serving: Sequence[Ranked]) -> Iterator[Ranked]:
    """Say of each by how much it is dearer than the first."""
    for item in serving:
        if item is serving[0]:
            yield replace(item, binding=CHOSEN, reason="cheapest that meets every target")
            continue
        share = _cost(item)[0] / _cost(serving[0])[0] - 1.0
        same = f"as dear as the cheapest, {item.gpus} GPUs a replica"
        yield replace(item, reason=f"dearer by {percent(share)}" if share > 0.0 else same)


def _of_node(
    market: Market, node: Instance, traffic: Traffic, dtypes: Sequence[str]
) -> Iterator[Ranked]:
    """All options on one node type."""
    price = _price(market, node)
    for dtype in dtypes:
        for tp in (tp for tp in PARALLELISM if node.gpus % tp == 0):
            yield _judged(market, node, traffic, (tp, dtype), price)


def _price(market: Market, node: Instance) -> float | str:
    """Price an hour in the last month, or why there is none."""
    try:
        return market.price(node)
    except ValueError as error:
        return f"cannot be had: {error}"


def _judged(
    market: Market, node: Instance, traffic: Traffic, how: tuple[int, str], price: float | str
) -> Ranked:
    tp, dtype = how
    name = f"{node.name} TP{tp} {dtype}"
    bare = Ranked(name, node.accelerator, tp, COST, "")
    if not in_time(market, node):
        return replace(bare, binding="date", reason=_too_late(market, node))
    if isinstance(price, str):
        return replace(bare, binding="price", reason=price)
    try:
        replica = market.replica(node, tp, dtype)
    except ValueError as error:
        return replace(bare, binding="precision", reason=str(error))
    option = Option(node, replica)
    point = batch_at_limits(option, traffic, market.policy, market.constants)
    if point.concurrency.item() == 0:
        binding, reason = _miss(replica, point, traffic, market.policy, market.constants)
        return replace(bare, binding=binding, reason=reason, option=option)
    nodes = int(size(option, point, traffic, market.policy, market.failures).nodes.item())
    usd = float(hosted_usd(nodes, price))
    return replace(bare, nodes=nodes, usd_per_month=usd, option=option)


def _miss(
    replica: Replica,
    point: ServingPoint,
    traffic: Traffic,
    policy: Policy,
    constants: ServingConstants,
) -> tuple[str, str]:
    """Constraint and figure by which even one request misses."""
    speed = traffic.speed.item()
    late_ms = {
        Binding.TPOT: ("TPOT", 1e3 * (point.tpot_s.item() / speed - policy.tpot_s)),
        Binding.TTFT: ("TTFT", 1e3 * (point.ttft_s.item() / speed - policy.ttft_s)),
    }
    binding = Binding(point.binding.item())
    if binding in late_ms:
        target, over = late_ms[binding]
        return "latency", f"misses {target} by {_two_digits(over)} ms even for one request"
    lacking = _lacking_gib(replica, traffic.lengths, constants)
    return "memory", f"does not fit by {_two_digits(lacking)} GiB"


def _two_digits(value: float) -> str:
    """Two significant digits at least, and never an exponent."""
    return f"{value:,.0f}" if value >= _TEN else f"{value:.2g}"


def _lacking_gib(replica: Replica, lengths: TokenLengths, constants: ServingConstants) -> float:
    """Memory that the weights with one request beside them lack, over all cards [GiB]."""
    per_token = kv_bytes_per_token(replica.architecture, replica.kv_dtype, replica.tp)
    tokens = replica.cache.kept(lengths.prompt + lengths.reply).item()
    request = tokens * per_token / replica.cache.layers_per_cache
    return (request - cache_bytes(replica, constants)) / constants.memory_share / GIB


def _too_late(market: Market, node: Instance) -> str:
    first = market.scenario.months[0]
    if node.purchasable_from > first:
        return f"cannot be had before {node.purchasable_from}; the plan begins in {first}"
    return f"cannot be had: no order would arrive by {first}"
