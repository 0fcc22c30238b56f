"""What the pages show of a plan: its tables and charts without the draws, small enough to keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from capacity.auditing import Finding, audit, concerned
from capacity.availability.designing import design_study
from capacity.dashboard.setting import REPORTED_CASE, Setting
from capacity.dashboard.ways_out import demand_of, outcome, ways_out
from capacity.evidence import Serving
from capacity.fleet.choice import Rejection
from capacity.headline import bounds, decision, demand, money, service
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan, Infeasible
from capacity.planning import load_plan
from capacity.report.charts import charts, fan
from capacity.report.csv import to_csv
from capacity.report.design_charts import cause_bars, design_picture, nines_bars
from capacity.report.design_section import design_section
from capacity.report.json import to_json
from capacity.report.key_figures import KeyFigure, cost_lines, costs_by_period, last_figure
from capacity.report.marks import Bars, Chart, Picture
from capacity.report.pdf import to_pdf
from capacity.report.sources import SourceRow, policy_rows, prices_used, sources
from capacity.report.tables import (
    BudgetRow,
    CheckRow,
    LayoutRow,
    OrderRow,
    StepRow,
    budget,
    checks,
    layouts,
    orders,
    steps,
)
from capacity.report.xlsx import to_xlsx
from capacity.scenarios.file import dump_scenario

GROUPS = frozenset({"demand", "load", "gpus", "unit cost"})  # of metrics that cards and tables show
SINGLE = ("storage_pb", "peak_gbit_s", "cost", "utilisation")
DEMAND = ("users", "daily_queries", "queries_per_user")
FIGURES = tuple(name for name in METRICS if name in SINGLE or METRICS[name].group in GROUPS)


class Replica(NamedTuple):
    """What serves: node type, model, number type, and the cards [GPUs] of a node and a replica."""

    instance: str
    accelerator: str
    architecture: str
    precision: str
    node_gpus: int
    replica_gpus: int
    replicas_per_node: int
    serving_nodes: int


@dataclass(frozen=True)
class Ahead:
    """Demand without its draws, and without any machine.

    Parameters
    ----------
    figures : dict of str to KeyFigure
        Those of `DEMAND` in the last month.
    charts : dict of str to Chart
        By name.
    notes : tuple of str
        Warnings and limits.
    """

    figures: dict[str, KeyFigure]
    charts: dict[str, Chart]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Shown(Ahead):
    """A plan without its draws.

    Parameters
    ----------
    figures, charts, notes : as in Ahead
        Figures are those of `FIGURES`; notes also say the limits of the plan.
    headline : tuple of str
        Decision, demand, money, service, bounds.
    months, kinds : tuple of str
        Months as YYYY-MM; reported, reconstructed or forecast for each.
    orders, steps, budget, layouts, checks : list
        Tables as in the reports.
    lines, periods : list of KeyFigure
        Lines of the bill in the last month, and the cost of each year.
    policy, prices, sources : list
        What the plan rests on beside its inputs.
    rejections : tuple of Rejection
        Node types that were not chosen.
    serving : Serving
        How a replica runs.
    replica : Replica
        What serves.
    availability : float
        Availability reached. [1]
    """

    headline: tuple[str, ...]
    months: tuple[str, ...]
    kinds: tuple[str, ...]
    orders: list[OrderRow]
    steps: list[StepRow]
    budget: list[BudgetRow]
    layouts: list[LayoutRow]
    checks: list[CheckRow]
    lines: list[KeyFigure]
    periods: list[KeyFigure]
    policy: list[SourceRow]
    prices: list[SourceRow]
    sources: list[SourceRow]
    rejections: tuple[Rejection, ...]
    serving: Serving
    replica: Replica
    availability: float


class Redundancy(NamedTuple):
    """The cheapest design for a target: words, what stands where, minutes by cause, each nine."""

    words: tuple[str, ...]
    picture: Picture
    bars: tuple[Bars, ...]


@dataclass(frozen=True)
class Refused:
    """Why there is no plan.

    Parameters
    ----------
    reason : str
        What cannot be met, and what bounds it.
    remedies : tuple of str
        What would lift it.
    rejections : tuple of Rejection
        Every option looked at.
    ways_out : tuple of (str, str)
        Changes of one lever each under which there is a plan.
    """

    reason: str
    remedies: tuple[str, ...]
    rejections: tuple[Rejection, ...]
    ways_out: tuple[tuple[str, str], ...] = ()


def result(setting: Setting) -> Shown | Refused:
    """What the pages show of a setting.

    Parameters
    ----------
    setting : Setting
        Any setting.

    Returns
    -------
    Shown or Refused
        Without draws.
    """
    found = outcome(setting)
    if isinstance(found, CapacityPlan):
        return shown_of(found)
    ways = ways_out(setting, found.remedies)
    return Refused(found.reason, found.remedies, found.rejections, ways)


def ahead(setting: Setting) -> Ahead:
    """Demand of a setting, whether there is a plan or not.

    Parameters
    ----------
    setting : Setting
        Any setting.

    Returns
    -------
    Ahead
        In the draws that a plan would have.

    Raises
    ------
    ValueError
        If the scenario names an unknown model or profile.
    """
    found = demand_of(setting)
    return Ahead(
        {name: last_figure(found, name) for name in DEMAND},
        {name: fan(found, name) for name in DEMAND},
        found.notes,
    )


def shown_of(found: CapacityPlan) -> Shown:
    """Tables and charts of a plan.

    Parameters
    ----------
    found : CapacityPlan
        Any plan.

    Returns
    -------
    Shown
        Without draws.
    """
    parts = (decision, demand, money, service, bounds)
    option = found.option
    return Shown(
        headline=tuple(part(found) for part in parts),
        figures={name: last_figure(found, name) for name in FIGURES},
        months=tuple(str(month) for month in found.months),
        kinds=found.kinds,
        charts=charts(found),
        orders=orders(found),
        steps=steps(found),
        budget=budget(found),
        layouts=layouts(found),
        checks=checks(found),
        lines=cost_lines(found),
        periods=costs_by_period(found),
        policy=policy_rows(found),
        prices=prices_used(found),
        sources=sources(found),
        rejections=found.rejections,
        serving=found.serving,
        replica=Replica(
            option.instance.name,
            option.instance.accelerator,
            option.replica.architecture.name,
            option.replica.weight_dtype,
            option.instance.gpus,
            option.replica.gpus,
            option.replicas_per_node,
            int(found.serving_nodes[-1]),
        ),
        availability=found.availability,
        notes=found.notes,
    )


def redundancy(setting: Setting) -> Redundancy:
    """Cheapest redundancy for the target of a setting.

    Parameters
    ----------
    setting : Setting
        Any setting.

    Returns
    -------
    Redundancy
        Words, picture, charts.

    Raises
    ------
    ValueError
        If there is no plan even for the lowest target.
    """
    plan = load_plan(setting.scenario, setting.policy, seed=setting.seed, draws=setting.draws)
    study = design_study(plan, setting.policy.availability)
    bars = (cause_bars(study), nines_bars(study))
    return Redundancy(tuple(design_section(study)["text"]), design_picture(study), bars)


def findings(draws: int, seed: int) -> tuple[Finding, ...]:
    """Audit of the reported case.

    Parameters
    ----------
    draws, seed : int
        Of the joint draws. [1]

    Returns
    -------
    tuple of Finding
        In the order of the claims.

    Raises
    ------
    ValueError
        If the shipped case has no plan.
    """
    found = outcome(Setting(REPORTED_CASE, draws=draws, seed=seed))
    if isinstance(found, Infeasible):
        raise ValueError(found.text)  # noqa: TRY004  not a matter of types
    return audit(found)


def export(setting: Setting, kind: str) -> bytes:
    """File of exactly what is shown.

    Parameters
    ----------
    setting : Setting
        What is shown.
    kind : str
        csv, xlsx, pdf, json or toml.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        If there is no plan.
    """
    if kind == "toml":
        return dump_scenario(setting.portable).encode()
    found = outcome(setting)
    if isinstance(found, Infeasible):
        raise ValueError(found.text)  # noqa: TRY004  not a matter of types
    own = audit(found) if concerned(found) else ()
    makers: dict[str, Callable[[], str | bytes]] = {
        "csv": lambda: to_csv(found),
        "xlsx": lambda: to_xlsx(found, own),
        "pdf": lambda: to_pdf(found, own),
        "json": lambda: to_json(found, own),
    }
    made = makers[kind]()
    return made.encode() if isinstance(made, str) else made
