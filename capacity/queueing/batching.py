"""A queue in front of replicas that batch: more requests at once, each of them slower."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.queueing.markov import birth_death

if TYPE_CHECKING:
    from capacity.arrays import Floats

_LOG_NEGLIGIBLE = 40.0  # e^-40


@dataclass(frozen=True)
class BatchQueue:
    """Long-run behaviour of replicas that share their speed among the requests in their batches.

    Parameters
    ----------
    states : ndarray, shape (n,)
        Probability of 0, 1, ... requests present. [1]
    rates : ndarray, shape (n,)
        Requests finished in each state. [1/s]
    places : int
        Requests served at once by all replicas together. [1]
    arrival_rate : float
        Requests that arrive. [1/s]
    leaving_rate : float
        One over the mean patience of a waiting user; 0 where nobody gives up. [1/s]
    """

    states: Floats
    rates: Floats
    places: int
    arrival_rate: float
    leaving_rate: float

    @property
    def p_wait(self) -> float:
        """Share of requests that find no free place [1]."""
        return float(self.states[self.places :].sum())

    @property
    def mean_waiting(self) -> float:
        """Requests that wait for a place [1]."""
        waiting = np.maximum(np.arange(self.states.size) - self.places, 0)
        return float(self.states @ waiting)

    @property
    def mean_running(self) -> float:
        """Requests in the batches [1]."""
        running = np.minimum(np.arange(self.states.size), self.places)
        return float(self.states @ running)

    @property
    def mean_present(self) -> float:
        """Requests in the batches and waiting [1]."""
        return self.mean_running + self.mean_waiting

    @property
    def variance_present(self) -> float:
        """Variance of the requests in the batches and waiting [1]."""
        return float(self.states @ np.arange(self.states.size) ** 2.0) - self.mean_present**2

    @property
    def p_lost(self) -> float:
        """Share of requests whose users give up [1]."""
        return self.leaving_rate * self.mean_waiting / self.arrival_rate

    def waits(self, present: Floats, rank: Floats) -> Floats:
        """Time until a place is free for a request, were its user to stay.

        Parameters
        ----------
        present : ndarray
            Requests that it finds, whole numbers. [1]
        rank : ndarray
            Uniform numbers between 0 and 1. [1]

        Returns
        -------
        ndarray
            Quantiles at `rank`; 0 where a place is free. [s]

        Notes
        -----
        The sum of exponential times to one departure after another, whose rates fall as those
        ahead are served or leave; a gamma distribution with its mean and variance, which is
        exact where nobody leaves.
        """
        from scipy.special import gammaincinv  # noqa: PLC0415

        ahead = np.maximum(np.asarray(present, dtype=np.int64) - self.places + 1, 0)
        full = self.rates[self.places]
        times = 1.0 / (full + self.leaving_rate * np.arange(max(1, int(ahead.max(initial=0)))))
        mean = np.concatenate(([0.0], np.cumsum(times)))[ahead]
        variance = np.concatenate(([0.0], np.cumsum(times**2)))[ahead]
        scale = variance / np.where(ahead > 0, mean, 1.0)
        shape = mean / np.where(ahead > 0, scale, 1.0)
        drawn = gammaincinv(np.where(ahead > 0, shape, 1.0), rank) * scale
        return np.where(ahead > 0, drawn, 0.0)


def batch_queue(
    arrival_rate: float,
    busy_rates: Floats,
    replicas: int = 1,
    leaving_rate: float = 0.0,
    burst: float = 1.0,
) -> BatchQueue:
    """Chain of the number of requests at replicas that are filled evenly.

    Parameters
    ----------
    arrival_rate : float
        Requests that arrive at all replicas together, above 0. [1/s]
    busy_rates : ndarray, shape (batch,)
        Requests that one replica finishes with 1, 2, ... of them in its batch. [1/s]
    replicas : int
        Replicas behind one queue. [1]
    leaving_rate : float
        One over the mean patience of a waiting user; 0 where nobody gives up. [1/s]
    burst : float
        Variance over mean of the number present, relative to Poisson arrivals. [1]

    Returns
    -------
    BatchQueue
        Long-run behaviour.

    Raises
    ------
    ValueError
        If a rate is out of range, or the queue grows without limit.

    Notes
    -----
    While there are free places the batch shares its speed, and processor sharing depends on
    the mean reply only, not on the distribution of replies (Kelly 1979). With one speed for
    all batches this is Erlang's model C, or A where users leave. A burst above one widens the
    distribution about its mean as the square-root rule does.

    References
    ----------
    .. [1] F. P. Kelly, *Reversibility and Stochastic Networks*, Wiley 1979, ch. 3.

    Examples
    --------
    >>> queue = batch_queue(8.0, np.arange(1.0, 11.0))
    >>> round(queue.p_wait, 4)
    0.4092
    """
    if not arrival_rate > 0.0 or not np.all(busy_rates > 0.0) or leaving_rate < 0.0 or burst <= 0:
        raise ValueError("rates and burst must be above 0, and leaving_rate at least 0")
    if replicas < 1:
        raise ValueError(f"replicas must be at least 1, got {replicas}")
    full = replicas * float(busy_rates[-1])
    if leaving_rate == 0.0 and arrival_rate >= full:
        raise ValueError(
            f"{arrival_rate:.4g} requests/s arrive and at most {full:.4g} are finished: "
            f"at least {int(np.floor(arrival_rate / busy_rates[-1])) + 1} replicas are needed"
        )
    places = replicas * busy_rates.size
    waiting = _waiting(arrival_rate, full, leaving_rate, burst)
    served = _pooled(busy_rates, replicas)
    leaving = leaving_rate * np.arange(1, waiting + 1)
    deaths = np.concatenate((served, full + leaving))
    states = _widened(arrival_rate, deaths, burst)
    finished = np.concatenate(([0.0], served, np.full(waiting, full)))
    return BatchQueue(states, finished, places, arrival_rate, leaving_rate)


def _pooled(busy_rates: Floats, replicas: int) -> Floats:
    """Rate of all replicas with 1, 2, ... requests spread evenly over them."""
    each = np.arange(1, replicas * busy_rates.size + 1) / replicas
    known = np.concatenate(([0.0], busy_rates))
    return np.asarray(replicas * np.interp(each, np.arange(known.size), known))


def _widened(arrival_rate: float, deaths: Floats, burst: float) -> Floats:
    """Probabilities of a chain whose logarithms are divided by the burst."""
    if burst == 1.0:
        return birth_death(np.full(deaths.size, arrival_rate), deaths)
    ratios = (arrival_rate / deaths) ** (1.0 / burst)
    return birth_death(ratios, np.ones_like(ratios))


def _waiting(arrival_rate: float, full: float, leaving_rate: float, burst: float) -> int:
    """Waiting requests beyond which the probability is negligible."""
    counts = [np.inf]
    if arrival_rate < full:
        counts.append(burst * _LOG_NEGLIGIBLE / np.log(full / arrival_rate))
    if leaving_rate:
        over = max((arrival_rate - full) / leaving_rate, 0.0)
        counts.append(over + np.sqrt(2 * _LOG_NEGLIGIBLE * burst * arrival_rate / leaving_rate))
        counts[-1] += _LOG_NEGLIGIBLE * burst
    return int(min(counts)) + 1
