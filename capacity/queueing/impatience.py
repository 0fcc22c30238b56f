"""Queues that lose requests: a bounded waiting room, and users who give up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.queueing.markov import birth_death

if TYPE_CHECKING:
    from capacity.arrays import Floats

_LOG_NEGLIGIBLE = 90.0  # e^-90 is far below the spacing of floats
_LARGEST_LOG = 700.0  # of a float
_QUADRATURE_POINTS = 200


@dataclass(frozen=True)
class LossyQueue:
    """Long-run behaviour of a queue that loses requests.

    Parameters
    ----------
    states : ndarray, shape (n,)
        Probability of 0, 1, ... requests in the system. [1]
    servers : int
        Requests served at once. [1]
    arrival_rate : float
        Requests per unit of time. [1/time]
    p_lost : float
        Share of requests that are turned away or give up. [1]
    """

    states: Floats
    servers: int
    arrival_rate: float
    p_lost: float

    @property
    def mean_requests(self) -> float:
        """Requests in the system [1]."""
        return float(self.states @ np.arange(self.states.size))

    @property
    def mean_waiting(self) -> float:
        """Requests in the system that are not being served [1]."""
        beyond = np.maximum(np.arange(self.states.size) - self.servers, 0)
        return float(self.states @ beyond)

    @property
    def utilization(self) -> float:
        """Share of time that a server is busy [1]."""
        return (self.mean_requests - self.mean_waiting) / self.servers

    @property
    def p_wait(self) -> float:
        """Share of time that all servers are busy: what an arriving request meets [1]."""
        return float(self.states[self.servers :].sum())

    @property
    def mean_wait(self) -> float:
        """Time waited by a request that gets in, also if it gives up [time]."""
        admitted = self.arrival_rate * (1.0 - self.p_turned_away)
        return self.mean_waiting / admitted

    @property
    def mean_time(self) -> float:
        """Time in the system of a request that gets in [time]."""
        admitted = self.arrival_rate * (1.0 - self.p_turned_away)
        return self.mean_requests / admitted

    @property
    def p_turned_away(self) -> float:
        """Share of requests that find the system full [1]."""
        return float(self.states[-1])


def bounded_queue(
    arrival_rate: float, service_rate: float, servers: int, places: int
) -> LossyQueue:
    """M/M/c/K: requests that find all places taken are turned away.

    Parameters
    ----------
    arrival_rate : float
        Requests per unit of time. [1/time]
    service_rate : float
        Requests that one server finishes per unit of time. [1/time]
    servers : int
        Requests served at once. [1]
    places : int
        Requests in the system at most, those in service included. [1]

    Returns
    -------
    LossyQueue
        Long-run behaviour.

    Raises
    ------
    ValueError
        If a rate is not above zero, or there are fewer places than servers.

    Examples
    --------
    >>> round(bounded_queue(5.0, 2.0, servers=2, places=8).p_lost, 4)
    0.2356
    """
    if not 1 <= servers <= places:
        raise ValueError(f"servers must be from 1 to places = {places}, got {servers}")
    present = np.arange(1, places + 1)
    states = birth_death(np.full(places, arrival_rate), np.minimum(present, servers) * service_rate)
    return LossyQueue(states, servers, arrival_rate, p_lost=float(states[-1]))


def impatient_queue(
    arrival_rate: float, service_rate: float, servers: int, leaving_rate: float
) -> LossyQueue:
    """M/M/c+M, Erlang's model A: waiting users give up after an exponential time.

    Parameters
    ----------
    arrival_rate : float
        Requests per unit of time. [1/time]
    service_rate : float
        Requests that one server finishes per unit of time. [1/time]
    servers : int
        Requests served at once. [1]
    leaving_rate : float
        One over the mean patience. [1/time]

    Returns
    -------
    LossyQueue
        Long-run behaviour; it is stable at any load.

    Raises
    ------
    ValueError
        If a rate is not above zero or there is no server.

    References
    ----------
    .. [1] O. Garnett, A. Mandelbaum, M. Reiman, Manuf. Serv. Oper. Manag. 4, 208 (2002).

    Examples
    --------
    >>> queue = impatient_queue(48.0, 1.0, servers=50, leaving_rate=0.5)
    >>> round(queue.p_lost, 4), round(60 * queue.mean_wait, 2)
    (0.0309, 3.71)
    """
    if servers < 1:
        raise ValueError(f"servers must be at least 1, got {servers}")
    waiting = _waiting_states(arrival_rate, service_rate * servers, leaving_rate)
    present = np.arange(1, servers + waiting + 1)
    deaths = np.minimum(present, servers) * service_rate
    deaths = deaths + np.maximum(present - servers, 0) * leaving_rate
    states = birth_death(np.full(present.size, arrival_rate), deaths)
    mean_waiting = float(states[servers:] @ np.arange(waiting + 1))
    lost = leaving_rate * mean_waiting / arrival_rate
    return LossyQueue(states, servers, arrival_rate, p_lost=lost)


def p_served_within(
    queue: LossyQueue, service_rate: float, leaving_rate: float, wait: float
) -> float:
    """Share of all requests of M/M/c+M that are taken into service within a time.

    Parameters
    ----------
    queue : LossyQueue
        Result of `impatient_queue`.
    service_rate : float
        Requests that one server finishes per unit of time. [1/time]
    leaving_rate : float
        One over the mean patience. [1/time]
    wait : float
        Time. [time]

    Returns
    -------
    float
        Service level, lost requests counted against it. [1]

    Examples
    --------
    >>> queue = impatient_queue(10 / 3, 1 / 3, servers=14, leaving_rate=0.2)
    >>> round(p_served_within(queue, 1 / 3, 0.2, wait=1 / 3), 6)
    0.916792
    """
    nodes, weights = np.polynomial.legendre.leggauss(_QUADRATURE_POINTS)
    x = 0.5 * wait * (nodes + 1.0)
    # Density of the wait that a user without limit would have, and the chance to stay so long.
    stayers = queue.arrival_rate * -np.expm1(-leaving_rate * x) / leaving_rate
    # In logs: the level may be tiny where its factor is huge, and their product is a probability.
    level = np.log(max(float(queue.states[queue.servers - 1]), np.finfo(np.float64).tiny))
    density = level + stayers - (queue.servers * service_rate + leaving_rate) * x
    served = queue.arrival_rate * np.exp(np.minimum(density, _LARGEST_LOG))
    within = 1.0 - queue.p_wait + 0.5 * wait * (weights @ served)
    return float(min(within, 1.0 - queue.p_lost))


def _waiting_states(arrival_rate: float, full_rate: float, leaving_rate: float) -> int:
    """Give the number of waiting requests beyond which the probability is negligible."""
    over = max((arrival_rate - full_rate) / leaving_rate, 0.0)
    spread = np.sqrt(2.0 * _LOG_NEGLIGIBLE * arrival_rate / leaving_rate)
    by_leaving = over + spread + _LOG_NEGLIGIBLE
    if arrival_rate < full_rate:
        by_service = _LOG_NEGLIGIBLE / np.log(full_rate / arrival_rate)
        return int(min(by_leaving, by_service)) + 1
    return int(by_leaving) + 1
