"""Constants of the serving model: what published measurements calibrated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


MEASURES = ("throughput", "old_engine", "tpot", "ttft", "idle_ttft")
_INTERVALS = tuple(f"{measure}_quantiles" for measure in MEASURES)


@dataclass(frozen=True)
class ServingConstants:
    """Physical constants of the step-time model; `data/serving.toml` holds values and basis.

    Parameters
    ----------
    gemm_efficiency : float
        Rate inside an engine over the measured rate of large matrix products; tends to this
        for matrices without limit. [1]
    half_matrix : float
        Weights of a layer on one card with which half of that rate is reached. [1]
    moe_efficiency : float
        Largest share of the peak rate that the small products of experts reach. [1]
    bandwidth_efficiency : float
        Rate of reading weights over the card's measured one; at most 1.12, so that no measured
        card exceeds its bandwidth. [1]
    kv_efficiency : float
        The same while reading the cache. [1]
    kv_streams : float
        Sequences times key-value heads on one card with which half of that rate is reached. [1]
    attention_efficiency : float
        Share of the 16-bit peak reached by prefill attention. [1]
    roofline_exponent : float
        Exponent that joins reading and computing: 1 adds them, infinity takes the larger. [1]
    link_efficiency : float
        Share of the one-way link bandwidth reached by an all-reduce. [1]
    overlap : float
        Share of an all-reduce that matrix products hide while they last. [1]
    direct_latency_s : float
        Latency of a one-shot all-reduce. [s]
    ring_latency_s : float
        Latency of a ring all-reduce per doubling of the ranks. [s]
    pcie_latency_factor : float
        Factor on both latencies where cards have no direct link. [1]
    step_overhead_s : float
        Fixed cost of a step. [s]
    layer_overhead_s : float
        Cost of a step per layer. [s]
    sequence_overhead_s : float
        Cost of a step per running sequence. [s]
    request_overhead_s : float
        Cost of a request before its first step: network, tokens, scheduling. [s]
    expert_spread : float
        Exponent: in a static batch of `n` alike tokens, `n ** expert_spread` choose experts
        independently. [1]
    old_engine_rate : float
        Rate of engine releases up to 0.14 over later ones. [1]
    memory_share : float
        Share of the memory left by the weights that the cache may use. [1]
    reserved_bytes : float
        Memory per card kept for activations and the runtime. [B]
    max_batch : int
        Largest number of sequences that the engine runs at once. [1]
    quantile_levels : tuple of float
        Levels of the quantiles that follow, rising. [1]
    throughput_quantiles : tuple of float
        Measured over modelled throughput at those levels. [1]
    old_engine_quantiles : tuple of float
        The same for engine releases up to 0.14. [1]
    tpot_quantiles, ttft_quantiles : tuple of float
        Measured over modelled speed, that is modelled over measured time, per output token and
        to the first token, at a request rate. [1]
    idle_ttft_quantiles : tuple of float
        The same to the first token of an idle replica. [1]
    flagged_widening : float
        Factor on the logarithms of the outer quantiles where a replica is flagged. [1]

    Raises
    ------
    ValueError
        If a constant is not above 0 and finite, the exponent is below 1, or quantiles and levels
        differ in number.
    """

    gemm_efficiency: float
    half_matrix: float
    moe_efficiency: float
    bandwidth_efficiency: float
    kv_efficiency: float
    kv_streams: float
    attention_efficiency: float
    roofline_exponent: float
    link_efficiency: float
    overlap: float
    direct_latency_s: float
    ring_latency_s: float
    pcie_latency_factor: float
    step_overhead_s: float
    layer_overhead_s: float
    sequence_overhead_s: float
    request_overhead_s: float
    expert_spread: float
    old_engine_rate: float
    memory_share: float
    reserved_bytes: float
    max_batch: int
    quantile_levels: tuple[float, ...]
    throughput_quantiles: tuple[float, ...]
    old_engine_quantiles: tuple[float, ...]
    tpot_quantiles: tuple[float, ...]
    ttft_quantiles: tuple[float, ...]
    idle_ttft_quantiles: tuple[float, ...]
    flagged_widening: float

    def __post_init__(self) -> None:
        """Report every impossible value at once."""
        bad = [
            f"{field.name} must be above 0 and finite, got {getattr(self, field.name)}"
            for field in fields(self)
            if not _positive(getattr(self, field.name))
        ]
        if self.roofline_exponent < 1.0:
            bad.append(f"roofline_exponent must be at least 1, got {self.roofline_exponent}")
        bad += [
            f"quantile_levels and {name} must be equally long"
            for name in _INTERVALS
            if len(self.quantile_levels) != len(getattr(self, name))
        ]
        if bad:
            raise ValueError("serving constants: " + "; ".join(bad))

    @classmethod
    def from_toml(cls, path: Path) -> ServingConstants:
        """Read the constants from a TOML file with one table per constant.

        Parameters
        ----------
        path : Path
            File; each table `[name]` has a `value`, and a `unit` and `basis` for readers.

        Returns
        -------
        ServingConstants
            Validated constants.

        Raises
        ------
        ValueError
            If a constant is missing, unknown, without a value, or out of range.
        """
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(**_values(tables, path))

    def interval(
        self, level: float = 0.9, measure: str = "throughput", *, flagged: bool = False
    ) -> tuple[float, float]:
        """Interval of measured over modelled speed.

        Parameters
        ----------
        level : float
            Probability inside; beyond the outermost quantiles the interval does not grow. [1]
        measure : str
            What is predicted, one of `MEASURES`.
        flagged : bool
            Whether the replica is in a regime that the model knows less well.

        Returns
        -------
        tuple of float
            Low and high factor on a predicted speed. [1]

        Raises
        ------
        ValueError
            If the level is not between 0 and 1, or the measure is unknown.

        Examples
        --------
        >>> from forecast.shipped.place import data_path
        >>> constants = ServingConstants.from_toml(data_path("serving.toml"))
        >>> low, high = constants.interval(0.9)
        >>> low < 1 < high and constants.interval(0.9, flagged=True)[0] < low
        True
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"level must be between 0 and 1, got {level}")
        if measure not in MEASURES:
            raise ValueError(f"measure must be one of {', '.join(MEASURES)}, got {measure!r}")
        logs = np.log(getattr(self, f"{measure}_quantiles"))
        outer = np.interp((0.5 - level / 2.0, 0.5 + level / 2.0), self.quantile_levels, logs)
        low, high = np.exp(outer * (self.flagged_widening if flagged else 1.0))
        return float(low), float(high)


def _positive(value: float | tuple[float, ...]) -> bool:
    numbers = np.asarray(value, dtype=np.float64)
    return bool(np.all((numbers > 0.0) & np.isfinite(numbers)))


def _values(tables: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Give the `value` of each constant, naming everything missing or unknown at once."""
    known = {field.name for field in fields(ServingConstants)}
    faults = [f"{name} is missing" for name in sorted(known - tables.keys())]
    faults += [f"{name} is unknown" for name in sorted(tables.keys() - known)]
    faults += [f"{name} has no value" for name, table in tables.items() if "value" not in table]
    if faults:
        raise ValueError(f"{path}: " + "; ".join(faults))
    values = {name: table["value"] for name, table in tables.items()}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
