from __future__ import annotations

from dataclasses import replace

import pytest

from capacity.market.prices import PriceList
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.policy import LEVERS
from capacity.report import sources
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario


def test_every_input_has_a_source(reported_plan: CapacityPlan) -> None:
    rows = sources.inputs(reported_plan)
    assert {row.name for row in rows} == set(ASSUMPTIONS)
    assert [row.name for row in rows if not (row.source and row.as_of and row.unit)] == []


def test_an_override_is_named_where_it_was_set(short: Scenario) -> None:
    changed = short.override("longer replies", reply_tokens=(150, 300, 600))
    found = sources.set_by(changed)
    assert found["reply_tokens"] == "longer replies"
    assert found["prompt_tokens"] == "baseline"


def test_inputs_that_move_machines_come_first(reported_plan: CapacityPlan) -> None:
    moved = [row.moves for row in sources.inputs(reported_plan)]
    assert moved[0] == "gpus"
    assert moved[-1] == ""


def test_every_price_that_a_plan_asks_for_is_listed(
    short: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = set()
    original = PriceList.price

    def spy(self: PriceList, item: str, term: str, month: object) -> object:
        asked.add((item, term))
        return original(self, item, term, month)  # type: ignore[arg-type]

    monkeypatch.setattr(PriceList, "price", spy)
    found = plan(short, seed=7, draws=100)
    monkeypatch.undo()
    assert isinstance(found, CapacityPlan)
    listed = {row.item for row in sources.prices_used(found)}
    nodes = {name for name, _ in asked if name.endswith("xlarge") and name[0] in "gp"}
    bought = {f"{item}, {term}" for item, term in asked if item not in nodes}
    assert bought | {f"{found.option.instance.name}, {found.policy.term}"} == listed


def test_the_policy_and_every_data_file_are_listed(reported_plan: CapacityPlan) -> None:
    rows = sources.sources(reported_plan)
    assert {row.item for row in rows if row.group == "policy"} == set(LEVERS)
    files = {row.item for row in rows if row.group == "data file"}
    assert files == set(reported_plan.hashes)
    groups = {row.group for row in rows}
    assert {"reported", "model", "hourly profile", "hardware", "price", "serving constant",
            "growth", "run"} <= groups  # fmt: skip


def test_data_are_as_old_as_their_latest_fact(reported_plan: CapacityPlan) -> None:
    assert sources.data_date(reported_plan) == "2026-11"


def test_a_lever_says_who_set_it(short_plan: CapacityPlan) -> None:
    scenario = replace(short_plan.scenario, levers={"zones": 3, "precision": "int8"})
    policy = replace(short_plan.policy, precision="int8", order_months=6)
    found = sources.policy_rows(replace(short_plan, scenario=scenario, policy=policy))
    origins = {row.item: row.source for row in found}
    assert origins["precision"] == origins["zones"] == "scenario"
    assert origins["order_months"] == "the planner"
    assert origins["availability"] == "default"
    assert all(row.meaning for row in found)
