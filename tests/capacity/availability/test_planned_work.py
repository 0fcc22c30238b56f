"""Planned maintenance: when it is done, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.availability.failure_history import watch
from capacity.availability.planned_work import Work, needed_replicas, planned_works
from capacity.availability.pools import k_of_n_unavailability
from capacity.availability.request_loss import HourlyNeed, Loss, request_losses
from capacity.scenarios.tree import (
    NO_WORK,
    Changes,
    Design,
    Nodes,
    Planned,
    Replicas,
    Replicated,
    Service,
    Zone,
)
from forecast.draws import named_stream
from tests.capacity.availability.service_cases import DAY, POOR, services

WEEK = HourlyNeed(np.array([9.0, 3.0, 6.0] * 56), hosts=1)
MONTHLY = Planned(720 / 168, work_h=0.5, switch_h=0.1)  # in every week


def bare(nodes: Planned = NO_WORK, **parts: Replicated | Replicas) -> Service:
    return Service(parts, Nodes(0.0, 1.0, planned=nodes), Zone(0.0), 0.25, Changes(0.0, 0.0, 1.0))


def lost(service: Service, design: Design) -> Loss:
    return request_losses(service, design, WEEK)


def test_a_switch_over_costs_its_time_in_the_quietest_hour() -> None:
    service = bare(database=Replicated(0.0, 4.0, 0.9, planned=MONTHLY))
    share = 3.0 / WEEK.nodes.sum()
    for regions in (1, 3):
        found = lost(service, Design(regions, 1, 20))
        assert found == (0.0, 0.0, pytest.approx(0.1 * share))
    alone = lost(service, Design(1, 1, 20, standbys=0))
    assert alone.planned == pytest.approx(0.5 * share)


@pytest.mark.parametrize(("each", "short"), [(1, 1.0), (2, 0.0)])
def test_a_drained_zone_costs_what_the_others_lack(each: int, short: float) -> None:
    """Three zones; the quietest hour takes three nodes."""
    found = lost(bare(Planned(4.0, 1.0)), Design(1, 3, each))
    assert found.planned == pytest.approx(short / WEEK.nodes.sum())


@given(st.floats(0.001, 0.4), st.floats(0.0, 1.0), st.integers(1, 3), st.floats(0.1, 9.0))
def test_readers_are_lost_while_too_few_replicas_are_up_and_none_of_them_can_be_moved(
    down: float, share: float, regions: int, reads: float
) -> None:
    service = bare(copies=Replicas(down, 1.0, share))
    load = replace(WEEK, reads=reads)
    found = request_losses(service, Design(regions, 1, 20), load)
    need = needed_replicas(reads, regions)
    stuck = 1.0 if regions == 1 else 0.25
    few = k_of_n_unavailability(need, need + 1, 1.0 - down)
    assert found == (pytest.approx(share * stuck * few), 0.0, 0.0)


@given(st.integers(0, 4), st.floats(0.001, 0.4), st.floats(0.1, 9.0))
def test_spares_are_replicas_that_may_be_down(spares: int, down: float, reads: float) -> None:
    service = bare(copies=Replicas(down, 1.0))
    found = request_losses(
        service, Design(1, 1, 20, read_spares=spares), replace(WEEK, reads=reads)
    )
    need = needed_replicas(reads, regions=1)
    few = k_of_n_unavailability(need, need + spares, 1.0 - down)
    assert found == (pytest.approx(few), 0.0, 0.0)


@given(services(), st.integers(1, 3), st.integers(2, 5), st.floats(0.1, 9.0))
@settings(max_examples=40)
def test_more_spares_leave_the_hours_of_all_other_works_as_they_are(
    service: Service, regions: int, spares: int, reads: float
) -> None:
    one, more = (
        planned_works(service, Design(regions, 2, 9, read_spares=n), DAY.nodes, reads)
        for n in (1, spares)
    )
    assert more[: len(one)] == one
    hours = sum(work.length_h for work in more if work.part == "replicas")
    part = service.parts["replicas"]
    assert isinstance(part, Replicas)
    installed = needed_replicas(reads, regions) + spares
    each = part.planned.work_h if part.planned.per_month else 0.0
    assert hours == pytest.approx(min(24.0, each * installed))


def test_without_a_spare_a_replica_is_missed_while_it_is_worked_on() -> None:
    service = bare(copies=Replicas(0.0, 1.0, 0.5, MONTHLY))
    load = replace(WEEK, reads=2.0)
    alone, spare = (request_losses(service, Design(1, 1, 20, read_spares=n), load) for n in (0, 1))
    both = 0.5 * 2 * 0.5 * 3.0  # half of the requests for twice half an hour
    assert alone == (0.0, 0.0, pytest.approx(both / WEEK.nodes.sum()))
    assert spare == (0.0, 0.0, 0.0)


def test_replicas_worked_on_one_at_a_time_lack_their_spare() -> None:
    service = bare(copies=Replicas(0.1, 1.0, 0.5, MONTHLY))
    found = lost(service, Design(1, 1, 20))
    more = 0.5 * (0.1 - 0.1**2)  # one of two instead of both, for twice half an hour
    assert found.planned == pytest.approx(more * 3.0 / WEEK.nodes.sum())


@given(st.floats(0.0, 1.0))
def test_a_promoted_replica_saves_its_share_of_the_outages(promotion: float) -> None:
    base = Replicated(0.01, 4.0, 0.9)
    one, other = (
        lost(bare(database=part), Design(1, 1, 20)).states
        for part in (base, replace(base, promotion=promotion))
    )
    assert other == pytest.approx((1.0 - promotion) * one, abs=1e-15)


@given(services(), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=40)
def test_works_follow_one_another_from_the_quietest_hours(
    service: Service, regions: int, zones: int
) -> None:
    found = planned_works(service, Design(regions, zones, 9), DAY.nodes, DAY.reads)
    for one, next_ in pairwise(found):
        assert next_.start_h == pytest.approx((one.start_h + one.length_h) % 24)
    for work in found:
        assert 0.0 <= work.chance <= 1.0
        assert work.cover(24).sum() == pytest.approx(work.length_h)
        assert np.all(work.cover(24) <= 1.0)
    cover = sum((work.cover(24) for work in found), np.zeros(24))
    assert cover @ DAY.nodes <= cover.sum() * DAY.nodes.mean() + 1e-9


def test_a_work_goes_on_at_the_beginning_of_the_next_week() -> None:
    assert Work("x", 1.0, 22.5, 3.0).cover(24)[[21, 22, 23, 0, 1, 2]].tolist() == [
        0.0, 0.5, 1.0, 1.0, 0.5, 0.0,
    ]  # fmt: skip


def test_no_maintenance_adds_nothing_and_more_of_it_never_less() -> None:
    design = Design(2, 2, 5)
    found = []
    for per_month in (0.0, 1.0, 4.0):
        nodes = replace(POOR.nodes, planned=Planned(per_month, 3.0))
        found.append(request_losses(replace(POOR, nodes=nodes), design, DAY))
    assert found[0].planned < found[1].planned < found[2].planned
    assert len({item.states for item in found}) == 1


def test_a_simulation_of_nothing_but_maintenance_holds_the_figure() -> None:
    parts = {
        "database": Replicated(0.0, 4.0, 0.9, planned=Planned(15.0, 0.5, 0.3)),
        "copies": Replicas(0.2, 1.0, 0.7, Planned(10.0, 0.6)),
    }
    service = bare(Planned(6.0, 2.0), **parts)
    for regions, zones, each in ((1, 2, 4), (2, 2, 2)):
        design = Design(regions, zones, each)
        seen = watch(service, design, DAY, 60, named_stream(3, f"maintenance {regions}"))
        found = request_losses(service, design, DAY)
        assert seen.agrees(found.total)
        assert not seen.agrees(found.states)
