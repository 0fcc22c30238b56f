from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from capacity.procurement.decision import Decision
from capacity.report.decision_json import decision_json, orders_csv, policies_csv

SCHEMA_FILE = Path(__file__).parents[3] / "data" / "schemas" / "decision.schema.json"


def test_it_is_valid(decision: Decision, regional: Decision) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for made in (decision, regional):
        jsonschema.Draft202012Validator(schema).validate(json.loads(decision_json(made)))


def test_money_adds_up_and_regret_is_the_distance_to_foresight(decision: Decision) -> None:
    found = json.loads(decision_json(decision))
    ideal = next(row for row in found["policies"] if row["policy"] == "perfect foresight")
    for row in found["policies"]:
        assert row["total_usd"] == pytest.approx(row["cost_usd"] + row["shortfall_usd"])
        assert row["regret_usd"] == pytest.approx(row["total_usd"] - ideal["total_usd"], abs=1.0)


def test_csv_holds_the_same_rows(decision: Decision) -> None:
    found = json.loads(decision_json(decision))
    for text, name in ((orders_csv(decision), "orders"), (policies_csv(decision), "policies")):
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [list(row.values()) for row in rows] == [
            [str(value) for value in row.values()] for row in found[name]
        ]
