"""Work on a design."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.availability.design_problem import Room
from capacity.availability.design_search import Choice
from capacity.availability.designing import DesignStudy, design_study
from capacity.availability.loss_split import loss_by_cause
from capacity.availability.working import (
    PARTS,
    TIMES,
    Work,
    Working,
    headroom_share,
    work_times,
    working,
)
from capacity.outcome import CapacityPlan
from capacity.scenarios.tree import Cause


@pytest.fixture(scope="module")
def study(reported_plan: CapacityPlan) -> DesignStudy:
    return design_study(reported_plan)


@pytest.fixture(scope="module")
def found(reported_plan: CapacityPlan, study: DesignStudy) -> Working:
    return working(reported_plan, study)


def named(found: Working, name: str) -> Work:
    return next(item for item in found.works if item.name == name)


def test_restart_drains_switch_over_and_losses_are_all_there(found: Working) -> None:
    assert [item.name for item in found.works] == [
        "rolling restart",
        "zone drained, refilled",
        "region drained, refilled",
        "database switched over",
        "zone lost",
        "region lost",
    ]
    assert [item.planned for item in found.works] == [True] * 4 + [False] * 2
    assert found.ramp.held


def test_headroom_is_what_stands_together(found: Working) -> None:
    design = found.design
    assert named(found, "zone lost").headroom == design.zone_nodes
    assert named(found, "zone drained, refilled").headroom == design.zone_nodes
    assert named(found, "region lost").headroom == design.zones * design.zone_nodes


def test_a_lost_region_is_carried_in_the_hours_that_the_others_suffice_for(
    found: Working, study: DesignStudy
) -> None:
    lost = named(found, "region lost")
    assert lost.schedule is not None
    hours = range(168)
    need = study.problem.need.nodes
    left = found.design.nodes - lost.headroom
    over = int(np.ceil(lost.schedule.hours))
    kept = [max(need[(hour + i) % 168] for i in range(over)) <= left for hour in hours]
    assert lost.carried_share == pytest.approx(np.mean(kept), abs=0.03)
    assert lost.schedule.lacking == pytest.approx(need.max() - left, abs=1e-6)


def test_planned_work_takes_the_quiet_hours_and_a_failure_the_busy_one(
    found: Working, study: DesignStudy
) -> None:
    need = study.problem.need.nodes
    for item in found.works:
        assert item.schedule is not None
        planned = [step.need for step in item.schedule.steps]
        if item.planned:
            assert need[item.schedule.begin] <= np.median(need)
        else:
            assert max(planned) == pytest.approx(need.max())


def test_one_region_lost_is_everybody_and_cannot_be_drained(reported_plan: CapacityPlan) -> None:
    alone = design_study(reported_plan, 0.99, Room(regions=1))
    assert isinstance(alone.found, Choice)
    found = working(reported_plan, alone)
    lost = named(found, "region lost").schedule
    assert lost is not None
    assert lost.hours_lost == pytest.approx(lost.hours)
    assert "region drained, refilled" not in {item.name for item in found.works}


def test_where_no_design_meets_the_target_the_policys_own_is_worked_on(
    reported_plan: CapacityPlan,
) -> None:
    refused = design_study(reported_plan, 0.9999, Room(regions=1))
    assert working(reported_plan, refused).design == refused.own.design


def test_the_off_peak_need_is_never_below_the_load(reported_plan: CapacityPlan) -> None:
    assert 0.0 <= headroom_share(reported_plan) < 0.5


def test_every_time_has_a_source_and_says_that_it_is_assumed() -> None:
    assert all(item.source and item.as_of and item.unit == "min" for item in TIMES.values())
    assert work_times().cold_start_h == pytest.approx(600 / 3600)


@pytest.mark.parametrize(
    ("part", "own", "work", "longer_h"),
    [
        ("database", {"switch_min": 31.5}, "database switched over", 0.5),
        ("gpu_pool", {"work_min": 180}, "zone drained, refilled", 1.0),
        ("region", {"work_min": 120, "works_per_month": 1}, "region drained, refilled", 1.0),
    ],
)
def test_a_scenarios_own_times_move_the_loss_and_the_schedule(
    reported_plan: CapacityPlan, part: str, own: dict[str, float], work: str, longer_h: float
) -> None:
    study = design_study(reported_plan)
    changed = _with_parts(reported_plan, {part: own})
    other = design_study(changed)
    before, after = (
        loss_by_cause(item.problem.service, study.design, item.problem.need)[Cause.PLANNED]
        for item in (study, other)
    )
    assert after > before
    schedules = (working(reported_plan, study), working(changed, other))
    hours, other_hours = (_hours(item, work) for item in schedules)
    assert other_hours - hours == pytest.approx(longer_h)


def test_every_unit_of_a_database_is_worked_on_for_its_own_time(
    reported_plan: CapacityPlan,
) -> None:
    changed = _with_parts(reported_plan, {"database": {"work_min": 30, "switch_min": 6}})
    found = working(changed, design_study(changed))
    assert _hours(found, "database switched over") == pytest.approx(0.5 + 0.1 + 0.5)


def test_a_drain_takes_the_time_of_its_part_and_never_less_than_emptying(
    reported_plan: CapacityPlan, study: DesignStudy, found: Working
) -> None:
    nodes = study.problem.service.nodes
    assert _hours(found, "zone drained, refilled") == pytest.approx(nodes.planned.work_h)
    brief = _with_parts(reported_plan, {"gpu_pool": {"work_min": 1}})
    hours = _hours(working(brief, design_study(brief)), "zone drained, refilled")
    times = work_times()
    assert hours == pytest.approx(PARTS * (times.move_h + times.cold_start_h))


def _with_parts(found: CapacityPlan, own: dict[str, dict[str, float]]) -> CapacityPlan:
    return replace(found, scenario=replace(found.scenario, parts=own))


def _hours(found: Working, name: str) -> float:
    schedule = named(found, name).schedule
    assert schedule is not None
    return schedule.hours
