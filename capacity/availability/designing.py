"""Redundancy of a plan: what it has, the cheapest that meets the target, each nine and its cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from capacity.availability.design_problem import DesignProblem, Offer, Room
from capacity.availability.design_search import Choice, OutOfReach, cheapest, search
from capacity.availability.failure_history import watch
from capacity.availability.loss_split import loss_by_cause, loss_by_part
from capacity.availability.planned_work import needed_replicas
from capacity.availability.request_loss import HourlyNeed, request_loss, standing_hosts
from capacity.availability.service_level import NINES
from capacity.availability.watched import Watched
from capacity.load.resources import network
from capacity.load.workload import weekly_load
from capacity.market.catalogue import shipped_catalogue
from capacity.money.bill import bill, billed_storage
from capacity.money.cost import hosted_usd
from capacity.outcome import CapacityPlan
from capacity.scenarios.tree import Cause, Design
from capacity.scenarios.tree_file import service_of
from capacity.serving.transformer import count_parameters
from forecast.draws import named_stream
from forecast.shipped.datasets import profile

FEWEST_YEARS, MOST_YEARS = 10, 20_000
STORED = ("logical_conversations", "logical_datasets", "logical_checkpoints", "logical_telemetry")


@dataclass(frozen=True)
class DesignStudy:
    """What redundancy a plan has, and what it should have.

    Parameters
    ----------
    problem : DesignProblem
        Service, load and prices.
    own : Offer
        What the plan's policy builds.
    found : Choice or OutOfReach
        The cheapest that meets the target, or what forbids it.
    causes : mapping of Cause to float
        Share of requests that the found design loses, by cause. [1]
    parts : mapping of str to float
        The same by part. [1]
    at_peak : float
        Share of requests that it would answer if every hour were the busiest one. [1]
    curve : tuple of Offer or OutOfReach
        The cheapest design for each of `NINES`.
    """

    problem: DesignProblem
    own: Offer
    found: Choice | OutOfReach
    causes: Mapping[Cause, float]
    parts: Mapping[str, float]
    at_peak: float
    curve: tuple[Offer | OutOfReach, ...]

    @property
    def design(self) -> Design:
        """The cheapest design that meets the target, or the best one where none does."""
        return self.found.chosen.design if isinstance(self.found, Choice) else self.found.best

    @property
    def availability(self) -> float:
        """Share of requests that the design answers [1]."""
        found = self.found
        return found.chosen.availability if isinstance(found, Choice) else found.availability


def design_study(
    found: CapacityPlan, target: float | None = None, room: Room | None = None
) -> DesignStudy:
    """Study the redundancy of a plan in its last month.

    Parameters
    ----------
    found : CapacityPlan
        Any plan.
    target : float, optional
        Share of requests to be answered; that of the plan's policy if left out. [1]
    room : Room, optional
        Designs to look at; all of them if left out.

    Returns
    -------
    DesignStudy
        Request-weighted over the hours of a week, at the need that is bought.

    Raises
    ------
    ValueError
        If the target does not lie between 0 and 1.
    """
    problem = design_problem(found, room or Room())
    answer = search(problem, found.policy.availability if target is None else target)
    curve = tuple(cheapest(problem, nines) for nines in NINES)
    best = answer.chosen.design if isinstance(answer, Choice) else answer.best
    split = (problem.service, best, problem.need)
    own = problem.offer(own_design(found))
    busiest = replace(problem.need, nodes=problem.need.nodes.max(keepdims=True))
    at_peak = 1.0 - request_loss(problem.service, best, busiest)
    causes, parts = loss_by_cause(*split), loss_by_part(*split)
    return DesignStudy(problem, own, answer, causes, parts, at_peak, curve)


def watched(study: DesignStudy, years: float, seed: int) -> Watched:
    """Independent check of the found design: its failures and repairs, drawn one by one.

    Parameters
    ----------
    study : DesignStudy
        Any study.
    years : float
        Length of the histories together. [years]
    seed : int
        Seed of the draws.

    Returns
    -------
    Watched
        Requests lost.

    Raises
    ------
    ValueError
        If the years are too few or too many.
    """
    if not FEWEST_YEARS <= years <= MOST_YEARS:
        raise ValueError(f"years = {years:g}: allowed {FEWEST_YEARS} to {MOST_YEARS:,}")
    rng = named_stream(seed, "failures and repairs")
    problem = study.problem
    return watch(problem.service, study.design, problem.need, years, rng)


def own_design(found: CapacityPlan) -> Design:
    """Redundancy that a plan's policy builds.

    Parameters
    ----------
    found : CapacityPlan
        Any plan.

    Returns
    -------
    Design
        One standby of each database, repair by the provider.
    """
    policy = found.policy
    nodes = int(found.serving_nodes[-1]) // (policy.zones * policy.regions)
    return Design(
        policy.regions,
        policy.zones,
        nodes,
        canary_share=policy.canary_share,
        read_spares=policy.read_spares,
    )


def design_problem(found: CapacityPlan, room: Room) -> DesignProblem:
    """What the redundancy of a plan has to stand, and what it costs.

    Parameters
    ----------
    found : CapacityPlan
        Any plan.
    room : Room
        Designs to look at.

    Returns
    -------
    DesignProblem
        At the need that is bought in the last month, all inputs at their middle.
    """
    scenario, policy = found.scenario, found.policy
    bill_of = _Bill.of(found)
    week = weekly_load(profile(scenario.profile), scenario.inputs["weekend_factor"].mid)
    need = HourlyNeed(found.peak_nodes * week, bill_of.hosts, bill_of.reads)
    service = service_of(scenario.parts, scenario.inputs, policy)
    return DesignProblem(service, need, _price(bill_of), room)


def _price(bill_of: _Bill) -> Callable[[Design], float]:
    """Price of a design [USD/month]: linear in nodes and spare replicas, a layout billed once."""

    @cache
    def plane(regions: int, zones: int, standbys: int) -> tuple[float, float, float]:
        bare = Design(regions, zones, 0, standbys, read_spares=0)
        more = (replace(bare, zone_nodes=1), replace(bare, read_spares=1))
        fixed, *others = (bill_of.usd(design) for design in (bare, *more))
        per_node, per_spare = (usd - fixed for usd in others)
        return fixed, per_node, per_spare

    def price(design: Design) -> float:
        fixed, per_node, per_spare = plane(design.regions, design.zones, design.standbys)
        return fixed + per_node * design.zone_nodes + per_spare * design.read_spares

    return price


@dataclass(frozen=True)
class _Bill:
    """Monthly bill of a design in the last month of a plan."""

    plan: CapacityPlan
    x: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]
    peak_rate: float

    @classmethod
    def of(cls, found: CapacityPlan) -> _Bill:
        """All inputs at their middle, the load at the need bought."""
        x = {name: np.full((1, 1), item.mid) for name, item in found.scenario.inputs.items()}
        return cls(found, x, float(found.quantile("peak_rate", found.policy.confidence)[-1]))

    def _mid(self, name: str) -> float:
        return float(self.x[name].item())

    @property
    def hosts(self) -> int:
        """Hosts that carry all users at the peak."""
        return int(np.ceil(self.peak_rate / self._mid("queries_per_host_s")))

    @property
    def reads(self) -> float:
        """Read replicas that carry all users at the peak."""
        return self.peak_rate * self._mid("reads_per_query") / self._mid("database_reads_per_s")

    def databases(self, design: Design) -> int:
        """Primaries with their standbys, and replicas to read from in every region."""
        writes = self.peak_rate * self._mid("writes_per_query") / self._mid("database_writes_per_s")
        primaries = int(np.ceil(writes)) * (1 + design.standbys)
        replicas = needed_replicas(self.reads, design.regions) + design.read_spares
        return primaries + design.regions * replicas

    def usd(self, design: Design) -> float:
        """Price of nodes, hosts, databases, storage and network of a design [USD/month]."""
        found, month = self.plan, self.plan.months[-1:]
        policy = found.policy.change({"zones": design.zones, "regions": design.regions})
        stored = {name: np.full((1, 1), np.median(found.draws[name][:, -1])) for name in STORED}
        rates = {
            "peak_rate": np.full((1, 1), self.peak_rate),
            "daily_queries": np.full(
                (1, 1), found.quantile("daily_queries", policy.confidence)[-1]
            ),
        }
        parameters = count_parameters(found.option.replica.architecture).total
        hosts = design.regions * design.zones * standing_hosts(self.hosts, design.zones)
        resources = {
            **stored,
            **billed_storage(stored, policy),
            **network(rates, self.x, policy, parameters),
            "hosts": np.full((1, 1), float(hosts)),
            "databases": np.full((1, 1), float(self.databases(design))),
        }
        catalogue = shipped_catalogue()
        price = catalogue.price(found.option.instance.name, policy.term, month[0]).value
        gpus = {"serving": np.full(1, hosted_usd(design.nodes, price)), "training": np.zeros(1)}
        return float(bill(resources, self.x, gpus, catalogue.prices, month)["cost"].item())
