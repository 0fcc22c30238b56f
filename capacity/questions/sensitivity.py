"""What matters: whose uncertainty the uncertainty of a figure is, and what measuring is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats
from capacity.metrics import METRICS, lowered
from capacity.numbers import percent
from capacity.outcome import CapacityPlan
from capacity.questions.measuring import purchase_loss, worth_of_measuring
from capacity.questions.outputs import DECISIONS, needed_cost, place_of
from capacity.questions.surface import Surface, fit_surface
from capacity.questions.variance_shares import first_order, shapley_effects, total_effects
from forecast.draws import stratify
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest

GROWTH, USER_GROWTH = "growth", "growth of users"
OF_USERS = frozenset({"users", "queries_per_user", "cost_per_user"})
NEEDED = "needed_cost"
KEPT = 10  # inputs of the surface
SAID = 3
WORTH_SAYING = 0.01
ROUNDING = 1e-12


@dataclass(frozen=True)
class Influence:
    """How much of the variance of a figure one input is.

    Parameters
    ----------
    name : str
        The input; ``growth`` is the path of daily queries.
    share : float
        Shapley effect: its fair share of the variance, correlations and interactions shared
        out. [1]
    alone : float
        First-order Sobol index, from the draws as they are. [1]
    total : float
        Total Sobol index of the surface, interactions included. [1]
    worth_usd : float
        What measuring it before buying saves. [USD/month]
    """

    name: str
    share: float
    alone: float
    total: float
    worth_usd: float


@dataclass(frozen=True)
class Sensitivity:
    """Whose uncertainty the uncertainty of a figure is.

    Parameters
    ----------
    metric, title, unit, month : str
        The figure.
    relative : bool
        Whether shares are of the variance of its logarithm, as for every positive figure.
    influences : tuple of Influence
        The largest share first; at most ten.
    explained : float
        Share of the variance that the surface through these inputs explains; it is the sum of
        their shares. The rest is other inputs and higher orders. [1]
    worth_usd : float
        What knowing everything before buying would save. [USD/month]
    """

    metric: str
    title: str
    unit: str
    month: str
    relative: bool
    influences: tuple[Influence, ...]
    explained: float
    worth_usd: float

    @property
    def sentence(self) -> str:
        """The largest shares in one sentence."""
        said = [item for item in self.influences if item.share >= WORTH_SAYING][:SAID]
        if not said:
            return f"{self.title} in {self.month} is hardly uncertain."
        first, *others = [(percent(item.share), item.name.replace("_", " ")) for item in said]
        rest = "".join(f"; {name} is {share}" for share, name in others)
        return f"{first[0]} of the uncertainty in {lowered(self.title)} is {first[1]}{rest}."


def sensitivity(plan: CapacityPlan, metric: str = NEEDED, month: str = "") -> Sensitivity:
    """Shares of the variance of a figure by input, and the worth of measuring each.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan; 2,000 draws or more give shares good to a percentage point or two.
    metric : str
        A metric, or ``needed_cost``: the cost if every draw stood what it needs. The bill itself
        hardly varies with demand, because one order is placed for all draws.
    month : str
        As YYYY-MM; the last of the plan if empty.

    Returns
    -------
    Sensitivity
        Of the logarithm of the figure, where it is positive.

    Raises
    ------
    ValueError
        If the metric is unknown, the month not covered, or the draws are too few.

    Notes
    -----
    The inputs are drawn again from the plan's seed, so that each draw meets its own outcome. The
    ten inputs with the largest first-order index enter a quadratic surface in normal scores; its
    Shapley effects follow in closed form, correlations included.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenarios.file import load_scenario
    >>> found = sensitivity(plan(load_scenario("reported-case"), draws=1_000))
    >>> found.influences[0].name
    'growth'
    """
    place = place_of(plan, month)
    values = _figure(plan, metric, place)
    relative = bool(values.min() > 0.0)
    values = _varying(np.log(values) if relative else values)
    names, scores = _scores(plan, metric, place)
    alone = first_order(scores, values)
    kept = np.argsort(-alone, kind="stable")[:KEPT]
    variance = float(values.var())
    surface = fit_surface(scores[:, kept], values) if variance else _nothing(len(kept))
    worth, every = _worth(plan, place, scores[:, kept])
    scale = 1.0 / variance if variance else 0.0
    shares, totals = shapley_effects(surface) * scale, total_effects(surface) * scale
    found = [
        Influence(names[item], *(float(row[at]) for row in (shares, alone[kept], totals, worth)))
        for at, item in enumerate(kept)
    ]
    known = METRICS.get(metric) or DECISIONS[metric]
    return Sensitivity(
        metric, known.title, known.unit, str(plan.months[place]), relative,
        tuple(sorted(found, key=lambda item: -item.share)), surface.variance() * scale, every,
    )  # fmt: skip


def _figure(plan: CapacityPlan, metric: str, place: int) -> Floats:
    if metric == NEEDED:
        return needed_cost(plan)[:, place]
    if metric not in METRICS:
        known = nearest(metric[:LONGEST], (*METRICS, NEEDED))
        raise ValueError(f"unknown metric {shown(metric)}; {known}")
    return plan.draws[metric][:, place]


def _varying(values: Floats) -> Floats:
    """The values; all 0 where nothing but rounding tells them apart."""
    same = float(np.ptp(values)) <= ROUNDING * float(np.abs(values).max())
    return np.zeros_like(values) if same else values


def _scores(plan: CapacityPlan, metric: str, place: int) -> tuple[list[str], Floats]:
    """Normal scores of every input that varies, growth among them."""
    count = next(iter(plan.draws.values())).shape[0]
    drawn = {name: x[:, 0] for name, x in plan.scenario.draw(count, plan.seed).items()}
    varying = {name: x for name, x in growth_paths(plan, drawn, place).items() if np.ptp(x) > 0.0}
    if metric not in OF_USERS:
        varying.pop(USER_GROWTH, None)
    varying |= {name: x for name, x in drawn.items() if np.ptp(x) > 0.0}
    return list(varying), stratify(np.stack(list(varying.values()), axis=1))


def growth_paths(plan: CapacityPlan, drawn: Mapping[str, Floats], place: int) -> dict[str, Floats]:
    """Demand in one month without what the factors on demand add.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    drawn : mapping of str to numpy.ndarray, shape (draws,)
        Its inputs.
    place : int
        Which month, from 0. [1]

    Returns
    -------
    dict of str to numpy.ndarray
        Queries a day under ``growth``, users under ``growth of users``.
    """
    months = int((plan.months[place] - plan.scenario.queries.origin).astype(int))
    factor = drawn["demand_factor"] * drawn["growth_factor"] ** (max(0, months) / 12.0)
    pairs = ((GROWTH, "daily_queries"), (USER_GROWTH, "users"))
    return {name: plan.draws[metric][:, place] / factor for name, metric in pairs}


def _worth(plan: CapacityPlan, place: int, scores: Floats) -> tuple[Floats, float]:
    """What knowing each input, and everything, saves in idle and missing nodes. [USD/month]"""
    need = plan.draws["serving_gpus"][:, place] / plan.option.instance.gpus
    paid = float(np.mean(plan.draws["cost_serving"][:, place]))
    usd = paid / max(1.0, float(plan.serving_nodes[place]))
    p = plan.policy.confidence
    return worth_of_measuring(scores, need, p) * usd, float(purchase_loss(need, p)) * usd


def _nothing(inputs: int) -> Surface:
    """Surface of a figure that does not vary."""
    return Surface(np.zeros(inputs), np.zeros((inputs, inputs)), np.eye(inputs))
