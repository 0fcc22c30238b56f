"""Redundancy in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from capacity.availability.design_search import Choice, Lift, OutOfReach, Room
from capacity.availability.designing import DesignStudy, design_study, watched
from capacity.availability.stored_data import stored_data
from capacity.outcome import CapacityPlan
from capacity.questions.scaling import Scaling
from capacity.questions.scaling_factors import scaling_factors
from capacity.report.availability_text import (
    availability_text,
    design_rows,
    design_words,
    lift_words,
    refused_words,
    scaling_text,
)
from capacity.report.text import WIDTH
from capacity.scenarios.tree import Cause, Design


@pytest.fixture(scope="module")
def study(short_plan: CapacityPlan) -> DesignStudy:
    return design_study(short_plan)


def test_every_cause_part_and_nine_is_told(study: DesignStudy) -> None:
    told = availability_text(study)
    for words in (*(cause.value for cause in Cause), *study.parts, "99.999 %", "next better"):
        assert words in told
    assert max(map(len, told.splitlines())) <= WIDTH + 10


def test_the_minutes_of_the_causes_add_up_to_those_together(study: DesignStudy) -> None:
    rows = re.findall(r"^([a-z ]+?)  +([\d.]+)  +[\d.]+  +\d+ %$", availability_text(study), re.M)
    minutes = {name: float(value) for name, value in rows}
    together = minutes.pop("together")
    assert sum(minutes.values()) == pytest.approx(together, abs=0.05)


def test_a_simulation_says_whether_it_agrees(study: DesignStudy) -> None:
    assert "lies inside" in availability_text(study, watched(study, 500, seed=7))


def test_a_refusal_names_bound_and_lift(short_plan: CapacityPlan) -> None:
    found = design_study(short_plan, 0.9995, Room(regions=1)).found
    assert isinstance(found, OutOfReach)
    reached, bound, lift = refused_words(found)
    assert "99.95 %" in reached
    assert bound.endswith("storage.")
    assert "2 regions" in lift


def test_a_refusal_that_nothing_lifts_says_so() -> None:
    found = OutOfReach(0.9999, Design(1, 1, 9), 0.99, "storage", ())
    assert refused_words(found)[-1] == "No one change lifts it."


@pytest.mark.parametrize("what", ["failover", "changes a month", "common cause", "zones", "x"])
def test_a_lift_tells_both_figures(what: str) -> None:
    told = lift_words(Lift(what, 0.5, 0.125))
    assert "12" in told
    assert "50" in told or "0.5" in told


def test_a_design_without_crews_is_repaired_without_limit() -> None:
    assert "without limit" in design_words(Design(1, 1, 2))
    assert "1 crew a zone" in design_words(Design(1, 1, 2, crews=1))


def test_spare_replicas_are_told_where_there_is_not_one() -> None:
    assert "replica" not in design_words(Design(1, 1, 2))
    assert "1 standby, 3 spare read replicas a region," in design_words(
        Design(1, 1, 2, read_spares=3)
    )
    assert lift_words(Lift("read_spares", 1, 3)) == "3 spare read replicas a region instead of 1"


def test_every_design_of_the_table_has_its_spare_replicas(study: DesignStudy) -> None:
    assert isinstance(study.found, Choice)
    rows = {row[0]: row for row in design_rows(study.found)}
    assert rows["chosen"][2] == str(study.design.read_spares)
    assert rows["one spare replica less"][2] == str(study.design.read_spares - 1)


@pytest.mark.parametrize(("ratio", "verdict"), [(9.0, "does not hold"), (120.0, "holds")])
def test_the_verdict_on_the_square_follows_the_ratio(ratio: float, verdict: str) -> None:
    found = Scaling(10.0, ratio, (("demand", ratio),), 9.0, 9.0)
    assert f"100 times {verdict};" in scaling_text(found, scaling_factors(found, 10))


def test_the_chosen_design_is_told_first(study: DesignStudy) -> None:
    assert isinstance(study.found, Choice)
    first = availability_text(study).split(":")[0]
    assert first == "The cheapest design for 99.95 %"


def test_what_has_no_price_is_said(study: DesignStudy) -> None:
    assert "Repair crews and the canary have no price" in availability_text(study)
    nodes = replace(study.problem.service.nodes, crew_usd=25_000.0)
    service = replace(study.problem.service, nodes=nodes)
    own = replace(study, problem=replace(study.problem, service=service))
    assert "The canary has no price" in availability_text(own)


def test_stored_data_have_a_line_each(short_plan: CapacityPlan, study: DesignStudy) -> None:
    told = availability_text(study, stored=stored_data(short_plan))
    for name in ("conversations", "datasets", "checkpoints"):
        assert re.search(rf"^{name}  .* of .*e-\d+ .* h$", told, re.M)
