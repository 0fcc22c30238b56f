"""Regimes in which a prediction of the serving model deserves doubt."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from capacity.serving.replica import max_concurrency
from capacity.serving.transformer import bytes_per_value, count_parameters, weight_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from capacity.serving.calibration import ServingConstants
    from capacity.serving.replica import Replica, TokenLengths

TIGHT_SHARE = 0.72  # of the memory taken by weights
FINE_EXPERTS = 16  # experts in a layer from which they count as fine-grained


class Flag(StrEnum):
    """Why a prediction deserves doubt."""

    MEMORY_TIGHT = "memory-tight"
    FINE_EXPERTS = "fine-grained experts"
    KV_OVERFLOW = "KV overflow"
    IMPOSSIBLE = "impossible measurement"
    EXTRAPOLATION = "extrapolation"
    ASSUMED_EFFICIENCY = "efficiency assumed"


MEANING = {
    Flag.MEMORY_TIGHT: "weights take over 72 % of the memory, so that few sequences fit and one "
    "more or less matters",
    Flag.FINE_EXPERTS: "small experts run far below the rate of large matrices, and engines differ",
    Flag.KV_OVERFLOW: "the cache cannot hold the batch; the engine would queue or swap",
    Flag.IMPOSSIBLE: "faster than reading the weights once per step at full memory bandwidth",
    Flag.EXTRAPOLATION: "outside the range of the measurements that the model was calibrated on",
    Flag.ASSUMED_EFFICIENCY: "nobody measured its matrix products; those of another card are taken",
}


@dataclass(frozen=True)
class CalibratedRange:
    """What the rows behind the constants cover.

    Parameters
    ----------
    cards : tuple of str
        Accelerators.
    number_types : tuple of str
        Number types of the weights.
    layers_params : tuple of float
        Least and most parameters in the layers. [1]
    tp : tuple of int
        Least and largest tensor-parallel degree. [1]
    prompt : tuple of float
        Shortest and longest prompt. [token]
    reply : tuple of float
        Shortest and longest reply. [token]

    Examples
    --------
    >>> from forecast.shipped.place import data_path
    >>> CalibratedRange.from_toml(data_path("serving_range.toml")).tp
    (1, 8)
    """

    cards: tuple[str, ...]
    number_types: tuple[str, ...]
    layers_params: tuple[float, float]
    tp: tuple[int, int]
    prompt: tuple[float, float]
    reply: tuple[float, float]

    @classmethod
    def of(cls, replicas: Sequence[Replica], lengths: Sequence[TokenLengths]) -> CalibratedRange:
        """Range of some measurements.

        Parameters
        ----------
        replicas : sequence of Replica
            Model and cards of each, at least one.
        lengths : sequence of TokenLengths
            Tokens per request of each.

        Returns
        -------
        CalibratedRange
            What they cover.
        """
        sizes = [_layers_params(replica) for replica in replicas]
        degrees = [replica.tp for replica in replicas]
        prompts = [float(item.prompt) for item in lengths]
        replies = [float(item.reply) for item in lengths]
        return cls(
            cards=tuple(sorted({replica.accelerator.name for replica in replicas})),
            number_types=tuple(sorted({replica.weight_dtype for replica in replicas})),
            layers_params=(min(sizes), max(sizes)),
            tp=(min(degrees), max(degrees)),
            prompt=(min(prompts), max(prompts)),
            reply=(min(replies), max(replies)),
        )

    @classmethod
    def from_toml(cls, path: Path) -> CalibratedRange:
        """Read the shipped range.

        Parameters
        ----------
        path : Path
            File with one key per field.

        Returns
        -------
        CalibratedRange
            As written by `fleetcast calibrate-serving`.
        """
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(**{name: tuple(value) for name, value in values.items()})

    def left_by(self, replica: Replica, lengths: TokenLengths) -> tuple[str, ...]:
        """In which respects a replica and its requests leave the range.

        Parameters
        ----------
        replica : Replica
            Model and cards.
        lengths : TokenLengths
            Tokens per request, one number each.

        Returns
        -------
        tuple of str
            Empty where they stay inside.
        """
        left = []
        if replica.accelerator.name not in self.cards:
            left.append(f"no measurement on {replica.accelerator.name}")
        if replica.weight_dtype not in self.number_types:
            left.append(f"none in {replica.weight_dtype}")
        for what, value, (low, high) in (
            ("parameters in the layers", _layers_params(replica), self.layers_params),
            ("tp", replica.tp, self.tp),
            ("prompt tokens", float(lengths.prompt), self.prompt),
            ("reply tokens", float(lengths.reply), self.reply),
        ):
            if not low <= value <= high:
                left.append(f"{value:,.0f} {what}, measured {low:,.0f} to {high:,.0f}")
        return tuple(left)


def flags(
    replica: Replica,
    lengths: TokenLengths,
    constants: ServingConstants,
    covered: CalibratedRange,
    *,
    batch: float | None = None,
    tokens_per_s: float | None = None,
) -> tuple[Flag, ...]:
    """Reasons to doubt a prediction, or a measurement.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    lengths : TokenLengths
        Tokens per request, one number each.
    constants : ServingConstants
        Memory constants.
    covered : CalibratedRange
        What the constants rest on.
    batch : float, optional
        Sequences wanted at once. [1]
    tokens_per_s : float, optional
        Reply tokens measured. [token/s]

    Returns
    -------
    tuple of Flag
        Empty where nothing is in doubt.
    """
    stated = None if batch is None else np.ceil(batch)
    fits = float(max_concurrency(replica, lengths, constants, stated))
    tight = weight_bytes(replica.architecture, replica.weight_dtype) > TIGHT_SHARE * (
        replica.gpus * replica.accelerator.memory_bytes
    )
    raised = {
        Flag.MEMORY_TIGHT: tight,
        Flag.FINE_EXPERTS: replica.architecture.n_experts > FINE_EXPERTS,
        Flag.KV_OVERFLOW: batch is not None and batch > fits,
        Flag.IMPOSSIBLE: tokens_per_s is not None
        and tokens_per_s > fastest_tokens_per_s(replica, fits if batch is None else batch),
        Flag.EXTRAPOLATION: bool(covered.left_by(replica, lengths)),
        Flag.ASSUMED_EFFICIENCY: bool(replica.accelerator.efficiency_of),
    }
    return tuple(flag for flag, on in raised.items() if on)


def serving_notes(
    replica: Replica,
    lengths: TokenLengths,
    constants: ServingConstants,
    covered: CalibratedRange,
) -> tuple[str, ...]:
    """Flags of a chosen replica as sentences of a plan.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    lengths : TokenLengths
        Tokens per request, one number each.
    constants : ServingConstants
        Memory constants.
    covered : CalibratedRange
        What the constants rest on.

    Returns
    -------
    tuple of str
        One sentence for each flag; empty where nothing is in doubt.
    """
    card = replica.accelerator
    figures = {
        Flag.EXTRAPOLATION: f" ({'; '.join(covered.left_by(replica, lengths))})",
        Flag.ASSUMED_EFFICIENCY: f" ({card.efficiency_of})",
    }
    return tuple(
        f"Throughput of {card.name} is less certain, {flag}: {MEANING[flag]}"
        f"{figures.get(flag, '')}."
        for flag in flags(replica, lengths, constants, covered)
    )


def fastest_tokens_per_s(replica: Replica, batch: float) -> float:
    """Throughput that no engine can exceed without guessing tokens ahead.

    Parameters
    ----------
    replica : Replica
        Model and cards.
    batch : float
        Sequences at once. [1]

    Returns
    -------
    float
        Each step reads the weights in use once, at all of the memory bandwidth. [token/s]

    Examples
    --------
    >>> from capacity.market.catalogue import Catalogue
    >>> from capacity.serving.replica import Replica
    >>> known = Catalogue.load()
    >>> replica = Replica(known.accelerators["H100-SXM"], known.architectures["llama-3.1-8b"])
    >>> round(fastest_tokens_per_s(replica, batch=1))
    223
    """
    counts = count_parameters(replica.architecture)
    width = bytes_per_value(replica.weight_dtype)
    read = (counts.dense + counts.experts_active) * width
    read += counts.head * bytes_per_value("fp16")
    step = read / (replica.tp * replica.accelerator.bandwidth_bytes_per_s)
    return max(1.0, batch) / step


def _layers_params(replica: Replica) -> float:
    """Parameters in the layers, all experts included [1]."""
    counts = count_parameters(replica.architecture)
    return counts.dense + counts.experts
