"""The formulas of the request loss against failures and repairs drawn one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.availability.failure_history import watch
from capacity.availability.request_loss import HourlyNeed, request_loss
from capacity.scenarios.tree import Changes, Design, Hosts, Nodes, Service, Zone
from forecast.draws import named_stream
from tests.capacity.availability.service_cases import DAY, POOR, SHIPPED

CASES = {
    "two regions": (SHIPPED, Design(2, 3, 4), 600),
    "one region": (SHIPPED, Design(1, 3, 7), 600),
    "no standby, one crew": (SHIPPED, Design(2, 3, 3, standbys=0, crews=1), 400),
    "poor": (POOR, Design(2, 2, 5, canary_share=0.5), 12),
    "poor, crews": (POOR, Design(1, 2, 8, crews=1), 20),
    "poor, two standbys": (POOR, Design(3, 1, 6, standbys=2), 12),
}


@pytest.mark.parametrize("name", CASES)
def test_the_interval_of_a_simulation_holds_the_figure_of_the_formula(name: str) -> None:
    service, design, years = CASES[name]
    seen = watch(service, design, DAY, years, named_stream(3, name))
    low, high = seen.interval(0.99)
    assert seen.agrees(request_loss(service, design, DAY))
    assert high - low < seen.lost.mean()


def test_the_check_would_see_a_formula_that_is_a_quarter_off() -> None:
    service, design, years = CASES["poor"]
    seen = watch(service, design, DAY, years, named_stream(3, "poor"))
    right = request_loss(service, design, DAY)
    assert not seen.agrees(1.25 * right)
    assert not seen.agrees(0.8 * right)


@pytest.mark.parametrize("zones", [2, 3])
def test_hosts_that_only_a_lost_zone_makes_too_few_are_drawn_as_often_as_they_are(
    zones: int,
) -> None:
    service = Service(
        {"hosts": Hosts(0.01, 2.0)}, Nodes(0.0, 24.0), Zone(0.02), 0.3, Changes(0.0, 0.0, 0.5)
    )
    need, design = HourlyNeed(np.full(24, 12.0), hosts=60), Design(2, zones, 12)
    seen = watch(service, design, need, 40, named_stream(3, f"hosts {zones}"))
    assert seen.agrees(request_loss(service, design, need))
    perfect = replace(service, parts={"hosts": Hosts(0.0, 2.0)})
    assert not seen.agrees(request_loss(perfect, design, need))


def test_a_large_pool_loses_what_its_formula_says() -> None:
    service = Service({}, Nodes(1 / 500, 24.0, 0.0, 0.4), Zone(0.0), 0.0, Changes(0.0, 0.0, 0.5))
    need, design = HourlyNeed(20.0 * DAY.nodes, hosts=1), Design(1, 1, 252)
    seen = watch(service, design, need, 20, named_stream(3, "large"))
    right = request_loss(service, design, need)
    assert seen.agrees(right)
    assert not seen.agrees(1.25 * right)


def test_more_years_narrow_the_interval() -> None:
    short, long = (
        watch(POOR, Design(1, 1, 16), DAY, years, named_stream(5, "years")).interval()
        for years in (4, 64)
    )
    assert long[1] - long[0] < 0.5 * (short[1] - short[0])


def test_the_same_stream_gives_the_same_history() -> None:
    one, other = (watch(POOR, Design(1, 1, 9), DAY, 2, named_stream(5, "x")) for _ in range(2))
    assert np.array_equal(one.lost, other.lost)
    assert one.years == pytest.approx(2, rel=0.02)


def test_what_never_fails_loses_nothing() -> None:
    whole = Service({}, Nodes(0.0, 24.0), Zone(0.0), 0.0, SHIPPED.changes)
    seen = watch(whole, Design(1, 3, 4, canary_share=0.0), DAY, 2, named_stream(1, "whole"))
    assert seen.lost.tolist() == [0.0] * 40


def test_long_repairs_are_waited_for_before_anything_is_counted() -> None:
    service = Service({}, Nodes(1e-4, 3000.0), Zone(0.0), 0.0, Changes(0.0, 0.0, 0.5))
    design = Design(1, 1, 17)
    low, high = watch(service, design, DAY, 20, named_stream(3, "long repairs")).interval(0.99)
    assert low <= request_loss(service, design, DAY) <= high


def test_bad_changes_that_meet_are_repaired_one_after_another() -> None:
    service = replace(SHIPPED, changes=Changes(400.0, 1.0, 0.5))
    design = Design(2, 3, 8, canary_share=0.1)
    low, high = watch(service, design, DAY, 20, named_stream(3, "changes")).interval(0.99)
    assert low <= request_loss(service, design, DAY) <= high
    assert low > 0.1 * (1.0 - np.exp(-400.0 * 0.5 / 720.0))
