"""Duration of one step of a replica, resource by resource.

A step gives every running sequence one token and takes in the prompts that replace finished
sequences. Its duration is a sum of closed-form terms; the constants are calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from capacity.serving.replica_work import ReplicaWork
from capacity.serving.transformer import FULL_CACHE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats
    from capacity.serving.calibration import ServingConstants
    from capacity.serving.replica import Replica, TokenLengths
    from capacity.serving.transformer import CacheLayout


@dataclass(frozen=True)
class StepTimes:
    """Duration of one step by resource; `total` is their sum. Each has the shape of the draws.

    Parameters
    ----------
    gemm : ndarray
        Matrix products: reading weights and computing, partly overlapped. [s]
    kv_read : ndarray
        Reading the key-value cache. [s]
    attention : ndarray
        Attention of the prompts taken in. [s]
    allreduce : ndarray
        Exchange between tensor-parallel ranks, as far as no product hides it. [s]
    overhead : ndarray
        Launches, sampling and scheduling. [s]
    """

    gemm: Floats
    kv_read: Floats
    attention: Floats
    allreduce: Floats
    overhead: Floats

    @property
    def total(self) -> Floats:
        """Duration of the step [s]."""
        return self.gemm + self.kv_read + self.attention + self.allreduce + self.overhead


@dataclass(frozen=True)
class StepLoad:
    """What one step carries through all layers; every array has the broadcast shape.

    Parameters
    ----------
    running : ndarray
        Sequences that decode. [1]
    taken_in : ndarray
        Prompts read. [1]
    tokens : ndarray
        Tokens that pass through the layers. [token]
    routed : ndarray
        Tokens that choose their experts independently of one another. [token]
    read : ndarray
        Tokens whose cache is read. [token]
    longest : ndarray
        Tokens of one decoding sequence, read by itself; 0 where none decodes. [token]
    pairs : ndarray
        Pairs of positions that the attention of the prompts visits. [token^2]
    """

    running: Floats
    taken_in: Floats
    tokens: Floats
    routed: Floats
    read: Floats
    longest: Floats
    pairs: Floats

    @classmethod
    def of(
        cls,
        running: ArrayLike,
        taken_in: ArrayLike,
        lengths: TokenLengths,
        cache: CacheLayout = FULL_CACHE,
    ) -> StepLoad:
        """Load of a step from the sequences in it.

        Parameters
        ----------
        running, taken_in : array_like
            Sequences that decode, and prompts read, in each pipeline stage. [1]
        lengths : TokenLengths
            Tokens per request.
        cache : CacheLayout
            Windows and sharing of the cache.

        Returns
        -------
        StepLoad
            All tokens choose their experts independently.
        """
        decoding, prompts = np.asarray(running, np.float64), np.asarray(taken_in, np.float64)
        tokens = decoding + prompts * lengths.fresh
        context = cache.kept(lengths.mean_context)
        pairs = cache.attended(lengths.prompt) - cache.attended(lengths.cached)
        return cls(
            running=decoding,
            taken_in=prompts,
            tokens=tokens,
            routed=tokens,
            read=decoding * context + prompts * cache.kept(lengths.cached),
            longest=np.where(decoding > 0.0, context, 0.0),
            pairs=prompts * pairs,
        )


def step_times(
    replica: Replica,
    concurrency: ArrayLike,
    lengths: TokenLengths,
    constants: ServingConstants,
    prompts: ArrayLike | None = None,
) -> StepTimes:
    """Duration of one step by resource.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    concurrency : array_like
        Sequences that decode, over all pipeline stages. [1]
    lengths : TokenLengths
        Tokens per request.
    constants : ServingConstants
        Calibrated constants.
    prompts : array_like, optional
        Prompts that the step takes in; by default `concurrency / (pp * reply)`, the steady
        state in which each finished sequence is replaced. [1]

    Returns
    -------
    StepTimes
        Components, shape of the broadcast arguments. [s]

    Notes
    -----
    With `pp` stages a step carries `concurrency / pp` sequences through all layers.
    """
    running = np.asarray(concurrency, dtype=np.float64) / replica.pp
    taken_in = running / lengths.reply if prompts is None else prompts
    load = StepLoad.of(running, taken_in, lengths, replica.cache)
    return work_times(ReplicaWork.of(replica), load, constants)


def work_times(work: ReplicaWork, load: StepLoad, constants: ServingConstants) -> StepTimes:
    """Duration of one step from work and load.

    Parameters
    ----------
    work : ReplicaWork
        Of one replica, or of as many as the load has entries.
    load : StepLoad
        What the step carries.
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    StepTimes
        Components, shape of the broadcast arguments. [s]
    """
    gemm = _gemm_s(work, constants, load)
    exchange = _allreduce_s(work, constants, load.tokens)
    return StepTimes(
        gemm=gemm,
        kv_read=_kv_read_s(work, constants, load),
        attention=np.asarray(load.pairs * work.pair_s / constants.attention_efficiency),
        allreduce=exchange - constants.overlap * np.minimum(exchange, gemm),
        overhead=_overhead_s(work, constants, load.running),
    )


def static_batch_s(
    replica: Replica, batch: ArrayLike, lengths: TokenLengths, constants: ServingConstants
) -> Floats:
    """Time to serve one batch that starts together and takes no one in later.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    batch : array_like
        Sequences in the batch. [1]
    lengths : TokenLengths
        Tokens per request.
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    ndarray
        Prefill of all prompts, then one step per further token of the reply. [s]
    """
    return static_work_s(ReplicaWork.of(replica), batch, lengths, constants, replica.cache)


def static_work_s(
    work: ReplicaWork,
    batch: ArrayLike,
    lengths: TokenLengths,
    constants: ServingConstants,
    cache: CacheLayout = FULL_CACHE,
    *,
    alike: bool = False,
) -> Floats:
    """Time to serve a static batch; see `static_batch_s`.

    Parameters
    ----------
    work : ReplicaWork
        Of one replica, or of as many as there are batches.
    batch : array_like
        Sequences in the batch. [1]
    lengths : TokenLengths
        Tokens per request.
    constants : ServingConstants
        Calibrated constants.
    cache : CacheLayout
        Windows and sharing of the cache.
    alike : bool
        Whether the prompts are synthetic and so alike that they choose the same experts: `n`
        tokens then touch as many as `n ** expert_spread` of real traffic.

    Returns
    -------
    ndarray
        Whole duration. [s]
    """
    sequences = np.asarray(batch, dtype=np.float64) / work.pp
    loads = [
        StepLoad.of(running, taken_in, lengths, cache)
        for running, taken_in in ((0.0 * sequences, sequences), (sequences, 0.0 * sequences))
    ]
    if alike:
        loads = [_alike(load, constants) for load in loads]
    prefill, decode = (work_times(work, load, constants).total for load in loads)
    return np.asarray(prefill + (lengths.reply - 1.0) * decode)


def _alike(load: StepLoad, constants: ServingConstants) -> StepLoad:
    """Load of synthetic prompts, which resemble one another."""
    return replace(load, routed=np.maximum(1.0, load.tokens) ** constants.expert_spread)


def _gemm_s(work: ReplicaWork, constants: ServingConstants, load: StepLoad) -> Floats:
    """Weights read once and multiplied with the tokens; the head with sampled ones only [s]."""
    touched = -np.expm1(load.routed * np.log1p(-np.asarray(work.expert_share)))
    read = (work.weights_s + work.experts_s * touched) / constants.bandwidth_efficiency
    slower = (1.0 + constants.half_matrix / work.matrix) / constants.gemm_efficiency
    sampled = load.running + load.taken_in
    token_s, head_s = (
        np.maximum(np.multiply(dense, slower), np.divide(expert, constants.moe_efficiency))
        for dense, expert in (
            (work.token_s, work.expert_token_s),
            (work.head_s, work.expert_head_s),
        )
    )
    compute = token_s * load.tokens + head_s * sampled
    p = constants.roofline_exponent
    return np.asarray((read**p + compute**p) ** (1.0 / p))


def _kv_read_s(work: ReplicaWork, constants: ServingConstants, load: StepLoad) -> Floats:
    """Cache of all sequences; few of them cannot use the whole memory bandwidth [s]."""
    idle = load.longest * (constants.kv_streams / np.asarray(work.kv_heads))
    return np.asarray((load.read + idle) * work.kv_token_s / constants.kv_efficiency)


def _allreduce_s(work: ReplicaWork, constants: ServingConstants, tokens: Floats) -> Floats:
    """Two all-reduces per layer, each by the faster of a one-shot and a ring algorithm [s]."""
    tp = np.asarray(work.tp, dtype=np.float64)
    send = tokens * work.send_s / constants.link_efficiency
    slower = np.where(work.linked, 1.0, constants.pcie_latency_factor)
    direct = slower * constants.direct_latency_s + (tp - 1.0) * send
    ring = slower * constants.ring_latency_s * np.log2(tp) + 2.0 * (tp - 1.0) / tp * send
    each = np.where(tp > 1.0, np.minimum(direct, ring), 0.0)
    return np.asarray(2.0 * work.layers * each)


def _overhead_s(work: ReplicaWork, constants: ServingConstants, running: Floats) -> Floats:
    """Cost per step, per layer and per sequence [s]."""
    fixed = constants.step_overhead_s + np.asarray(work.layers) * constants.layer_overhead_s
    return np.asarray(fixed + running * constants.sequence_overhead_s)
