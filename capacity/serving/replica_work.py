"""What one step demands of a replica's cards, per token, at the rates that the cards reach.

Numbers that depend on model and cards only: arrays without dimension for one replica, columns for
many, so that thousands of published rows are predicted in one call.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from capacity.serving.transformer import bytes_per_value, count_parameters, kv_bytes_per_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capacity.arrays import Floats
    from capacity.market.hardware import Accelerator
    from capacity.serving.replica import Replica


ALL = 1.0 - 1e-12  # of the experts; the logarithm of none left is not a number


@dataclass(frozen=True)
class ReplicaWork:
    """Time that each kind of work takes at the measured or peak rates of the cards.

    Parameters
    ----------
    pp, tp : ndarray
        Pipeline- and tensor-parallel degree. [1]
    layers : ndarray
        Layers of the model. [1]
    matrix : ndarray
        Weights of one layer that a token passes through, on each card. [1]
    weights_s : ndarray
        Reading of all weights but experts, once. [s]
    experts_s : ndarray
        Reading of all experts, once. [s]
    expert_share : ndarray
        Share of the experts that one token passes through; 0 for a dense model. [1]
    token_s : ndarray
        Matrix products of one token in all layers, at the rate of large matrices. [s]
    head_s : ndarray
        Output projection of one token. [s]
    expert_token_s : ndarray
        Matrix products and head are not faster than this for experts: one token at the peak
        rate; 0 for a dense model. [s]
    expert_head_s : ndarray
        The same for the head. [s]
    kv_token_s : ndarray
        Reading of one token's cache in all layers. [s]
    kv_heads : ndarray
        Key-value heads on each card. [1]
    pair_s : ndarray
        Attention of one pair of positions in all heads and layers, at the 16-bit peak. [s]
    send_s : ndarray
        One token's hidden state over the link to a neighbour. [s]
    linked : ndarray
        1 where the cards have a direct link, 0 where they exchange over the host. [1]
    """

    pp: Floats
    tp: Floats
    layers: Floats
    matrix: Floats
    weights_s: Floats
    experts_s: Floats
    expert_share: Floats
    token_s: Floats
    head_s: Floats
    expert_token_s: Floats
    expert_head_s: Floats
    kv_token_s: Floats
    kv_heads: Floats
    pair_s: Floats
    send_s: Floats
    linked: Floats

    @classmethod
    def of(cls, replica: Replica) -> ReplicaWork:
        """Work of one replica.

        Parameters
        ----------
        replica : Replica
            Model and cards.

        Returns
        -------
        ReplicaWork
            Arrays without dimension.

        Examples
        --------
        >>> from capacity.market.catalogue import Catalogue
        >>> from capacity.serving.replica import Replica
        >>> known = Catalogue.load()
        >>> replica = Replica(known.accelerators["H100-SXM"], known.architectures["llama-3.1-8b"])
        >>> round(1e3 * float(ReplicaWork.of(replica).weights_s), 1)
        5.3
        """
        a, card = replica.architecture, replica.accelerator
        counts = count_parameters(a)
        width, tp = bytes_per_value(replica.weight_dtype), float(replica.tp)
        used = counts.dense + counts.experts_active
        experts = 1.0 if counts.experts else 0.0
        kv = kv_bytes_per_token(a, replica.kv_dtype, replica.tp)
        rate, peak = (tp * flops for flops in _rates(card, replica.weight_dtype))
        dense_bytes = counts.dense * width + counts.head * bytes_per_value("fp16")
        share = counts.experts_active / counts.experts if counts.experts else 0.0
        values = {
            "pp": float(replica.pp),
            "tp": tp,
            "layers": float(a.layers),
            "matrix": used / (a.layers * tp),
            "weights_s": dense_bytes / (tp * card.sustained_bytes_per_s),
            "experts_s": counts.experts * width / (tp * card.sustained_bytes_per_s),
            "expert_share": min(ALL, share),
            "token_s": 2.0 * used / rate,
            "head_s": 2.0 * counts.head / rate,
            "expert_token_s": experts * 2.0 * used / peak,
            "expert_head_s": experts * 2.0 * counts.head / peak,
            "kv_token_s": kv / (tp * card.sustained_bytes_per_s),
            "kv_heads": max(1.0, a.kv_heads / tp),
            "pair_s": 4.0 * a.layers * a.heads * a.head_dim / (tp * card.flops["fp16"]),
            "send_s": 2.0 * a.hidden / card.one_way_bytes_per_s,
            "linked": float(card.link_bytes_per_s > 0.0),
        }
        return cls(**{name: np.asarray(value) for name, value in values.items()})

    @classmethod
    def stack(cls, works: Sequence[ReplicaWork]) -> ReplicaWork:
        """Work of many replicas, side by side.

        Parameters
        ----------
        works : sequence of ReplicaWork
            One per replica.

        Returns
        -------
        ReplicaWork
            Arrays of shape (len(works),).
        """
        names = [field.name for field in fields(cls)]
        return cls(**{name: np.array([getattr(w, name) for w in works]) for name in names})


def _rates(card: Accelerator, dtype: str) -> tuple[float, float]:
    """Rate of large matrix products, and peak rate [FLOP/s]."""
    return card.sustained_flops(dtype), card.flops[dtype]
