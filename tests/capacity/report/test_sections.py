from __future__ import annotations

from dataclasses import replace

from capacity.outcome import CapacityPlan
from capacity.report.sections import MOST_ROWS, availability, cost, purchase


def test_purchase_names_the_node_the_orders_and_the_bound(reported_plan: CapacityPlan) -> None:
    found = purchase(reported_plan)
    text = " ".join(found["text"])
    assert "p4d.24xlarge is the cheapest node type of AWS" in text
    assert reported_plan.bound in text
    assert len(found["orders"]) == len(reported_plan.orders)
    assert {len(row["cells"]) for row in found["orders"]} == {len(found["head"])}


def test_an_instance_that_was_asked_for_is_not_called_cheapest(short_plan: CapacityPlan) -> None:
    policy = replace(short_plan.policy, instance="p4d.24xlarge")
    text = " ".join(purchase(replace(short_plan, policy=policy))["text"])
    assert "what the policy asks for" in text
    assert "cheapest" not in text


def test_long_lists_say_where_the_rest_is(reported_plan: CapacityPlan) -> None:
    many = replace(reported_plan, rejections=reported_plan.rejections * 5)
    found = purchase(many)
    assert len(found["rejected"]) == MOST_ROWS
    assert "plan.xlsx" in found["rejected_more"]


def test_layouts_that_fail_share_one_line(reported_plan: CapacityPlan) -> None:
    found = availability(reported_plan)
    assert len(found["impossible"]) == 1
    assert "1 region, with 1, 2, 3 or 4 zones: " in found["impossible"][0]
    assert "99.95 %" in " ".join(found["text"])


def test_cost_tables_have_three_percentiles(reported_plan: CapacityPlan) -> None:
    found = cost(reported_plan)
    for name in ("lines", "periods", "units"):
        assert {len(row) for row in found[name]} == {4}
    assert found["lines"][-1][0] == "Cost"
    assert found["periods"][-1][0] == "Jan 2023 to Jun 2024"


def test_other_models_stand_beside_the_one_planned(short_plan: CapacityPlan) -> None:
    found = cost(short_plan)
    names = [row[0] for row in found["models"]]
    assert "llama-2-13b (here)" in names
    assert names[-1] == "llama-3.1-405b"
    assert found["models"][-1][2] == "none"
    assert "do not fit" in found["models_note"]
