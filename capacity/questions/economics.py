"""What a unit of service costs, beside public figures, and how long a budget lasts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats
from capacity.load.storage import DAYS_PER_MONTH
from capacity.outcome import CapacityPlan
from capacity.questions.breaks import Break
from capacity.questions.outputs import ahead, place_of
from forecast.shipped.tables import read_table

LEVELS = (0.1, 0.5, 0.9)
TOKENS = 1e6
ANCHORS: Mapping[str, tuple[tuple[str, str], ...]] = {  # rows of data/facts.csv, and their sense
    "cost per 1,000 queries": (("companion_cost_1000_queries", "under"),),
    "cost per hour of conversation": (
        ("companion_cost_conversation_hour", "under"), ("api_cost_conversation_hour", "about"),
    ),
    "users per GPU": (("companion_daily_users_per_gpu", "about"),),
}  # fmt: skip


@dataclass(frozen=True)
class Anchor:
    """A public figure that a unit cost can be held against.

    Parameters
    ----------
    sense : str
        about, under or over.
    value : float
        The figure, in the unit of the cost.
    what : str
        What it is, with its caveat.
    source, as_of, confidence : str
        Where it comes from, of when, and how good the source is.
    """

    sense: str
    value: float
    what: str
    source: str
    as_of: str
    confidence: str


@dataclass(frozen=True)
class UnitCost:
    """What one unit of service costs.

    Parameters
    ----------
    name, unit : str
        What is counted, and the unit of the figures.
    low, mid, high : float
        10th, 50th and 90th percentile of the draws, in `unit`.
    anchors : tuple of Anchor
        Public figures; empty where none is known.
    """

    name: str
    unit: str
    low: float
    mid: float
    high: float
    anchors: tuple[Anchor, ...]


def unit_costs(plan: CapacityPlan, month: str = "") -> tuple[UnitCost, ...]:
    """Cost of a user, of queries, of tokens, of an hour of conversation.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    month : str
        As YYYY-MM; the last of the plan if empty.

    Returns
    -------
    tuple of UnitCost
        All lines of the bill over what was served in the same draw.

    Raises
    ------
    ValueError
        If the plan does not cover the month.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenarios.file import load_scenario
    >>> found = unit_costs(plan(load_scenario("reported-case"), draws=200))
    >>> [item.name for item in found][:2]
    ['cost per user', 'cost per 1,000 queries']
    """
    place = place_of(plan, month)
    count = next(iter(plan.draws.values())).shape[0]
    x = {name: values[:, 0] for name, values in plan.scenario.draw(count, plan.seed).items()}
    metric = {name: values[:, place] for name, values in plan.draws.items()}
    queries = metric["daily_queries"] * DAYS_PER_MONTH
    replies = queries * np.maximum(1.0, x["reply_tokens"]) / TOKENS
    prompts = queries * np.maximum(1.0, x["prompt_tokens"]) / TOKENS
    rows: tuple[tuple[str, str, Floats], ...] = (
        ("cost per user", "USD/month", metric["cost_per_user"]),
        ("cost per 1,000 queries", "USD", metric["cost_per_1000_queries"]),
        ("cost per million reply tokens", "USD", metric["cost"] / replies),
        ("cost per million tokens, prompts included", "USD", metric["cost"] / (replies + prompts)),
        ("cost per hour of conversation", "USD/h", metric["cost_per_conversation_hour"]),
        ("users per GPU", "users/GPU", metric["users"] / plan.gpus_standing[place]),
    )
    known = anchors()
    found = []
    for name, unit, values in rows:
        low, mid, high = np.quantile(values, LEVELS).tolist()
        found.append(UnitCost(name, unit, low, mid, high, known.get(name, ())))
    return tuple(found)


def anchors() -> dict[str, tuple[Anchor, ...]]:
    """Public figures by the unit cost that they can be held against.

    Returns
    -------
    dict of str to tuple of Anchor
        From `data/facts.csv`.

    Examples
    --------
    >>> anchors()["cost per hour of conversation"][0].value
    0.01
    """
    rows = {row.text("id"): row for row in read_table("facts.csv").rows}

    def anchor(name: str, sense: str) -> Anchor:
        row = rows[name]
        words = (row.text(key) for key in ("quantity", "source", "as_of", "confidence"))
        return Anchor(sense, row.number("value"), *words)

    return {name: tuple(anchor(*item) for item in items) for name, items in ANCHORS.items()}


def runway(plan: CapacityPlan, budget: float) -> Break:
    """How long a budget lasts that pays for the months ahead.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    budget : float
        What there is to spend from the first forecast month on, above 0. [USD]

    Returns
    -------
    Break
        Probability that it is spent by the end of each month.

    Raises
    ------
    ValueError
        If the budget is not above 0.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> from capacity.scenarios.file import load_scenario
    >>> runway(plan(load_scenario("reported-case"), draws=200), 1.0).first()
    '2023-01'
    """
    if not 0.0 < budget < math.inf:
        raise ValueError(f"budget = {budget}: must be above 0 USD")
    coming = ahead(plan)
    spent = np.cumsum(plan.draws["cost"][:, coming], axis=1)
    months = tuple(str(month) for month in plan.months[coming])
    return Break("coming_cost", budget, months, tuple((spent > budget).mean(axis=0).tolist()))
