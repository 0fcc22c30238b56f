"""What a planner gets: a capacity plan, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from capacity.arrays import Floats, Ints, Months
from capacity.choice import Rejection
from capacity.error_budget import BudgetLine, Layout
from capacity.evidence import Check, Serving
from capacity.metrics import METRICS
from capacity.orders import Order
from capacity.policy import Policy
from capacity.precision import rank_spread
from capacity.scenario import Scenario
from capacity.sizing import Option
from capacity.waterfall import Step
from forecast.shipped import nearest

if TYPE_CHECKING:
    from capacity.explanation import Explanation

BY_MONTH = (
    "months", "kinds", "serving_nodes", "training_nodes", "nodes_error", "shortfall",
)  # fmt: skip
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
OF_NODES_STANDING = frozenset(
    name
    for name, metric in METRICS.items()
    if metric.group in {"unit cost", "energy"}
    or name in {"cost", "cost_serving", "cost_training", "cost_overhead", "utilisation"}
)


@dataclass(frozen=True)
class Infeasible:
    """No plan meets the policy: a result with its reason.

    Parameters
    ----------
    scenario : Scenario
        What was planned for.
    policy : Policy
        What was asked for.
    reason : str
        What cannot be met, and what bounds it.
    remedies : tuple of str
        Changes that would lift it.
    rejections : tuple of Rejection
        Every option looked at.
    """

    scenario: Scenario
    policy: Policy
    reason: str
    remedies: tuple[str, ...]
    rejections: tuple[Rejection, ...] = ()

    @property
    def text(self) -> str:
        """The reason, the remedies and every rejected option."""
        lines = [f"No plan for {self.scenario.name}: {self.reason}."]
        lines += [f"  remedy: {remedy}" for remedy in self.remedies]
        lines += [f"  {item.option}: {item.reason}" for item in self.rejections]
        return "\n".join(lines)


@dataclass(frozen=True)
class CapacityPlan:
    """The outcome of a scenario under a policy, in the same draws throughout.

    Parameters
    ----------
    scenario : Scenario
        The world as assumed.
    policy : Policy
        What the planner chose.
    months : numpy.ndarray, shape (months,)
        Months of the plan.
    kinds : tuple of str
        For each month: reported, reconstructed or forecast.
    draws : mapping of str to numpy.ndarray, shape (draws, months)
        Every metric of `capacity.metrics`.
    option : Option
        Chosen node type and replica.
    serving : Serving
        How a replica runs.
    serving_nodes, training_nodes : numpy.ndarray, shape (months,)
        Nodes that stand. [nodes]
    nodes_error : numpy.ndarray, shape (months,)
        Nodes that another seed may order more or fewer. [nodes]
    owed_usd : float
        List price of commitments that run on after the last month. [USD]
    shortfall : numpy.ndarray, shape (months,)
        Probability that more serving nodes are needed than stand. [1]
    peak_nodes : int
        Nodes that must be up at the peak of the last month to carry all users, at the need
        bought. [nodes]
    orders : tuple of Order
        What to buy by when.
    budget : tuple of BudgetLine
        Minutes of unavailability by cause.
    availability : float
        Availability that the nodes standing in the last month reach at the need bought, as the
        policy's redundancy counts it. [1]
    bound : str
        What bounds the plan.
    waterfall : tuple of Step
        From mean demand to purchase.
    rejections : tuple of Rejection
        Node types that were not chosen.
    layouts : tuple of Layout
        Other zones and regions for the same load.
    checks : tuple of Check
        Published figures beside ours.
    notes : tuple of str
        Warnings of the forecasts and limits of the plan.
    seed : int
        Seed of all draws.
    version : str
        Version of the package.
    hashes : mapping of str to str
        SHA-256 of each data file used.
    """

    scenario: Scenario
    policy: Policy
    months: Months
    kinds: tuple[str, ...]
    draws: Mapping[str, Floats]
    option: Option
    serving: Serving
    serving_nodes: Ints
    training_nodes: Ints
    nodes_error: Ints
    owed_usd: float
    shortfall: Floats
    peak_nodes: int
    orders: tuple[Order, ...]
    budget: tuple[BudgetLine, ...]
    availability: float
    bound: str
    waterfall: tuple[Step, ...]
    rejections: tuple[Rejection, ...]
    layouts: tuple[Layout, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    seed: int
    version: str
    hashes: Mapping[str, str]

    @cached_property
    def _sorted(self) -> dict[str, Floats]:
        """Draws of each metric in ascending order, filled as they are asked for."""
        return {}

    def _ordered(self, metric: str) -> Floats:
        if metric not in METRICS:
            raise ValueError(f"unknown metric {metric!r}; {nearest(metric, METRICS)}")
        if metric not in self._sorted:
            self._sorted[metric] = np.sort(self.draws[metric].T, axis=1)
        return self._sorted[metric]

    def quantile(self, metric: str, p: float) -> Floats:
        """Empirical quantile of a metric in each month.

        Parameters
        ----------
        metric : str
            Name of the metric.
        p : float
            Probability, between 0 and 1. [1]

        Returns
        -------
        numpy.ndarray, shape (months,)
            In the metric's unit.

        Raises
        ------
        ValueError
            If the metric is unknown or `p` is outside 0 to 1.
        """
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"a quantile needs a probability between 0 and 1, got {p}")
        columns = self._ordered(metric)
        place = p * (columns.shape[1] - 1)
        low = int(place)
        high = min(low + 1, columns.shape[1] - 1)
        step = columns[:, high] - columns[:, low]
        return np.asarray(columns[:, low] + (place - low) * step)

    def mean(self, metric: str) -> Floats:
        """Mean of a metric in each month.

        Parameters
        ----------
        metric : str
            Name of the metric.

        Returns
        -------
        numpy.ndarray, shape (months,)
            In the metric's unit.

        Raises
        ------
        ValueError
            If the metric is unknown.
        """
        return np.asarray(self._ordered(metric).mean(axis=1))

    def monte_carlo_error(self, metric: str, p: float) -> Floats:
        """How far the quantile of another seed may lie from this one.

        Parameters
        ----------
        metric : str
            Name of the metric.
        p : float
            Probability of the quantile. [1]

        Returns
        -------
        numpy.ndarray, shape (months,)
            Largest distance to the order statistics that the rank of another seed's quantile
            may reach, and the share of the nodes that another seed may order more or fewer; in
            the metric's unit.

        Raises
        ------
        ValueError
            If the metric is unknown.
        """
        columns = self._ordered(metric)
        count = columns.shape[1]
        spread, here = rank_spread(p, count), self.quantile(metric, p)
        above = self.quantile(metric, min(1.0, p + spread))
        below = self.quantile(metric, max(0.0, p - spread))
        error = np.maximum(above - here, here - below)
        if metric in OF_NODES_STANDING:
            error += np.abs(here) * self._nodes_share(metric)
        if metric == "utilisation":  # a share, whatever another seed says
            error = np.minimum(error, np.maximum(here, 1.0 - here))
        return np.asarray(error)

    def _nodes_share(self, metric: str) -> Floats:
        """Share by which another seed may move a metric through its nodes."""
        standing = self.serving_nodes + self.training_nodes
        # What is divided by the nodes moves most where there are fewest.
        least = standing - self.nodes_error if metric == "utilisation" else standing
        return np.asarray(self.nodes_error / least.clip(1))

    @cached_property
    def at_the_end(self) -> CapacityPlan:
        """The plan in its last month alone: what asks for no other sorts no other."""
        last: dict[str, Any] = {name: getattr(self, name)[-1:] for name in BY_MONTH}
        draws = {name: values[:, -1:] for name, values in self.draws.items()}
        return replace(self, draws=draws, **last)

    @property
    def gpus_standing(self) -> Ints:
        """GPUs that stand in each month, shape (months,) [GPUs]."""
        return (self.serving_nodes + self.training_nodes) * self.option.instance.gpus

    @property
    def text(self) -> str:
        """The plan in words: what to order by when, the risk, and why not fewer."""
        from capacity.headline import headline  # noqa: PLC0415  it needs this class

        return headline(self)

    def explain(self, metric: str, month: str = "") -> Explanation:
        """Answer why a figure is what it is.

        Parameters
        ----------
        metric : str
            A metric, or ``gpus_standing``.
        month : str
            As YYYY-MM; the last of the plan if empty.

        Returns
        -------
        Explanation
            Named parts that add up to the figure, each with its sources.

        Raises
        ------
        ValueError
            If the metric is unknown or the plan does not cover the month.
        """
        from capacity.explanation import explain  # noqa: PLC0415  it needs this class

        return explain(self, metric, month)
