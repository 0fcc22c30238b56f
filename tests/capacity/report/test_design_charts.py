"""Charts of redundancy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capacity.availability.design_problem import Offer, Room
from capacity.availability.design_search import Choice
from capacity.availability.designing import DesignStudy, design_study
from capacity.outcome import CapacityPlan
from capacity.report.design_charts import cause_bars, design_picture, nines_bars


@pytest.fixture(scope="module")
def study(short_plan: CapacityPlan) -> DesignStudy:
    return design_study(short_plan)


@pytest.fixture(scope="module")
def refused(short_plan: CapacityPlan) -> DesignStudy:
    return design_study(short_plan, 0.9995, Room(regions=1))


def test_the_picture_has_every_region_zone_and_part(study: DesignStudy) -> None:
    boxes = design_picture(study).boxes
    design, parts = study.design, study.problem.service.parts
    assert sum(box.tone == "frame" for box in boxes) == design.regions
    zones = [box for box in boxes if box.label.startswith("zone")]
    assert len(zones) == design.regions * design.zones
    assert sum(box.tone == "part" for box in boxes) == design.regions * len(parts)
    assert f"{design.zone_nodes} node" in zones[0].label


def test_spare_replicas_are_drawn_where_there_is_not_one(study: DesignStudy) -> None:
    assert isinstance(study.found, Choice)
    chosen = study.found.chosen
    more = replace(chosen, design=replace(chosen.design, read_spares=3))
    labels = [box.label for box in design_picture(study).boxes]
    assert "read replicas" in labels
    labels = [
        box.label
        for box in design_picture(replace(study, found=replace(study.found, chosen=more))).boxes
    ]
    assert "read replicas\n+ 3" in labels


def test_boxes_stay_inside_and_those_of_a_row_do_not_overlap(study: DesignStudy) -> None:
    boxes = design_picture(study).boxes
    for box in boxes:
        assert min(box.x, box.y) >= 0
        assert max(box.x + box.width, box.y + box.height) <= 100 + 1e-9
        assert min(box.width, box.height) > 0
    inner = [box for box in boxes if box.tone != "frame"]
    for place, one in enumerate(inner):
        for other in inner[place + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            above = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart or above


def test_bars_of_causes_add_up_to_the_last(study: DesignStudy) -> None:
    *causes, whole = cause_bars(study).bars
    assert sum(bar.end for bar in causes) == pytest.approx(whole.end)
    assert whole.tone == "total"


def test_an_overspent_budget_is_marked(refused: DesignStudy) -> None:
    assert cause_bars(refused).bars[-1].tone == "over"
    assert "nodes without limit" in design_picture(refused).title


def test_a_nine_that_is_not_to_be_had_has_no_bar_but_a_reason(study: DesignStudy) -> None:
    for bar, item in zip(nines_bars(study).bars, study.curve, strict=True):
        assert (bar.end > 0) == isinstance(item, Offer)
        assert isinstance(item, Offer) or item.part in bar.words
