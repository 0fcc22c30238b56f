"""Forecasts as text, CSV and JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from capacity.load.demand import Analogs
from capacity.numbers import say, span
from capacity.outcome import LEVELS
from capacity.report.cells import csv_text, printable, wrapped
from forecast.backtest.rivals import Rivals
from forecast.growth.reference_class import Analog
from forecast.paths import Forecast

SCHEMA = "fleetcast.forecast/1"
COLUMNS = ("name", "model", "month", "kind", "unit", "mean", *(f"p{100 * p:02.0f}" for p in LEVELS))


SHARES = (0.1, 0.5, 0.9)  # of the paths that have reached a threshold


@dataclass(frozen=True, eq=False)
class Beside:
    """What is told beside forecasts, by name of the series.

    Parameters
    ----------
    near : mapping of str to tuple of Analog
        Nearest past products.
    rivals : mapping of str to Rivals
        Baselines and the verdict of a backtest.
    thresholds : mapping of str to float
        Values whose month is asked for, in the unit of the series.
    """

    near: Analogs = field(default_factory=dict)
    rivals: Mapping[str, Rivals] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)


NOTHING = Beside()


def reached_text(forecast: Forecast, threshold: float) -> str:
    """When a threshold is reached, as a distribution.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.
    threshold : float
        A value. [unit of the forecast]

    Returns
    -------
    str
        One sentence.
    """
    told = [
        f"{100 * share:.0f} % {f'by {month}' if month else 'not in this time'}"
        for share, month in _reached(forecast, threshold).items()
    ]
    never = float(np.isnat(forecast.first_reached(threshold)).mean())
    wanted = say(threshold, forecast.unit)
    below = f"{100 * never:.0f} % of the paths stay below until {forecast.months[-1]}"
    return f"reaches {wanted}: {', '.join(told)}; {below}"


def _reached(forecast: Forecast, threshold: float) -> dict[float, str]:
    """First month in which at least a share of the paths has reached a value; empty if none."""
    reached = np.maximum.accumulate(forecast.values >= threshold, axis=1).mean(axis=0)
    months = [str(month) for month in forecast.months]
    return {
        share: months[int((reached >= share).argmax())] if reached[-1] >= share else ""
        for share in SHARES
    }


def _beside_text(item: Forecast, beside: Beside) -> list[str]:
    lines = []
    if item.name in beside.rivals:
        found = beside.rivals[item.name]
        ends = ", ".join(f"{name} {say(float(m[-1]), '')}" for name, m in found.medians.items())
        lines += [f"beside it, median of {item.months[-1]}: {ends}", found.verdict]
    if item.name in beside.thresholds:
        lines.append(reached_text(item, beside.thresholds[item.name]))
    return lines


def forecast_rows(forecast: Forecast) -> Iterator[dict[str, str | float]]:
    """One row a month with mean and quantiles.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.

    Yields
    ------
    dict
        With the keys of `COLUMNS`; numbers in the forecast's unit.
    """
    quantiles = np.quantile(forecast.values, LEVELS, axis=0)
    means = forecast.values.mean(axis=0)
    for column, month in enumerate(forecast.months):
        numbers = (float(means[column]), *(float(value) for value in quantiles[:, column]))
        words = (forecast.name, forecast.model, str(month), forecast.kinds[column], forecast.unit)
        yield dict(zip(COLUMNS, (*words, *numbers), strict=True))


def forecast_text(forecasts: Sequence[Forecast], beside: Beside = NOTHING) -> str:
    """Table for a terminal.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Shown one after the other.
    beside : Beside
        What is told with them.

    Returns
    -------
    str
        Month, kind, median and 80 % interval, then baselines, threshold and notes.
    """
    lines: list[str] = []
    for item in forecasts:
        lines += [
            printable(f"{item.name} [{item.unit or 'unit not given'}], {item.model}"),
            "month    kind           median",
        ]
        low, mid, high = (item.quantile(p) for p in (0.1, 0.5, 0.9))
        for column, month in enumerate(item.months):
            middle = say(float(mid[column]), "")
            wide = span(float(low[column]), float(high[column]), "")
            lines.append(f"{month}  {item.kinds[column]:<13}  {middle:<9} 80 %: {wide}")
        lines += [wrapped(line, "  ") for line in _beside_text(item, beside)]
        lines += [*(printable(f"note: {note}") for note in item.notes), ""]
    return "\n".join(lines)


def forecast_csv(forecasts: Sequence[Forecast]) -> str:
    """Tidy CSV text.

    Parameters
    ----------
    forecasts : sequence of Forecast
        One after the other.

    Returns
    -------
    str
        Header `COLUMNS`, one row a month; text cells cannot start a formula.
    """
    return csv_text(COLUMNS, (row.values() for item in forecasts for row in forecast_rows(item)))


def forecast_json(forecasts: Sequence[Forecast], beside: Beside = NOTHING) -> str:
    """JSON document.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Series of the document.
    beside : Beside
        What is told with them.

    Returns
    -------
    str
        With `schema`, and for each series its notes, its analogs (product, month, growth factors
        of the 12 months before and of the 18 after, volatility or null), its baselines with the
        verdict, the months in which shares of the paths have reached a threshold, and its monthly
        rows.
    """
    series = [
        {
            "name": item.name,
            "unit": item.unit,
            "model": item.model,
            "origin": str(item.origin),
            "seed": item.seed,
            "notes": list(item.notes),
            "analogs": [_analog_document(one) for one in beside.near.get(item.name, ())],
            **_beside_document(item, beside),
            "months": list(forecast_rows(item)),
        }
        for item in forecasts
    ]
    return json.dumps({"schema": SCHEMA, "series": series}, indent=1, allow_nan=False)


def _analog_document(found: Analog) -> dict[str, object]:
    """A past product; null where its volatility is not known."""
    known = None if math.isnan(found.volatility) else found.volatility
    return {**asdict(found), "volatility": known}


def _beside_document(item: Forecast, beside: Beside) -> dict[str, object]:
    document: dict[str, object] = {}
    if item.name in beside.rivals:
        found = beside.rivals[item.name]
        document["baselines"] = {name: m.tolist() for name, m in found.medians.items()}
        document["verdict"] = found.verdict
    if item.name in beside.thresholds:
        value = beside.thresholds[item.name]
        months = _reached(item, value)
        document["reached"] = {
            "value": value,
            "months": {f"p{100 * share:02.0f}": month or None for share, month in months.items()},
            "never": float(np.isnat(item.first_reached(value)).mean()),
        }
    return document
