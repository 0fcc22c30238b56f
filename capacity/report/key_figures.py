"""Figures that a report leads with: of the last month, of each year, of each line of the bill."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.outlook import Outlook
from capacity.precision import rank_spread
from capacity.questions.outputs import ahead

KEY_METRICS = (
    "users",
    "daily_queries",
    "peak_rate",
    "gpus",
    "storage_pb",
    "peak_gbit_s",
    "cost",
    "cost_per_1000_queries",
    "cost_per_user",
    "utilisation",
    "power_kw",
    "carbon_t",
)
LOW, HIGH = 0.10, 0.90
COST_LINES = tuple(name for name in METRICS if name.startswith("cost_") and "_per_" not in name)
Places = slice | NDArray[np.bool_]


class KeyFigure(NamedTuple):
    """A figure with its median, 80 % interval and Monte Carlo error of the median, in `unit`."""

    metric: str
    title: str
    unit: str
    period: str
    p10: float
    p50: float
    p90: float
    error: float


def key_figures(plan: CapacityPlan) -> list[KeyFigure]:
    """Figures of the last month, and the cost of the months still to come.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of KeyFigure
        In the order of `KEY_METRICS`, then the total.
    """
    return [*(last_figure(plan, name) for name in KEY_METRICS), costs_by_period(plan)[-1]]


def last_figure(plan: Outlook, name: str) -> KeyFigure:
    """One metric in the last month.

    Parameters
    ----------
    plan : Outlook
        Any plan.
    name : str
        Name of the metric.

    Returns
    -------
    KeyFigure
        In the metric's unit.

    Raises
    ------
    ValueError
        If the metric is unknown.
    """
    end = plan.at_the_end
    low, mid, high = (end.quantile(name, p).item() for p in (LOW, 0.5, HIGH))
    error = end.monte_carlo_error(name, 0.5).item()
    metric, month = METRICS[name], str(plan.months[-1])
    return KeyFigure(name, metric.title, metric.unit, month, low, mid, high, error)


def costs_by_period(plan: CapacityPlan) -> list[KeyFigure]:
    """Joint percentiles of the cost of each calendar year and of the months to come.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of KeyFigure
        One row a year, then the total of the months ahead; each period once. [USD]

    Notes
    -----
    Months are summed within each draw, so a percentile of a sum is not the sum of percentiles.
    """
    years = plan.months.astype("datetime64[Y]")
    rows = [_total(plan, years == year) for year in np.unique(years)]
    total = _total(plan, ahead(plan))
    return [*(row for row in rows if row.period != total.period), total]


def cost_lines(plan: CapacityPlan) -> list[KeyFigure]:
    """Lines of the bill in the last month, then their sum.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of KeyFigure
        [USD/month]
    """
    return [last_figure(plan, name) for name in (*COST_LINES, "cost")]


def _total(plan: CapacityPlan, places: Places) -> KeyFigure:
    """Sum over some months, with the error of its median and of the nodes that stand."""
    months, costs = plan.months[places], plan.draws["cost"][:, places]
    total = costs.sum(axis=1)
    low, mid, high = (float(value) for value in np.quantile(total, (LOW, 0.5, HIGH)))
    spread = rank_spread(0.5, total.size)
    below, above = np.quantile(total, (max(0.0, 0.5 - spread), min(1.0, 0.5 + spread)))
    other = plan.nodes_error[places]
    standing = (plan.serving_nodes + plan.training_nodes)[places]
    nodes = float(np.sum(np.median(costs, axis=0) * other / (standing - other).clip(1)))
    error = float(max(above - mid, mid - below)) + nodes
    period = f"{months[0]} to {months[-1]}"
    return KeyFigure("cost", "Total cost", "USD", period, low, mid, high, error)
