"""A backtest in words: a table for a terminal and a verdict for each model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast.backtest.table import BacktestResult

__all__ = ["backtest_text", "verdict"]

COLUMNS = {
    "MASE": "mase",
    "OWA": "owa",
    "sMAPE": "smape",
    "CRPS": "crps",
    "pinball": "pinball",
    "interval": "interval_score",
    "log error": "male",
    "log bias": "log_bias",
}
WIDTH = 9
MOST_FAILURES = 5


def verdict(model: str, result: BacktestResult) -> str:
    """Whether a model beats every baseline on its own backtest.

    Parameters
    ----------
    model : str
        Name of a candidate.
    result : BacktestResult
        What the backtest found.

    Returns
    -------
    str
        One sentence with the figures; a model beats a baseline where both MASE and CRPS are lower.
    """
    rows = {row["model"]: row for row in result.rows if row["horizon"] is None}
    if model not in rows:
        return f"{model} made no forecast: see the failures"
    own = rows[model]
    if own["mase"] is None:
        return f"{model}: no verdict, the history never changed before any origin"
    rivals = [
        rows[name] for name in result.models if name in rows and name not in result.candidates
    ]
    better = [rival for rival in rivals if not _beats(own, rival)]
    if not better:
        best = min(rivals, key=lambda rival: float(rival["mase"]))
        return f"{model} beats every baseline: {_figures(own)}; the best of them, {_told(best)}"
    return (
        f"{model} does NOT beat {' and '.join(rival['model'] for rival in better)} on this "
        f"history: {_figures(own)} against {'; '.join(map(_told, better))}"
    )


def backtest_text(result: BacktestResult) -> str:
    """Table of all scores, verdicts and failures.

    Parameters
    ----------
    result : BacktestResult
        What the backtest found.

    Returns
    -------
    str
        For a terminal.
    """
    wide = max((len(name) for name in result.models), default=0)
    lines = [f"Backtest of {result.series}: {_extent(result)}"]
    for horizon in (None, *result.horizons):
        lines += ["", _heading(horizon, wide)]
        lines += [_line(row, wide) for row in result.rows if row["horizon"] == horizon]
    lines += ["", *result.verdicts, *_failures(result), *_reading(result)]
    return "\n".join(lines)


def _beats(own: dict[str, Any], rival: dict[str, Any]) -> bool:
    return bool(own["mase"] < rival["mase"] and own["crps"] < rival["crps"])


def _figures(row: dict[str, Any]) -> str:
    return f"MASE {row['mase']:.2f}, CRPS {row['crps']:.2f}"


def _told(row: dict[str, Any]) -> str:
    return f"{row['model']}: {_figures(row)}"


def _extent(result: BacktestResult) -> str:
    if not result.origins:
        return "no forecast was made"
    return (
        f"{len(result.origins)} origins from {result.origins[0]} to {result.origins[-1]}, "
        f"{result.horizons[0]} to {result.horizons[-1]} months ahead"
    )


def _heading(horizon: int | None, wide: int) -> str:
    name = "all horizons" if horizon is None else f"{horizon} months"
    cells = "".join(f"{title:>{WIDTH + 1}}" for title in COLUMNS)
    return f"{name:<{max(wide, 14)}}{'n':>6}{cells}{'80 % held':>14}{'95 % held':>14}"


def _line(row: dict[str, Any], wide: int) -> str:
    cells = "".join(f"{_number(row[key]):>{WIDTH + 1}}" for key in COLUMNS.values())
    held = "".join(
        f"{100 * row[key]:>7.0f} ± {100 * row[f'{key}_error']:<4.0f}"
        for key in ("cover80", "cover95")
    )
    return f"{row['model']:<{max(wide, 14)}}{row['n']:>6}{cells}{held}".rstrip()


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _failures(result: BacktestResult) -> list[str]:
    lines = [
        f"failed: {found.model} from {found.origin}: {found.reason}"
        for found in result.failures[:MOST_FAILURES]
    ]
    more = len(result.failures) - MOST_FAILURES
    return [*lines, f"failed: {more} more"] if more > 0 else lines


def _reading(result: BacktestResult) -> list[str]:
    step = "step" if result.lag == 1 else f"change over {result.lag} steps"
    return [
        f"MASE, CRPS, pinball and interval (80 %): in units of the mean {step} before the origin.",
        "OWA: mean of sMAPE and MASE over those of naive. Log error 0.4 is a factor of 1.5.",
        "± is the binomial error of independent forecasts; those of overlapping years are not, so "
        "the true error is larger.",
    ]
