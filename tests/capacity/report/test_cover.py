from __future__ import annotations

from capacity.outcome import CapacityPlan
from capacity.report.cover import TABLED, TILES, cover, figures


def test_the_first_page_leads_with_decision_machines_and_money(
    reported_plan: CapacityPlan,
) -> None:
    found = cover(reported_plan)
    assert found["headline"] == reported_plan.text.split("\n")
    assert len(found["tiles"]) == len(TILES)
    assert [tile["title"] for tile in found["tiles"][:2]] == ["GPUs needed", "Cost"]
    assert found["tiles"][2]["title"] == "Total cost, Jan 2023 to Jun 2024"


def test_every_tile_prints_its_error(reported_plan: CapacityPlan) -> None:
    assert all(tile["error"].startswith("±") for tile in cover(reported_plan)["tiles"])


def test_facts_say_target_and_confidence(reported_plan: CapacityPlan) -> None:
    facts = " ".join(cover(reported_plan)["facts"])
    for words in ("Jan 2022 to Jun 2024", "reported up to Dec 2022", "99.95 %", "90 %"):
        assert words in facts


def test_the_distribution_has_a_column_for_each_level(reported_plan: CapacityPlan) -> None:
    found = figures(reported_plan)
    assert found["head"][2:] == ["5 %", "10 %", "25 %", "50 %", "75 %", "90 %", "95 %", "± of 50 %"]
    assert len(found["rows"]) == len(TABLED)
    assert {len(row) for row in found["rows"]} == {len(found["head"])}
