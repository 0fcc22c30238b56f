"""Forecasts as text, CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import numpy as np

from capacity.demand import Analogs
from capacity.numbers import say, span
from capacity.outcome import LEVELS
from capacity.report.cells import csv_text, printable
from forecast.paths import Forecast

SCHEMA = "fleetcast.forecast/1"
COLUMNS = ("name", "model", "month", "kind", "unit", "mean", *(f"p{100 * p:02.0f}" for p in LEVELS))


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


def forecast_text(forecasts: Sequence[Forecast]) -> str:
    """Table for a terminal.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Shown one after the other.

    Returns
    -------
    str
        Month, kind, median and 80 % interval, then the notes.
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


def forecast_json(forecasts: Sequence[Forecast], near: Analogs | None = None) -> str:
    """JSON document.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Series of the document.
    near : mapping of str to tuple of Analog, optional
        Nearest past products by name of the series.

    Returns
    -------
    str
        With `schema`, and for each series its notes, its analogs (product, month, growth factors
        of the 12 months before and of the 18 after) and its monthly rows.
    """
    series = [
        {
            "name": item.name,
            "unit": item.unit,
            "model": item.model,
            "origin": str(item.origin),
            "seed": item.seed,
            "notes": list(item.notes),
            "analogs": [asdict(one) for one in (near or {}).get(item.name, ())],
            "months": list(forecast_rows(item)),
        }
        for item in forecasts
    ]
    return json.dumps({"schema": SCHEMA, "series": series}, indent=1, allow_nan=False)
