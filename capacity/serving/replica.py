"""One replica of a language model, the requests it serves, and how many fit in its memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.serving.transformer import (
    FULL_CACHE,
    CacheLayout,
    bytes_per_value,
    kv_bytes_per_token,
    weight_bytes,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats, Ints
    from capacity.market.hardware import Accelerator, Architecture
    from capacity.serving.calibration import ServingConstants


@dataclass(frozen=True)
class Replica:
    """One copy of a model on `tp * pp` accelerators.

    Parameters
    ----------
    accelerator : Accelerator
        Card; its `flops` and `efficiency` must know the weights' number type and fp16.
    architecture : Architecture
        Model.
    tp : int
        Tensor-parallel degree. [1]
    pp : int
        Pipeline-parallel degree. [1]
    weight_dtype : str
        Number type of the layers' weights and of their matrix products.
    kv_dtype : str
        Number type of the key-value cache.
    cache : CacheLayout
        Windows and sharing of the cache; one full cache per layer by default.

    Raises
    ------
    ValueError
        If a degree is below one or a number type is unknown to the model or the card.
    """

    accelerator: Accelerator
    architecture: Architecture
    tp: int = 1
    pp: int = 1
    weight_dtype: str = "fp16"
    kv_dtype: str = "fp16"
    cache: CacheLayout = FULL_CACHE

    def __post_init__(self) -> None:
        """Refuse number types and degrees that do not exist."""
        for name in ("tp", "pp"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        bytes_per_value(self.weight_dtype)
        bytes_per_value(self.kv_dtype)
        card = self.accelerator
        for dtype in (self.weight_dtype, "fp16"):
            card.sustained_flops(dtype)

    @property
    def gpus(self) -> int:
        """Accelerators in the replica [1]."""
        return self.tp * self.pp


@dataclass(frozen=True)
class TokenLengths:
    """Tokens of a request; the three arrays broadcast against one another.

    Parameters
    ----------
    prompt : ndarray
        Prompt, cached prefix included. [token]
    cached : ndarray
        Part of the prompt whose cache is already there. [token]
    reply : ndarray
        Tokens generated. [token]

    Raises
    ------
    ValueError
        If a prompt or reply is below one token, or a cached part is outside 0 to the prompt.

    Examples
    --------
    >>> float(TokenLengths.of(prompt=1000, reply=200, cached=900).fresh)
    100.0
    """

    prompt: Floats
    cached: Floats
    reply: Floats

    def __post_init__(self) -> None:
        """Refuse lengths that cannot be."""
        if not np.all(self.prompt >= 1.0) or not np.all(self.reply >= 1.0):
            raise ValueError("prompt and reply must be at least 1 token everywhere")
        if not np.all((self.cached >= 0.0) & (self.cached <= self.prompt)):
            raise ValueError("cached must be between 0 and the prompt everywhere")

    @classmethod
    def of(cls, prompt: ArrayLike, reply: ArrayLike, cached: ArrayLike = 0.0) -> TokenLengths:
        """Build from numbers or arrays.

        Parameters
        ----------
        prompt, reply, cached : array_like
            Tokens; shapes that broadcast. [token]

        Returns
        -------
        TokenLengths
            The same lengths as float arrays.

        Raises
        ------
        ValueError
            If a length is out of range.
        """
        arrays = (np.asarray(x, dtype=np.float64) for x in (prompt, cached, reply))
        return cls(*arrays)

    @property
    def fresh(self) -> Floats:
        """Prompt tokens that must be computed [token]."""
        return self.prompt - self.cached

    @property
    def mean_context(self) -> Floats:
        """Length of a sequence half-way through its reply [token]."""
        return self.prompt + 0.5 * self.reply


def max_concurrency(
    replica: Replica,
    lengths: TokenLengths,
    constants: ServingConstants,
    max_batch: float | None = None,
) -> Ints:
    """Sequences that fit in memory at their full length, capped by the engine's batch.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    lengths : TokenLengths
        Tokens per request.
    constants : ServingConstants
        Calibrated constants.
    max_batch : float, optional
        Batch that the engine allows, where it is known; that of the constants if left out. [1]

    Returns
    -------
    ndarray
        Shape of the lengths; 0 where weights or one sequence do not fit. [1]
    """
    tokens = replica.cache.kept(lengths.prompt + lengths.reply)
    fits = np.floor(cache_bytes(replica, constants) / (_stored_kv_bytes(replica) * tokens))
    cap = constants.max_batch if max_batch is None else max_batch
    return np.clip(fits, 0, cap).astype(np.int64)


def cache_bytes(replica: Replica, constants: ServingConstants) -> float:
    """Memory left for the key-value cache.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    constants : ServingConstants
        Calibrated constants.

    Returns
    -------
    float
        Bytes over all cards; negative where the weights do not fit. [B]
    """
    per_card = replica.accelerator.memory_bytes - constants.reserved_bytes
    weights = weight_bytes(replica.architecture, replica.weight_dtype)
    return constants.memory_share * (replica.gpus * per_card - weights)


def max_stable_rate(
    cache_tokens: float, step_s: ArrayLike, lengths: TokenLengths, chunk: float
) -> Floats:
    """Arrival rate beyond which the cache, and so the queue, fills without limit.

    Parameters
    ----------
    cache_tokens : float
        Tokens that the cache holds. [token]
    step_s : array_like
        Duration of a step. [s]
    lengths : TokenLengths
        Tokens per request.
    chunk : float
        Prompt tokens that a step takes in. [token]

    Returns
    -------
    ndarray
        Cache over the tokens that a request holds, summed over its steps. [request/s]

    References
    ----------
    .. [1] arXiv 2605.04595.

    Examples
    --------
    >>> lengths = TokenLengths.of(prompt=512, reply=256)
    >>> round(float(max_stable_rate(400_000, 0.03, lengths, chunk=512)), 2)
    81.06
    """
    chunks = np.ceil(lengths.fresh / chunk)
    prefill = chunks * lengths.cached + 0.5 * chunk * chunks * (chunks - 1.0) + lengths.fresh
    decode = lengths.reply * (lengths.prompt + 0.5 * (lengths.reply + 1.0))
    return np.asarray(cache_tokens / (np.asarray(step_s) * (prefill + decode)))


def _stored_kv_bytes(replica: Replica) -> float:
    """Cache bytes stored per token over all cards [B]."""
    per_token = kv_bytes_per_token(replica.architecture, replica.kv_dtype, replica.tp)
    return per_token / replica.cache.layers_per_cache
