"""The formulas of the request loss against failures and repairs drawn one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom
from scipy.stats import t as student

from capacity.availability.failure_history import watch
from capacity.availability.request_loss import HourlyNeed, request_loss
from capacity.availability.watched import Watched
from capacity.scenarios.tree import (
    Changes,
    Design,
    Hosts,
    Managed,
    Nodes,
    Planned,
    Replicas,
    Service,
    Zone,
)
from forecast.draws import named_stream
from tests.capacity.availability.service_cases import DAY, FLAT, POOR, SHIPPED, with_nodes

CASES = {
    "two regions": (SHIPPED, Design(2, 3, 4), 600),
    "one region": (SHIPPED, Design(1, 3, 7), 600),
    "no standby, one crew": (SHIPPED, Design(2, 3, 3, standbys=0, crews=1), 400),
    "poor": (POOR, Design(2, 2, 5, canary_share=0.5), 12),
    "poor, crews": (POOR, Design(1, 2, 8, crews=1), 20),
    "poor, no spare replica": (POOR, Design(2, 2, 5, read_spares=0), 12),
    "poor, two standbys": (POOR, Design(3, 1, 6, standbys=2), 12),
}


@pytest.mark.parametrize("name", CASES)
def test_the_interval_of_a_simulation_holds_the_figure_of_the_formula(name: str) -> None:
    service, design, years = CASES[name]
    seen = watch(service, design, DAY, years, named_stream(3, name))
    low, high = seen.interval(0.99)
    assert seen.agrees(request_loss(service, design, DAY))
    assert high - low < seen.lost.mean()


@pytest.mark.parametrize("spares", [0, 1, 2])
def test_drawn_replicas_are_missed_as_often_as_the_formula_says(spares: int) -> None:
    replicas = Replicas(0.03, 2.0, 0.8, Planned(6.0, 0.5))
    service = Service(
        {"replicas": replicas}, Nodes(0.0, 24.0), Zone(0.0), 0.4, Changes(0.0, 0.0, 0.5)
    )
    need = HourlyNeed(DAY.nodes, hosts=1, reads=9.5)
    seen = watch(
        service, Design(2, 1, 12, read_spares=spares), need, 20, named_stream(3, f"reads {spares}")
    )
    lost = [request_loss(service, Design(2, 1, 12, read_spares=n), need) for n in range(4)]
    assert [seen.agrees(value) for value in lost] == [n == spares for n in range(4)]


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
    assert seen.interval() == (0.0, 0.0)


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


def _one_part(down: float, repair_h: float) -> Service:
    """A region that is down for a share of the time, for which all requests are lost."""
    region = {"region": Managed(down, repair_h)}
    return Service(region, Nodes(0.0, 24.0), Zone(0.0), 0.0, Changes(0.0, 0.0, 0.5))


def _student(seen: Watched) -> tuple[float, float]:
    half = float(student.ppf(0.995, seen.lost.size - 1)) * seen.lost.std(ddof=1)
    mean, half = seen.lost.mean(), half / seen.lost.size**0.5
    return mean - half, mean + half


@pytest.mark.parametrize(("repair_h", "rare"), [(2000.0, True), (1.0, False)])
def test_the_interval_holds_the_truth_as_often_as_it_says_be_outages_rare_or_not(
    repair_h: float, rare: bool
) -> None:
    # 4.4 or 8,760 outages in 50 years; of 150 intervals of 99 % no more than 6 miss in 99.9 %
    down, seeds = 0.02, 150
    allowed = int(binom.ppf(0.999, seeds, 0.01))
    service, names = _one_part(down, repair_h), (f"{repair_h} {seed}" for seed in range(seeds))
    seen = [watch(service, Design(1, 1, 12), FLAT, 50, named_stream(4, name)) for name in names]
    ends = np.array([item.interval(0.99) for item in seen])
    normal = np.array([_student(item) for item in seen])
    missed = [int(np.sum((both[:, 0] > down) | (both[:, 1] < down))) for both in (ends, normal)]
    assert missed[0] <= allowed
    assert (missed[1] > allowed) == rare
    wider = np.median(np.diff(ends) / np.diff(normal))
    assert (1.3 < wider < 2.5) if rare else (0.98 < wider < 1.1)


def test_a_region_that_never_failed_in_the_years_may_still_do_so() -> None:
    service = _one_part(1e-6, 2000.0)
    seen = watch(service, Design(1, 1, 12), FLAT, 10, named_stream(4, "unseen"))
    assert not seen.lost.any()
    hours = seen.years * 8760
    assert seen.interval(0.99) == (0.0, pytest.approx(2 * 2000.0 * np.log(200) / hours))


@pytest.mark.parametrize(
    ("design", "collapse", "share"),
    [
        (Design(1, 1, 12), 0.0, 1.0),  # nobody is left
        (Design(3, 1, 12), 0.0, 1 / 3),  # the others carry all who are moved
        (Design(2, 1, 3), 0.0, 0.75),  # three nodes of twelve are left
        (Design(2, 1, 3), 0.4, 0.85),  # and collapse in two cases of five
    ],
)
def test_the_worst_outage_is_that_of_a_region(
    design: Design, collapse: float, share: float
) -> None:
    service = with_nodes(_one_part(0.01, 5.0), collapse=collapse)
    seen = watch(service, design, FLAT, 2, named_stream(4, "worst"))
    assert seen.outage == pytest.approx(share * 5.0 / (seen.years * 8760))
