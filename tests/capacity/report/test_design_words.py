"""A design in words."""

from __future__ import annotations

import pytest

from capacity.availability.design_problem import Room
from capacity.availability.design_search import Choice, Lift, OutOfReach
from capacity.availability.designing import design_study
from capacity.outcome import CapacityPlan
from capacity.report.design_words import design_rows, design_words, lift_words, refused_words
from capacity.scenarios.tree import Design


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


def test_every_design_of_the_table_has_its_spare_replicas(short_plan: CapacityPlan) -> None:
    study = design_study(short_plan, 0.9995)
    assert isinstance(study.found, Choice)
    rows = {row[0]: row for row in design_rows(study.found)}
    assert rows["chosen"][2] == str(study.design.read_spares)
    assert rows["one spare replica less"][2] == str(study.design.read_spares - 1)
