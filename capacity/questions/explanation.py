"""Why a figure is what it is: named parts that add up to it, each down to its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.fleet.choice import Rejection
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.questions.gpu_steps import gpu_steps, rate_steps, reported_demand
from capacity.questions.grounds import Ground, grounds, price_ground
from capacity.questions.one_draw import OneDraw
from capacity.questions.outputs import DECISIONS, place_of
from capacity.questions.steps import Contribution, parts_of
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest

SUMS: Mapping[str, tuple[str, ...]] = {
    "storage_pb": (
        "conversations_pb", "datasets_pb", "checkpoints_pb", "telemetry_pb", "backups_pb",
    ),
    "peak_gbit_s": ("user_gbit_s", "history_gbit_s", "replication_gbit_s"),
}  # fmt: skip
BILL = (
    "cost_training", "cost_hosts", "cost_databases", "cost_storage", "cost_network",
    "cost_overhead",
)  # fmt: skip
PER_UNIT = ("cost_per_1000_queries", "cost_per_user", "cost_per_conversation_hour")
DEMAND = ("users", "daily_queries")
RATES = ("peak_hour_queries", "peak_rate", "prompt_rate", "token_rate")
MACHINES = ("load_gpus", "serving_gpus", "gpus", "gpus_standing")


@dataclass(frozen=True)
class Explanation:
    """A figure in one month and the parts that add up to it.

    Parameters
    ----------
    metric, title, unit, month : str
        What is explained.
    total : float
        The figure in the draw that has its median, in `unit`.
    parts : tuple of Contribution
        In the order of the chain; their values add up to `total`.
    rejections : tuple of Rejection
        Choices that lost, where the figure depends on the hardware.
    """

    metric: str
    title: str
    unit: str
    month: str
    total: float
    parts: tuple[Contribution, ...]
    rejections: tuple[Rejection, ...] = ()

    def share(self, part: Contribution) -> float:
        """Share of a part in the total.

        Parameters
        ----------
        part : Contribution
            One of the parts.

        Returns
        -------
        float
            Negative where the part lowers the figure; 0 if the total is 0. [1]
        """
        return part.value / self.total if self.total else 0.0


def explain(plan: CapacityPlan, metric: str, month: str = "") -> Explanation:
    """Answer why a figure is what it is.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    metric : str
        A metric, or ``gpus_standing``.
    month : str
        As YYYY-MM; the last of the plan if empty.

    Returns
    -------
    Explanation
        Of the draw that has the median of the metric in that month: in a single draw every
        step of the chain holds exactly, as it does not between medians.

    Raises
    ------
    ValueError
        If the metric is unknown or the plan does not cover the month.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenarios.file import load_scenario
    >>> found = explain(plan(load_scenario("reported-case"), draws=200), "gpus")
    >>> bool(abs(sum(part.value for part in found.parts) - found.total) < 1e-9 * found.total)
    True
    """
    if metric not in METRICS and metric != "gpus_standing":
        known = nearest(metric[:LONGEST], (*METRICS, "gpus_standing"))
        raise ValueError(f"nothing to explain called {shown(metric)}; {known}")
    place = place_of(plan, month)
    ranked = "gpus" if metric == "gpus_standing" else metric
    draw = OneDraw.median(plan, plan.draws[ranked][:, place], place)
    known_as = METRICS.get(metric) or DECISIONS[metric]
    parts = _parts(draw, metric)
    hardware = metric in (*MACHINES, "cost", *PER_UNIT)
    return Explanation(
        metric, known_as.title, known_as.unit, str(plan.months[place]),
        float(plan.gpus_standing[place]) if metric == "gpus_standing" else draw.value(metric),
        tuple(parts), plan.rejections if hardware else (),
    )  # fmt: skip


def _parts(draw: OneDraw, metric: str) -> list[Contribution]:
    makers: tuple[tuple[Sequence[str], Callable[[OneDraw, str], list[Contribution]]], ...] = (
        (DEMAND, lambda one, name: parts_of(reported_demand(one, name))),
        (RATES, _rates),
        (MACHINES, lambda one, name: parts_of(gpu_steps(one, name))),
        (tuple(SUMS), lambda one, name: [_single(one, part) for part in SUMS[name]]),
        (("cost",), lambda one, name: _cost(one)),
        (PER_UNIT, _per_unit),
        (("utilisation",), lambda one, name: _utilisation(one)),
        (("power_kw", "carbon_t"), _power),
    )
    made = next((maker for names, maker in makers if metric in names), None)
    return made(draw, metric) if made else [_single(draw, metric)]


def _single(draw: OneDraw, metric: str) -> Contribution:
    return Contribution(METRICS[metric].title, draw.value(metric), 0.0, grounds(draw, metric))


def _rates(draw: OneDraw, metric: str) -> list[Contribution]:
    """A rate step by step; token rates are the request rate times tokens."""
    peak = "peak_hour_queries" if metric == "peak_hour_queries" else "peak_rate"
    parts = parts_of(rate_steps(draw, peak))
    known = grounds(draw, metric) if metric != peak else ()
    return _resting(_scaled(parts, draw.value(metric) / draw.value(peak)), known)


def _cost(draw: OneDraw) -> list[Contribution]:
    """The serving nodes step by step at their price, then the other lines of the bill."""
    standing = float(draw.plan.serving_nodes[draw.place]) * draw.plan.option.instance.gpus
    serving = parts_of(gpu_steps(draw, "serving_standing"))
    priced = _scaled(serving, draw.value("cost_serving") / standing)
    price = (*price_ground(draw), *grounds(draw, "cost_serving"))
    return [*_resting(priced, price), *(_single(draw, line) for line in BILL)]


def _per_unit(draw: OneDraw, metric: str) -> list[Contribution]:
    parts = _scaled(_cost(draw), draw.value(metric) / draw.value("cost"))
    return _resting(parts, grounds(draw, metric))


def _utilisation(draw: OneDraw) -> list[Contribution]:
    """From every GPU busy to the share that is: what each step of the chain keeps idle."""
    steps = gpu_steps(draw, "serving_standing")
    standing = steps[-1].level
    busy = next(step for step in steps if step.name.startswith("growth"))
    idle = parts_of(steps[steps.index(busy) :])[1:]
    parts = [Contribution("every serving GPU that stands", 1.0, 0.0, ())]
    parts += [replace(part, value=-part.value / standing, factor=0.0) for part in reversed(idle)]
    beyond = draw.value("utilisation") - float(np.sum([part.value for part in parts]))
    if abs(beyond) > 1e-9:  # noqa: PLR2004  rounding
        parts.append(Contribution("demand beyond what stands, not served", beyond, 0.0, ()))
    return parts


def _power(draw: OneDraw, metric: str) -> list[Contribution]:
    """Idle GPUs, work, hosts and cooling."""
    plan, x = draw.plan, draw.inputs
    nodes = float(plan.serving_nodes[draw.place] + plan.training_nodes[draw.place])
    full = nodes * plan.option.instance.gpus * plan.option.replica.accelerator.tdp_w / 1e3
    host = nodes * plan.option.instance.host_power_w * x["host_power_share"] / 1e3
    idle = full * x["gpu_idle_share"]
    work = full * (x["gpu_power_share"] - x["gpu_idle_share"]) * draw.value("utilisation")
    cooling = (idle + work + host) * (x["power_usage_effectiveness"] - 1.0)
    rows: tuple[tuple[str, float, tuple[str, ...]], ...] = (
        ("idle GPUs", idle, ("gpu_idle_share",)),
        ("work of the GPUs", work, ("gpu_power_share",)),
        ("hosts of the GPUs", host, ("host_power_share",)),
        ("cooling and losses", cooling, ("power_usage_effectiveness",)),
    )
    parts = [Contribution(name, kw, 0.0, Ground.of_inputs(draw, names)) for name, kw, names in rows]
    scale = draw.value(metric) / draw.value("power_kw")
    extra = grounds(draw, metric) if metric == "carbon_t" else ()
    return [replace(part, grounds=(*part.grounds, *extra)) for part in _scaled(parts, scale)]


def _scaled(parts: Sequence[Contribution], factor: float) -> list[Contribution]:
    return [replace(part, value=part.value * factor) for part in parts]


def _resting(parts: Sequence[Contribution], more: Sequence[Ground]) -> list[Contribution]:
    """The same parts, the first of them with more grounds."""
    first, *others = parts
    return [replace(first, grounds=(*first.grounds, *more)), *others]
