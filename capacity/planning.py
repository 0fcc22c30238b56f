"""The plan: one chain from reported history to a purchase, in the same draws throughout."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from capacity.architecture import count_parameters
from capacity.arrays import Floats, Ints
from capacity.availability import nodes_per_zone
from capacity.bill import bill, billed_storage, energy, unit_costs
from capacity.calibration import ServingConstants
from capacity.catalogue import Catalogue
from capacity.choice import Candidate, Market, Rejection, choose, dearer, median_traffic
from capacity.demand import Demand, demand
from capacity.error_budget import availability_reached, error_budget, layouts, pool_unavailability
from capacity.evidence import cross_check, serving_summary
from capacity.latency import ServingPoint
from capacity.orders import Order, place_orders, standing
from capacity.outcome import CapacityPlan, Infeasible
from capacity.policy import Policy
from capacity.precision import rank_spread
from capacity.provenance import VERSION, data_hashes
from capacity.redundancy import bounding_cause, pool_availability_needed
from capacity.resources import load, machines, network, storage
from capacity.scenario import Scenario
from capacity.scenario_parts import CrossCheck
from capacity.serving import TokenLengths
from capacity.serving_flags import serving_notes
from capacity.sizing import Need, Traffic, batch_at_limits, design_failures, size
from capacity.training import training_gpus
from capacity.waterfall import Step, waterfall
from capacity.workload import mean_rate_per_s
from forecast.datasets import data_path, profile
from forecast.messages import shown

FEWEST, MOST = 100, 1_000_000  # draws
MOST_CELLS = 1_000_000  # draws times months: a plan of them takes about 1 GB
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
LIMITS = (
    "Demand beyond the forecast's reference class, such as a platform shift, is not in the draws.",
    "Redundancy is designed for the middle value of every failure rate; it is not a draw.",
    "Failures are independent but for whole zones, whole regions and changes.",
    "Queueing is square-root staffing at the peak minute; scheduling inside a batch is averaged.",
    "Stores are empty before the first month; images, voice and search are not modelled.",
    "GPU nodes at the provider's list prices; hosts, databases, storage and traffic always at "
    "those of AWS in one region. Tax, people and offices are left out.",
)


@dataclass(frozen=True)
class _World:
    """Draws that do not depend on the choice of hardware."""

    x: Mapping[str, Floats]
    wanted: Demand
    resources: dict[str, Floats]
    traffic: Traffic


@dataclass(frozen=True)
class _Fleet:
    """The chosen hardware and what it takes, draw by draw."""

    chosen: Candidate
    point: ServingPoint
    need: Need
    training: Ints
    rejections: tuple[Rejection, ...]


@cache
def shipped_catalogue() -> Catalogue:
    """Catalogue of the shipped data, read once.

    Returns
    -------
    Catalogue
        Cards, nodes, models, prices.

    Examples
    --------
    >>> shipped_catalogue().instances["p4d.24xlarge"].gpus
    8
    """
    return Catalogue.load()


@cache
def shipped_constants() -> ServingConstants:
    """Constants of the serving model as shipped, read once.

    Returns
    -------
    ServingConstants
        Calibrated constants.

    Examples
    --------
    >>> 0.5 < shipped_constants().bandwidth_efficiency < 1
    True
    """
    return ServingConstants.from_toml(data_path("serving.toml"))


def plan(
    scenario: Scenario, policy: Policy | None = None, *, seed: int = 7, draws: int = 10_000
) -> CapacityPlan | Infeasible:
    """Plan capacity for a scenario under a policy.

    Parameters
    ----------
    scenario : Scenario
        The world we do not control.
    policy : Policy, optional
        What we do control; the scenario's own if left out.
    seed : int
        Seed of all draws, not negative. [1]
    draws : int
        Number of joint draws, at least 100. [1]

    Returns
    -------
    CapacityPlan or Infeasible
        The plan; or, where no plan meets the policy, the reason.

    Raises
    ------
    ValueError
        If the seed or the number of draws is out of range, or the scenario names an unknown
        model, profile, provider or instance.

    Examples
    --------
    >>> from capacity.scenario_file import load_scenario
    >>> outcome = plan(load_scenario("reported-case"), seed=7, draws=200)
    >>> outcome.months.size
    30
    """
    policy = scenario.policy if policy is None else policy
    _check_numbers(seed, draws, len(scenario.months))
    market = _market(scenario, policy)
    try:
        _least_pool(market)
    except ValueError as error:
        return _unreachable(market, str(error))
    world = _world(market, seed, draws)
    fleet = _fleet(market, world)
    return fleet if isinstance(fleet, Infeasible) else _assemble(market, world, fleet, seed)


def _check_numbers(seed: int, draws: int, months: int) -> None:
    """Refuse seeds and draws out of range before anything large is made."""
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in (seed, draws))
    if not whole or seed < 0 or not FEWEST <= draws <= MOST:
        raise ValueError(
            f"seed = {shown(seed)}, draws = {shown(draws)}: whole numbers, allowed from 0, and "
            f"{FEWEST} to {MOST:,}"
        )
    if draws * months > MOST_CELLS:
        raise ValueError(
            f"draws = {draws:,} in {months} months: allowed are {MOST_CELLS // months:,} draws"
        )


def _least_pool(market: Market) -> None:
    """Raise where no pool of any size meets the target: services, changes or zones forbid it."""
    policy, failures = market.policy, market.failures
    target = pool_availability_needed(policy.availability, policy.regions, failures.risks)
    up = (failures.node_availability, failures.zone_availability)
    nodes_per_zone(np.array([1]), policy.zones, *up, target)


def _market(scenario: Scenario, policy: Policy) -> Market:
    failures = design_failures(scenario.inputs, policy)
    return Market(shipped_catalogue(), shipped_constants(), scenario, policy, failures)


def _unreachable(market: Market, reason: str) -> Infeasible:
    regions = market.policy.regions
    cause = bounding_cause(regions, market.failures.risks)
    zones_down = (1.0 - market.failures.zone_availability) ** market.policy.zones
    reached = availability_reached(zones_down, market.policy, market.failures)
    remedies = [f"a target of at most {math.floor(1e5 * reached - 1) / 1e5:.5f}"]
    if regions == 1:
        remedies.append("two regions: --policy regions=2")
    if market.policy.zones == 1:
        remedies.append("two zones: --policy zones=2")
    if cause == "changes":
        remedies.append("fewer changes, or a smaller canary: --policy canary_share=0.01")
    return Infeasible(market.scenario, market.policy, reason, tuple(remedies))


def _world(market: Market, seed: int, draws: int) -> _World:
    scenario, policy = market.scenario, market.policy
    x = scenario.draw(draws, seed)
    wanted = demand(scenario, x["demand_factor"], draws, seed)
    rates = load(wanted.users, wanted.queries, x, profile(scenario.profile))
    parameters = _parameters(market, active=False)
    stored = storage(wanted.queries, x, policy, parameters)
    resources = {
        **rates,
        **stored,
        **billed_storage(stored, policy),
        **network(rates, x, policy, parameters),
        **machines(rates["peak_rate"], x, policy),
    }
    prompt = np.maximum(1.0, x["prompt_tokens"])
    reply = np.maximum(1.0, x["reply_tokens"])
    traffic = Traffic(
        rate=rates["peak_rate"],
        lengths=TokenLengths(prompt, prompt * x["cached_share"], reply),
        speed=x["serving_error"] * x["engine_maturity"],
        variability=(x["arrival_variability"] + x["reply_variability"]) / 2.0,
    )
    return _World(x, wanted, resources, traffic)


def _parameters(market: Market, *, active: bool) -> float:
    counts = count_parameters(market.architecture)
    return float(counts.active if active else counts.total)


def _fleet(market: Market, world: _World) -> _Fleet | Infeasible:
    """Cheapest hardware that keeps the latency targets in nearly all draws."""
    candidates, rejections = choose(market, median_traffic(world.traffic))
    for place, found in enumerate(candidates):
        point = batch_at_limits(found.option, world.traffic, market.policy, market.constants)
        missed = float(np.mean(point.concurrency == 0))
        if missed > MISSED:
            reason = f"misses a latency target in {missed:.1%} of the draws even one at a time"
            rejections.insert(0, Rejection(found.option.name, reason, "latency"))
            continue
        need = size(found.option, point, world.traffic, market.policy, market.failures)
        others = [dearer(other, found) for other in candidates[place + 1 :]]
        training = _training_nodes(market, world, found)
        return _Fleet(found, point, need, training, (*others, *rejections))
    reason, remedy = _why_none(rejections)
    return Infeasible(market.scenario, market.policy, reason, (remedy,), tuple(rejections))


def _why_none(rejections: list[Rejection]) -> tuple[str, str]:
    """Reason and remedy by the constraint that the most promising node type met."""
    bindings = {item.binding for item in rejections}
    first = next(binding for binding in NONE_SERVES if binding in bindings)
    return NONE_SERVES[first]


def _training_nodes(market: Market, world: _World, found: Candidate) -> Ints:
    x, instance = world.x, found.option.instance
    gpus = training_gpus(
        _parameters(market, active=True),
        x["training_tokens_per_run"] * x["training_runs_per_month"],
        market.catalogue.accelerators[instance.accelerator].flops["fp16"],
        x["model_flop_utilisation"],
        x["training_goodput"],
    )
    nodes = np.ceil(gpus / instance.gpus).astype(np.int64)
    return np.broadcast_to(nodes, world.traffic.rate.shape)


def _assemble(market: Market, world: _World, fleet: _Fleet, seed: int) -> CapacityPlan:
    policy, scenario = market.policy, market.scenario
    needed = {"serving": fleet.need.nodes, "training": fleet.training}
    bought = _standing(needed, policy, policy.confidence)
    need = int(_quantile(fleet.need.region_nodes[:, -1:], policy.confidence)[0])
    zone_nodes = int(bought["serving"][-1]) // (policy.zones * policy.regions)
    pool = pool_unavailability(need, zone_nodes, policy, market.failures)
    draws = _metrics(market, world, fleet, bought)
    return CapacityPlan(
        scenario=scenario,
        policy=policy,
        months=scenario.months,
        kinds=world.wanted.kinds,
        draws=draws,
        option=fleet.chosen.option,
        serving=serving_summary(fleet.point, world.traffic),
        serving_nodes=bought["serving"],
        training_nodes=bought["training"],
        nodes_error=_nodes_error(needed, bought, policy),
        shortfall=(fleet.need.nodes > bought["serving"]).mean(axis=0),
        orders=_orders(market, bought, fleet.chosen),
        budget=error_budget(need, zone_nodes, policy, market.failures),
        availability=availability_reached(pool, policy, market.failures),
        bound=_bound(fleet, world, market),
        waterfall=_waterfall(world, fleet, policy, bought),
        rejections=fleet.rejections,
        layouts=layouts(need * max(1, policy.regions - 1), policy, market.failures),
        checks=tuple(cross_check(item, draws, scenario.months) for item in _within(scenario)),
        notes=(*world.wanted.notes, *_doubts(market, world, fleet), *LIMITS),
        seed=seed,
        version=VERSION,
        hashes=data_hashes(),
    )


def _doubts(market: Market, world: _World, fleet: _Fleet) -> tuple[str, ...]:
    """Why the throughput of the chosen hardware deserves doubt."""
    lengths = world.traffic.lengths
    prompt, reply = (float(np.median(tokens)) for tokens in (lengths.prompt, lengths.reply))
    replica = fleet.chosen.option.replica
    return serving_notes(replica, TokenLengths.of(prompt, reply), market.constants)


def _within(scenario: Scenario) -> list[CrossCheck]:
    """Published figures of months that are planned."""
    months = scenario.months
    return [item for item in scenario.cross_checks if np.datetime64(item.month, "M") in months]


def _standing(needed: Mapping[str, Ints], policy: Policy, p: float) -> dict[str, Ints]:
    """Nodes that stand when orders cover a quantile of the need, by purpose. [nodes]"""
    return {
        purpose: standing(_quantile(nodes, p), policy.order_months)
        for purpose, nodes in needed.items()
    }


def _nodes_error(needed: Mapping[str, Ints], bought: Mapping[str, Ints], policy: Policy) -> Ints:
    """Nodes that another seed may order more or fewer, month by month. [nodes]"""
    p, draws = policy.confidence, len(needed["serving"])
    spread = rank_spread(p, draws)
    more = _standing(needed, policy, min(1.0, p + spread))
    fewer = _standing(needed, policy, max(0.0, p - spread))
    return sum(
        (np.maximum(more[key] - bought[key], bought[key] - fewer[key]) for key in bought),
        start=np.zeros(len(bought["serving"]), dtype=np.int64),
    )


def _quantile(nodes: Ints, p: float) -> Floats:
    """Smallest count that suffices with probability `p`, month by month. [nodes]"""
    return np.asarray(np.quantile(nodes, p, axis=0, method="inverted_cdf"), dtype=np.float64)


def _metrics(
    market: Market, world: _World, fleet: _Fleet, bought: Mapping[str, Ints]
) -> dict[str, Floats]:
    instance, months = fleet.chosen.option.instance, market.scenario.months
    card = market.catalogue.accelerators[instance.accelerator]
    serving = fleet.need.nodes * float(instance.gpus)
    training = fleet.training * float(instance.gpus)
    purchase = (instance.name, market.policy.term)
    costs = bill(world.resources, world.x, bought, purchase, market.catalogue.prices, months)
    mean_load = mean_rate_per_s(world.wanted.queries) * fleet.need.service_s / fleet.need.batch
    return {
        **world.resources,
        "load_gpus": fleet.need.load_gpus,
        "serving_gpus": serving,
        "training_gpus": training,
        "gpus": serving + training,
        **costs,
        **unit_costs(costs["cost"], world.resources, world.x),
        "utilisation": mean_load
        * fleet.chosen.option.replica.gpus
        / (bought["serving"] * instance.gpus),
        **energy(bought["serving"] + bought["training"], instance, card, world.x),
    }


def _orders(market: Market, bought: Mapping[str, Ints], chosen: Candidate) -> tuple[Order, ...]:
    origin = market.scenario.queries.origin
    today: datetime.date = (origin + 1).astype("datetime64[D]").item()

    def weeks(month: np.datetime64) -> float | None:
        return market.weeks(chosen.option.instance, month)

    lots = [
        lot
        for purpose, nodes in bought.items()
        for lot in place_orders(nodes, market.scenario.months, purpose, weeks, today)
    ]
    return tuple(sorted(lots, key=lambda lot: (lot.order_by, lot.purpose)))


def _bound(fleet: _Fleet, world: _World, market: Market) -> str:
    """What a planner would have to change to need fewer machines."""
    summary = serving_summary(fleet.point, world.traffic)
    return f"{summary.binding} limits each replica to {summary.batch:.0f} requests at once"


def _waterfall(
    world: _World, fleet: _Fleet, policy: Policy, bought: Mapping[str, Ints]
) -> tuple[Step, ...]:
    nodes = float(_quantile(fleet.need.nodes[:, -1:], policy.confidence)[0])
    return waterfall(
        fleet.need,
        mean_rate_per_s(world.wanted.queries[:, -1]),
        world.traffic.rate[:, -1],
        fleet.chosen.option,
        policy.regions,
        (nodes, int(bought["serving"][-1]), int(bought["training"][-1])),
    )
