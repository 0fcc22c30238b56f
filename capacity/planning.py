"""The plan: one chain from reported history to a purchase, in the same draws throughout."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping

import numpy as np

from capacity.arrays import Floats, Ints
from capacity.evidence import cross_check, serving_summary
from capacity.fleet.choice import Candidate, Market, median_traffic
from capacity.fleet.chosen import Fleet, choose_fleet, why_none
from capacity.fleet.error_budget import error_budget, layouts, never_short, reached
from capacity.fleet.orders import Order, place_orders
from capacity.fleet.purchase import committed_usd, covering, nodes_standing, owed_usd
from capacity.fleet.redundancy_rule import redundancy_rule
from capacity.fleet.sizing import Traffic
from capacity.fleet.waterfall import Step, waterfall
from capacity.load.workload import mean_rate_per_s
from capacity.market.catalogue import shipped_catalogue
from capacity.market.hardware import Instance
from capacity.money.bill import bill, energy, unit_costs
from capacity.numbers import exact
from capacity.outcome import CapacityPlan, Infeasible
from capacity.outlook import Outlook
from capacity.policy import LEVERS, Policy
from capacity.precision import rank_spread
from capacity.provenance import OWN_SERVING, VERSION, data_hashes
from capacity.scenarios.parts import CrossCheck
from capacity.scenarios.scenario import Scenario
from capacity.serving.calibration import ServingConstants
from capacity.serving.flags import serving_notes
from capacity.serving.model import shipped_serving
from capacity.serving.replica import TokenLengths
from capacity.world import World, draw_world
from forecast.messages import shown

FEWEST, MOST = 100, 1_000_000  # draws
MOST_CELLS = 1_000_000  # draws times months: a plan of them takes about 1 GB
REMEDIES: tuple[tuple[dict[str, float], str], ...] = (
    ({"regions": 2}, "two regions: --policy regions=2"),
    ({"zones": 2}, "two zones: --policy zones=2"),
    ({"zones": 2, "regions": 2}, "two zones in each of two regions: --policy zones=2 regions=2"),
    ({"canary_share": 0.01}, "a smaller canary: --policy canary_share=0.01"),
    ({"changes_per_month": 4}, "fewer changes: --policy changes_per_month=4"),
)
LEAST_TARGET = 0.9  # of a policy; sizes a load where the asked target has no plan
OF_SHIPPED_CONSTANTS = ("engine_maturity", "serving_error")
LIMITS = (
    "Demand beyond the forecast's reference class, such as a platform shift, is not in the draws.",
    "Redundancy is designed for the middle value of every failure rate; it is not a draw.",
    "Failures are independent but for zones, regions, common causes and changes.",
    "Every bad change is stopped at the canary group, and a failover that works takes no time.",
    "One node type is bought for the whole plan; nodes already owned are not known.",
    "Queueing is square-root staffing at the peak minute; scheduling inside a batch is averaged.",
    "Stores are empty before the first reported month; images and voice are not modelled.",
    "GPU nodes at the provider's list prices; hosts, databases, storage and traffic always at "
    "those of AWS in one region. Tax, people and offices are left out.",
)


def shipped_constants() -> ServingConstants:
    """Constants of the serving model as shipped.

    Returns
    -------
    ServingConstants
        Calibrated constants.

    Examples
    --------
    >>> 0.0 < shipped_constants().overlap < 1.0
    True
    """
    return shipped_serving().constants


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
    >>> from capacity.scenarios.file import load_scenario
    >>> outcome = plan(load_scenario("reported-case"), seed=7, draws=200)
    >>> outcome.months.size
    30
    """
    policy = scenario.policy if policy is None else policy
    return plan_in(world_of(scenario, policy, seed=seed, draws=draws))


def load_plan(scenario: Scenario, policy: Policy, *, seed: int, draws: int) -> CapacityPlan:
    """Plan whose load redundancy is designed for, also where the policy's target has none.

    Parameters
    ----------
    scenario : Scenario
        The world we do not control.
    policy : Policy
        What we do control.
    seed : int
        Seed of all draws.
    draws : int
        Number of joint draws. [1]

    Returns
    -------
    CapacityPlan
        Under the policy, or under the lowest target of a policy.

    Raises
    ------
    ValueError
        If there is no plan under that either.
    """
    found = plan(scenario, policy, seed=seed, draws=draws)
    if isinstance(found, Infeasible):
        lower = policy.change({"availability": LEAST_TARGET})
        found = plan(scenario, lower, seed=seed, draws=draws)
    if isinstance(found, Infeasible):
        raise ValueError(found.text)  # noqa: TRY004  not a matter of types
    return found


def world_of(scenario: Scenario, policy: Policy, *, seed: int, draws: int) -> World:
    """Draws of everything but the choice of hardware.

    Parameters
    ----------
    scenario, policy, seed, draws : as in plan
        What to draw.

    Returns
    -------
    World
        Of which `outlook` and `plan_in` make what they tell.

    Raises
    ------
    ValueError
        If the seed or the number of draws is out of range, or a name is unknown.
    """
    _check_numbers(seed, draws, len(scenario.months))
    architecture = shipped_catalogue().architecture(scenario.architecture)
    return draw_world(scenario, policy, architecture, seed=seed, draws=draws)


def plan_in(world: World) -> CapacityPlan | Infeasible:
    """Plan capacity in a world that is drawn.

    Parameters
    ----------
    world : World
        Scenario, policy and draws.

    Returns
    -------
    CapacityPlan or Infeasible
        As `plan` gives it.

    Raises
    ------
    ValueError
        If the policy names an unknown provider or instance.
    """
    market = _market(world, world.policy)
    if reason := _out_of_reach(market):
        return _unreachable(market, world, reason)
    fleet = choose_fleet(market, world)
    if isinstance(fleet, Fleet):
        return _assemble(market, world, fleet)
    reason, remedy = why_none(fleet)
    return Infeasible(world.scenario, world.policy, reason, (remedy,), fleet)


def outlook(world: World) -> Outlook:
    """What is known of a scenario before machines are chosen, and where none serve.

    Parameters
    ----------
    world : World
        Scenario and draws.

    Returns
    -------
    Outlook
        Demand, load and stores in the draws of the plan.
    """
    scenario, wanted = world.scenario, world.wanted
    return Outlook(scenario, scenario.months, wanted.kinds, world.resources, wanted.notes)


def median_stage(
    scenario: Scenario, policy: Policy, *, seed: int = 7, draws: int = 2_000
) -> tuple[Market, Traffic]:
    """Where hardware is compared: the market, and the median load of the last month.

    Parameters
    ----------
    scenario : Scenario
        The world we do not control.
    policy : Policy
        What we do control.
    seed : int
        Seed of all draws, not negative. [1]
    draws : int
        Number of joint draws, at least 100. [1]

    Returns
    -------
    Market, Traffic
        As the plan of the scenario uses them.

    Raises
    ------
    ValueError
        If the seed or the number of draws is out of range, or a name is unknown.
    """
    world = world_of(scenario, policy, seed=seed, draws=draws)
    return _market(world, policy), median_traffic(world.traffic)


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


def _out_of_reach(market: Market) -> str:
    """Why no pool of any size meets the target: services, changes or zones forbid it."""
    try:
        market.failures.zone_nodes(np.array([1]), market.policy)
    except ValueError as error:
        return str(error)
    return ""


def _market(world: World, policy: Policy) -> Market:
    """What the choice of hardware looks at, under the policy of the world or another one."""
    scenario = world.scenario
    rule = redundancy_rule(scenario, policy, world.traffic.rate[:, -1])
    return Market(shipped_catalogue(), scenario.serving.constants, scenario, policy, rule)


def _unreachable(market: Market, world: World, reason: str) -> Infeasible:
    policy = world.policy
    most = never_short(policy, market.failures)
    possible = most >= LEVERS["availability"].minimum
    remedies = [f"a target of at most {math.floor(1e5 * most - 1) / 1e5:.5f}"] * possible
    remedies += [
        words
        for change, words in REMEDIES
        if not _out_of_reach(_market(world, policy.change(change)))
    ]
    remedies += _more_replicas(world)
    return Infeasible(world.scenario, policy, reason, tuple(remedies))


def _more_replicas(world: World) -> list[str]:
    """The fewest more read replicas with which the target can be met, where some do."""
    policy, most = world.policy, int(LEVERS["read_spares"].maximum)
    for more in range(1, most - policy.read_spares + 1):
        changed = policy.change({"read_spares": policy.read_spares + more})
        if not _out_of_reach(_market(world, changed)):
            words = "one more read replica" if more == 1 else f"{more} more read replicas"
            return [f"{words} in each region: --policy read_spares={changed.read_spares}"]
    return []


def _assemble(market: Market, world: World, fleet: Fleet) -> CapacityPlan:
    policy, scenario = market.policy, market.scenario
    needed = {"serving": fleet.need.nodes, "training": fleet.training}
    bought = _standing(needed, policy, policy.confidence)
    need = int(covering(fleet.need.region_nodes[:, -1:], policy.confidence)[0])
    zone_nodes = int(bought["serving"][-1]) // (policy.zones * policy.regions)
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
        owed_usd=owed_usd(
            bought["serving"] + bought["training"],
            _gpu_prices(market, fleet.chosen.option.instance),
            policy.term,
        ),
        shortfall=(fleet.need.nodes > bought["serving"]).mean(axis=0),
        peak_nodes=need * max(1, policy.regions - 1),
        orders=_orders(market, bought, fleet.chosen),
        budget=error_budget(need, zone_nodes, policy, market.failures),
        availability=reached(need, zone_nodes, policy, market.failures),
        bound=_bound(fleet, world, market),
        waterfall=_waterfall(world, fleet, policy, bought),
        rejections=fleet.rejections,
        layouts=layouts(need * max(1, policy.regions - 1), policy, market.failures),
        checks=tuple(cross_check(item, draws, scenario.months) for item in _within(scenario)),
        notes=(*world.wanted.notes, *_doubts(market, world, fleet), *LIMITS),
        seed=world.seed,
        version=VERSION,
        hashes=_hashes(market.scenario),
    )


def _hashes(scenario: Scenario) -> dict[str, str]:
    own = {OWN_SERVING: scenario.serving.sha256} if scenario.serving.changed else {}
    return {**data_hashes(), **own}


def _doubts(market: Market, world: World, fleet: Fleet) -> tuple[str, ...]:
    """Why the throughput of the chosen hardware deserves doubt."""
    lengths = world.traffic.lengths
    prompt, reply = (float(np.median(tokens)) for tokens in (lengths.prompt, lengths.reply))
    replica = fleet.chosen.option.replica
    model = market.scenario.serving
    notes = serving_notes(replica, TokenLengths.of(prompt, reply), model.constants, model.covered)
    return (*_own_constants(market.scenario), *notes)


def _own_constants(scenario: Scenario) -> tuple[str, ...]:
    """What own constants do not change by themselves."""
    if not scenario.serving.changed:
        return ()
    left = (f"{name} {exact(scenario.inputs[name].mid)}" for name in OF_SHIPPED_CONSTANTS)
    return (
        "The serving constants are the scenario's own. They are multiplied by inputs that were set "
        f"for the shipped ones: {', '.join(left)}. Where they were measured on the engine in use, "
        "set engine_maturity to 1.",
    )


def _within(scenario: Scenario) -> list[CrossCheck]:
    """Published figures of months that are planned."""
    months = scenario.months
    return [item for item in scenario.cross_checks if np.datetime64(item.month, "M") in months]


def _standing(needed: Mapping[str, Ints], policy: Policy, p: float) -> dict[str, Ints]:
    """Nodes that stand when orders cover a quantile of the need, by purpose. [nodes]"""
    return {purpose: nodes_standing(nodes, policy, p) for purpose, nodes in needed.items()}


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


def _metrics(
    market: Market, world: World, fleet: Fleet, bought: Mapping[str, Ints]
) -> dict[str, Floats]:
    instance, months = fleet.chosen.option.instance, market.scenario.months
    card = market.catalogue.accelerators[instance.accelerator]
    serving = fleet.need.nodes * float(instance.gpus)
    training = fleet.training * float(instance.gpus)
    gpus_usd = {
        purpose: committed_usd(nodes, _gpu_prices(market, instance), market.policy.term)
        for purpose, nodes in bought.items()
    }
    costs = bill(world.resources, world.x, gpus_usd, market.catalogue.prices, months)
    mean_load = mean_rate_per_s(world.wanted.queries) * fleet.need.service_s / fleet.need.batch
    capacity = bought["serving"] * instance.gpus / fleet.chosen.option.replica.gpus
    utilisation = np.minimum(1.0, mean_load / capacity)
    return {
        **world.resources,
        "load_gpus": fleet.need.load_gpus,
        "serving_gpus": serving,
        "training_gpus": training,
        "gpus": serving + training,
        **costs,
        **unit_costs(costs["cost"], world.resources, world.x),
        "utilisation": utilisation,
        **energy(bought["serving"] + bought["training"], utilisation, instance, card, world.x),
    }


def _gpu_prices(market: Market, instance: Instance) -> Floats:
    """Price of a node under the policy's term, month by month. [USD/h]"""
    prices = market.catalogue.prices
    return np.asarray(prices.series(instance.name, market.policy.term, market.scenario.months))


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


def _bound(fleet: Fleet, world: World, market: Market) -> str:
    """What a planner would have to change to need fewer machines."""
    summary = serving_summary(fleet.point, world.traffic)
    return f"{summary.binding} limits each replica to {summary.batch:.0f} requests at once"


def _waterfall(
    world: World, fleet: Fleet, policy: Policy, bought: Mapping[str, Ints]
) -> tuple[Step, ...]:
    nodes = float(covering(fleet.need.nodes[:, -1:], policy.confidence)[0])
    return waterfall(
        fleet.need,
        mean_rate_per_s(world.wanted.queries[:, -1]),
        world.traffic.rate[:, -1],
        fleet.chosen.option,
        policy.regions,
        (nodes, int(bought["serving"][-1]), int(bought["training"][-1])),
    )
