"""Single figures of a plan that a question may be about: metrics of a month, and decisions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest

Figure = Callable[[CapacityPlan, int, float], float]


@dataclass(frozen=True)
class Output:
    """A figure of a plan in one month.

    Parameters
    ----------
    name, title, unit : str
        Key, words and unit.
    figure : callable
        From plan, place of the month and probability of the quantile to the value, in `unit`.
    """

    name: str
    title: str
    unit: str
    figure: Figure


def output(name: str) -> Output:
    """Output of a name.

    Parameters
    ----------
    name : str
        A metric, or a name of `DECISIONS`.

    Returns
    -------
    Output
        Ready to be asked of any plan.

    Raises
    ------
    ValueError
        If the name is unknown.

    Examples
    --------
    >>> output("cost").unit, output("availability").unit
    ('USD/month', 'share')
    """
    if name in DECISIONS:
        return DECISIONS[name]
    if name not in METRICS:
        known = nearest(name[:LONGEST], (*METRICS, *DECISIONS))
        raise ValueError(f"unknown output {shown(name)}; {known}")
    metric = METRICS[name]
    return Output(
        name, metric.title, metric.unit, lambda plan, at, p: float(plan.quantile(name, p)[at])
    )


def place_of(plan: CapacityPlan, month: str) -> int:
    """Place of a month in a plan.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    month : str
        As YYYY-MM; empty for the last one.

    Returns
    -------
    int
        Its number, from 0. [1]

    Raises
    ------
    ValueError
        If the plan does not cover the month.
    """
    words = [str(known) for known in plan.months]
    if month and month not in words:
        raise ValueError(f"month {shown(month)}: the plan covers {words[0]} to {words[-1]}")
    return words.index(month) if month else len(words) - 1


def ahead(plan: CapacityPlan) -> slice:
    """Months after the last reported one; all months if none is a forecast.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    slice
        Places of the months.
    """
    coming = [place for place, kind in enumerate(plan.kinds) if kind == "forecast"]
    return slice(coming[0] if coming else 0, len(plan.kinds))


def needed_cost(plan: CapacityPlan) -> Floats:
    """Cost if every draw stood just the GPUs that it needs, at the prices of what is bought.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    numpy.ndarray, shape (draws, months)
        The bill of a plan that knew its demand; `cost` is that of one order for all draws.
        [USD/month]
    """
    size = float(plan.option.instance.gpus)
    spent = plan.draws["cost"]
    lines = 1.0 + plan.draws["cost_overhead"] / (spent - plan.draws["cost_overhead"])
    for purpose in ("serving", "training"):
        standing = getattr(plan, f"{purpose}_nodes") * size
        surplus = 1.0 - plan.draws[f"{purpose}_gpus"] / np.maximum(standing, 1.0)
        spent = spent - plan.draws[f"cost_{purpose}"] * surplus * lines
    return np.asarray(spent)


def _availability(plan: CapacityPlan, at: int, p: float) -> float:
    return plan.availability


def _standing(plan: CapacityPlan, at: int, p: float) -> float:
    return float(plan.gpus_standing[at])


def _shortfall(plan: CapacityPlan, at: int, p: float) -> float:
    return float(plan.shortfall[at])


def _coming_cost(plan: CapacityPlan, at: int, p: float) -> float:
    return float(np.quantile(plan.draws["cost"][:, ahead(plan)].sum(axis=1), p))


def _needed(plan: CapacityPlan, at: int, p: float) -> float:
    return float(np.quantile(needed_cost(plan)[:, at], p))


def _order_days(plan: CapacityPlan, at: int, p: float) -> float:
    """Days from the last reported month to the first order for a later month."""
    origin = plan.scenario.queries.origin
    today = (origin + 1).astype("datetime64[D]")
    later = (lot for lot in plan.orders if lot.in_service > origin)
    days = (float((np.datetime64(lot.order_by, "D") - today).astype(int)) for lot in later)
    return min(days, default=math.inf)


DECISIONS: dict[str, Output] = {
    item.name: item
    for item in (
        Output("availability", "Availability", "share", _availability),
        Output("gpus_standing", "GPUs standing", "GPUs", _standing),
        Output("shortfall", "Probability of shortfall", "share", _shortfall),
        Output("coming_cost", "Cost of the months ahead", "USD", _coming_cost),
        Output("needed_cost", "Cost as needed", "USD/month", _needed),
        Output("order_days", "Days to the next order", "days", _order_days),
    )
}
