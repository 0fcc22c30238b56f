"""How resources grow with users: the exponent between two sizes and what makes it up."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from capacity.estimate import Estimate
from capacity.fleet.waterfall import Step
from capacity.outcome import CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.scenarios.parts import Override

DRAWS = 2_000


@dataclass(frozen=True)
class Scaling:
    """Resources at a multiple of the demand.

    Parameters
    ----------
    factor : float
        Multiple of users and queries. [1]
    ratio : float
        GPUs that stand at the multiple over those that stand now. [1]
    parts : tuple of (str, float)
        Factors whose product is `ratio`, by cause. [1]
    cost_ratio, storage_ratio : float
        Median cost and storage at the multiple over now. [1]
    """

    factor: float
    ratio: float
    parts: tuple[tuple[str, float], ...]
    cost_ratio: float
    storage_ratio: float

    @property
    def exponent(self) -> float:
        """Power of the users with which GPUs grow [1]; 1 is proportional."""
        return math.log(self.ratio) / math.log(self.factor)


def scaling(base: CapacityPlan, factor: float = 10.0) -> Scaling:
    """Plan the same scenario at a multiple of its demand.

    Parameters
    ----------
    base : CapacityPlan
        The plan as it is.
    factor : float
        Multiple of users and queries, above 1. [1]

    Returns
    -------
    Scaling
        Ratios in the last month, on the same hardware and with the same draws.

    Raises
    ------
    ValueError
        If the factor is not above 1, or no plan exists at the multiple.
    """
    if not factor > 1.0:
        raise ValueError(f"a multiple must be above 1, got {factor}")
    now, then = _planned(base, 1.0), _planned(base, factor)
    return Scaling(
        factor,
        then.waterfall[-1].gpus / now.waterfall[-1].gpus,
        _parts(factor, now.waterfall, then.waterfall),
        _ratio(then, now, "cost"),
        _ratio(then, now, "storage_pb"),
    )


def _planned(base: CapacityPlan, factor: float) -> CapacityPlan:
    value = base.scenario.inputs["demand_factor"].mid * factor
    change = Override(f"{factor:g} times the demand", {"demand_factor": Estimate.exactly(value)})
    scenario = replace(base.scenario, overrides=(*base.scenario.overrides, change))
    policy = replace(base.policy, instance=base.option.instance.name)
    found = plan(scenario, policy, seed=base.seed, draws=DRAWS)
    if isinstance(found, Infeasible):
        raise ValueError(f"no plan at {factor:g} times the demand: {found.reason}")  # noqa: TRY004
    return found


def _parts(
    factor: float, now: tuple[Step, ...], then: tuple[Step, ...]
) -> tuple[tuple[str, float], ...]:
    """Ratio of each step's own factor; their product is the ratio of the last step."""
    found, before = [("demand", factor)], factor
    for one, other in zip(now, then, strict=True):
        ratio = other.gpus / one.gpus
        name = "parallelism" if one is now[0] else one.name  # a larger load may choose another
        found.append((name, ratio / before))
        before = ratio
    return tuple(found)


def _ratio(then: CapacityPlan, now: CapacityPlan, metric: str) -> float:
    return float(then.quantile(metric, 0.5)[-1] / now.quantile(metric, 0.5)[-1])
