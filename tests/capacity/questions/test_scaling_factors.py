"""What ten times the users take, and what a hundred times would need."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.pools import k_of_n_min_nodes, nodes_per_zone
from capacity.outcome import CapacityPlan
from capacity.questions.scalability import Scalability
from capacity.questions.scaling import Scaling, scaling
from capacity.questions.scaling_factors import REDUNDANCY, grows_with_square, scaling_factors
from capacity.queueing.erlang import servers_for_wait


@pytest.fixture(scope="module")
def tenfold(reported_plan: CapacityPlan) -> Scaling:
    return scaling(reported_plan)


def machines(load: float, *, spares: bool) -> int:
    """Servers of which 5 % of the requests wait, with spares for 99.95 % at 99 % each."""
    servers = int(servers_for_wait([load], 0.05)[0])
    return int(k_of_n_min_nodes([servers], 0.99, 0.9995)[0]) if spares else servers


@pytest.mark.parametrize(
    ("load", "counts", "exponent"),
    [
        (1, (4, 17, 6, 20), 0.52),
        (10, (17, 119, 20, 125), 0.80),
        (100, (119, 1056, 125, 1079), 0.94),
        (1000, (1056, 10175, 1079, 10313), 0.98),
    ],
)
def test_ten_times_the_load_takes_the_published_machines(
    load: float, counts: tuple[int, ...], exponent: float
) -> None:
    found = [
        machines(size, spares=spares) for spares in (False, True) for size in (load, 10 * load)
    ]
    assert found == list(counts)
    assert math.log10(found[3] / found[2]) == pytest.approx(exponent, abs=0.005)


@pytest.mark.parametrize(("load", "exponent"), [(1, 0.65), (10, 0.83), (100, 0.94)])
def test_three_zones_change_the_exponent_little(load: float, exponent: float) -> None:
    servers = servers_for_wait([load, 10.0 * load], 0.05)
    one, ten = 3 * nodes_per_zone(servers, 3, 0.99, 0.9995, 0.9995)
    assert math.log10(ten / one) == pytest.approx(exponent, abs=0.015)


def test_load_and_redundancy_multiply_to_the_growth(tenfold: Scaling) -> None:
    load, redundancy, *others = scaling_factors(tenfold, nodes=132)
    assert load.here * redundancy.here == pytest.approx(tenfold.ratio)
    assert [item.here for item in others[:-1]] == [1.0] * 3
    assert {name for name, _ in tenfold.parts} >= set(REDUNDANCY)


def test_no_factor_makes_the_claim_right_here(tenfold: Scaling) -> None:
    assert tenfold.ratio < 10
    assert not any(item.suffices for item in scaling_factors(tenfold, nodes=132))
    assert not grows_with_square(tenfold, scaling_factors(tenfold, nodes=132))


def test_one_factor_that_suffices_makes_a_square() -> None:
    found = Scaling(10.0, 9.0, (("demand", 9.0),), 9.0, storage_ratio=100.0)
    factors = scaling_factors(found, nodes=48)
    assert [item.name for item in factors if item.suffices] == ["retention"]
    assert grows_with_square(found, factors)
    assert not grows_with_square(found, factors[:-1])


@given(st.floats(0.5, 100), st.integers(1, 10_000))
def test_a_factor_of_the_size_needed_makes_the_square(ratio: float, nodes: int) -> None:
    found = Scaling(10.0, ratio, (("demand", ratio),), 1.0, 1.0)
    for item in scaling_factors(found, nodes)[:-1]:
        assert ratio / item.here * item.needed == pytest.approx(100)


@pytest.mark.parametrize(("nodes", "percent"), [(48, "0.21 %"), (1, "9.1 %")])
def test_contention_is_that_of_the_scalability_law(nodes: int, percent: str) -> None:
    found = Scaling(10.0, 10.0, (("demand", 10.0),), 10.0, 10.0)
    shared = next(item for item in scaling_factors(found, nodes) if item.name == "contention")
    assert shared.condition.startswith(percent)
    law = Scalability(1 / (10 * nodes + 1), 0.0)
    assert law.throughput(100 * nodes) / law.throughput(nodes) == pytest.approx(10)
