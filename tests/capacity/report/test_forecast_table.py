"""Forecasts as text, CSV and JSON hold the same figures."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from capacity.report.forecast_table import (
    COLUMNS,
    Beside,
    forecast_csv,
    forecast_json,
    forecast_rows,
    forecast_text,
)
from forecast import Forecast, History, ReferenceClass
from forecast.backtest.rivals import Rivals
from forecast.growth.reference_class import Analog


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    points = {"2022-01": 120_000.0, "2022-12": 620_000.0}
    users = History.from_points("=users", points, kind="cumulative", unit="users")
    return ReferenceClass().fit(users).predict(months=6, paths=500, seed=7)


def test_quantiles_rise_and_equal_those_of_the_paths(forecast: Forecast) -> None:
    row = list(forecast_rows(forecast))[-1]
    values = [row[name] for name in COLUMNS if name.startswith("p")]
    assert values == sorted(values)
    assert row["p90"] == pytest.approx(float(forecast.quantile(0.9)[-1]))


def test_csv_has_a_unit_column_and_starts_no_formula(forecast: Forecast) -> None:
    rows = list(csv.DictReader(io.StringIO(forecast_csv([forecast]))))
    assert len(rows) == 6
    assert rows[0]["unit"] == "users"
    assert not rows[0]["name"].startswith("=")
    assert float(rows[-1]["p50"]) == pytest.approx(float(forecast.quantile(0.5)[-1]))


def test_json_names_schema_model_and_notes(forecast: Forecast) -> None:
    document = json.loads(forecast_json([forecast]))
    assert document["schema"] == "fleetcast.forecast/1"
    assert document["series"][0]["model"] == forecast.model
    assert document["series"][0]["notes"]


def test_a_volatility_that_is_not_known_is_null(forecast: Forecast) -> None:
    near = (Analog("a", "2013-01", 2.0, 3.0), Analog("b", "2014-01", 2.0, 3.0, volatility=0.125))
    document = json.loads(forecast_json([forecast], Beside(near={forecast.name: near})))
    assert [one["volatility"] for one in document["series"][0]["analogs"]] == [None, 0.125]


def test_text_shows_median_interval_and_notes(forecast: Forecast) -> None:
    text = forecast_text([forecast])
    assert text.count("80 %") == 6
    assert "note:" in text


def test_months_to_a_threshold_are_those_of_the_paths(forecast: Forecast) -> None:
    value = float(forecast.quantile(0.5)[3])
    document = json.loads(forecast_json([forecast], Beside(thresholds={forecast.name: value})))
    reached = document["series"][0]["reached"]
    assert reached["months"]["p50"] == str(forecast.months[3])
    first = forecast.first_reached(value)
    known = np.sort(first[~np.isnat(first)])
    assert reached["months"]["p10"] == str(known[len(first) // 10 - 1])
    assert reached["never"] == pytest.approx(float(np.isnat(first).mean()))
    text = forecast_text([forecast], Beside(thresholds={forecast.name: value}))
    assert f"50 % by {forecast.months[3]}" in text
    assert f"stay below until {forecast.months[-1]}" in text


def test_baselines_and_verdict_stand_below_the_table(forecast: Forecast) -> None:
    found = Rivals({"naive": np.full(6, 620_000.0)}, "the model beats nobody")
    beside = Beside(rivals={forecast.name: found})
    text = forecast_text([forecast], beside)
    assert f"beside it, median of {forecast.months[-1]}: naive 620,000\nthe model beats" in text
    series = json.loads(forecast_json([forecast], beside))["series"][0]
    assert series["baselines"] == {"naive": [620_000.0] * 6}
    assert series["verdict"] == "the model beats nobody"
