"""Plans side by side, draw by draw, so that their differences carry no sampling noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np

from capacity.arrays import Floats, Months
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan

LEVELS = (0.05, 0.5, 0.95)
FEWEST, MOST = 2, 10  # plans


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
    plan : str
        Name of the other plan.
    """

    metric: str
    month: str
    unit: str
    base: float
    other: float
    low: float
    mid: float
    high: float
    plan: str = ""

    @property
    def ratio(self) -> float:
        """Median of the other plan over the median of the base; not-a-number at a base of 0."""
        return self.other / self.base if self.base else float("nan")


@dataclass(frozen=True)
class Saving:
    """What a plan saves against the base over the months that all plans cover.

    Parameters
    ----------
    plan : str
        Name of the plan.
    low, mid, high : float
        5th, 50th and 95th percentile of what it costs less, draw by draw. [USD]
    cheaper : float
        Probability that it costs less. [1]
    month : str
        Month from which on its median cost to date is never again above that of the base; empty
        if there is none.
    owed : float
        What it owes more than the base after its last month, at list prices. [USD]
    """

    plan: str
    low: float
    mid: float
    high: float
    cheaper: float
    month: str
    owed: float


@dataclass(frozen=True)
class Comparison:
    """Two to ten plans with common draws.

    Parameters
    ----------
    names : tuple of str
        One for each plan, the base first.
    plans : tuple of CapacityPlan
        In the same order.
    months : numpy.ndarray, shape (months,)
        Months that all plans cover.
    differences : tuple of Difference
        Of every other plan from the base: by plan, month and metric.
    savings : tuple of Saving
        One for each other plan.
    """

    names: tuple[str, ...]
    plans: tuple[CapacityPlan, ...]
    months: Months
    differences: tuple[Difference, ...]
    savings: tuple[Saving, ...]

    def to_pdf(self, path: str | Path) -> None:
        """Write the comparison as a printed page, whole or not at all.

        Parameters
        ----------
        path : str or Path
            File to write or replace.
        """
        from capacity.report.comparison_pdf import comparison_pdf  # noqa: PLC0415  slow to import
        from forecast.whole_files import write_whole  # noqa: PLC0415

        write_whole({Path(path): comparison_pdf(self)})


def compare(*plans: CapacityPlan, names: Sequence[str] = ()) -> Comparison:
    """Differences of every metric in every month that all plans cover.

    Parameters
    ----------
    *plans : CapacityPlan
        Two to ten, the base first; planned with the same seed and number of draws.
    names : sequence of str
        One for each plan; by default scenario, overrides and levers.

    Returns
    -------
    Comparison
        Of the first plan with each of the others.

    Raises
    ------
    ValueError
        If there are too few or too many plans, or they do not share seed, number of draws or any
        month.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenarios.file import load_scenario
    >>> scenario = load_scenario("reported-case")
    >>> longer = scenario.override("longer replies", reply_tokens=(150, 300, 600))
    >>> found = compare(plan(scenario, draws=200), plan(longer, draws=200))
    >>> next(item.mid for item in found.differences if item.metric == "token_rate") > 0
    True
    >>> found.names
    ('reported-case', 'reported-case, longer replies')
    """
    _check(plans, names)
    months: Months = reduce(np.intersect1d, [plan.months for plan in plans])
    if not months.size:
        covered = ", ".join(f"{plan.months[0]} to {plan.months[-1]}" for plan in plans)
        raise ValueError(f"the plans share no month: {covered}")
    called = tuple(names) or _names(plans)
    base, others = plans[0], list(zip(called[1:], plans[1:], strict=True))
    differences = tuple(
        _difference(metric, month, base, (name, other))
        for name, other in others
        for month in months
        for metric in METRICS
    )
    savings = tuple(_saving(name, base, other, months) for name, other in others)
    return Comparison(called, plans, months, differences, savings)


def _check(plans: Sequence[CapacityPlan], names: Sequence[str]) -> None:
    if not FEWEST <= len(plans) <= MOST:
        raise ValueError(f"{len(plans)} plans to compare: allowed {FEWEST} to {MOST}")
    if names and len(names) != len(plans):
        raise ValueError(f"{len(names)} names for {len(plans)} plans")
    seeds = sorted({plan.seed for plan in plans})
    sizes = sorted({plan.draws["users"].shape[0] for plan in plans})
    if len(seeds) > 1 or len(sizes) > 1:
        raise ValueError(
            "plans to compare need one seed and one number of draws, got seeds "
            f"{' and '.join(map(str, seeds))}, draws {', '.join(map(str, sizes))}"
        )


def _names(plans: Sequence[CapacityPlan]) -> tuple[str, ...]:
    """Scenario, overrides and levers of each plan; numbered where two are the same."""
    names = [", ".join((plan.scenario.name, *_changes(plan))) for plan in plans]
    twice = {name for name, count in Counter(names).items() if count > 1}
    return tuple(
        f"{name} ({place})" if name in twice else name for place, name in enumerate(names, 1)
    )


def _changes(plan: CapacityPlan) -> list[str]:
    """Overrides, and levers that are not the scenario's own."""
    levers = plan.policy.changed.items() - plan.scenario.levers.items()
    return [item.name for item in plan.scenario.overrides] + [
        f"{name}={value}" for name, value in sorted(levers)
    ]


def _difference(
    metric: str, month: np.datetime64, base: CapacityPlan, named: tuple[str, CapacityPlan]
) -> Difference:
    name, other = named
    one, two = _column(base, metric, month), _column(other, metric, month)
    low, mid, high = (float(value) for value in np.quantile(two - one, LEVELS))
    middles = float(np.median(one)), float(np.median(two))
    return Difference(metric, str(month), METRICS[metric].unit, *middles, low, mid, high, name)


def _column(plan: CapacityPlan, name: str, month: np.datetime64) -> Floats:
    return np.asarray(plan.draws[name][:, int(np.flatnonzero(plan.months == month)[0])])


def _saving(name: str, base: CapacityPlan, other: CapacityPlan, months: Months) -> Saving:
    """Cost to date of the base less that of the other, draw by draw."""
    spent = [plan.draws["cost"][:, np.isin(plan.months, months)] for plan in (base, other)]
    saved = np.cumsum(spent[0] - spent[1], axis=1)
    middle = np.median(saved, axis=0)
    behind = np.flatnonzero(middle < 0.0)
    first = int(behind[-1]) + 1 if behind.size else 0
    low, mid, high = (float(value) for value in np.quantile(saved[:, -1], LEVELS))
    pays = first < len(months) and mid > 0.0
    cheaper = float(np.mean(saved[:, -1] > 0.0))
    owed = other.owed_usd - base.owed_usd
    return Saving(name, low, mid, high, cheaper, str(months[first]) if pays else "", owed)
