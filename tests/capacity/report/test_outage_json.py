from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from capacity.outage.study import Outage
from capacity.report.outage_json import COLUMNS, outage_csv, outage_json

SCHEMA_FILE = Path(__file__).parents[3] / "data" / "schemas" / "outage.schema.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_it_is_valid(outage: Outage, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(json.loads(outage_json(outage)))


def test_figures_at_the_top_are_those_with_the_countermeasures(outage: Outage) -> None:
    found = json.loads(outage_json(outage))
    assert found["with"] == list(outage.names)
    assert found["trips"] == int(outage.chosen.trips[0])
    assert found["as_told"]["trips"] == int(outage.told.trips[0])
    assert found["full_outage_minutes"] == pytest.approx(outage.chosen.full_outage[0])


def test_every_series_has_one_value_a_point(outage: Outage) -> None:
    series = json.loads(outage_json(outage))["series"]
    assert len({len(values) for values in series.values()}) == 1
    assert series["minute"] == sorted(series["minute"])
    assert series["minute"][-1] == pytest.approx(outage.incident.horizon)


def test_parameters_carry_unit_and_evidence(outage: Outage) -> None:
    parameters = json.loads(outage_json(outage))["incident"]["parameters"]
    assert all(item["unit"] and item["source"] and item["as_of"] for item in parameters.values())


def test_csv_holds_both_variants_and_no_formula(outage: Outage) -> None:
    hostile = replace(outage, incident=replace(outage.incident, name="=1+1"))
    rows = list(csv.reader(io.StringIO(outage_csv(hostile), newline="")))
    assert rows[0] == list(COLUMNS)
    assert {row[1] for row in rows[1:]} == {"as told", "admission-cap + cells"}
    assert not any(row[0].startswith("=") for row in rows)
    assert all(float(cell) >= 0.0 for row in rows[1:] for cell in row[2:])


def test_every_alert_is_told_with_its_outcome(outage: Outage) -> None:
    told = json.loads(outage_json(outage))["alerts"]
    assert [item["signal"] for item in told] == [item.signal for item in outage.alerts]
    story = json.loads(outage_json(outage))["as_told"]
    for item in told:
        saved = story["lost_requests"] - item["lost_requests"]
        assert item["saved_requests"] == pytest.approx(saved, abs=0.01)
        assert item["in_time"] == (item["revert_minute"] < outage.incident.controls.revert)


def test_an_alert_that_never_fires_has_no_minute(
    outage: Outage, validator: jsonschema.Draft202012Validator
) -> None:
    never = replace(outage.alerts[0], minute=float("inf"))
    document = json.loads(outage_json(replace(outage, alerts=(never,))))
    validator.validate(document)
    assert document["alerts"][0]["minute"] is None
