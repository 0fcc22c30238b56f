"""When each resource breaks: first month in which a limit no longer suffices, and how likely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest

RESOURCES = ("gpus", "storage_pb", "peak_gbit_s", "databases", "hosts")
LIKELY = 0.5


@dataclass(frozen=True)
class Break:
    """How long a limit of one resource lasts.

    Parameters
    ----------
    metric : str
        The resource.
    limit : float
        What there is of it, in the metric's unit.
    months : tuple of str
        Months after the one in which the limit is given.
    probability : tuple of float
        Probability that the limit has been exceeded by the end of each month. [1]
    """

    metric: str
    limit: float
    months: tuple[str, ...]
    probability: tuple[float, ...]

    def first(self, probability: float = LIKELY) -> str:
        """First month by which the limit is exceeded with some probability.

        Parameters
        ----------
        probability : float
            Above 0. [1]

        Returns
        -------
        str
            As YYYY-MM; empty if no month of the plan is that likely.

        Examples
        --------
        >>> Break("gpus", 80.0, ("2023-01", "2023-02"), (0.2, 0.7)).first(0.5)
        '2023-02'
        """
        pairs = zip(self.months, self.probability, strict=True)
        return next((month for month, reached in pairs if reached >= probability), "")


def breaks(plan: CapacityPlan, limits: Mapping[str, float] | None = None) -> tuple[Break, ...]:
    """When each resource breaks that is not added to.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    limits : mapping of str to float, optional
        What there is, by metric, in its unit; by default what the plan has in the last reported
        month: the GPUs that stand, and of the other `RESOURCES` the quantile `confidence`.

    Returns
    -------
    tuple of Break
        The most urgent first.

    Raises
    ------
    ValueError
        If a metric is unknown, or the plan has no month after the last reported one.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenarios.file import load_scenario
    >>> found = breaks(plan(load_scenario("reported-case"), draws=200), {"gpus": 1.0})
    >>> found[0].first(), found[0].probability[0]
    ('2023-01', 1.0)
    """
    coming = plan.months > plan.scenario.queries.origin
    if not coming.any():
        raise ValueError(f"the plan ends in {plan.months[-1]}, before any forecast month")
    limits = _todays(plan) if limits is None else limits
    unknown = [name for name in limits if name not in METRICS]
    if unknown:
        known = nearest(unknown[0][:LONGEST], METRICS)
        raise ValueError(f"unknown metric {shown(unknown[0])}; {known}")
    found = [_break(plan, name, limit, coming) for name, limit in limits.items()]
    return tuple(sorted(found, key=lambda item: (-sum(item.probability), item.metric)))


def _todays(plan: CapacityPlan) -> dict[str, float]:
    """What stands in the last reported month, or in the first of a plan that begins later."""
    today = max(0, int(np.searchsorted(plan.months, plan.scenario.queries.origin + 1)) - 1)
    have = {name: float(plan.quantile(name, plan.policy.confidence)[today]) for name in RESOURCES}
    return have | {"gpus": float(plan.gpus_standing[today])}


def _break(
    plan: CapacityPlan, name: str, limit: float, coming: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Break:
    over = np.logical_or.accumulate(plan.draws[name][:, coming] > limit, axis=1)
    months = tuple(str(month) for month in plan.months[coming])
    return Break(name, float(limit), months, tuple(over.mean(axis=0).tolist()))
