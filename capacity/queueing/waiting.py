"""How long requests wait for one of many servers when traffic is not Poisson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capacity.queueing.erlang import erlang_c

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats

_ROOT_ITERATIONS = 200


def mean_wait(
    arrival_rate: ArrayLike,
    service_rate: ArrayLike,
    servers: ArrayLike,
    variability: ArrayLike = 1.0,
) -> Floats:
    """Mean wait before service, in G/G/c by the Allen-Cunneen approximation.

    Parameters
    ----------
    arrival_rate : array_like
        Requests per unit of time. [1/time]
    service_rate : array_like
        Requests that one server finishes per unit of time. [1/time]
    servers : array_like
        Requests served at once. [1]
    variability : array_like
        Mean of the squared coefficients of variation of the times between arrivals and of
        the service times; at 1 the result is exact for M/M/c. [1]

    Returns
    -------
    ndarray
        In the unit of time of the rates; infinite where the load reaches the servers.

    Raises
    ------
    ValueError
        If the arrival rate is negative, or a service rate or number of servers not positive.

    Examples
    --------
    >>> round(float(mean_wait(arrival_rate=0.2, service_rate=1 / 240, servers=55)), 2)
    8.18
    """
    lam = np.asarray(arrival_rate, dtype=np.float64)
    mu = np.asarray(service_rate, dtype=np.float64)
    if not np.all(mu > 0.0):
        raise ValueError("service_rate must be above 0")
    spare = np.asarray(servers, dtype=np.float64) * mu - lam
    waiting = erlang_c(lam / mu, servers) * np.asarray(variability, dtype=np.float64)
    return np.where(spare > 0.0, waiting / np.where(spare > 0.0, spare, 1.0), np.inf)


def p_wait_beyond(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, patience: ArrayLike
) -> Floats:
    """Probability that a request waits longer than a given time, in M/M/c.

    Parameters
    ----------
    arrival_rate : array_like
        Requests per unit of time. [1/time]
    service_rate : array_like
        Requests that one server finishes per unit of time. [1/time]
    servers : array_like
        Requests served at once. [1]
    patience : array_like
        Time. [time]

    Returns
    -------
    ndarray
        Broadcast shape; 1 where the load reaches the servers. [1]

    Raises
    ------
    ValueError
        If the arrival rate is negative, or a service rate or number of servers not positive.

    Examples
    --------
    >>> round(float(1 - p_wait_beyond(0.2, 1 / 240, 55, patience=15)), 4)
    0.8459
    """
    lam = np.asarray(arrival_rate, dtype=np.float64)
    mu = np.asarray(service_rate, dtype=np.float64)
    if not np.all(mu > 0.0):
        raise ValueError("service_rate must be above 0")
    spare = np.maximum(np.asarray(servers, dtype=np.float64) * mu - lam, 0.0)
    return np.asarray(erlang_c(lam / mu, servers) * np.exp(-spare * np.asarray(patience)))


def sakasegawa_wait(
    arrival_rate: float, service_rate: float, servers: int, variability: float
) -> float:
    """Mean wait in G/G/c by a formula without Erlang's, a few percent off it.

    Parameters
    ----------
    arrival_rate, service_rate : float
        Requests per unit of time, in all and per server. [1/time]
    servers : int
        Requests served at once. [1]
    variability : float
        Mean of the squared coefficients of variation of arrivals and of service times. [1]

    Returns
    -------
    float
        In the unit of time of the rates; infinite where the load reaches the servers.

    References
    ----------
    .. [1] H. Sakasegawa, Ann. Inst. Statist. Math. 29, 67 (1977).

    Examples
    --------
    >>> round(sakasegawa_wait(1.6, 1.0, servers=2, variability=0.75), 4)
    1.3568
    """
    use = arrival_rate / (servers * service_rate)
    if use >= 1.0:
        return float("inf")
    waiting = use ** (np.sqrt(2.0 * (servers + 1.0)) - 1.0)
    return float(waiting / (servers * (1.0 - use)) * variability / service_rate)


def kingman_bound(use: float, arrival_scv: float, service_scv: float) -> float:
    """Upper bound on the mean wait at one server, in mean service times.

    Parameters
    ----------
    use : float
        Share of time that the server is busy, below 1. [1]
    arrival_scv, service_scv : float
        Squared coefficients of variation of the times between arrivals and of service. [1]

    Returns
    -------
    float
        Mean service times; infinite at full use. [1]

    Examples
    --------
    >>> round(kingman_bound(0.7, arrival_scv=1.0, service_scv=1.0), 4)
    3.5476
    """
    if use >= 1.0:
        return float("inf")
    return use / (1.0 - use) * (arrival_scv / use**2 + service_scv) / 2.0


def whitt_factor(use: float, servers: int, arrival_scv: float, service_scv: float) -> float:
    """Mean wait in G/G/c over that in M/M/c, by Whitt's interpolation of 1993.

    Parameters
    ----------
    use : float
        Share of time that a server is busy, above 0 and below 1. [1]
    servers : int
        Requests served at once. [1]
    arrival_scv, service_scv : float
        Squared coefficients of variation of the times between arrivals and of service. [1]

    Returns
    -------
    float
        Factor on `mean_wait` at variability 1. [1]

    References
    ----------
    .. [1] W. Whitt, Production and Operations Management 2, 114 (1993), eq. 2.25.

    Examples
    --------
    >>> round(whitt_factor(0.9, servers=4, arrival_scv=1.0, service_scv=0.0), 4)
    0.5075
    """
    a, s = arrival_scv, service_scv
    regular_service, regular_arrivals = _light_traffic(use, servers)
    mean = 0.5 * (a + s)
    both = min(1.0, 0.5 * (regular_service + regular_arrivals))
    middle = 1.0 if mean >= 1.0 else both ** (2.0 * (1.0 - mean))
    if a >= s:
        weight = s / (4.0 * a - 3.0 * s) if a > 0.0 else 1.0
        phi = 4.0 * (a - s) / (4.0 * a - 3.0 * s) * regular_service if a > 0.0 else 0.0
        return mean * (phi + weight * middle)
    weight = (s - a) / (2.0 * (a + s))
    return mean * (weight * regular_arrivals + (1.0 - weight) * middle)


def cosmetatos_factor(use: float, servers: int, arrival_scv: float, service_scv: float) -> float:
    """Mean wait in G/G/c over that in M/M/c, between the M/M/c, M/D/c and D/M/c queues.

    Parameters
    ----------
    use : float
        Share of time that a server is busy, above 0 and below 1. [1]
    servers : int
        Requests served at once. [1]
    arrival_scv, service_scv : float
        Squared coefficients of variation of the times between arrivals and of service. [1]

    Returns
    -------
    float
        Factor on `mean_wait` at variability 1; their mean where either exceeds 1. [1]

    References
    ----------
    .. [1] G. P. Cosmetatos, INFOR 13, 328 (1975); E. Page, J. Opl Res. Soc. 33, 453 (1982).

    Examples
    --------
    >>> round(cosmetatos_factor(0.9, servers=4, arrival_scv=1.0, service_scv=0.0), 4)
    0.5075
    """
    a, s = arrival_scv, service_scv
    if max(a, s) > 1.0:
        return 0.5 * (a + s)
    regular_service, regular_arrivals = _light_traffic(use, servers)
    to_md, to_dm = a * (1.0 - s) * regular_service, (1.0 - a) * s * regular_arrivals
    return a * s + 0.5 * (to_md + to_dm)


def fixed_service_wait(arrival_rate: float, service_s: float, servers: int) -> float:
    """Mean wait in M/D/c, exactly.

    Parameters
    ----------
    arrival_rate : float
        Requests per unit of time. [1/time]
    service_s : float
        Time that every request takes. [time]
    servers : int
        Requests served at once. [1]

    Returns
    -------
    float
        In the unit of time of the arguments; infinite where the load reaches the servers.

    Notes
    -----
    Requests in the system one service time apart form a chain with Poisson arrivals and
    `servers` departures; its mean follows from the roots of z^c = exp(load (z - 1)) inside
    the unit circle.

    Examples
    --------
    >>> round(fixed_service_wait(9.0, 1.0, servers=10), 4)
    0.3446
    """
    load = arrival_rate * service_s
    if load >= servers:
        return float("inf")
    turns = np.exp(2j * np.pi * np.arange(1, servers) / servers)
    roots = turns * 0.5
    for _ in range(_ROOT_ITERATIONS):
        image = turns * np.exp(load / servers * (roots - 1.0))
        roots = roots - (roots - image) / (1.0 - load / servers * image)
    waiting = load / (2.0 * (servers - load)) - 0.5 * (servers - 1.0 + load)
    waiting += float(np.sum(1.0 / (1.0 - roots)).real)
    return waiting / arrival_rate


def _light_traffic(use: float, servers: int) -> tuple[float, float]:
    """Corrections of half the M/M/c wait for fixed service and for fixed arrivals."""
    c = float(servers)
    gamma = (1.0 - use) * (c - 1.0) * (np.sqrt(4.0 + 5.0 * c) - 2.0) / (16.0 * c * use)
    gamma = min(0.24, float(gamma))
    return 1.0 + gamma, (1.0 - 4.0 * gamma) * float(np.exp(-2.0 * (1.0 - use) / (3.0 * use)))
