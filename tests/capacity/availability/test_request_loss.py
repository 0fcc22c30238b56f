"""Requests lost over the states of a service."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.availability.request_loss import (
    HourlyNeed,
    around_pool,
    common_down,
    request_loss,
    request_losses,
    spare_losses,
    standing_hosts,
)
from capacity.scenarios.tree import Changes, Design, Managed, Nodes, Replicated, Service, Zone
from tests.capacity.availability.service_cases import (
    DAY,
    FLAT,
    POOR,
    SHIPPED,
    designs,
    services,
    with_nodes,
)


def bare(unavailable: float = 0.0, stuck: float = 0.0) -> Service:
    """Nodes that never fail, in regions with one part that does."""
    parts = {"part": Managed(unavailable, 1.0)} if unavailable else {}
    return Service(parts, Nodes(0.0, 24.0), Zone(0.0), stuck, Changes(0.0, 0.0, 0.0))


@given(services(), designs())
@settings(max_examples=60)
def test_a_loss_is_a_share_of_the_requests(service: Service, design: Design) -> None:
    assert -1e-12 <= request_loss(service, design, DAY) <= 1.0


@given(services(), designs())
@settings(max_examples=40)
def test_one_node_more_in_each_zone_never_loses_requests(service: Service, design: Design) -> None:
    more = replace(design, zone_nodes=design.zone_nodes + 1)
    assert request_loss(service, more, DAY) <= request_loss(service, design, DAY) + 1e-12


@given(services(), designs(), st.floats(0.1, 40.0))
@settings(max_examples=60)
def test_more_spare_replicas_never_lose_requests(
    service: Service, design: Design, reads: float
) -> None:
    need = replace(DAY, reads=reads)
    more = replace(design, read_spares=design.read_spares + 1)
    assert request_loss(service, more, need) <= request_loss(service, design, need) + 1e-12


@given(services(), designs(), st.floats(0.1, 40.0))
@settings(max_examples=40)
def test_losses_of_all_numbers_of_spares_together_are_those_of_each_alone(
    service: Service, design: Design, reads: float
) -> None:
    need = replace(DAY, reads=reads)
    around = around_pool(service, design, need, range(5))
    together = spare_losses(service, design, around)
    alone = [request_loss(service, replace(design, read_spares=n), need) for n in range(5)]
    np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-15)


def test_one_spare_keeps_a_few_readers_and_not_a_hundred() -> None:
    """What one spare loses grows with the square of the replicas, what two lose with the cube."""
    design, lost = Design(2, 3, 20), {}
    for reads in (2.0, 100.0):
        need = replace(DAY, reads=reads)
        lost[reads] = [
            request_loss(SHIPPED, replace(design, read_spares=n), need) for n in (1, 2, 9)
        ]
    assert lost[2.0][0] - lost[2.0][1] < 1e-4
    assert lost[100.0][0] - lost[100.0][1] > 5e-3
    assert lost[100.0][2] == pytest.approx(lost[2.0][2], abs=2e-5)


@given(services(), designs())
@settings(max_examples=40)
def test_a_larger_canary_never_helps(service: Service, design: Design) -> None:
    larger = replace(design, canary_share=1.0)
    assert request_loss(service, larger, DAY) >= request_loss(service, design, DAY) - 1e-12


@given(services(), designs(), st.integers(1, 3))
@settings(max_examples=40)
def test_more_repair_crews_never_hurt(service: Service, design: Design, crews: int) -> None:
    some, more = replace(design, crews=crews), replace(design, crews=crews + 1)
    assert request_loss(service, more, DAY) <= request_loss(service, some, DAY) + 1e-12


@given(services(), designs())
@settings(max_examples=40)
def test_a_crew_for_every_node_is_as_good_as_crews_without_limit(
    service: Service, design: Design
) -> None:
    """Two ways: a birth-death chain, and independent nodes."""
    crewed = replace(design, crews=design.zone_nodes)
    free = replace(design, crews=0)
    assert request_loss(service, crewed, DAY) == pytest.approx(
        request_loss(service, free, DAY), abs=1e-12
    )


@given(services(), designs())
@settings(max_examples=40)
def test_a_load_that_sleeps_at_night_never_loses_a_larger_share(
    service: Service, design: Design
) -> None:
    assert request_loss(service, design, DAY) <= request_loss(service, design, FLAT) + 1e-12


def test_nodes_missing_at_night_cost_nothing() -> None:
    """Half of the nodes suffice for the night, none is missed by day."""
    need = HourlyNeed(np.array([10.0] * 12 + [5.0] * 12), hosts=1)
    night = HourlyNeed(np.full(24, 5.0), hosts=1)
    half = Design(1, 1, zone_nodes=5)
    assert request_loss(bare(), half, night) == 0.0
    assert request_loss(bare(), half, need) == pytest.approx(60 / 180)


def test_a_pool_that_collapses_serves_nobody_while_it_is_short() -> None:
    need = HourlyNeed(np.array([10.0, 4.0]), hosts=1)
    half = Design(1, 1, zone_nodes=5)
    collapsed = with_nodes(bare(), collapse=1.0)
    assert request_loss(collapsed, half, need) == pytest.approx(10 / 14)
    assert request_loss(bare(), half, need) == pytest.approx(5 / 14)


@given(st.floats(0.001, 0.3), st.floats(0, 1), st.integers(1, 4))
def test_regions_that_carry_everything_alone_lose_what_the_known_formula_says(
    down: float, stuck: float, regions: int
) -> None:
    design = Design(regions, 1, zone_nodes=12)
    known = down**regions + down * (1 - down ** (regions - 1)) * stuck
    assert request_loss(bare(down, stuck), design, FLAT) == pytest.approx(known, abs=1e-12)


@given(st.integers(1, 3), st.integers(1, 8), st.floats(0.001, 0.1), st.floats(0, 0.2))
@settings(max_examples=40)
def test_the_loss_is_that_of_every_state_of_nodes_and_zones(
    zones: int, each: int, failures: float, zone_down: float
) -> None:
    service = Service({}, Nodes(failures, 10.0, 0.0, 0.3), Zone(zone_down), 0.0, Changes(0, 0, 0))
    down = 10 * failures / (1 + 10 * failures)
    need = HourlyNeed(np.array([7.3, 2.0]), hosts=1)
    lost = 0.0
    for states in product((False, True), repeat=zones):
        up = sum(states)
        chance = zone_down ** (zones - up) * (1 - zone_down) ** up
        for alive in range(up * each + 1):
            ways = comb(up * each, alive) * (1 - down) ** alive * down ** (up * each - alive)
            for wanted in need.nodes:
                short = max(wanted - alive, 0.0)
                both = 0.7 * short + 0.3 * (wanted if short else 0.0)
                lost += chance * ways * (both if up else wanted)
    found = request_loss(service, Design(1, zones, each), need)
    assert found == pytest.approx(lost / need.nodes.sum(), rel=1e-9)


def test_a_database_without_standby_falls_with_its_zone() -> None:
    database = {"database": Replicated(1e-9, 4.0, 1.0)}
    service = replace(SHIPPED, parts=database, zone=Zone(0.01), failover_failure=1.0)
    alone, pair = (request_loss(service, Design(1, 3, 99, standbys=n), FLAT) for n in (0, 1))
    assert alone - pair == pytest.approx(0.01 - 0.01**2, rel=0.02)


def test_hosts_suffice_when_a_zone_is_lost() -> None:
    for hosts in range(1, 30):
        assert (3 - 1) * standing_hosts(hosts, 3) >= hosts
        assert standing_hosts(hosts, 1) == hosts + 1


def test_without_common_share_no_common_cause() -> None:
    assert common_down(with_nodes(SHIPPED, common_share=0.0)) == 0.0
    assert common_down(POOR) == pytest.approx(24 * 0.1 / 500 / (1 + 24 * 0.1 / 500))


def test_a_change_reaches_the_users_of_the_canary() -> None:
    found = request_losses(SHIPPED, Design(2, 3, 20), DAY)
    assert found.change == pytest.approx(
        8 * 0.1 * 30 * 0.05 / 43_200 * (1 - found.states - found.planned)
    )
    assert found.total == found.states + found.change + found.planned


def test_a_hundred_thousand_nodes_are_no_problem() -> None:
    need = HourlyNeed(DAY.nodes * 10_000, hosts=1_000)
    assert 0 < request_loss(SHIPPED, Design(2, 3, 42_000), need) < 5e-4
