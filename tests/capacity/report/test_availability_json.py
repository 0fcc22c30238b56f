"""Redundancy for machines."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from capacity.availability.design_problem import Room
from capacity.availability.design_search import Choice
from capacity.availability.designing import DesignStudy, design_study, watched
from capacity.availability.service_level import NINES
from capacity.availability.stored_data import stored_data
from capacity.availability.working import working
from capacity.outcome import CapacityPlan
from capacity.questions.scaling import Scaling
from capacity.questions.scaling_factors import scaling_factors
from capacity.report.availability_json import HEAD, availability_csv, availability_json


@pytest.fixture(scope="module")
def study(short_plan: CapacityPlan) -> DesignStudy:
    return design_study(short_plan)


def test_the_figures_are_those_of_the_study(study: DesignStudy) -> None:
    found = json.loads(availability_json(study))
    assert isinstance(study.found, Choice)
    assert found["chosen"]["nodes"] == study.design.nodes
    assert found["chosen"]["read_spares"] == study.design.read_spares
    assert found["availability"] == pytest.approx(study.availability, rel=1e-9)
    lost = sum(found["minutes_by_part"].values()) / 43_200
    assert lost == pytest.approx(1 - study.availability, rel=1e-6)
    assert [item["target"] for item in found["nines"]] == list(NINES)


def test_a_refusal_has_no_choice(short_plan: CapacityPlan) -> None:
    found = json.loads(availability_json(design_study(short_plan, 0.9995, Room(regions=1))))
    assert "chosen" not in found
    assert found["out_of_reach"]["bounded_by"] == "storage"
    assert 1 <= found["out_of_reach"]["read_spares"] <= 9
    assert found["out_of_reach"]["lifts"][0]["what"] == "regions"


def test_simulation_and_scaling_are_there_if_asked(study: DesignStudy) -> None:
    grown = Scaling(10.0, 9.0, (("demand", 9.0),), 8.0, 2.0)
    text = availability_json(study, watched(study, 40, 7), (grown, scaling_factors(grown, 9)))
    found = json.loads(text)
    assert found["simulation"]["low99"] <= found["simulation"]["lost"]
    assert found["scaling"]["claimed"] == 100
    assert {"simulation", "scaling"}.isdisjoint(json.loads(availability_json(study)))


def test_the_table_has_a_row_for_each_design(study: DesignStudy) -> None:
    rows = list(csv.reader(io.StringIO(availability_csv(study))))
    assert tuple(rows[0]) == HEAD
    assert {len(row) for row in rows} == {len(HEAD)}
    assert sum(row[0] == "nines" for row in rows) == len(NINES)


def test_every_step_of_the_work_is_there(short_plan: CapacityPlan, study: DesignStudy) -> None:
    work = json.loads(availability_json(study, work=working(short_plan, study)))["work"]
    assert work["nodes"] == study.design.nodes
    lost = next(item for item in work["schedules"] if item["name"] == "region lost")
    assert [step["out"] for step in lost["steps"]] == [lost["headroom_nodes"], 0, 0]
    assert set(lost["steps"][0]) == {
        "start_h", "hours", "out", "back", "serving", "need", "stranded", "held",
    }  # fmt: skip
    assert sum(step["hours"] for step in work["scaling"]["steps"]) == pytest.approx(168)
    hours = work["gpu_hours_a_week"]
    assert hours["foreseen"] <= hours["ahead_of_the_load"] <= hours["fixed"]
    assert work["times"]["cold start"]["basis"] == "assumed"


def test_stored_data_are_there_and_no_backup_is_null(
    short_plan: CapacityPlan, study: DesignStudy
) -> None:
    bare = replace(short_plan, policy=short_plan.policy.change({"backup_copies": 0}))
    found = json.loads(availability_json(study, stored=stored_data(bare)))["stored"]
    assert [item["name"] for item in found["data"]] == ["conversations", "datasets", "checkpoints"]
    assert found["data"][0]["recovery_point_h"] is None
    assert found["figures"]["rebuild"]["basis"] == "assumed"


def test_what_has_no_price_is_named(study: DesignStudy) -> None:
    assert json.loads(availability_json(study))["unpriced"] == ["crews", "canary_share"]
