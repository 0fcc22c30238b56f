"""One draw of a plan, taken apart: its inputs, its figures, and its machines sized again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from capacity.fleet.redundancy_rule import redundancy_rule
from capacity.fleet.sizing import Need, Traffic, batch_at_limits, size
from capacity.serving.replica import TokenLengths

if TYPE_CHECKING:
    from capacity.arrays import Floats
    from capacity.outcome import CapacityPlan


@dataclass(frozen=True)
class OneDraw:
    """A single future of a plan in one month.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    number : int
        Which draw, from 0. [1]
    place : int
        Which month, from 0. [1]
    """

    plan: CapacityPlan
    number: int
    place: int

    @classmethod
    def median(cls, plan: CapacityPlan, values: Floats, place: int) -> OneDraw:
        """The draw that has the median of a figure.

        Parameters
        ----------
        plan : CapacityPlan
            Any plan.
        values : numpy.ndarray, shape (draws,)
            The figure in every draw. [any]
        place : int
            Which month, from 0. [1]

        Returns
        -------
        OneDraw
            With an even number of draws the lower one of the two in the middle.
        """
        return cls(plan, int(np.argsort(values, kind="stable")[(len(values) - 1) // 2]), place)

    def value(self, metric: str) -> float:
        """A metric of the plan.

        Parameters
        ----------
        metric : str
            Its name.

        Returns
        -------
        float
            In the metric's unit.
        """
        return float(self.plan.draws[metric][self.number, self.place])

    @cached_property
    def inputs(self) -> Mapping[str, float]:
        """Every uncertain input, in its unit."""
        count = next(iter(self.plan.draws.values())).shape[0]
        drawn = self.plan.scenario.draw(count, self.plan.seed)
        return {name: float(values[self.number, 0]) for name, values in drawn.items()}

    @cached_property
    def traffic(self) -> Traffic:
        """The load of the month, arrays of shape (1, 1)."""
        x = {name: np.full((1, 1), value) for name, value in self.inputs.items()}
        prompt = np.maximum(1.0, x["prompt_tokens"])
        reply = np.maximum(1.0, x["reply_tokens"])
        return Traffic(
            rate=np.full((1, 1), self.value("peak_rate")),
            lengths=TokenLengths(prompt, prompt * x["cached_share"], reply),
            speed=x["serving_error"] * x["engine_maturity"],
            variability=(x["arrival_variability"] + x["reply_variability"]) / 2.0,
        )

    @cached_property
    def need(self) -> Need:
        """Machines for the load, arrays of shape (1, 1)."""
        plan = self.plan
        scenario = plan.scenario
        constants = scenario.serving.constants
        point = batch_at_limits(plan.option, self.traffic, plan.policy, constants)
        rule = redundancy_rule(scenario, plan.policy, plan.draws["peak_rate"][:, -1])
        return size(plan.option, point, self.traffic, plan.policy, rule)
