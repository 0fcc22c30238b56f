"""What can be bought, and what a month costs once its need is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capacity.arrays import Floats, Ints
from capacity.money.cost import HOURS_PER_MONTH

MINUTES_PER_MONTH = 60.0 * HOURS_PER_MONTH  # as billed: a twelfth of a year
_NOTHING = 1e-6  # nodes: the solver's own tolerance is no shortfall


@dataclass(frozen=True)
class Offers:
    """Commitments that can be ordered; arrays of shape (offers,).

    Parameters
    ----------
    start : numpy.ndarray
        First month in which the nodes stand, counted from 0. [months]
    length : numpy.ndarray
        Months for which they stand. [months]
    usd : numpy.ndarray
        What one node costs over the whole commitment, as far as it is charged. [USD]
    yields : numpy.ndarray
        Need that one node covers, in nodes of the kind that the need is counted in. [nodes]
    limit : numpy.ndarray
        Most nodes that can be had; infinite without a limit. [nodes]
    lot : numpy.ndarray
        Orders are multiples of it. [nodes]
    informed : numpy.ndarray of bool
        Whether the order is placed after the review, knowing the group of the draw. [1]
    region : numpy.ndarray
        Region in which the nodes stand, counted from 0. [1]
    """

    start: Ints
    length: Ints
    usd: Floats
    yields: Floats
    limit: Floats
    lot: Floats
    informed: NDArray[np.bool_]
    region: Ints

    def standing(self, months: int, regions: int = 1) -> Floats:
        """Need covered in each slot by one node of each offer.

        Parameters
        ----------
        months : int
            Months looked at. [months]
        regions : int
            Regions told apart. [1]

        Returns
        -------
        numpy.ndarray, shape (regions * months, offers)
            Its yield while it stands, else 0; months of the first region first. [nodes]
        """
        region, month = np.divmod(np.arange(regions * months)[:, None], months)
        age = month - self.start
        stands = (region == self.region) & (age >= 0) & (age < self.length)
        return np.where(stands, self.yields, 0.0)

    def worthwhile(self, most: float) -> NDArray[np.bool_]:
        """Which offers a linear program may use.

        Parameters
        ----------
        most : float
            Largest need that can arise. [nodes]

        Returns
        -------
        numpy.ndarray of bool, shape (offers,)
            False where another offer of the same region and months covers the same need for
            less and can be had for all of it. [1]
        """
        usd = self.usd / self.yields
        enough = self.limit * self.yields >= most
        keys = np.stack((self.region, self.start, self.length))
        same = (keys[:, :, None] == keys[:, None, :]).all(axis=0)
        cheaper = (usd[None, :] < usd[:, None]) & enough
        return np.asarray(~(same & cheaper).any(axis=1))


@dataclass(frozen=True)
class TopUp:
    """What is decided in the month itself, when the need is known; shape (slots,).

    A slot is a month in a region: the months of the first region, then those of the next. Where
    all regions are bought for alike they count as one, and a slot is a month.

    Parameters
    ----------
    on_demand_usd : numpy.ndarray
        Price of a node on demand. [USD/month]
    on_demand_limit : numpy.ndarray
        Most of them. [nodes]
    spot_usd : numpy.ndarray
        Price of a spot node, interruptions included; used before on-demand. [USD/month]
    shortfall_usd : numpy.ndarray
        Price put on a node that is missing. [USD/month]

    Raises
    ------
    ValueError
        If spot is dearer than on-demand, or on-demand dearer than a missing node.
    """

    on_demand_usd: Floats
    on_demand_limit: Floats
    spot_usd: Floats
    shortfall_usd: Floats

    def __post_init__(self) -> None:
        """Refuse prices that would not be paid in this order."""
        rising = (self.spot_usd <= self.on_demand_usd) & (self.on_demand_usd <= self.shortfall_usd)
        if not np.all(rising):
            raise ValueError(
                "a spot node must cost at most as much as one on demand, and that at most as much "
                "as a missing one: raise the price of a shortfall"
            )


@dataclass(frozen=True)
class Futures:
    """Equally likely draws of what is needed.

    Parameters
    ----------
    need : numpy.ndarray, shape (draws, slots)
        Nodes beyond those already held. [nodes]
    spot : numpy.ndarray, shape (draws, slots)
        Most of them that spot can cover. [nodes]
    group : numpy.ndarray, shape (draws,)
        What is known of a draw at the review: its group, numbered from 0. [1]
    regions : int
        Regions told apart. [1]
    """

    need: Floats
    spot: Floats
    group: Ints
    regions: int = 1

    def cover(self, offers: Offers) -> Floats:
        """Need covered in each slot by one node of each offer.

        Parameters
        ----------
        offers : Offers
            What can be ordered.

        Returns
        -------
        numpy.ndarray, shape (slots, offers)
            As `Offers.standing`. [nodes]
        """
        return offers.standing(self.need.shape[1] // self.regions, self.regions)

    @property
    def groups(self) -> int:
        """Number of groups [1]."""
        return int(self.group.max()) + 1


@dataclass(frozen=True)
class Outcome:
    """What orders lead to, draw by draw.

    Parameters
    ----------
    bought_usd : numpy.ndarray, shape (draws,)
        Orders, spot and on-demand over all months. [USD]
    missing_usd : numpy.ndarray, shape (draws,)
        Price put on the nodes that are missing. [USD]
    missing : numpy.ndarray, shape (draws, slots)
        Nodes that are missing. [nodes]
    on_demand : numpy.ndarray, shape (draws, slots)
        Nodes rented on demand. [nodes]
    regions : int
        Regions told apart. [1]
    """

    bought_usd: Floats
    missing_usd: Floats
    missing: Floats
    on_demand: Floats
    regions: int = 1

    @property
    def usd(self) -> Floats:
        """Cost plus priced shortfall, shape (draws,) [USD]."""
        return self.bought_usd + self.missing_usd

    @property
    def shortfall(self) -> Floats:
        """Probability of a shortfall in any region, shape (months,) [1]."""
        return np.asarray((self.worst > 0.0).mean(axis=0))

    @property
    def worst(self) -> Floats:
        """Most nodes missing in any one region, shape (draws, months) [nodes]."""
        by_region = self.missing.reshape(len(self.missing), self.regions, -1)
        return np.asarray(by_region.max(axis=1))


def outcome(offers: Offers, nodes: Floats, top_up: TopUp, futures: Futures) -> Outcome:
    """What orders cost and leave uncovered, with the best use of spot and on-demand.

    Parameters
    ----------
    offers : Offers
        What can be ordered.
    nodes : numpy.ndarray, shape (groups, offers)
        Nodes ordered of each where a group is met. [nodes]
    top_up : TopUp
        What remains to be done in the month itself.
    futures : Futures
        Draws of the need, those that the orders were found on or others.

    Returns
    -------
    Outcome
        Draw by draw.

    Examples
    --------
    >>> offers = Offers(
    ...     np.zeros(1, int), np.ones(1, int), np.ones(1), np.ones(1), np.full(1, np.inf),
    ...     np.ones(1), np.zeros(1, bool), np.zeros(1, int),
    ... )
    >>> one, two, ten = np.ones(1), np.full(1, 2.0), np.full(1, 10.0)
    >>> futures = Futures(np.array([[3.0], [5.0]]), np.zeros((2, 1)), np.zeros(2, int))
    >>> found = outcome(offers, np.array([[3.0]]), TopUp(two, one, two, ten), futures)
    >>> found.bought_usd.tolist(), found.missing_usd.tolist()
    ([3.0, 5.0], [0.0, 10.0])
    """
    standing = nodes @ futures.cover(offers).T
    left = futures.need - standing[futures.group]
    left = np.where(left > _NOTHING, left, 0.0)
    spot = np.minimum(left, futures.spot)
    on_demand = np.minimum(left - spot, top_up.on_demand_limit)
    missing = np.where(left - spot - on_demand > _NOTHING, left - spot - on_demand, 0.0)
    bought = (nodes @ offers.usd)[futures.group]
    bought = bought + spot @ top_up.spot_usd + on_demand @ top_up.on_demand_usd
    priced = missing @ top_up.shortfall_usd
    return Outcome(bought, priced, missing, on_demand, futures.regions)


def shortfall_minutes(missing: Floats, need: Floats, profile: Floats) -> Floats:
    """Minutes of a month in which the load is above what the nodes carry.

    Parameters
    ----------
    missing : numpy.ndarray
        Nodes that are missing at the peak. [nodes]
    need : numpy.ndarray, same shape
        Nodes needed at the peak, those held included. [nodes]
    profile : numpy.ndarray, shape (hours,)
        Load of each hour of a day or a week, in any one unit. [1]

    Returns
    -------
    numpy.ndarray, same shape
        Load is taken as proportional to the nodes that it needs. [min]

    Examples
    --------
    >>> hours = np.array([0.5, 0.8, 1.0, 0.9])
    >>> shortfall_minutes(np.array([0.0, 15.0, 25.0]), np.full(3, 100.0), hours).tolist()
    [0.0, 21915.0, 32872.5]
    """
    load = np.sort(profile / profile.max())
    carried = 1.0 - missing / np.maximum(need, 1e-12)
    above = load.size - np.searchsorted(load, carried, side="right")
    return np.asarray(np.where(missing > 0.0, above, 0) / load.size * MINUTES_PER_MONTH)
