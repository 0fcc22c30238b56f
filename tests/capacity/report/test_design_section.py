"""The page on redundancy."""

from __future__ import annotations

from capacity.availability.design_problem import Room
from capacity.availability.designing import design_study
from capacity.outcome import CapacityPlan
from capacity.report.design_section import design_section


def test_the_page_names_choice_policy_and_proof(short_plan: CapacityPlan) -> None:
    study = design_study(short_plan)
    found = design_section(study)
    told = " ".join(found["text"])
    assert f"{study.design.nodes:,} nodes" in told
    assert f"builds {study.own.design.nodes:,}" in told
    assert [row[-1] for row in found["rows"]][:2] == ["meets", "meets"]
    assert {row[-1] for row in found["rows"][3:]} == {"misses"}


def test_a_target_out_of_reach_is_told_with_its_bound(short_plan: CapacityPlan) -> None:
    found = design_section(design_study(short_plan, 0.9995, Room(regions=1)))
    assert found["rows"] == []
    assert "storage" in found["text"][0]
