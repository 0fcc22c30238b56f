"""Latency of every request in the peak minute, and the replicas that keep a promise to a share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri
from scipy.stats import poisson

from capacity.queueing.batching import BatchQueue, batch_queue
from capacity.search import smallest_meeting
from capacity.serving.lengths import LengthModel, even_points
from capacity.serving.replica import Replica, TokenLengths, cache_bytes, max_concurrency
from capacity.serving.step_time import step_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from capacity.arrays import Floats, Ints
    from capacity.serving.calibration import ServingConstants
    from capacity.serving.latency import LatencyLimits

_LOG2_REQUESTS = 9
_LOG2_POINTS = 12
_TRIALS = 40  # each halves the distance to the rate of those who stay
_SETTLING, _FOLLOWED = 12, 16  # steps followed one by one before and after a prompt


@dataclass(frozen=True)
class PeakLoad:
    """Requests of the peak minute.

    Parameters
    ----------
    rate : float
        Arrivals, above 0. [requests/s]
    lengths : LengthModel
        Tokens of prompts and replies.
    cached_share : float
        Part of the prompt whose cache is already there. [1]
    leaving_rate : float
        One over the mean patience of a user who waits for the first token; 0: all stay. [1/s]
    burst : float
        Variance of the requests present over that with Poisson arrivals. [1]
    """

    rate: float
    lengths: LengthModel
    cached_share: float = 0.0
    leaving_rate: float = 0.0
    burst: float = 1.0


@dataclass(frozen=True)
class PeakLatency:
    """Latency over fixed points that stand for all requests.

    Parameters
    ----------
    ttft_s : ndarray, shape (points,)
        Time to the first token, waiting included; infinite for a user who gave up. [s]
    tpot_s : ndarray, shape (points,)
        Mean time per further token. [s]
    p_lost, p_wait : float
        Share of requests whose users give up, and that find no free place. [1]
    running : float
        Mean number of requests in a replica's batch. [1]
    """

    ttft_s: Floats
    tpot_s: Floats
    p_lost: float
    p_wait: float
    running: float

    def share(self, limits: LatencyLimits) -> float:
        """Share of all requests within both limits.

        Parameters
        ----------
        limits : LatencyLimits
            One TTFT, waiting included, and one TPOT. [s]

        Returns
        -------
        float
            Those who gave up count against it. [1]
        """
        kept = (self.ttft_s <= limits.ttft_s) & (self.tpot_s <= limits.tpot_s)
        return float(np.mean(kept))


@dataclass(frozen=True)
class ReplicaSpeed:
    """Speed of one replica for a mixture of lengths, by requests in its batch.

    Parameters
    ----------
    decode_s : ndarray, shape (places,)
        Step without a prompt, with 1, 2, ... requests running. [s]
    prompt_s : ndarray, shape (places, requests)
        What taking in the prompt of one of the fixed requests adds to that step. [s]
    reply : ndarray, shape (requests,)
        Replies of the fixed requests. [tokens]
    request_s : float
        Overhead of a request before its first step. [s]
    """

    decode_s: Floats
    prompt_s: Floats
    reply: Floats
    request_s: float = 0.0

    @property
    def added_s(self) -> Floats:
        """Mean time that a prompt adds, by batch [s]."""
        return np.asarray(self.prompt_s.mean(axis=1))

    @property
    def prompt_size_s(self) -> Floats:
        """Size of the equal prompts that keep mean and variance of the added time, by batch [s]."""
        return np.asarray(np.mean(self.prompt_s**2, axis=1) / self.added_s)

    def finishing_rates(self, rate: float) -> Floats:
        """Requests finished by batch, while prompts keep arriving.

        Parameters
        ----------
        rate : float
            Prompts taken in by this replica. [requests/s]

        Returns
        -------
        ndarray, shape (places,)
            Batch over the stay of a request: its own prompt, then its tokens in the time that
            the prompts of others leave. [1/s]
        """
        decoding = np.maximum(1.0 - rate * self.added_s, 1e-9)
        batch = np.arange(1, self.decode_s.size + 1)
        stay = self.added_s + self.decode_s * self.reply.mean() / decoding
        return np.asarray(batch / stay)

    def keeps_up(self, rate: float) -> bool:
        """Whether a full batch finishes more than arrives.

        Parameters
        ----------
        rate : float
            Requests that arrive at this replica, all of which stay. [requests/s]

        Returns
        -------
        bool
            False where the queue grows without limit.
        """
        return rate < self.capacity and rate < float(self.finishing_rates(rate)[-1])

    @property
    def capacity(self) -> float:
        """Requests that the replica finishes at most, its batch always full [1/s]."""
        per_request = self.decode_s * self.reply.mean() / np.arange(1, self.decode_s.size + 1)
        return float(np.max(1.0 / (per_request + self.added_s)))


def replica_speed(replica: Replica, load: PeakLoad, constants: ServingConstants) -> ReplicaSpeed:
    """Speed of a replica over the mixture of lengths.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    load : PeakLoad
        Lengths and cached share.
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    ReplicaSpeed
        Long replies stay longer, so a running request is longer than one that arrives.

    Raises
    ------
    ValueError
        If not one request fits into memory.
    """
    prompt, reply = load.lengths.spread_evenly(_LOG2_REQUESTS)
    cached = prompt * load.cached_share
    stay = reply / reply.sum()
    places = _places(replica, constants, stay @ prompt, stay @ reply)
    batch = np.arange(1, places + 1, dtype=np.float64)
    here = TokenLengths.of(stay @ (prompt + 0.5 * reply), 1.0)
    decode = step_times(replica, batch, here, constants, prompts=0.0)
    some = np.unique(np.geomspace(1, places, 12).astype(np.int64))
    arriving = TokenLengths.of(prompt, reply, cached)
    running = TokenLengths.of(arriving.prompt, 1.0, arriving.cached)
    alone = step_times(replica, some[:, None], running, constants, prompts=0.0).total
    beside = step_times(replica, some[:, None], running, constants, prompts=1.0).total
    added = beside - alone
    at = np.clip(np.searchsorted(some, batch, side="right") - 1, 0, some.size - 1)
    steps = np.broadcast_to(decode.total, batch.shape)
    return ReplicaSpeed(steps, added[at], reply, constants.request_overhead_s)


def peak_latency(
    replica: Replica,
    load: PeakLoad,
    constants: ServingConstants,
    replicas: int = 1,
) -> PeakLatency:
    """Latency with a number of replicas behind one queue.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    load : PeakLoad
        Arrivals at all replicas together, and lengths.
    constants : ServingConstants
        Calibrated constants.
    replicas : int
        Number of replicas. [1]

    Returns
    -------
    PeakLatency
        At fixed points; no random numbers.

    Raises
    ------
    ValueError
        If not one request fits into memory, or the queue grows without limit.
    """
    return _latency(replica_speed(replica, load, constants), load, replicas)


def replicas_for_share(
    replica: Replica,
    load: PeakLoad,
    limits: LatencyLimits,
    share: float,
    constants: ServingConstants,
) -> int:
    """Fewest replicas with which a share of requests is within both limits.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    load : PeakLoad
        Arrivals and lengths.
    limits : LatencyLimits
        One TTFT, waiting included, and one TPOT. [s]
    share : float
        Wanted share, between 0 and 1. [1]
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    int
        Replicas behind one queue. [1]

    Raises
    ------
    ValueError
        If even an idle replica misses the limits more often.
    """
    speed = replica_speed(replica, load, constants)
    idle = _latency(speed, replace(load, rate=1e-6 * speed.capacity), 1).share(limits)
    if idle < share:
        raise ValueError(
            f"share {share} is out of reach: an idle replica keeps the limits for {idle:.4f}"
        )

    def meets(counts: Ints, which: Ints) -> NDArray[np.bool_]:
        del which
        kept = [_share(speed, load, int(count), limits) >= share for count in counts]
        return np.array(kept, dtype=np.bool_)

    guess = int(np.ceil(load.rate / speed.capacity)) + 1
    return int(smallest_meeting(meets, np.array([guess])).item())


def _share(speed: ReplicaSpeed, load: PeakLoad, replicas: int, limits: LatencyLimits) -> float:
    """Share within limits; 0 where the queue grows without limit."""
    if load.leaving_rate == 0.0 and not speed.keeps_up(load.rate / replicas):
        return 0.0
    return _latency(speed, load, replicas).share(limits)


def _places(replica: Replica, constants: ServingConstants, prompt: float, reply: float) -> int:
    """Requests that fit beside one another at the mean length of those that run."""
    lengths = TokenLengths.of(prompt, reply)
    places = int(max_concurrency(replica, lengths, constants))
    if places < 1:
        missing = -cache_bytes(replica, constants) / 2**30
        raise ValueError(
            f"not one request of {prompt + reply:.0f} tokens fits"
            + (f": the weights exceed the memory by {missing:.3g} GiB" if missing > 0 else "")
        )
    return places


def _latency(speed: ReplicaSpeed, load: PeakLoad, replicas: int) -> PeakLatency:
    queue, each = _settled(speed, load, replicas)
    rates = speed.finishing_rates(each)
    u = even_points(8 + _SETTLING + _FOLLOWED, _LOG2_POINTS).T
    present = np.searchsorted(np.cumsum(queue.states)[:-1], u[0])
    wait = queue.waits(present, u[1])
    batch = np.minimum(present // replicas, rates.size - 1)  # index: its own place included
    which = (u[2] * speed.reply.size).astype(np.int64)
    idle = (present < replicas) | (wait > 0.0)
    met = np.where(idle, 0.0, _step_met(speed, each, batch, u[3], u[8 : 8 + _SETTLING]))
    own = _next_step(speed, each, batch, met, u[4]) + speed.prompt_s[batch, which]
    ttft = speed.request_s + wait + u[5] * met + own
    if load.leaving_rate:
        ttft = np.where(np.exp(-load.leaving_rate * wait) < u[7], np.inf, ttft)
    life = _life_batch(speed, each, queue, batch, speed.reply[which], u[6])
    tpot = _per_token(speed, each, life, speed.reply[which], own, u[8 + _SETTLING :])
    return PeakLatency(ttft, tpot, queue.p_lost, queue.p_wait, queue.mean_running / replicas)


def _settled(speed: ReplicaSpeed, load: PeakLoad, replicas: int) -> tuple[BatchQueue, float]:
    """Queue whose prompts are those of users who stay, and such prompts by replica [1/s]."""
    most = replicas * speed.capacity
    if load.leaving_rate == 0.0 and not speed.keeps_up(load.rate / replicas):
        raise ValueError(
            f"{load.rate:.4g} requests/s arrive and at most {most:.4g} are finished: at least "
            f"{int(load.rate // speed.capacity) + 1} replicas are needed"
        )
    taken = min(load.rate, most)
    for _ in range(_TRIALS if load.leaving_rate else 1):
        rates = speed.finishing_rates(taken / replicas)
        queue = batch_queue(load.rate, rates, replicas, load.leaving_rate, load.burst)
        taken = 0.5 * (taken + load.rate * (1.0 - queue.p_lost))
    return queue, taken / replicas


def _next_step(speed: ReplicaSpeed, each: float, batch: Ints, step: Floats, u: Floats) -> Floats:
    """Step that takes in what arrived during the one before: a compound Poisson sum [s].

    All prompts are taken as equally long, of a length and number that keep mean and variance.
    """
    mean, size = speed.added_s[batch], speed.prompt_size_s[batch]
    return np.asarray(speed.decode_s[batch] + poisson.ppf(u, each * step * mean / size) * size)


def _step_met(speed: ReplicaSpeed, each: float, batch: Ints, rank: Floats, u: Floats) -> Floats:
    """Step that an arrival falls into: long steps bring long steps, and are met more often [s]."""
    plain = speed.decode_s[batch]
    usual = plain / np.maximum(1.0 - each * speed.added_s[batch], 1e-9)
    step = usual
    for row in u:
        step = _next_step(speed, each, batch, step, row)
    # Met in proportion to its length: the points of one batch change places accordingly.
    met = np.empty_like(step)
    for number in np.unique(batch):
        here = np.flatnonzero(batch == number)
        shares = np.cumsum(step[here])
        met[here] = step[here][np.searchsorted(shares[:-1] / shares[-1], rank[here])]
    return met


def _life_batch(
    speed: ReplicaSpeed, each: float, queue: BatchQueue, batch: Ints, reply: Floats, u: Floats
) -> Ints:
    """Mean batch over a request's life, which drifts from where it began to the long-run mean.

    A stationary Gaussian process that returns at the slope of the finishing rates.
    """
    rates, middle = speed.finishing_rates(each), float(batch.mean())
    mean, replicas = int(middle), queue.places / speed.decode_s.size
    spread = queue.variance_present / replicas**2
    pull = float(np.gradient(rates)[mean]) if rates.size > 1 else 1.0
    step = (mean + 1.0) / (rates[mean] * speed.reply.mean())
    x = np.maximum(reply * step * max(pull, 0.0), 1e-6)
    kept = -np.expm1(-x) / x
    rest = np.maximum(2.0 / x * (1.0 - kept) - kept**2, 0.0)
    over_life = middle + kept * (batch - middle) + np.sqrt(rest * spread) * ndtri(u)
    whole: Ints = np.clip(np.rint(over_life), 0, rates.size - 1).astype(np.int64)
    return whole


def _per_token(
    speed: ReplicaSpeed, each: float, batch: Ints, reply: Floats, own: Floats, u: Floats
) -> Floats:
    """Mean step after the first token: the first few one by one, the rest by two moments [s].

    The rest is a busy period: prompts arrive while prompts are taken in.
    """
    steps = np.maximum(reply - 1.0, 1.0)
    total, step = np.zeros_like(own), own
    for number, row in enumerate(u[1:]):
        step = _next_step(speed, each, batch, step, row)
        share = np.clip(steps - number, 0.0, 1.0)
        total = total + share * step
    later = np.maximum(steps - (len(u) - 1), 0.0)
    plain, added = speed.decode_s[batch], speed.added_s[batch]
    spare = np.maximum(1.0 - each * added, 1e-3)
    jump = speed.prompt_size_s[batch] / spare**2
    prompts = poisson.ppf(u[0], later * plain * (1.0 / spare - 1.0) / jump)
    return np.asarray((total + later * plain + prompts * jump) / steps)
