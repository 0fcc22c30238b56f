"""Renting against reserving: the price at which both cost the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.fleet.purchase import committed_usd, owed_usd
from capacity.market.catalogue import shipped_catalogue
from capacity.money.cost import HOURS_PER_MONTH
from capacity.outcome import CapacityPlan

ON_DEMAND = "on-demand"
TERMS = ("1y", "3y")


@dataclass(frozen=True)
class BreakEven:
    """Where renting what is needed costs as much as reserving what is bought.

    Parameters
    ----------
    instance, term : str
        Node type, and the commitment that renting is compared with.
    reserved_usd : float
        List price of all nodes bought over the plan, and of what is owed after it. [USD]
    low, mid, high : float
        Price of a rented node at which renting costs as much: 10th, 50th and 90th percentile of
        the draws. [USD/h]
    rent : float
        On-demand list price in the last month. [USD/h]
    rent_wins : float
        Probability that renting at list prices is cheaper. [1]
    """

    instance: str
    term: str
    reserved_usd: float
    low: float
    mid: float
    high: float
    rent: float
    rent_wins: float


def break_even(plan: CapacityPlan) -> tuple[BreakEven, ...]:
    """Price at which renting beats reserving, for every commitment that has a price.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    tuple of BreakEven
        For one year, then for three; empty if the node type is only rented.

    Notes
    -----
    Renting means: in every month and draw just the nodes needed, always to be had. Reserving
    means: what the plan buys, whether needed or not, paid to the end of its term. A rented node
    that cannot be had when demand peaks costs availability, which no price here holds.
    """
    name, prices = plan.option.instance.name, shipped_catalogue().prices
    rent = prices.series(name, ON_DEMAND, plan.months)
    size = plan.option.instance.gpus
    hours = plan.draws["gpus"] / size * HOURS_PER_MONTH
    rented = (hours * rent).sum(axis=1)
    nodes = plan.serving_nodes + plan.training_nodes
    found = []
    for term in TERMS:
        try:
            price = prices.series(name, term, plan.months)
        except ValueError:  # no such commitment in some month of the plan
            continue
        reserved = float(committed_usd(nodes, price, term).sum()) + owed_usd(nodes, price, term)
        low, mid, high = np.quantile(reserved / hours.sum(axis=1), (0.1, 0.5, 0.9)).tolist()
        wins = float(np.mean(rented < reserved))
        found.append(BreakEven(name, term, reserved, low, mid, high, float(rent[-1]), wins))
    return tuple(found)
