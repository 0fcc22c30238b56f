"""Scores of a backtest by model and horizon, and whether a model beats the baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.backtest.cases import LEVELS
from forecast.backtest.text import backtest_text, verdict
from forecast.scores import (
    Coverage,
    coverage,
    interval_score,
    log_bias,
    mean_absolute_log_error,
    owa,
    pinball_loss,
    smape,
)

if TYPE_CHECKING:
    import pandas as pd

    from forecast.backtest.cases import Case, Failure

__all__ = ["BASELINE", "BacktestResult"]

BASELINE = "naive"
MEDIAN = LEVELS.index(0.5)
BOUNDS = {0.8: (0.1, 0.9), 0.95: (0.025, 0.975)}

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class BacktestResult:
    """What a backtest found.

    Parameters
    ----------
    series : str
        Name of the history.
    unit : str
        Unit of its values.
    models : tuple of str
        All models, baselines last.
    candidates : tuple of str
        Those that are no baselines.
    cases : tuple of Case
        Every forecast with what came.
    failures : tuple of Failure
        Every forecast that could not be made.
    lag : int
        Steps of the season whose naive error is the scale of MASE. [1]
    """

    series: str
    unit: str
    models: tuple[str, ...]
    candidates: tuple[str, ...]
    cases: tuple[Case, ...]
    failures: tuple[Failure, ...]
    lag: int

    @property
    def shared(self) -> tuple[Case, ...]:
        """Cases that every model has that forecast at all: only these are compared."""
        places: dict[str, set[tuple[str, int]]] = {}
        for case in self.cases:
            places.setdefault(case.model, set()).add((case.origin, case.horizon))
        common = set.intersection(*places.values()) if places else set()
        return tuple(case for case in self.cases if (case.origin, case.horizon) in common)

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins of the compared forecasts, YYYY-MM."""
        return tuple(sorted({case.origin for case in self.shared}))

    @property
    def horizons(self) -> tuple[int, ...]:
        """Horizons of the compared forecasts, ascending [months]."""
        return tuple(sorted({case.horizon for case in self.shared}))

    def row(self, model: str, horizon: int | None = None) -> Row:
        """Scores of one model, at one horizon or over all.

        Parameters
        ----------
        model : str
            Name of the model.
        horizon : int, optional
            Distance; all of them if left out. [months]

        Returns
        -------
        dict
            `model`, `horizon` (None for all), `n`, and the scores: `mase`, `crps`, `pinball` and
            `interval_score` (80 %) in mean steps of the past, `smape`, `male` and `log_bias` as
            fractions, `owa` against the naive forecast, `cover80` and `cover95` with their
            binomial errors. A score without a scale is None.

        Raises
        ------
        ValueError
            If the model has no forecast at this horizon.
        """
        found, naive = self._of(model, horizon), self._of(BASELINE, horizon)
        if not found:
            raise ValueError(f"no forecast of {model!r} at {horizon or 'any'} months")
        row: Row = {"model": model, "horizon": horizon, "n": len(found)}
        row |= {**_scaled(found), **_relative(found)}
        row["owa"] = _owa(row, {**_scaled(naive), **_relative(naive)})
        for level in BOUNDS:
            held = _coverage(found, level)
            row[f"cover{100 * level:.0f}"] = held.share
            row[f"cover{100 * level:.0f}_error"] = held.error
        return row

    @property
    def rows(self) -> tuple[Row, ...]:
        """Scores of every model: over all horizons, then at each."""
        known = [name for name in self.models if self._of(name, None)]
        return tuple(self.row(name, h) for h in (None, *self.horizons) for name in known)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Whether it beats the baselines, one sentence for each candidate."""
        return tuple(verdict(name, self) for name in self.candidates)

    @property
    def text(self) -> str:
        """Table and verdicts for a terminal."""
        return backtest_text(self)

    @property
    def lines(self) -> tuple[Row, ...]:
        """Points of a figure: MASE over the horizon, a line a model, keys model, x and y."""
        return tuple(
            {"model": row["model"], "x": row["horizon"], "y": row["mase"]}
            for row in self.rows
            if row["horizon"] is not None and row["mase"] is not None
        )

    @property
    def description(self) -> str:
        """What the figure of `lines` shows, in words."""
        ends = [
            f"{name} {points[0]:.2f} to {points[-1]:.2f}"
            for name in self.models
            if (points := [point["y"] for point in self.lines if point["model"] == name])
        ]
        span = f"{self.horizons[0]} to {self.horizons[-1]}" if self.horizons else "no"
        return (
            f"Mean absolute scaled error of forecasts of {self.series} over {span} months ahead, "
            f"from {len(self.origins)} origins: {', '.join(ends) or 'no score has a scale'}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Scores as a table.

        Returns
        -------
        pandas.DataFrame
            One row for each of `rows`; horizon is empty for all horizons together. [1]
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import forecast` light)

        return pd.DataFrame(list(self.rows))

    def _of(self, model: str, horizon: int | None) -> list[Case]:
        return [
            case for case in self.shared if case.model == model and horizon in (None, case.horizon)
        ]


def _scaled(cases: list[Case]) -> Row:
    """Scores in the unit of the series, each over the mean step before its origin."""
    scaled = [case for case in cases if case.scale > 0.0]
    if not scaled:
        return dict.fromkeys(("mase", "crps", "pinball", "interval_score"))
    scale = np.array([case.scale for case in scaled])
    actual = np.array([case.actual for case in scaled])
    quantiles = np.array([case.quantiles for case in scaled])
    lower, upper = (quantiles[:, LEVELS.index(p)] for p in BOUNDS[0.8])
    scores = {
        "mase": np.abs(actual - quantiles[:, MEDIAN]),
        "crps": np.array([case.crps for case in scaled]),
        "pinball": pinball_loss(actual, quantiles, LEVELS).mean(axis=-1),
        "interval_score": interval_score(actual, lower, upper, 0.8),
    }
    return {name: float((score / scale).mean()) for name, score in scores.items()}


def _relative(cases: list[Case]) -> Row:
    actual = np.array([case.actual for case in cases])
    predicted = np.array([case.quantiles[MEDIAN] for case in cases])
    known = bool((predicted > 0.0).all())
    return {
        "smape": float(smape(actual, predicted)),
        "male": float(mean_absolute_log_error(actual, predicted)) if known else None,
        "log_bias": float(log_bias(actual, predicted)) if known else None,
    }


def _owa(row: Row, naive: Row) -> float | None:
    if not naive["mase"] or not naive["smape"]:
        return None
    return owa(row["smape"], row["mase"], naive["smape"], naive["mase"])


def _coverage(cases: list[Case], level: float) -> Coverage:
    low, high = (LEVELS.index(p) for p in BOUNDS[level])
    bounds = np.array([(case.actual, case.quantiles[low], case.quantiles[high]) for case in cases])
    return coverage(bounds[:, 0], bounds[:, 1], bounds[:, 2], level)
