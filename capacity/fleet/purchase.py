"""What a need costs to buy: nodes that stand, commitments at the price of their day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capacity.arrays import Floats, Ints
from capacity.fleet.orders import standing
from capacity.money.cost import HOURS_PER_MONTH
from capacity.money.recourse import Offers
from capacity.policy import Policy

TERM_MONTHS = {"on-demand": 1, "1y": 12, "3y": 36}


def covering(nodes: Floats | Ints, p: float) -> Floats:
    """Smallest count that suffices with some probability, month by month.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (draws, months)
        Nodes needed. [nodes]
    p : float
        Probability. [1]

    Returns
    -------
    numpy.ndarray, shape (months,)
        One of the counts needed. [nodes]

    Examples
    --------
    >>> covering(np.array([[1], [2], [6], [9]]), 0.5).tolist()
    [2.0]
    """
    return np.asarray(np.quantile(nodes, p, axis=0, method="inverted_cdf"), dtype=np.float64)


def nodes_standing(nodes: Ints, policy: Policy, p: float) -> Ints:
    """Nodes that stand when orders cover a quantile of the need.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (draws, months)
        Nodes needed. [nodes]
    policy : Policy
        Months that one order covers.
    p : float
        Probability that they suffice in a month. [1]

    Returns
    -------
    numpy.ndarray, shape (months,)
        Never falling. [nodes]

    Examples
    --------
    >>> need = np.array([[1, 2, 3, 3], [2, 3, 4, 8]])
    >>> nodes_standing(need, Policy(order_months=2), 0.9).tolist()
    [3, 3, 8, 8]
    """
    return standing(covering(nodes, p), policy.order_months)


def bought_to(target: Floats, offers: Offers, mine: NDArray[np.bool_], regions: int = 1) -> Floats:
    """Orders of one kind of offer that keep a given number of nodes standing.

    Parameters
    ----------
    target : numpy.ndarray, shape (months,)
        Nodes that shall stand, an equal part of them in each region. [nodes]
    offers : Offers
        What can be ordered.
    mine : numpy.ndarray of bool, shape (offers,)
        The offers to use, at most one for each month and region. [1]
    regions : int
        Regions told apart. [1]

    Returns
    -------
    numpy.ndarray, shape (1, offers)
        Each month whole lots for what is missing, as far as its limit goes. [nodes]

    Examples
    --------
    >>> offers = Offers(
    ...     np.arange(4), np.full(4, 2), np.ones(4), np.ones(4), np.full(4, np.inf),
    ...     np.full(4, 2.0), np.zeros(4, bool), np.zeros(4, int),
    ... )
    >>> bought_to(np.array([1.0, 3.0, 3.0, 3.0]), offers, np.ones(4, bool)).tolist()
    [[2.0, 2.0, 2.0, 2.0]]
    """
    nodes, cover = np.zeros(offers.start.size), offers.standing(target.size, regions)
    slot_of = offers.region * target.size + offers.start
    for slot, wanted in enumerate(np.tile(target / regions, regions)):
        place = np.flatnonzero(mine & (slot_of == slot))
        missing = wanted - float(cover[slot] @ nodes)
        if place.size and missing > 0.0:
            lots = np.ceil(missing / offers.yields[place] / offers.lot[place])
            most = np.floor(offers.limit[place] / offers.lot[place])
            nodes[place] = np.minimum(lots, most) * offers.lot[place]
    return nodes[None, :]


def committed_usd(nodes: Ints, usd_per_hour: Floats, term: str) -> Floats:
    """Bill of nodes that were committed to, each lot at the price of its own day.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (months,)
        Nodes that stand, never falling. [nodes]
    usd_per_hour : numpy.ndarray, shape (months,)
        Price of a commitment made in each month. [USD/h]
    term : str
        ``on-demand``, ``1y`` or ``3y``; a lot is priced anew when its term ends.

    Returns
    -------
    numpy.ndarray, shape (months,)
        List price of all lots. [USD/month]

    Examples
    --------
    >>> price = np.array([20.0] * 6 + [10.0] * 8)
    >>> (committed_usd(np.full(14, 1), price, "1y") / HOURS_PER_MONTH).tolist()[5:14:4]
    [20.0, 20.0, 10.0]
    """
    total = np.zeros(len(nodes))
    for first, priced in _lots(nodes, TERM_MONTHS[term]):
        lot = float(nodes[first] - (nodes[first - 1] if first else 0))
        total[first:] += lot * usd_per_hour[priced]
    return total * HOURS_PER_MONTH


def owed_usd(nodes: Ints, usd_per_hour: Floats, term: str) -> float:
    """What is still to be paid after the last month for commitments that run on.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (months,)
        Nodes that stand, never falling. [nodes]
    usd_per_hour : numpy.ndarray, shape (months,)
        Price of a commitment made in each month. [USD/h]
    term : str
        ``on-demand``, ``1y`` or ``3y``.

    Returns
    -------
    float
        At list prices. [USD]

    Examples
    --------
    >>> round(owed_usd(np.array([1, 1, 3]), np.full(3, 10.0), "1y") / HOURS_PER_MONTH)
    310
    """
    length, owed = TERM_MONTHS[term], 0.0
    for first, priced in _lots(nodes, length):
        lot = float(nodes[first] - (nodes[first - 1] if first else 0))
        left = length - 1 - (len(nodes) - 1 - int(priced[-1]))
        owed += lot * float(usd_per_hour[priced[-1]]) * left
    return owed * HOURS_PER_MONTH


def _lots(nodes: Ints, length: int) -> list[tuple[int, Ints]]:
    """First month of each lot, and for each month after it the month of its price."""
    new = np.flatnonzero(np.diff(nodes, prepend=0))
    ages = np.arange(len(nodes))
    return [(int(first), first + ages[: len(nodes) - first] // length * length) for first in new]
