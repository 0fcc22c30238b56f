"""Designs that there are: what is worth looking at, and what cannot be built."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.design_problem import DesignProblem, Room
from capacity.availability.request_loss import request_loss
from capacity.scenarios.tree import Design
from tests.capacity.availability.service_cases import DAY, SHIPPED


def problem(room: Room) -> DesignProblem:
    return DesignProblem(SHIPPED, DAY, lambda design: 1_000.0 * design.nodes, room)


def test_spares_beyond_those_that_are_looked_at_gain_next_to_nothing() -> None:
    asked = problem(Room())
    most = max(item.read_spares for item in asked.layouts(0.01))
    assert 1 < most < Room().read_spares
    last, more = (
        asked.availability(Design(3, 4, 9, read_spares=n)) for n in (most, Room().read_spares)
    )
    assert 0.0 <= more - last < 1e-9


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 20), st.integers(0, 5))
def test_what_designs_share_does_not_change_what_they_answer(
    regions: int, zones: int, nodes: int, spares: int
) -> None:
    asked = problem(Room())
    designs = [Design(regions, zones, nodes, read_spares=count) for count in (spares, 9, 0)]
    for design in designs:
        expected = 1.0 - request_loss(SHIPPED, design, DAY)
        assert asked.availability(design) == pytest.approx(expected, abs=1e-12)


def test_an_ample_pool_is_never_short() -> None:
    asked = problem(Room())
    ample = asked.ample(Design(2, 2, 1))
    more = replace(ample, zone_nodes=2 * ample.zone_nodes)
    assert asked.availability(more) == pytest.approx(asked.availability(ample), abs=1e-12)
    assert ample.zone_nodes > np.max(DAY.nodes)


def test_every_layout_in_the_room_comes_once() -> None:
    found = list(problem(Room(regions=2, zones=3, standbys=1, read_spares=0)).layouts(0.05))
    assert len(found) == len(set(found)) == 2 * 3 * 2


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"regions": 4}, "regions = 4: allowed 1 to 3"),
        ({"zones": 0}, "zones = 0: allowed 1 to 4"),
        ({"standbys": -1}, "standbys = -1: allowed 0 to 2"),
        ({"read_spares": 10}, "read_spares = 10: allowed 0 to 9"),
        ({"zones": 2.5}, "zones = 2.5"),
    ],
)
def test_a_room_that_cannot_be_built_is_refused(sizes: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Room(**sizes)
