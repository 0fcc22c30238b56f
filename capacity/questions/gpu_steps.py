"""The chain of one draw, level by level: reported demand, growth, peaks, machines, purchase."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from capacity.fleet.error_budget import COUNTED
from capacity.load.workload import SECONDS_PER_HOUR, mean_rate_per_s
from capacity.questions.grounds import HEADROOM, HOUR, MINUTE, REDUNDANCY, WORK, Ground, grounds
from capacity.questions.steps import Level

if TYPE_CHECKING:
    from capacity.questions.one_draw import OneDraw
    from capacity.scenarios.event import Event

FACTORS = ("demand_factor", "growth_factor")


def reported_demand(draw: OneDraw, metric: str) -> list[Level]:
    """Users or daily queries: what was reported, and what it grew to.

    Parameters
    ----------
    draw : OneDraw
        The draw.
    metric : str
        ``users`` or ``daily_queries``.

    Returns
    -------
    list of Level
        In the metric's unit; a month between two reports grows from the one before it.
    """
    scenario = draw.plan.scenario
    history = scenario.users if metric == "users" else scenario.queries
    month = draw.plan.months[draw.place]
    last = int(np.searchsorted(history.months, month, side="right")) - 1
    when, value = history.months[last], float(history.values[last])
    report = Ground(f"{history.name}, {when}", value, history.unit, "reported", history.source)
    now = draw.value(metric)
    growth = scenario.growth
    kind = draw.plan.kinds[draw.place]
    model = f"{growth.model}, {growth.reference}" if kind == "forecast" else kind
    ratio = now / value
    grown = Ground(f"growth since {when}", ratio, "ratio", kind, model)
    set_by = tuple(Ground.of_input(draw, name) for name in FACTORS if draw.inputs[name] != 1.0)
    set_by += tuple(_event(draw, item) for item in scenario.events if item.strikes(history.name))
    return [Level(f"reported in {when}", value, (report,)),
            Level(f"growth to {month}", now, (grown, *set_by))]  # fmt: skip


def _event(draw: OneDraw, event: Event) -> Ground:
    """Factor of an event in the draw and the month."""
    count = next(iter(draw.plan.draws.values())).shape[0]
    month = draw.plan.months[[draw.place]]
    factor = float(event.factor(month, count, draw.plan.seed)[draw.number, 0])
    effect = event.effect
    return Ground(event.text, factor, effect.unit, effect.basis, effect.source)


def rate_steps(draw: OneDraw, metric: str) -> list[Level]:
    """Request rate: the mean of the reported demand, its growth, the peak hour and minute.

    Parameters
    ----------
    draw : OneDraw
        The draw.
    metric : str
        ``peak_hour_queries`` or ``peak_rate``, which goes on to the minute.

    Returns
    -------
    list of Level
        In the metric's unit.
    """
    per = SECONDS_PER_HOUR if metric == "peak_hour_queries" else 1.0
    levels = [
        replace(item, level=float(mean_rate_per_s(np.array(item.level))) * per)
        for item in reported_demand(draw, "daily_queries")
    ]
    profile = Ground("peak hour over mean hour", _hour_over_mean(draw), "ratio", "measured",
                     f"profile {draw.plan.scenario.profile}")  # fmt: skip
    hour = draw.value("peak_hour_queries") / SECONDS_PER_HOUR * per
    levels.append(Level("peak hour", hour, (profile, *Ground.of_inputs(draw, HOUR))))
    if metric == "peak_rate":
        levels.append(Level("peak minute", draw.value("peak_rate"), Ground.of_inputs(draw, MINUTE)))
    return levels


def gpu_steps(draw: OneDraw, metric: str) -> list[Level]:
    """GPUs from the reported demand to what a metric counts.

    Parameters
    ----------
    draw : OneDraw
        The draw.
    metric : str
        ``load_gpus``, ``serving_gpus``, ``gpus``, ``serving_standing`` or ``gpus_standing``.

    Returns
    -------
    list of Level
        In GPUs.
    """
    plan, need = draw.plan, draw.need
    option, policy = plan.option, plan.policy
    per_rate = float((need.service_s / need.batch).item()) * option.replica.gpus
    levels = [replace(item, level=item.level * per_rate) for item in rate_steps(draw, "peak_rate")]
    levels[0] = replace(levels[0], grounds=(*levels[0].grounds, *_replica(draw)))
    share = Ground.of_lever(draw, "latency_share")
    levels.append(
        Level(
            "latency headroom", draw.value("load_gpus"), (share, *Ground.of_inputs(draw, HEADROOM))
        )
    )
    if metric == "load_gpus":
        return levels
    size = option.instance.gpus
    whole = float(need.region_nodes.item()) * size * max(1, policy.regions - 1)
    node = Ground(option.instance.name, float(size), "GPUs/node", "decided", "cheapest that serves")
    target = Ground.of_lever(draw, "availability")
    target = replace(target, source=f"{COUNTED[policy.redundancy]}: {policy.redundancy} redundancy")
    decided = (target, *(Ground.of_lever(draw, name) for name in ("zones", "regions")))
    basis = tuple(_design(draw, name) for name in REDUNDANCY)
    levels += [
        Level("whole nodes", whole, (node,)),
        Level("spares, zones and regions", draw.value("serving_gpus"), (*decided, *basis)),
    ]
    return levels + _purchase(draw, metric)


def _purchase(draw: OneDraw, metric: str) -> list[Level]:
    """What comes on top of the serving GPUs of the draw."""
    plan, at = draw.plan, draw.place
    serving, training = draw.value("serving_gpus"), draw.value("training_gpus")
    standing = float(plan.serving_nodes[at]) * plan.option.instance.gpus
    behind = grounds(draw, "training_gpus")
    orders = tuple(Ground.of_lever(draw, name) for name in ("confidence", "order_months"))
    bought = Level("confidence and whole orders", standing, orders)
    everything = float(plan.gpus_standing[at])
    found = {
        "gpus": [Level("background training", serving + training, behind)],
        "serving_standing": [bought],
        "gpus_standing": [bought, Level("background training", everything, behind)],
    }
    return found.get(metric, [])


def _replica(draw: OneDraw) -> tuple[Ground, ...]:
    """How a replica serves one request."""
    need, replica = draw.need, draw.plan.option.replica
    model = f"{replica.architecture.name} on {replica.gpus} {replica.accelerator.name}"
    return (
        Ground("time of a request", float(need.service_s.item()), "s", "calibrated", model),
        Ground("requests at once", float(need.batch.item()), "requests", "calibrated", model),
        *Ground.of_inputs(draw, WORK),
    )


def _hour_over_mean(draw: OneDraw) -> float:
    """Peak of the profile itself: the peak hour without what the inputs add."""
    mean = draw.value("daily_queries") / 24.0
    return draw.value("peak_hour_queries") / mean


def _design(draw: OneDraw, name: str) -> Ground:
    """A failure rate at its middle value, for which redundancy is designed."""
    return replace(Ground.of_input(draw, name), value=draw.plan.scenario.inputs[name].mid)
