"""Two plans side by side, draw by draw, so that their difference carries no sampling noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Difference:
    """How one metric changes between two plans in one month.

    Parameters
    ----------
    metric, month, unit : str
        What changes, when, and its unit.
    base, other : float
        Medians of the two plans, in `unit`.
    low, mid, high : float
        5th, 50th and 95th percentile of other minus base, draw by draw, in `unit`.
    """

    metric: str
    month: str
    unit: str
    base: float
    other: float
    low: float
    mid: float
    high: float

    @property
    def ratio(self) -> float:
        """Median of the other plan over the median of the base; not-a-number at a base of 0."""
        return self.other / self.base if self.base else float("nan")


def compare(base: CapacityPlan, other: CapacityPlan) -> tuple[Difference, ...]:
    """Differences of every metric in every month that both plans cover.

    Parameters
    ----------
    base, other : CapacityPlan
        Planned with the same seed and number of draws.

    Returns
    -------
    tuple of Difference
        By month, then by metric.

    Raises
    ------
    ValueError
        If the plans do not share seed, number of draws or any month.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenario_file import load_scenario
    >>> scenario = load_scenario("reported-case")
    >>> longer = scenario.override("longer replies", reply_tokens=(150, 300, 600))
    >>> found = compare(plan(scenario, draws=200), plan(longer, draws=200))
    >>> next(item.mid for item in found if item.metric == "token_rate") > 0
    True
    """
    sizes = {plan.draws["users"].shape[0] for plan in (base, other)}
    if base.seed != other.seed or len(sizes) > 1:
        raise ValueError(
            f"plans to compare need one seed and one number of draws, got seeds {base.seed} and "
            f"{other.seed}, draws {', '.join(str(size) for size in sorted(sizes))}"
        )
    common = np.intersect1d(base.months, other.months)
    if not common.size:
        raise ValueError(
            f"the plans share no month: {base.months[0]} to {base.months[-1]} and "
            f"{other.months[0]} to {other.months[-1]}"
        )
    return tuple(_difference(name, month, base, other) for month in common for name in METRICS)


def _difference(
    name: str, month: np.datetime64, base: CapacityPlan, other: CapacityPlan
) -> Difference:
    one, two = _column(base, name, month), _column(other, name, month)
    low, mid, high = (float(value) for value in np.quantile(two - one, LEVELS))
    middles = float(np.median(one)), float(np.median(two))
    return Difference(name, str(month), METRICS[name].unit, *middles, low, mid, high)


def _column(plan: CapacityPlan, name: str, month: np.datetime64) -> Floats:
    return np.asarray(plan.draws[name][:, int(np.flatnonzero(plan.months == month)[0])])
