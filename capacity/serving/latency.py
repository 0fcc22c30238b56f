"""Latency of a replica, and the largest batch that meets memory and latency limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from capacity.serving.replica import cache_bytes, max_concurrency
from capacity.serving.step_time import step_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from capacity.arrays import Floats, Ints
    from capacity.serving.calibration import ServingConstants
    from capacity.serving.replica import Replica, TokenLengths


AT_ONCE, MOST_PARTS = 4_096, 16  # numbers tried in one call, and parts of a bracket


class Binding(IntEnum):
    """What keeps a replica from running one more sequence, or from running at all."""

    WEIGHTS = 0
    MEMORY = 1
    BATCH = 2
    TPOT = 3
    TTFT = 4


@dataclass(frozen=True)
class LatencyLimits:
    """Latency that a user is promised; shapes broadcast against the token lengths.

    Parameters
    ----------
    ttft_s : ndarray
        Longest time to the first token, queueing for a place not included. [s]
    tpot_s : ndarray
        Longest time per further token. [s]

    Raises
    ------
    ValueError
        If a limit is not above zero.

    Examples
    --------
    >>> float(LatencyLimits.of(ttft_s=2.0, tpot_s=0.05).tpot_s)
    0.05
    """

    ttft_s: Floats
    tpot_s: Floats

    def __post_init__(self) -> None:
        """Refuse limits that nothing can meet."""
        for name in ("ttft_s", "tpot_s"):
            if not np.all(getattr(self, name) > 0.0):
                raise ValueError(f"{name} must be above 0 s everywhere")

    @classmethod
    def of(cls, ttft_s: ArrayLike, tpot_s: ArrayLike) -> LatencyLimits:
        """Build from numbers or arrays; infinity means no limit.

        Parameters
        ----------
        ttft_s, tpot_s : array_like
            Limits. [s]

        Returns
        -------
        LatencyLimits
            The same limits as float arrays.

        Raises
        ------
        ValueError
            If a limit is not above zero.
        """
        return cls(np.asarray(ttft_s, dtype=np.float64), np.asarray(tpot_s, dtype=np.float64))


@dataclass(frozen=True)
class ServingPoint:
    """Where a replica runs; every array has the broadcast shape of lengths and limits.

    Parameters
    ----------
    concurrency : ndarray
        Sequences served at once; 0 where not even one meets the limits. [1]
    tpot_s, ttft_s : ndarray
        Time per token and to the first token; of a lone sequence where `concurrency` is 0. [s]
    tokens_per_s : ndarray
        Reply tokens of the whole replica. [token/s]
    binding : ndarray
        Codes of `Binding`: what forbids one sequence more.
    """

    concurrency: Ints
    tpot_s: Floats
    ttft_s: Floats
    tokens_per_s: Floats
    binding: Ints


def tpot_s(
    replica: Replica, concurrency: ArrayLike, lengths: TokenLengths, constants: ServingConstants
) -> Floats:
    """Time per output token: one step in the steady state.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    concurrency : array_like
        Sequences served at once. [1]
    lengths : TokenLengths
        Tokens per request.
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    ndarray
        Shape of the broadcast arguments. [s]

    Examples
    --------
    >>> from capacity.market.catalogue import Catalogue
    >>> from capacity.serving.replica import Replica, TokenLengths
    >>> from capacity.serving.calibration import ServingConstants
    >>> from forecast.shipped.place import data_path
    >>> known = Catalogue.load()
    >>> replica = Replica(known.accelerators["H100-SXM"], known.architectures["llama-3.1-8b"])
    >>> constants = ServingConstants.from_toml(data_path("serving.toml"))
    >>> lengths = TokenLengths.of(prompt=1000, reply=200)
    >>> bool(tpot_s(replica, 1, lengths, constants) < 0.02)
    True
    """
    return step_times(replica, concurrency, lengths, constants).total


def ttft_s(
    replica: Replica, concurrency: ArrayLike, lengths: TokenLengths, constants: ServingConstants
) -> Floats:
    """Time to the first token of a request that finds a free place.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    concurrency : array_like
        Sequences served at once. [1]
    lengths : TokenLengths
        Tokens per request.
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    ndarray
        The overhead of a request, half a step of waiting, then the step that takes the whole
        prompt in beside the running sequences. Waiting for a free place is left to the queueing
        model. [s]
    """
    return _latencies(replica, concurrency, lengths, constants)[1]


def _latencies(
    replica: Replica, concurrency: ArrayLike, lengths: TokenLengths, constants: ServingConstants
) -> tuple[Floats, Floats]:
    """`tpot_s` and `ttft_s`; the second needs the first."""
    step = tpot_s(replica, concurrency, lengths, constants)
    running = np.asarray(concurrency, dtype=np.float64)
    together = np.maximum(1.0, running / (replica.pp * lengths.reply))
    first = step_times(replica, running, lengths, constants, prompts=together).total
    return step, constants.request_overhead_s + 0.5 * step + first


def serving_point(
    replica: Replica,
    lengths: TokenLengths,
    limits: LatencyLimits,
    constants: ServingConstants,
) -> ServingPoint:
    """Run as many sequences at once as memory and both latency limits allow.

    Throughput rises with every sequence added, so the largest batch allowed is the best one.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    lengths : TokenLengths
        Tokens per request, for example one per draw.
    limits : LatencyLimits
        Latency limits.
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    ServingPoint
        Concurrency, latency, throughput and what binds.
    """
    shape = np.broadcast_shapes(
        *(x.shape for x in (lengths.prompt, lengths.cached, lengths.reply)),
        *(x.shape for x in (limits.ttft_s, limits.tpot_s)),
    )
    room = np.broadcast_to(max_concurrency(replica, lengths, constants), shape)
    batch = _largest_batch(replica, lengths, limits, constants, room)
    at_least_one = np.maximum(batch, 1)
    step, first = _latencies(replica, at_least_one, lengths, constants)
    return ServingPoint(
        concurrency=batch,
        tpot_s=np.broadcast_to(step, shape),
        ttft_s=np.broadcast_to(first, shape),
        tokens_per_s=batch / step,
        binding=_binding(replica, lengths, limits, constants, batch, room),
    )


def _largest_batch(
    replica: Replica,
    lengths: TokenLengths,
    limits: LatencyLimits,
    constants: ServingConstants,
    room: Ints,
) -> Ints:
    """Search for the largest whole batch up to `room` that meets both limits.

    Every round tries several batches at once: for few draws a call costs more than its numbers.
    """
    met, missed = np.zeros_like(room), room + 1
    parts = int(np.clip(AT_ONCE // room.size, 2, MOST_PARTS))
    steps = np.arange(1, parts).reshape(-1, *(1,) * room.ndim)
    while np.any(missed - met > 1):
        trial = met + (missed - met) * steps // parts
        # A closed bracket has its trials on `met`, which is known to pass, perhaps as 0.
        meets = _meets(replica, lengths, limits, constants, np.maximum(trial, 1))
        passes = (trial == met) | meets
        met, missed = (
            np.maximum(met, np.where(passes, trial, 0).max(axis=0)),
            np.minimum(missed, np.where(passes, missed, trial).min(axis=0)),
        )
    return met


def _meets(
    replica: Replica,
    lengths: TokenLengths,
    limits: LatencyLimits,
    constants: ServingConstants,
    batch: Ints,
) -> NDArray[np.bool_]:
    """Whether a batch meets both latency limits."""
    step, first = _latencies(replica, batch, lengths, constants)
    return np.asarray((step <= limits.tpot_s) & (first <= limits.ttft_s))


def _binding(
    replica: Replica,
    lengths: TokenLengths,
    limits: LatencyLimits,
    constants: ServingConstants,
    batch: Ints,
    room: Ints,
) -> Ints:
    """Name what the next sequence would break."""
    slow = tpot_s(replica, batch + 1, lengths, constants) > limits.tpot_s
    latency = np.where(slow, Binding.TPOT, Binding.TTFT)
    capped = np.where(room == constants.max_batch, Binding.BATCH, Binding.MEMORY)
    fits = cache_bytes(replica, constants) > 0.0
    return np.where(batch < room, latency, capped if fits else Binding.WEIGHTS)
