from __future__ import annotations

from capacity.outcome import CapacityPlan
from capacity.policy import LEVERS
from capacity.report.annex import assumptions, method, run
from capacity.scenarios.inputs import ASSUMPTIONS


def test_every_input_and_lever_is_printed_with_its_source(reported_plan: CapacityPlan) -> None:
    found = assumptions(reported_plan)
    assert {row[0].replace(" ", "_") for row in found["rows"]} == set(ASSUMPTIONS)
    assert all(row[-1] for row in found["rows"])
    assert len(found["policy"]) == len(LEVERS)


def test_facts_name_history_node_and_price(reported_plan: CapacityPlan) -> None:
    text = " ".join(row[0] for row in assumptions(reported_plan)["facts"])
    for words in ("120,000 users in Jan 2022", "8 A100-SXM-40", "20.176 USD/instance-hour"):
        assert words in text


def test_the_growth_of_demand_is_set_beside_the_inputs(reported_plan: CapacityPlan) -> None:
    assert "growth of demand itself" in assumptions(reported_plan)["text"]


def test_limits_are_those_of_the_plan(reported_plan: CapacityPlan) -> None:
    limits = method(reported_plan)["limits"]
    assert limits
    assert set(limits) <= set(reported_plan.notes)


def test_the_run_can_be_repeated(reported_plan: CapacityPlan) -> None:
    found = run(reported_plan)
    assert "seed 7" in found["footer"]
    assert "2,000 draws" in found["footer"]
    assert found["date"] == "2026-11"
    assert [name for name, _ in found["hashes"]] == list(reported_plan.hashes)
