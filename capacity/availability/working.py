"""Work on a design while it serves: schedules, the hour that suits them, headroom they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capacity.availability.autoscaling import (
    ScaledHours,
    latency_need,
    paid_hours,
    scaled_ahead,
    scaled_hours,
)
from capacity.availability.design_search import Choice
from capacity.availability.rolling import WorkTimes, drain, loss, rolling_restart, switch_over
from capacity.availability.schedule import Pool, Schedule, over_week
from capacity.estimate import Estimate
from capacity.scenarios.tree import Design, Managed, Replicated, Service

if TYPE_CHECKING:
    from capacity.availability.designing import DesignStudy
    from capacity.outcome import CapacityPlan

TIMES: Mapping[str, Estimate] = MappingProxyType(
    {
        "cold start": Estimate(
            7.0, 10.0, 15.0, unit="min", as_of="2024-01", basis="assumed",
            source="loading 70 billion parameters takes 84 s (ServerlessLLM, OSDI 2024); "
            "with power-on and health checks ten minutes are assumed",
        ),
        "moving users": Estimate(
            2.0, 5.0, 60.0, unit="min", as_of="2026-11", basis="assumed",
            source="health checks and names that live for a minute; texts on recovery in another "
            "region ask for no more than an hour",
        ),
    }
)  # fmt: skip
AT_ONCE = 0.1  # of the nodes, rounded up: what one bad image may reach; assumed
PARTS = 4  # steps in which a zone or region is drained and refilled; assumed
LAG_HOURS = 1  # from a decision to scale until nodes serve, in full hours


class Work(NamedTuple):
    """One kind of work or failure on a design.

    Parameters
    ----------
    name : str
        What is done or happens.
    planned : bool
        Whether the hour can be chosen.
    users : float
        Share of the users whom it concerns. [1]
    schedule : Schedule or None
        Begun in the best hour of the week where it is planned, in the worst one where it is not;
        None where no hour can take it.
    carried_share : float
        Share of the hours of the week in which it can begin and the nodes in service carry the
        load throughout, latency targets kept. [1]
    headroom : int
        Nodes out at once: what must stand beyond the load. [nodes]
    """

    name: str
    planned: bool
    users: float
    schedule: Schedule | None
    carried_share: float
    headroom: int


@dataclass(frozen=True)
class Working:
    """Schedules of a design, and what switching nodes with the load would save.

    Parameters
    ----------
    design : Design
        The design that meets the target, or the policy's own where none does.
    peak_nodes : int
        Nodes that the busiest hour takes. [nodes]
    works : tuple of Work
        Restart, drains, switch-overs, losses.
    ramp : Schedule
        Nodes for the load alone, switched on and off over a week.
    hours : ScaledHours
        Node hours of a week.
    ramp_hours : float
        Node hours of the ramp, cold starts included. [node hours]
    node_gpus : int
        GPUs of a node. [GPUs]
    """

    design: Design
    peak_nodes: int
    works: tuple[Work, ...]
    ramp: Schedule
    hours: ScaledHours
    ramp_hours: float
    node_gpus: int


def working(found: CapacityPlan, study: DesignStudy) -> Working:
    """Work on the design of a study while it serves the load of a week.

    Parameters
    ----------
    found : CapacityPlan
        The plan that was studied.
    study : DesignStudy
        Its redundancy.

    Returns
    -------
    Working
        With all times at their middle, work and switch-overs as the parts of the scenario say.
    """
    design = study.design if isinstance(study.found, Choice) else study.own.design
    nodes = study.problem.need.nodes
    peak = float(nodes.max())
    need = latency_need(nodes / peak, peak, headroom_share(found))
    times, ready = work_times(), -(-found.peak_nodes // round(1.0 / AT_ONCE))
    ramp = scaled_ahead(need, times.cold_start_h, ready)
    works = _works(study, design, Pool(design.nodes, need), times)
    hours = scaled_hours(need, LAG_HOURS)
    paid = paid_hours(ramp, times.cold_start_h)
    gpus = found.option.instance.gpus
    return Working(design, found.peak_nodes, tuple(works), ramp, hours, paid, gpus)


def work_times() -> WorkTimes:
    """Durations of acts that belong to no part, at their middle.

    Returns
    -------
    WorkTimes
        In hours.

    Examples
    --------
    >>> round(work_times().cold_start_h, 3)
    0.167
    """
    return WorkTimes(*(TIMES[name].mid / 60.0 for name in ("cold start", "moving users")))


def headroom_share(found: CapacityPlan) -> float:
    """Part of the nodes of the peak that is there for waiting times only.

    Parameters
    ----------
    found : CapacityPlan
        Any plan.

    Returns
    -------
    float
        Share of the GPUs with latency headroom. [1]
    """
    gpus = {step.name: step.gpus for step in found.waterfall}
    return max(0.0, 1.0 - gpus["peak minute"] / gpus["latency headroom"])


def _works(study: DesignStudy, design: Design, pool: Pool, times: WorkTimes) -> Iterator[Work]:
    """Planned work first, then failures."""
    at_once = -(-design.nodes // round(1.0 / AT_ONCE))
    places = dict(_places(study.problem.service, design, times))
    restart = partial(rolling_restart, pool, cold_start_h=times.cold_start_h, at_once=at_once)
    yield _work("rolling restart", pool, restart)
    for name, place in places.items():
        if place.sites > 1:
            emptied = partial(
                drain, pool, nodes=place.nodes, parts=PARTS, work_h=place.work_h, times=times
            )
            yield _work(f"{name} drained, refilled", pool, emptied)
    for name, part in study.problem.service.parts.items():
        if isinstance(part, Replicated):
            switched = partial(switch_over, design.standbys, planned=part.planned)
            units = Pool(1 + design.standbys, pool.need)
            yield _work(f"{name} switched over", units, switched, users=1.0 / design.regions)
    for name, place in places.items():
        lost = partial(
            loss, pool, nodes=place.nodes, stranded=1.0 / place.sites, repair_h=place.repair_h,
            times=times,
        )  # fmt: skip
        yield _work(f"{name} lost", pool, lost, planned=False)


class _Place(NamedTuple):
    """What stands together: nodes at each of its sites, how many sites, repair and work [h]."""

    nodes: int
    sites: int
    repair_h: float
    work_h: float


def _places(service: Service, design: Design, times: WorkTimes) -> Iterator[tuple[str, _Place]]:
    """Zone and region, with the times of the parts whose failure and maintenance they are."""
    sites = design.zones * design.regions
    # the pool's own time is that of the whole drain, a region's that of the work on it
    emptying = PARTS * (times.move_h + times.cold_start_h)
    work_h = max(0.0, service.nodes.planned.work_h - emptying)
    yield "zone", _Place(design.zone_nodes, sites, service.zone.repair_h, work_h)
    if isinstance(whole := service.parts.get("region"), Managed):
        nodes = design.zones * design.zone_nodes
        yield "region", _Place(nodes, design.regions, whole.repair_h, whole.planned.work_h)


def _work(
    name: str,
    pool: Pool,
    begun: Callable[[int], Schedule | None],
    *,
    planned: bool = True,
    users: float = 1.0,
) -> Work:
    """Work in the hour of the week that suits it best, a failure in the one that suits it least."""
    quiet_first = np.argsort(pool.need, kind="stable").tolist()
    found = over_week(quiet_first, begun)
    carried = sum(item.lacking <= 0.0 for item in found) / pool.need.size
    chosen = found[0 if planned else -1] if found else None
    out = pool.standing - chosen.least_serving if chosen else 0
    return Work(name, planned, users, chosen, carried, out)
