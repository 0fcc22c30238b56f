from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from capacity.auditing import Finding
from capacity.outcome import CapacityPlan, Infeasible
from capacity.policy import LEVERS
from capacity.report.json import SCHEMA, document, to_json

SCHEMA_FILE = Path(__file__).parents[3] / "data" / "schemas" / "plan.schema.json"
Findings = tuple[Finding, ...]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def strict(text: str) -> dict[str, Any]:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    found: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return found


def test_a_plan_is_valid(
    reported_plan: CapacityPlan, findings: Findings, validator: jsonschema.Draft202012Validator
) -> None:
    validator.validate(strict(to_json(reported_plan, findings)))


def test_a_hostile_plan_is_valid_and_keeps_its_text(
    hostile_plan: CapacityPlan, validator: jsonschema.Draft202012Validator
) -> None:
    found = strict(to_json(hostile_plan))
    validator.validate(found)
    assert found["scenario"]["description"] == hostile_plan.scenario.description


def test_an_infeasible_outcome_is_valid(
    infeasible: Infeasible, validator: jsonschema.Draft202012Validator
) -> None:
    found = strict(to_json(infeasible))
    validator.validate(found)
    assert found["kind"] == "infeasible"
    assert found["remedies"]


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "fleetcast.plan/2"},
        {"extra": 1},
        {"availability": 1.2},
        {"orders": [{}]},
        {"seed": -1},
        {"months": []},
    ],
)
def test_the_schema_refuses_what_is_wrong(
    short_plan: CapacityPlan, validator: jsonschema.Draft202012Validator, change: dict[str, object]
) -> None:
    assert not validator.is_valid(strict(to_json(short_plan)) | change)


def test_percentiles_never_fall(reported_plan: CapacityPlan) -> None:
    for row in document(reported_plan)["monthly"]:
        values = [row[name] for name in ("p05", "p10", "p25", "p50", "p75", "p90", "p95")]
        assert values == sorted(values)


def test_it_holds_what_makes_the_plan_again(reported_plan: CapacityPlan) -> None:
    found = document(reported_plan)
    assert found["schema"] == SCHEMA
    assert (found["seed"], found["draws"]) == (7, 2_000)
    assert set(found["policy"]) == set(LEVERS)
    assert found["hashes"] == dict(reported_plan.hashes)


def test_nothing_that_is_no_number_is_written(short_plan: CapacityPlan) -> None:
    spoilt = dict(short_plan.draws)
    spoilt["cost"] = np.full_like(spoilt["cost"], np.nan)
    with pytest.raises(ValueError, match=r"finite|JSON compliant"):
        to_json(replace(short_plan, draws=spoilt))
