"""Work on a design in words."""

from __future__ import annotations

import pytest

from capacity.availability.design_problem import Room
from capacity.availability.designing import design_study
from capacity.availability.working import TIMES, working
from capacity.outcome import CapacityPlan
from capacity.report.availability_text import availability_text
from capacity.report.cells import WIDTH
from capacity.report.working_text import working_text


@pytest.fixture(scope="module")
def told(short_plan: CapacityPlan) -> str:
    return working_text(working(short_plan, design_study(short_plan)))


def test_every_work_has_a_line_with_begin_and_duration(told: str) -> None:
    lines = told.splitlines()
    for name in ("rolling restart", "region drained", "database switched", "zone lost", "nodes sw"):
        line = next(line for line in lines if line.startswith(name))
        assert ":00" in line
        assert " h " in line or " min " in line
    assert max(map(len, lines)) <= WIDTH + 10


def test_assumed_times_are_told(told: str) -> None:
    flowing = " ".join(told.split())
    for name, item in TIMES.items():
        assert f"{name} {item.mid:g} min" in flowing


def test_one_region_that_is_lost_takes_all_users_along(short_plan: CapacityPlan) -> None:
    study = design_study(short_plan, 0.99, Room(regions=1))
    work = working(short_plan, study)
    assert "100 % of the users out" in working_text(work)
    assert working_text(work) in availability_text(study, work=work)
