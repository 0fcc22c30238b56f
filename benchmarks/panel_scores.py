"""Scores of panel forecasts, as the M4 competition defines them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.everyday.seasonal_adjustment import naive2
from forecast.scores import owa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.panel_file import Case

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
RESAMPLES = 2_000


@dataclass(frozen=True)
class Scores:
    """Scores of one series; NaN where undefined or where the method failed."""

    smape: float
    mase: float
    cover80: float
    cover95: float
    is80: float
    msis: float
    cpu_s_per_series: float


def score(case: Case, quantiles: NDArray[np.float64], cpu_s: float) -> Scores:
    """Scores of the quantiles at `LEVELS`, shape (levels, horizon)."""
    low95, low80, middle, high80, high95 = quantiles
    scale = seasonal_step(case)
    return Scores(
        smape=smape(case.came, middle),
        mase=float(np.abs(case.came - middle).mean() / scale),
        cover80=inside(case.came, low80, high80),
        cover95=inside(case.came, low95, high95),
        is80=interval_score(case.came, low80, high80, 0.2) / scale,
        msis=interval_score(case.came, low95, high95, 0.05) / scale,
        cpu_s_per_series=cpu_s,
    )


def naive2_scores(cases: Sequence[Case]) -> NDArray[np.float64]:
    """sMAPE and MASE of Naive2, shape (cases, 2)."""
    rows = []
    for case in cases:
        ahead = naive2(case.values, case.season, len(case.came))
        error = float(np.abs(case.came - ahead).mean() / seasonal_step(case))
        rows.append((smape(case.came, ahead), error))
    return np.array(rows)


def summary(
    rows: Sequence[Scores], naive: NDArray[np.float64], learning: float = 0.0
) -> dict[str, float]:
    """Means over the series, OWA, number of series and of failures."""
    table = np.array([list(asdict(row).values()) for row in rows])
    means = dict(zip(asdict(rows[0]), np.nanmean(table, axis=0).tolist(), strict=True))
    means["cpu_s_per_series"] += learning
    means["owa"] = owa(means["smape"], means["mase"], *np.nanmean(naive, axis=0))
    failed = int(np.isnan(table[:, 0]).sum())
    return {name: round(value, 5) for name, value in means.items()} | {
        "n": len(rows),
        "failed": failed,
    }


def bootstrap(
    ours: Sequence[Scores], theirs: Sequence[Scores], naive: NDArray[np.float64]
) -> dict[str, list[float]]:
    """95 % intervals of our mean scores less theirs and of the ratio of MSIS.

    Series are resampled in pairs; each mean leaves out those for which either score is unknown.
    """
    first, second = (np.array([[r.smape, r.mase, r.msis] for r in rows]) for rows in (ours, theirs))
    known = ~np.isnan(first + second)
    share = np.full(len(first), 1.0 / len(first))
    times = np.random.default_rng(1).multinomial(len(first), share, RESAMPLES)
    one, two, simple = (_means(times, scores, known) for scores in (first, second, naive))
    found = dict(zip(("smape", "mase", "msis"), (one - two).T, strict=True))
    simple[simple == 0.0] = np.nan  # a draw of series of zeros alone
    found["owa"] = ((one - two)[:, :2] / simple).mean(axis=1)
    found["msis_ratio"] = one[:, 2] / two[:, 2]
    return {
        name: np.nanquantile(values, [0.025, 0.975]).round(5).tolist()
        for name, values in found.items()
    }


def _means(
    times: NDArray[np.int64], scores: NDArray[np.float64], known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Means of the known scores, each series as often as it was drawn, shape (draws, scores)."""
    known = known[:, : scores.shape[1]]
    total, count = times @ np.where(known, scores, 0.0), times @ known.astype(float)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0.0)


def seasonal_step(case: Case) -> float:
    """Mean absolute seasonal step of the part to fit; NaN if zero or undefined."""
    values, season = case.values, case.season
    if len(values) <= season:
        return float("nan")
    return float(np.abs(values[season:] - values[:-season]).mean()) or float("nan")


def smape(came: NDArray[np.float64], middle: NDArray[np.float64]) -> float:
    """Mean of 200 |y - f| / (|y| + |f|), 0 where both are 0. [percent]"""
    size = np.abs(came) + np.abs(middle)
    gap = np.abs(came - middle)
    return float(np.mean(200.0 * np.divide(gap, size, out=np.zeros_like(gap), where=size != 0.0)))


def inside(came: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    if np.isnan(low).any():
        return float("nan")
    return float(((came >= low) & (came <= high)).mean())


def interval_score(
    came: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], alpha: float
) -> float:
    missed = np.maximum(low - came, 0.0) + np.maximum(came - high, 0.0)
    return float((high - low + 2.0 / alpha * missed).mean())
