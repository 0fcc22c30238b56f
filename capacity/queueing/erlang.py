"""Erlang's formulas, and the servers that a probability of waiting takes.

Offered load is arrival rate times mean service time, in erlang: the mean number of busy
servers if there were no limit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincc, gammaln, log_ndtr, ndtri, xlogy

from capacity.search import smallest_meeting

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from capacity.arrays import Floats, Ints

_HALF_LOG_TWO_PI = 0.5 * np.log(2.0 * np.pi)
_NEARLY_UNDERFLOWN = 1e-200
MOST_KEPT = 256


def erlang_b(offered_load: ArrayLike, servers: ArrayLike) -> Floats:
    """Probability that a request finds all servers busy and is lost, in M/M/c/c.

    Parameters
    ----------
    offered_load : array_like
        Arrival rate times mean service time. [erlang]
    servers : array_like
        Requests served at once. [1]

    Returns
    -------
    ndarray
        Broadcast shape. [1]

    Raises
    ------
    ValueError
        If a load or a number of servers is negative.

    Notes
    -----
    The ratio of a Poisson probability to its distribution function, equal to the usual
    recursion over the servers and as fast for 100,000 of them as for one.

    Examples
    --------
    >>> round(float(erlang_b(offered_load=33.333, servers=45)), 4)
    0.0097
    """
    load, count = np.broadcast_arrays(
        np.asarray(offered_load, dtype=np.float64), np.asarray(servers, dtype=np.float64)
    )
    if not np.all(load >= 0.0) or not np.all(count >= 0.0):
        raise ValueError("offered_load and servers must not be negative")
    below = gammaincc(count + 1.0, load)
    overloaded = below < _NEARLY_UNDERFLOWN
    pmf = np.exp(xlogy(count, load) - load - gammaln(count + 1.0))
    blocked = pmf / np.where(overloaded, 1.0, below)
    return np.where(overloaded, _blocked_when_overloaded(load, count), blocked)


def erlang_c(offered_load: ArrayLike, servers: ArrayLike) -> Floats:
    """Probability that a request must wait, in M/M/c.

    Parameters
    ----------
    offered_load : array_like
        Arrival rate times mean service time. [erlang]
    servers : array_like
        Requests served at once. [1]

    Returns
    -------
    ndarray
        Broadcast shape; exactly 1 where the load reaches the servers. [1]

    Raises
    ------
    ValueError
        If a load is negative or a number of servers is below one.

    References
    ----------
    .. [1] D. Gross and C. M. Harris, *Fundamentals of Queueing Theory*, ch. 2.

    Examples
    --------
    >>> round(float(erlang_c(offered_load=8.0, servers=10)), 4)
    0.4092
    """
    load = np.asarray(offered_load, dtype=np.float64)
    count = np.asarray(servers, dtype=np.float64)
    if not np.all(count >= 1.0):
        raise ValueError("servers must be at least 1")
    blocked = erlang_b(load, count)
    stable = load < count
    free = np.where(stable, count - load * (1.0 - blocked), 1.0)
    return np.where(stable, count * blocked / free, 1.0)


def halfin_whitt(beta: ArrayLike) -> Floats:
    """Probability of waiting with `load + beta * sqrt(load)` servers, for large loads.

    Parameters
    ----------
    beta : array_like
        Quality of service, above 0. [1]

    Returns
    -------
    ndarray
        Same shape, falling from 1. [1]

    References
    ----------
    .. [1] S. Halfin and W. Whitt, Operations Research 29, 567 (1981).

    Examples
    --------
    >>> round(float(halfin_whitt(1.0)), 5)
    0.22336
    """
    b = np.asarray(beta, dtype=np.float64)
    return np.asarray(1.0 / (1.0 + b * _normal_ratio(b)))


def quality_of_service(p_wait: ArrayLike) -> Floats:
    """Invert the Halfin-Whitt function: the beta at which that share of requests waits.

    Parameters
    ----------
    p_wait : array_like
        Probability of waiting, between 0 and 1. [1]

    Returns
    -------
    ndarray
        Same shape. [1]

    Raises
    ------
    ValueError
        If a probability is not strictly between 0 and 1.

    Examples
    --------
    >>> round(float(quality_of_service(0.05)), 3)
    1.74
    """
    target = np.asarray(p_wait, dtype=np.float64)
    if not np.all((target > 0.0) & (target < 1.0)):
        raise ValueError("p_wait must lie strictly between 0 and 1")
    return np.asarray(_one_quality(target.item())) if target.ndim == 0 else _qualities(target)


@lru_cache(maxsize=MOST_KEPT)
def _one_quality(target: float) -> float:
    """A plan asks for one share of waiting again and again."""
    return float(_qualities(np.asarray(target)))


def _qualities(target: Floats) -> Floats:
    # beta * Phi / phi exceeds the target odds at -ndtri(target) and above.
    low, high = np.zeros_like(target), np.maximum(-ndtri(0.5 * target), 1.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        waits = halfin_whitt(middle) > target
        low, high = np.where(waits, middle, low), np.where(waits, high, middle)
    return high


def staffing(offered_load: ArrayLike, p_wait: ArrayLike, variability: ArrayLike = 1.0) -> Ints:
    """Servers for a probability of waiting, by the square-root rule and its next term.

    Parameters
    ----------
    offered_load : array_like
        Arrival rate times mean service time. [erlang]
    p_wait : array_like
        Probability of waiting allowed, between 0 and 1. [1]
    variability : array_like
        Mean of the squared coefficients of variation of arrivals and of service times;
        1 for Poisson arrivals and exponential service. [1]

    Returns
    -------
    ndarray
        Broadcast shape; always more than the load, so that the queue empties. [1]

    Raises
    ------
    ValueError
        If a load or variability is negative or a probability not strictly within 0 to 1.

    Notes
    -----
    Load plus beta times the root of load times variability, plus a constant of order one,
    rounded up. Traffic of variability v is treated as arriving v requests at a time.

    References
    ----------
    .. [1] A. Janssen, J. van Leeuwaarden and B. Zwart, Operations Research 59, 1512 (2011).

    Examples
    --------
    >>> staffing([1.0, 100.0, 10_000.0], p_wait=0.05)
    array([    4,   119, 10175])
    """
    load = np.asarray(offered_load, dtype=np.float64)
    spread = np.asarray(variability, dtype=np.float64)
    if not np.all(load >= 0.0) or not np.all(spread >= 0.0):
        raise ValueError("offered_load and variability must not be negative")
    beta = quality_of_service(p_wait)
    servers = np.ceil(load + beta * np.sqrt(load * spread) + _second_order(beta) * spread)
    return np.asarray(np.maximum(servers, np.floor(load) + 1.0), dtype=np.int64)


def servers_for_wait(offered_load: ArrayLike, p_wait: float) -> Ints:
    """Fewest servers with which no more than a share of requests wait, exact for M/M/c.

    Parameters
    ----------
    offered_load : array_like
        Arrival rate times mean service time. [erlang]
    p_wait : float
        Probability of waiting allowed, between 0 and 1. [1]

    Returns
    -------
    ndarray
        Same shape. [1]

    Raises
    ------
    ValueError
        If a load is negative or the probability not strictly between 0 and 1.

    Examples
    --------
    >>> servers_for_wait([1.0, 100.0, 10_000.0], p_wait=0.05)
    array([    4,   119, 10175])
    """
    guess = staffing(offered_load, p_wait)
    load = np.asarray(offered_load, dtype=np.float64).ravel()

    def meets(servers: Ints, which: Ints) -> NDArray[np.bool_]:
        return np.asarray(erlang_c(load[which], servers) <= p_wait)

    return smallest_meeting(meets, guess.ravel()).reshape(guess.shape)


def _normal_ratio(beta: Floats) -> Floats:
    """Distribution function over density of the standard normal distribution."""
    return np.asarray(np.exp(log_ndtr(beta) + 0.5 * beta * beta + _HALF_LOG_TWO_PI))


def _second_order(beta: Floats) -> Floats:
    """Servers by which the square-root rule falls short of Erlang C as the load grows."""
    ratio = _normal_ratio(beta)
    cubic = beta**3 * (1.0 + beta * ratio) - beta
    slope = ratio * (1.0 + beta * beta) + beta
    return np.asarray(0.5 * beta * beta - cubic / (3.0 * slope))


def _blocked_when_overloaded(load: Floats, servers: Floats) -> Floats:
    """Erlang B by the continued fraction of the incomplete gamma function, load over servers."""
    x, s = np.maximum(load, servers + 2.0), servers + 1.0
    fraction = np.zeros_like(x)
    for i in range(60, 0, -1):
        fraction = i * (s - i) / (x + 2.0 * i + 1.0 - s + fraction)
    return np.asarray((x + 1.0 - s + fraction) / x)
