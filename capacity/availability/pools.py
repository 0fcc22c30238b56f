"""Availability of pools of equal machines, and the pool that an availability takes.

Down probabilities are computed as lower tails, never as one minus an upper tail, so that small
ones keep their digits.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, ndtri, xlog1py, xlogy

from capacity.search import smallest_meeting

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from capacity.arrays import Floats, Ints

MOST_KEPT = 256


def node_availability(mtbf_h: ArrayLike, mttr_h: ArrayLike) -> Floats:
    """Long-run share of time that a repairable machine is up.

    Parameters
    ----------
    mtbf_h : array_like
        Mean time from repair to failure. [h]
    mttr_h : array_like
        Mean time to repair. [h]

    Returns
    -------
    ndarray
        Availability. [1]

    Raises
    ------
    ValueError
        If a time to failure is not above zero or a time to repair is negative.

    Examples
    --------
    >>> round(float(node_availability(mtbf_h=1000, mttr_h=10)), 4)
    0.9901
    """
    up, down = np.asarray(mtbf_h, dtype=np.float64), np.asarray(mttr_h, dtype=np.float64)
    if not np.all(up > 0.0) or not np.all(down >= 0.0):
        raise ValueError("mtbf_h must be above 0 and mttr_h not negative")
    return np.asarray(up / (up + down))


def k_of_n_unavailability(need: ArrayLike, nodes: ArrayLike, availability: ArrayLike) -> Floats:
    """Probability that fewer machines are up than needed, failures being independent.

    Parameters
    ----------
    need : array_like
        Machines that must be up, at least 1. [1]
    nodes : array_like
        Machines installed. [1]
    availability : array_like
        Share of time that a machine is up. [1]

    Returns
    -------
    ndarray
        Broadcast shape; 1 where fewer are installed than needed. [1]

    Raises
    ------
    ValueError
        If a need is below one or an availability outside 0 to 1.

    Examples
    --------
    >>> round(float(k_of_n_unavailability(need=2, nodes=3, availability=0.99)), 6)
    0.000298
    """
    k = np.asarray(need, dtype=np.float64)
    down = 1.0 - np.asarray(availability, dtype=np.float64)
    if not np.all(k >= 1.0):
        raise ValueError("need must be at least 1 machine")
    if not np.all((down >= 0.0) & (down <= 1.0)):
        raise ValueError("availability must be between 0 and 1")
    spare = np.asarray(nodes, dtype=np.float64) - k
    tail = betainc(np.maximum(spare, 0.0) + 1.0, k, down)
    return np.asarray(np.where(spare < 0.0, 1.0, tail))


def k_of_n_min_nodes(need: ArrayLike, availability: float, target: float) -> Ints:
    """Fewest machines of which enough are up often enough.

    Parameters
    ----------
    need : array_like of int
        Machines that must be up. [1]
    availability : float
        Share of time that a machine is up. [1]
    target : float
        Share of time that enough must be up. [1]

    Returns
    -------
    ndarray
        Same shape as `need`. [1]

    Raises
    ------
    ValueError
        If the target or an availability is out of range, or a need is below one.

    Examples
    --------
    >>> k_of_n_min_nodes([1, 10, 1000], availability=0.99, target=0.9995)
    array([   2,   12, 1022])
    """
    return nodes_per_zone(need, 1, availability, 1.0, target)


def zonal_pool_unavailability(
    need: ArrayLike,
    per_zone: ArrayLike,
    zones: int,
    node_availability: float,
    zone_availability: float,
) -> Floats:
    """Probability that a pool spread evenly over zones has fewer machines up than needed.

    Parameters
    ----------
    need : array_like
        Machines that must be up, over all zones. [1]
    per_zone : array_like
        Machines in each zone. [1]
    zones : int
        Zones. [1]
    node_availability : float
        Share of time that a machine is up while its zone is. [1]
    zone_availability : float
        Share of time that a zone is up; a zone that is down takes all its machines along. [1]

    Returns
    -------
    ndarray
        Broadcast shape of `need` and `per_zone`. [1]

    Raises
    ------
    ValueError
        If a need or the number of zones is below one or an availability outside 0 to 1.

    Notes
    -----
    Given j zones up, the machines up are binomial over j times `per_zone`; the result mixes
    these over the binomial number of zones up.

    Examples
    --------
    >>> round(float(zonal_pool_unavailability(20, 10, 3, 0.99, 0.9995)), 6)
    0.000274
    """
    each = np.asarray(per_zone, dtype=np.float64)
    weights = zones_up(zones, zone_availability)
    total = np.full(np.broadcast_shapes(np.shape(need), each.shape), weights[0])
    for up in range(1, zones + 1):
        total += weights[up] * k_of_n_unavailability(need, up * each, node_availability)
    return np.asarray(np.minimum(total, 1.0))


def zones_up(zones: int, zone_availability: float) -> Floats:
    """Probability of 0, 1, ... zones being up, each independently of the others.

    Parameters
    ----------
    zones : int
        Zones. [1]
    zone_availability : float
        Share of time that a zone is up. [1]

    Returns
    -------
    ndarray, shape (zones + 1,)
        Probabilities. [1]

    Raises
    ------
    ValueError
        If there is no zone or the availability lies outside 0 to 1.

    Examples
    --------
    >>> zones_up(2, 0.9).round(2)
    array([0.01, 0.18, 0.81])
    """
    return _zones_up(zones, zone_availability).copy()


@lru_cache(maxsize=MOST_KEPT)
def _zones_up(zones: int, zone_availability: float) -> Floats:
    """A search for the pool of a plan asks for the same zones at every step."""
    if zones < 1:
        raise ValueError(f"zones must be at least 1, got {zones}")
    if not 0.0 <= zone_availability <= 1.0:
        raise ValueError(f"zone_availability must be between 0 and 1, got {zone_availability}")
    up = np.arange(zones + 1.0)
    ways = np.cumprod(np.concatenate(([1.0], (zones - up[:-1]) / (up[:-1] + 1.0))))
    log_odds = xlogy(up, zone_availability) + xlog1py(zones - up, -zone_availability)
    return np.asarray(ways * np.exp(log_odds))


def nodes_per_zone(
    need: ArrayLike,
    zones: int,
    node_availability: float,
    zone_availability: float,
    target: float,
) -> Ints:
    """Fewest machines per zone with which a pool meets its availability target.

    Parameters
    ----------
    need : array_like of int
        Machines that must be up, over all zones. [1]
    zones : int
        Zones. [1]
    node_availability : float
        Share of time that a machine is up while its zone is. [1]
    zone_availability : float
        Share of time that a zone is up. [1]
    target : float
        Share of time that enough machines must be up. [1]

    Returns
    -------
    ndarray
        Same shape as `need`; one machine fewer in each zone misses the target. [1]

    Raises
    ------
    ValueError
        If an argument is out of range, or if the target cannot be met by any number of
        machines because all zones may be down at once.

    Examples
    --------
    >>> nodes_per_zone([1, 20, 1000], zones=3, node_availability=0.99,
    ...                zone_availability=0.9995, target=0.9995)
    array([  1,  10, 506])
    """
    _check_reachable(zones, node_availability, zone_availability, target)
    needs, where = np.unique(np.asarray(need, dtype=np.int64), return_inverse=True)
    if needs.size and needs[0] < 1:
        raise ValueError(f"need must be at least 1 machine, got {needs[0]}")

    def meets(per_zone: Ints, which: Ints) -> NDArray[np.bool_]:
        down = zonal_pool_unavailability(
            needs[which], per_zone, zones, node_availability, zone_availability
        )
        return np.asarray(down <= 1.0 - target)

    guess = _normal_guess(needs, zones, node_availability, zone_availability, target)
    return smallest_meeting(meets, guess)[where].reshape(np.shape(need))


def _check_reachable(
    zones: int, node_availability: float, zone_availability: float, target: float
) -> None:
    """Refuse targets outside 0 to 1 or above what any number of machines can reach."""
    if not 0.0 < target < 1.0:
        raise ValueError(f"target must lie between 0 and 1, got {target}")
    if not 0.0 < node_availability <= 1.0:
        raise ValueError(
            f"node_availability must be above 0 and at most 1, got {node_availability}"
        )
    all_down = zones_up(zones, zone_availability)[0]
    if all_down >= 1.0 - target:
        raise ValueError(
            f"an availability of {target} is out of reach with {zones} zone(s) that are up "
            f"{zone_availability} of the time: below {1.0 - all_down:.6g} whatever the pool"
        )


def _normal_guess(
    needs: Ints, zones: int, node_availability: float, zone_availability: float, target: float
) -> Ints:
    """Start the search from a normal approximation at the number of zones that decides."""
    weights = zones_up(zones, zone_availability)
    lost = np.cumsum(weights)
    deciding = int(np.argmax(lost >= 1.0 - target))
    allowed = (1.0 - target - lost[deciding - 1]) / weights[deciding]
    spread = -ndtri(min(max(allowed, 1e-12), 1.0 - 1e-12))
    nodes = needs / node_availability
    nodes = nodes + spread * np.sqrt(nodes * (1.0 - node_availability) / node_availability)
    return np.asarray(np.maximum(np.ceil(nodes / deciding), 1), dtype=np.int64)
