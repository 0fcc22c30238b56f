"""Parameters, weight bytes and cache bytes of a decoder-only transformer."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from capacity.arrays import Floats
    from capacity.market.hardware import Architecture

# Four-bit weights carry one 8-bit scale per block of 16 values.
BYTES_PER_VALUE: Mapping[str, float] = MappingProxyType(
    {"fp16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625}
)


@dataclass(frozen=True)
class ParameterCount:
    """Parameter counts of one model, split by how a decoding step uses them.

    Parameters
    ----------
    attention : float
        Query, key, value and output projections of all layers. [1]
    feed_forward : float
        Dense feed-forward layers, or the routers of a mixture of experts. [1]
    experts : float
        All experts of all layers; 0 for a dense model. [1]
    experts_active : float
        Experts that one token passes through. [1]
    embedding : float
        Input embedding, looked up and never multiplied. [1]
    head : float
        Output projection, also where it shares the embedding's memory. [1]
    tied : bool
        Whether embedding and head are one matrix.
    """

    attention: float
    feed_forward: float
    experts: float
    experts_active: float
    embedding: float
    head: float
    tied: bool

    @property
    def dense(self) -> float:
        """Parameters of the layers that every token passes through [1]."""
        return self.attention + self.feed_forward

    @property
    def vocabulary(self) -> float:
        """Embedding and head as stored: once where they are tied [1]."""
        return self.head if self.tied else self.embedding + self.head

    @property
    def total(self) -> float:
        """Parameters stored [1]."""
        return self.dense + self.experts + self.vocabulary

    @property
    def active(self) -> float:
        """Parameters that one token passes through, embedding and head included [1]."""
        return self.dense + self.experts_active + self.vocabulary


def count_parameters(architecture: Architecture) -> ParameterCount:
    """Count the parameters of a transformer from its dimensions.

    Parameters
    ----------
    architecture : Architecture
        Dimensions of the model.

    Returns
    -------
    ParameterCount
        Counts by part. Norms and biases, below 0.1 % of the total, are left out.

    Examples
    --------
    >>> from capacity.market.hardware import Architecture
    >>> llama = Architecture(
    ...     name="Llama-2-7B", layers=32, hidden=4096, heads=32, kv_heads=32, head_dim=128,
    ...     ffn=11008, ffn_matrices=3, vocab=32000, tied_embeddings=False,
    ...     n_experts=0, experts_per_token=0,
    ... )
    >>> round(count_parameters(llama).total / 1e9, 2)
    6.74
    """
    a = architecture
    projections = 2 * a.hidden * a.head_dim * (a.heads + a.kv_heads)
    expert = a.ffn_matrices * a.hidden * a.ffn
    return ParameterCount(
        attention=float(a.layers * projections),
        feed_forward=float(a.layers * (a.hidden * a.n_experts if a.n_experts else expert)),
        experts=float(a.layers * a.n_experts * expert),
        experts_active=float(a.layers * a.experts_per_token * expert) if a.n_experts else 0.0,
        embedding=float(a.vocab * a.hidden),
        head=float(a.vocab * a.hidden),
        tied=bool(a.tied_embeddings),
    )


def bytes_per_value(dtype: str) -> float:
    """Bytes that one stored number takes.

    Parameters
    ----------
    dtype : str
        One of the keys of `BYTES_PER_VALUE`.

    Returns
    -------
    float
        Bytes, block scales included. [B]

    Raises
    ------
    ValueError
        If the number type is unknown.

    Examples
    --------
    >>> bytes_per_value("fp4")
    0.5625
    """
    if dtype not in BYTES_PER_VALUE:
        allowed = ", ".join(BYTES_PER_VALUE)
        raise ValueError(f"unknown number type {dtype!r}; known: {allowed}")
    return BYTES_PER_VALUE[dtype]


def weight_bytes(architecture: Architecture, dtype: str) -> float:
    """Memory that the weights take in all.

    Parameters
    ----------
    architecture : Architecture
        Dimensions of the model.
    dtype : str
        Number type of the layers; embedding and head stay at 16 bits.

    Returns
    -------
    float
        Bytes of one copy of the model. [B]

    Raises
    ------
    ValueError
        If the number type is unknown.

    Examples
    --------
    >>> from capacity.market.hardware import Architecture
    >>> llama = Architecture(
    ...     name="Llama-2-7B", layers=32, hidden=4096, heads=32, kv_heads=32, head_dim=128,
    ...     ffn=11008, ffn_matrices=3, vocab=32000, tied_embeddings=False,
    ...     n_experts=0, experts_per_token=0,
    ... )
    >>> round(weight_bytes(llama, "fp8") / 1e9, 2)
    7.0
    """
    counts = count_parameters(architecture)
    layers = counts.dense + counts.experts
    return layers * bytes_per_value(dtype) + counts.vocabulary * bytes_per_value("fp16")


@dataclass(frozen=True)
class CacheLayout:
    """How the key-value cache departs from one full cache per layer.

    Parameters
    ----------
    local_share : float
        Share of the layers that attend only to a window. [1]
    window : float
        Length of that window. [token]
    layers_per_cache : float
        Neighbouring layers that share one cache. [1]

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1, the window is not positive, or fewer than one layer
        uses a cache.

    Examples
    --------
    >>> round(float(CacheLayout(local_share=5 / 6, window=1024).kept(6144)))
    1877
    """

    local_share: float = 0.0
    window: float = float("inf")
    layers_per_cache: float = 1.0

    def __post_init__(self) -> None:
        """Refuse layouts that cannot be."""
        if not 0.0 <= self.local_share <= 1.0:
            raise ValueError(f"local_share must be between 0 and 1, got {self.local_share}")
        if not self.window > 0.0:
            raise ValueError(f"window must be above 0 tokens, got {self.window}")
        if not self.layers_per_cache >= 1.0:
            raise ValueError(f"layers_per_cache must be at least 1, got {self.layers_per_cache}")

    def kept(self, tokens: ArrayLike) -> Floats:
        """Tokens held per layer, as the mean over global and local layers.

        Parameters
        ----------
        tokens : array_like
            Length of the sequence. [token]

        Returns
        -------
        ndarray
            Same shape. [token]
        """
        length = np.asarray(tokens, dtype=np.float64)
        if self.local_share == 0.0:
            return length
        local = np.minimum(length, self.window)
        return length + self.local_share * (local - length)

    def attended(self, tokens: ArrayLike) -> Floats:
        """Pairs of positions that causal attention over a whole sequence visits, per layer.

        Parameters
        ----------
        tokens : array_like
            Length of the sequence. [token]

        Returns
        -------
        ndarray
            Same shape: half the square of the length where no layer is local. [token^2]
        """
        length = np.asarray(tokens, dtype=np.float64)
        full = 0.5 * length * length
        if self.local_share == 0.0:
            return full
        beyond = np.maximum(length - self.window, 0.0)
        return full - self.local_share * 0.5 * beyond * beyond


FULL_CACHE = CacheLayout()


def kv_bytes_per_token(architecture: Architecture, dtype: str, tp: int = 1) -> float:
    """Key-value cache of one token in all layers, over all tensor-parallel ranks.

    Parameters
    ----------
    architecture : Architecture
        Dimensions of the model.
    dtype : str
        Number type of the cache.
    tp : int
        Tensor-parallel degree; beyond the number of key-value heads each head is kept
        on several ranks. [1]

    Returns
    -------
    float
        Bytes. [B]

    Raises
    ------
    ValueError
        If the number type is unknown or `tp` is below one.

    Examples
    --------
    >>> from capacity.market.hardware import Architecture
    >>> llama = Architecture(
    ...     name="Llama-2-7B", layers=32, hidden=4096, heads=32, kv_heads=32, head_dim=128,
    ...     ffn=11008, ffn_matrices=3, vocab=32000, tied_embeddings=False,
    ...     n_experts=0, experts_per_token=0,
    ... )
    >>> kv_bytes_per_token(llama, "fp16")
    524288.0
    """
    if tp < 1:
        raise ValueError(f"tp must be at least 1, got {tp}")
    a = architecture
    copies = max(1.0, tp / a.kv_heads)
    return 2.0 * a.layers * a.kv_heads * a.head_dim * bytes_per_value(dtype) * copies
