"""Duration of one step of a replica, resource by resource.

A step gives every running sequence one token and takes in the prompts that replace finished
sequences. Its duration is a sum of closed-form terms; the constants are calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.architecture import bytes_per_value, count_parameters, kv_bytes_per_token

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats
    from capacity.calibration import ServingConstants
    from capacity.serving import Replica, TokenLengths


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
        Exchange between tensor-parallel ranks. [s]
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
    taken_in = running / lengths.reply if prompts is None else np.asarray(prompts, np.float64)
    tokens = running + taken_in * lengths.fresh
    read = running * replica.cache.kept(lengths.mean_context)
    read = read + taken_in * replica.cache.kept(lengths.cached)
    pairs = replica.cache.attended(lengths.prompt) - replica.cache.attended(lengths.cached)
    return StepTimes(
        gemm=_gemm_s(replica, constants, tokens, running + taken_in),
        kv_read=read * _kv_read_s(replica, constants),
        attention=taken_in * pairs * _attention_s(replica, constants),
        allreduce=_allreduce_s(replica, constants, tokens),
        overhead=_overhead_s(replica, constants, running),
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
    sequences = np.asarray(batch, dtype=np.float64)
    prefill = step_times(replica, 0.0, lengths, constants, prompts=sequences / replica.pp).total
    decode = step_times(replica, sequences, lengths, constants, prompts=0.0).total
    return prefill + (lengths.reply - 1.0) * decode


def _gemm_s(
    replica: Replica, constants: ServingConstants, tokens: Floats, sampled: Floats
) -> Floats:
    """Weights read once and multiplied with `tokens`; the head with `sampled` only [s]."""
    card, counts = replica.accelerator, count_parameters(replica.architecture)
    width = bytes_per_value(replica.weight_dtype)
    bandwidth = replica.tp * card.bandwidth_bytes_per_s * constants.bandwidth_efficiency
    read = (counts.dense * width + counts.head * bytes_per_value("fp16")) / bandwidth
    if counts.experts:
        touched = -np.expm1(tokens * np.log1p(-counts.experts_active / counts.experts))
        read = read + counts.experts * width / bandwidth * touched
    rate = replica.tp * card.sustained_flops(replica.weight_dtype) * constants.gemm_efficiency
    if counts.experts:
        peak = replica.tp * card.flops[replica.weight_dtype]
        rate = min(rate, peak * constants.moe_efficiency)
    compute = 2.0 * (counts.dense + counts.experts_active) / rate * tokens
    compute = compute + 2.0 * counts.head / rate * sampled
    p = constants.roofline_exponent
    return np.asarray((read**p + compute**p) ** (1.0 / p))


def _kv_read_s(replica: Replica, constants: ServingConstants) -> float:
    """Time to read one token's cache in every layer, also where layers share one [s]."""
    card = replica.accelerator
    per_token = kv_bytes_per_token(replica.architecture, replica.kv_dtype, replica.tp)
    return per_token / (replica.tp * card.bandwidth_bytes_per_s * constants.kv_efficiency)


def _attention_s(replica: Replica, constants: ServingConstants) -> float:
    """Scores and weighted sum of one pair of positions in all heads and layers [s]."""
    a = replica.architecture
    rate = replica.tp * replica.accelerator.flops["fp16"] * constants.attention_efficiency
    return 4.0 * a.layers * a.heads * a.head_dim / rate


def _allreduce_s(replica: Replica, constants: ServingConstants, tokens: Floats) -> Floats:
    """Two all-reduces per layer, each by the faster of a one-shot and a ring algorithm [s]."""
    if replica.tp == 1:
        return np.zeros_like(tokens)
    card, peers = replica.accelerator, replica.tp - 1
    one_way = card.one_way_bytes_per_s * constants.link_efficiency
    send = tokens * 2.0 * replica.architecture.hidden / one_way
    slower = 1.0 if card.link_bytes_per_s else constants.pcie_latency_factor
    direct = slower * constants.direct_latency_s + peers * send
    ring = slower * constants.ring_latency_s * np.log2(replica.tp) + 2.0 * peers / replica.tp * send
    return np.asarray(2.0 * replica.architecture.layers * np.minimum(direct, ring))


def _overhead_s(replica: Replica, constants: ServingConstants, running: Floats) -> Floats:
    """Cost per step, per layer and per sequence [s]."""
    fixed = constants.step_overhead_s + replica.architecture.layers * constants.layer_overhead_s
    return fixed + running * constants.sequence_overhead_s
