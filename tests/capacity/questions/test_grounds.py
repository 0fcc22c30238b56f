from __future__ import annotations

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.questions.grounds import BEHIND, Ground, grounds, price_ground
from capacity.questions.one_draw import OneDraw
from capacity.scenarios.inputs import ASSUMPTIONS


def test_grounds_name_metrics_and_inputs_that_exist() -> None:
    assert set(BEHIND) <= set(METRICS)
    assert {name for names in BEHIND.values() for name in names} <= set(ASSUMPTIONS)


def test_every_ground_has_value_unit_and_source(reported_plan: CapacityPlan) -> None:
    draw = OneDraw(reported_plan, 8, 29)
    for metric in BEHIND:
        for item in grounds(draw, metric):
            assert item.value == draw.inputs[item.name]
            assert item.unit
            assert item.source


def test_the_price_is_the_row_of_its_month(reported_plan: CapacityPlan) -> None:
    (row,) = price_ground(OneDraw(reported_plan, 8, 29))
    assert (row.value, row.basis) == (20.176, "list price")
    assert "AWS" in row.source


def test_a_lever_is_what_the_planner_decided(reported_plan: CapacityPlan) -> None:
    found = Ground.of_lever(OneDraw(reported_plan, 0, 0), "zones")
    assert (found.value, found.unit, found.basis) == (3.0, "zones", "decided")
