"""What a planner gets: a capacity plan, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from capacity.metrics import METRICS
from capacity.outlook import Outlook

if TYPE_CHECKING:
    from capacity.arrays import Floats, Ints
    from capacity.evidence import Check, Serving
    from capacity.fleet.choice import Rejection
    from capacity.fleet.error_budget import BudgetLine, Layout
    from capacity.fleet.orders import Order
    from capacity.fleet.sizing import Option
    from capacity.fleet.waterfall import Step
    from capacity.policy import Policy
    from capacity.questions.explanation import Explanation
    from capacity.scenarios.scenario import Scenario

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
class CapacityPlan(Outlook):
    """The outcome of a scenario under a policy, in the same draws throughout.

    Parameters
    ----------
    scenario, months, kinds, draws, notes : as in Outlook
        Every metric of `capacity.metrics`; notes of the forecasts and limits of the plan.
    policy : Policy
        What the planner chose.
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
    seed : int
        Seed of all draws.
    version : str
        Version of the package.
    hashes : mapping of str to str
        SHA-256 of each data file used.
    """

    by_month: ClassVar[tuple[str, ...]] = (
        *Outlook.by_month, "serving_nodes", "training_nodes", "nodes_error", "shortfall",
    )  # fmt: skip

    policy: Policy
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
    seed: int
    version: str
    hashes: Mapping[str, str]

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
        error, here = super().monte_carlo_error(metric, p), self.quantile(metric, p)
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
        from capacity.questions.explanation import explain  # noqa: PLC0415  it needs this class

        return explain(self, metric, month)
