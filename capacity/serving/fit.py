"""Fitting of the serving model's constants to measurements.

Least squares on logarithms of predicted over measured speed, with a loss that grows linearly for
outliers, within physical bounds and with a weak pull towards typical values: constants about
which the rows say nothing stay there. No randomness: the same rows give the same constants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from capacity.serving.accuracy import next_quantiles
from capacity.serving.calibration import MEASURES
from capacity.serving.prediction import TUNED_ENGINE, Observations, log_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from capacity.arrays import Floats
    from capacity.serving.calibration import ServingConstants
    from capacity.serving.rows import MeasuredRow

FEWEST = 5  # observations
OUTLIER = 0.05  # log error from which the loss grows linearly
PULL = 0.05  # weight of one observation's log error against a constant's log distance
SIGNIFICANT = 3  # digits of a fitted constant
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
WIDEST = 20.0

# Weights follow what a plan needs: steady throughput of present engines first.
WEIGHTS = {
    "offline_core": 1.5,
    "online": 1.0,
    "ttft": 1.0,
    "static": 0.5,
    "offline_old_engine": 0.3,
}

# Typical value and bounds of each fitted constant.
BOUNDS: dict[str, tuple[float, float, float]] = {
    "gemm_efficiency": (0.95, 0.5, 1.1),
    "half_matrix": (3e7, 1e5, 2e8),
    "moe_efficiency": (0.5, 0.2, 1.0),
    "bandwidth_efficiency": (1.0, 0.5, 1.12),
    "kv_efficiency": (1.0, 0.4, 1.12),
    "kv_streams": (20.0, 0.1, 300.0),
    "attention_efficiency": (0.5, 0.1, 1.0),
    "roofline_exponent": (1.2, 1.0, 6.0),
    "link_efficiency": (0.5, 0.2, 1.0),
    "overlap": (0.2, 0.001, 1.0),
    "direct_latency_s": (10e-6, 1e-6, 40e-6),
    "ring_latency_s": (20e-6, 1e-6, 80e-6),
    "layer_overhead_s": (70e-6, 10e-6, 300e-6),
    "sequence_overhead_s": (4e-6, 0.1e-6, 30e-6),
    "request_overhead_s": (4e-3, 0.01e-3, 50e-3),
    "expert_spread": (0.5, 0.05, 1.0),
    "old_engine_rate": (0.91, 0.7, 1.1),
}


@dataclass(frozen=True)
class Calibration:
    """Fitted constants and how well they predict.

    Parameters
    ----------
    constants : ServingConstants
        Fitted to all rows used.
    observed : Observations
        What was fitted.
    errors : ndarray
        Log of predicted over measured speed with these constants, as fitted. [1]
    unseen : ndarray
        The same, each model on each card predicted without any row of it; as fitted where all
        rows are of one group. [1]
    interval : tuple of ndarray
        Low and high end of the 90 % interval of measured over modelled speed, from the unseen
        errors of the other groups. [1]
    """

    constants: ServingConstants
    observed: Observations
    errors: Floats
    unseen: Floats
    interval: tuple[Floats, Floats]


def engine_of(rows: Sequence[MeasuredRow]) -> str:
    """Engine whose rows are fitted, unless one is named.

    Parameters
    ----------
    rows : sequence of MeasuredRow
        Measurements.

    Returns
    -------
    str
        The tuned engine where it occurs, else the one with most rows.
    """
    names = [row.engine for row in rows]
    return TUNED_ENGINE if TUNED_ENGINE in names else max(sorted(set(names)), key=names.count)


def calibrate(
    rows: Sequence[MeasuredRow], start: ServingConstants, engine: str | None = None
) -> Calibration:
    """Fit the constants to measurements, and judge them on groups left out.

    Parameters
    ----------
    rows : sequence of MeasuredRow
        Measurements; only those of quality ``ok``, of one engine and of the scopes in `WEIGHTS`
        are fitted.
    start : ServingConstants
        Constants that are not fitted: memory, fixed costs.
    engine : str, optional
        Engine whose rows are fitted; by default that of `engine_of`.

    Returns
    -------
    Calibration
        Constants with three significant digits, interval included.

    Raises
    ------
    ValueError
        If fewer than five numbers can be fitted.
    """
    chosen = engine_of(rows) if engine is None else engine
    usable = [row for row in rows if row.engine == chosen and row.quality == "ok"]
    observed = Observations.of([row for row in usable if row.scope in WEIGHTS], start)
    if observed.kind.size < FEWEST:
        raise ValueError(
            f"{observed.kind.size} measurements of engine {chosen!r} can be fitted, at least "
            f"{FEWEST} are needed: quality ok, fits in memory, scope {', '.join(WEIGHTS)}"
        )
    fitted = fit(observed, start)
    unseen = _unseen(observed, fitted, start)
    flagged = Observations.of([row for row in rows if _is_flagged(row, chosen)], start)
    constants = _with_interval(fitted, observed.measure, unseen, log_errors(flagged, fitted))
    errors = log_errors(observed, constants)
    return Calibration(constants, observed, errors, unseen, _unseen_interval(observed, unseen))


def fit(
    observed: Observations, fixed: ServingConstants, start: ServingConstants | None = None
) -> ServingConstants:
    """Constants that fit best.

    Parameters
    ----------
    observed : Observations
        At least one measured number.
    fixed : ServingConstants
        Constants that are not fitted.
    start : ServingConstants, optional
        Where to begin; typical values if left out.

    Returns
    -------
    ServingConstants
        Rounded to three significant digits.
    """
    from scipy.optimize import least_squares  # noqa: PLC0415  heavy

    typical, low, high = np.log(np.array(list(BOUNDS.values()))).T
    weights = np.sqrt(_weights(observed))

    def residuals(logs: Floats) -> Floats:
        errors = weights * log_errors(observed, _with(fixed, logs))
        return np.concatenate([errors, PULL * (logs - typical)])

    begin = typical if start is None else np.log([getattr(start, name) for name in BOUNDS])
    inner = np.clip(begin, low + 1e-6, high - 1e-6)
    found = least_squares(
        residuals, inner, bounds=(low, high), loss="soft_l1", f_scale=OUTLIER, max_nfev=100
    )
    return _with(fixed, found.x, rounded=True)


def groups_of(observed: Observations) -> NDArray[np.str_]:
    """Model and card of each observation.

    Parameters
    ----------
    observed : Observations
        Measured numbers.

    Returns
    -------
    ndarray of str
        Such as ``Llama-3.1-8B x H100-SXM``.
    """
    return np.array([row.group for row in observed.rows])


def _weights(observed: Observations) -> Floats:
    return np.array([WEIGHTS[row.scope] for row in observed.rows])


def _with(fixed: ServingConstants, logs: Floats, *, rounded: bool = False) -> ServingConstants:
    """Constants from the logarithms of the fitted ones."""
    values = [float(value) for value in np.exp(logs)]
    if rounded:
        values = [float(f"{value:.{SIGNIFICANT}g}") for value in values]
        values = [max(value, BOUNDS[name][1]) for name, value in zip(BOUNDS, values, strict=True)]
    changed: dict[str, Any] = dict(zip(BOUNDS, values, strict=True))
    return replace(fixed, **changed)


def _unseen(observed: Observations, fitted: ServingConstants, fixed: ServingConstants) -> Floats:
    """Errors of each group under constants fitted without it."""
    groups = groups_of(observed)
    errors = log_errors(observed, fitted)
    if np.unique(groups).size == 1:
        return errors
    for group in np.unique(groups):
        out = groups == group
        without = fit(observed.where(~out), fixed, fitted)
        errors[out] = log_errors(observed.where(out), without)
    return errors


def _is_flagged(row: MeasuredRow, engine: str) -> bool:
    return row.engine == engine and (
        row.quality == "memory_tight" or row.scope == "offline_fine_moe"
    )


def _with_interval(
    fitted: ServingConstants, measure: NDArray[np.str_], unseen: Floats, flagged: Floats
) -> ServingConstants:
    """Constants with quantiles of measured over modelled speed, and their widening."""
    quantiles = {
        f"{name}_quantiles": tuple(
            float(f"{q:.3f}") for q in np.exp(_quantiles(measure, unseen, name, LEVELS))
        )
        for name in MEASURES
    }
    ends = quantiles["throughput_quantiles"]
    outer = np.log([ends[0], ends[-1]])
    widening = 1.0
    if flagged.size:
        needed = np.where(-flagged < 0.0, -flagged / min(outer[0], -1e-3), -flagged / outer[1])
        widening = float(np.clip(np.quantile(needed, 0.9), 1.0, WIDEST))
    changed: dict[str, Any] = {
        **quantiles,
        "quantile_levels": LEVELS,
        "flagged_widening": float(f"{widening:.{SIGNIFICANT}g}"),
    }
    return replace(fitted, **changed)


def _quantiles(
    measure: NDArray[np.str_], unseen: Floats, name: str, levels: Sequence[float]
) -> Floats:
    """Quantiles of log measured over modelled speed; of all measures where one has few numbers."""
    own = measure == name
    return next_quantiles(-unseen[own if np.count_nonzero(own) >= FEWEST else slice(None)], levels)


def _unseen_interval(observed: Observations, unseen: Floats) -> tuple[Floats, Floats]:
    """90 % interval of each number from the errors of the other groups, where there are any."""
    groups, measure = groups_of(observed), observed.measure
    ends = np.empty((2, unseen.size))
    for group in np.unique(groups):
        out = groups == group
        kept = ~out if np.count_nonzero(~out) >= FEWEST else np.full_like(out, True)
        for name in np.unique(measure[out]):
            found = _quantiles(measure[kept], unseen[kept], name, (LEVELS[0], LEVELS[-1]))
            ends[:, out & (measure == name)] = np.exp(found)[:, np.newaxis]
    return ends[0], ends[1]
