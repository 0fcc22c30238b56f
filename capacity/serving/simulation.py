"""Continuous batching simulated step by step: the independent check of the queueing formulas.

One replica. A step gives every running request one token and takes in prompts that wait, first
come, first served, while their whole length fits into the cache. Arrivals during a step wait for
the next one. Nothing here uses a formula of a queue.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from capacity.serving.replica import Replica, TokenLengths, cache_bytes
from capacity.serving.replica_work import ReplicaWork
from capacity.serving.step_time import StepLoad, work_times
from capacity.serving.transformer import kv_bytes_per_token

if TYPE_CHECKING:
    from capacity.arrays import Floats, Ints
    from capacity.serving.calibration import ServingConstants
    from capacity.serving.lengths import LengthModel

PROMPT_BUDGET = 8192.0  # fresh prompt tokens that one step takes in, unless one prompt is longer


@dataclass(frozen=True)
class Requests:
    """Requests in order of arrival; all arrays of shape (n,).

    Parameters
    ----------
    arrival_s : ndarray
        Time of arrival, rising. [s]
    prompt, cached, reply : ndarray
        Tokens. [tokens]
    patience_s : ndarray
        Wait after which the user leaves, unless the prompt was taken in. [s]
    """

    arrival_s: Floats
    prompt: Floats
    cached: Floats
    reply: Floats
    patience_s: Floats

    @classmethod
    def random(
        cls,
        rate: float,
        n: int,
        lengths: LengthModel,
        rng: np.random.Generator,
        *,
        gap_scv: float = 1.0,
        leaving_rate: float = 0.0,
    ) -> Requests:
        """Random requests.

        Parameters
        ----------
        rate : float
            Mean arrivals. [requests/s]
        n : int
            Number of requests. [1]
        lengths : LengthModel
            Tokens.
        rng : numpy.random.Generator
            Source of randomness.
        gap_scv : float
            Squared coefficient of variation of the gaps, gamma distributed; 1: Poisson. [1]
        leaving_rate : float
            One over the mean patience; 0: all stay. [1/s]

        Returns
        -------
        Requests
            Nothing cached.
        """
        gaps = rng.gamma(1.0 / gap_scv, gap_scv / rate, n)
        prompt, reply = lengths.sample(n, rng)
        patience = rng.exponential(1.0, n) / leaving_rate if leaving_rate else np.full(n, np.inf)
        return cls(np.cumsum(gaps), prompt, np.zeros(n), reply, patience)


@dataclass(frozen=True)
class Served:
    """What the simulation saw, in order of arrival; arrays of shape (n,).

    Parameters
    ----------
    ttft_s : ndarray
        Arrival to first token; infinite for a user who left. [s]
    tpot_s : ndarray
        Mean time per further token; not-a-number with one token, or for a user who left. [s]
    wait_s : ndarray
        Arrival to the step that takes the prompt in; infinite for a user who left. [s]
    running : float
        Mean number of requests in a busy step. [1]
    requests_per_s : float
        Requests finished over the time simulated. [1/s]
    """

    ttft_s: Floats
    tpot_s: Floats
    wait_s: Floats
    running: float
    requests_per_s: float

    def after(self, first: int) -> Served:
        """The same without the first requests, which met an empty replica.

        Parameters
        ----------
        first : int
            Requests to drop. [1]

        Returns
        -------
        Served
            Means over time are kept as they are.
        """
        cut = (self.ttft_s[first:], self.tpot_s[first:], self.wait_s[first:])
        return Served(*cut, self.running, self.requests_per_s)


def simulate(replica: Replica, requests: Requests, constants: ServingConstants) -> Served:
    """Serve requests on one replica until all have been served or have left.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    requests : Requests
        In order of arrival.
    constants : ServingConstants
        Calibrated constants of the step time.

    Returns
    -------
    Served
        Request by request.

    Raises
    ------
    ValueError
        If a request alone does not fit into memory, or the replica is a pipeline of stages.
    """
    if replica.pp > 1:
        raise ValueError(f"pipelines are not simulated: pp must be 1, got {replica.pp}")
    run = _Run(replica, requests, constants)
    if np.any(run.size > run.room):
        raise ValueError(
            f"a request of {run.size.max():.0f} tokens does not fit into a cache of "
            f"{max(run.room, 0.0):.0f}"
        )
    return run.served()


class _Run:
    """One simulation: arrays by request, a step at a time."""

    def __init__(self, replica: Replica, requests: Requests, constants: ServingConstants) -> None:
        self.clock = _Clock(replica, constants)
        self.requests, self.limit = requests, constants.max_batch
        n = requests.arrival_s.size
        self.size = replica.cache.kept(requests.prompt + requests.reply)
        self.room = self.clock.cache_tokens
        self.taken, self.first, self.last = (np.full(n, np.inf) for _ in range(3))
        self.live = np.empty(0, dtype=np.int64)
        self.left = np.empty(0)
        self.context = np.empty(0)
        self.waiting: deque[int] = deque()
        self.now, self.arrived, self.used = 0.0, 0, 0.0
        self.busy_s, self.request_s = 0.0, 0.0

    def served(self) -> Served:
        """Run to the end."""
        r = self.requests
        while self.arrived < r.arrival_s.size or self.waiting or self.live.size:
            self._arrivals()
            new = self._admitted()
            if self.live.size or new.size:
                self._step(new)
            elif not self.waiting and self.arrived < r.arrival_s.size:
                self.now = r.arrival_s[self.arrived]
        with np.errstate(invalid="ignore"):
            tpot = (self.last - self.first) / np.where(r.reply > 1.0, r.reply - 1.0, np.nan)
        finished = float(np.isfinite(self.last).sum())
        return Served(
            self.clock.constants.request_overhead_s + self.first - r.arrival_s,
            tpot,
            self.taken - r.arrival_s,
            self.request_s / self.busy_s,
            finished / self.now,
        )

    def _arrivals(self) -> None:
        times = self.requests.arrival_s
        while self.arrived < times.size and times[self.arrived] <= self.now:
            self.waiting.append(self.arrived)
            self.arrived += 1

    def _admitted(self) -> Ints:
        """Waiting requests that the next step takes in, in order."""
        r, fresh = self.requests, 0.0
        new: list[int] = []
        while self.waiting:
            head = self.waiting[0]
            if r.arrival_s[head] + r.patience_s[head] < self.now:
                self.waiting.popleft()
                continue
            tokens = r.prompt[head] - r.cached[head]
            full = self.live.size + len(new) >= self.limit
            if full or self.used + self.size[head] > self.room:
                break
            if new and fresh + tokens > PROMPT_BUDGET:
                break
            new.append(self.waiting.popleft())
            fresh += tokens
            self.used += self.size[head]
            self.taken[head] = self.now
        return np.asarray(new, dtype=np.int64)

    def _step(self, new: Ints) -> None:
        """Advance by one step and take out the requests that are done."""
        r = self.requests
        duration = self.clock.step_s(self.context, r.prompt[new], r.cached[new])
        self.busy_s += duration
        self.request_s += duration * (self.live.size + new.size)
        self.now += duration
        self.first[new] = self.now
        self.context = np.concatenate((self.context + 1.0, r.prompt[new] + 1.0))
        self.left = np.concatenate((self.left, r.reply[new])) - 1.0
        self.live = np.concatenate((self.live, new))
        done = self.left <= 0.0
        if done.any():
            gone, stay = self.live[done], ~done
            self.last[gone] = self.now
            self.used -= float(self.size[gone].sum())
            self.live, self.left = self.live[stay], self.left[stay]
            self.context = self.context[stay]


class _Clock:
    """Step times of one replica, with everything that does not change worked out before."""

    def __init__(self, replica: Replica, constants: ServingConstants) -> None:
        self.work, self.constants = ReplicaWork.of(replica), constants
        self.cache = cache = replica.cache
        none = StepLoad.of(0.0, 0.0, TokenLengths.of(1.0, 1.0), cache)
        decoding = replace(none, running=(batches := np.arange(constants.max_batch + 1.0)))
        plain = work_times(self.work, replace(decoding, tokens=batches, routed=batches), constants)
        self.decode_s = plain.gemm + plain.allreduce + plain.overhead
        one = np.asarray(1.0)
        self.read_s, self.longest_s = (
            float(work_times(self.work, replace(none, **{name: one}), constants).kv_read)
            for name in ("read", "longest")
        )
        per_token = kv_bytes_per_token(replica.architecture, replica.kv_dtype, replica.tp)
        self.cache_tokens = cache_bytes(replica, constants) * cache.layers_per_cache / per_token

    def step_s(self, context: Floats, prompt: Floats, cached: Floats) -> float:
        """Duration of a step with given running contexts and new prompts [s]."""
        kept = self.cache.kept(context)
        read = float(np.sum(kept)) * self.read_s
        read += float(np.mean(kept)) * self.longest_s if context.size else 0.0
        if not prompt.size:
            return float(self.decode_s[context.size]) + read
        tokens = np.asarray(context.size + np.sum(prompt - cached))
        pairs = np.sum(self.cache.attended(prompt) - self.cache.attended(cached))
        load = StepLoad(
            running=np.asarray(float(context.size)),
            taken_in=np.asarray(float(prompt.size)),
            tokens=tokens,
            routed=tokens,
            read=np.asarray(np.sum(self.cache.kept(cached))),
            longest=np.asarray(0.0),
            pairs=np.asarray(pairs),
        )
        return float(work_times(self.work, load, self.constants).total) + read
