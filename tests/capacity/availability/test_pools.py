"""Availability of pools, and pools for an availability."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from capacity.availability.pools import (
    k_of_n_min_nodes,
    k_of_n_unavailability,
    node_availability,
    nodes_per_zone,
    zonal_pool_unavailability,
)

node_shares = st.floats(0.9, 0.9999)
zone_shares = st.floats(0.99, 0.99999)
TARGET = 0.9995


def reachable(zones: int, zone_share: float, target: float = TARGET) -> bool:
    return (1.0 - zone_share) ** zones < 1.0 - target


def test_time_to_repair_lowers_availability() -> None:
    assert float(node_availability(24 / 0.0065, 24)) == pytest.approx(0.99354, abs=5e-6)


@given(st.integers(1, 300), st.integers(0, 40), st.floats(0.5, 1.0))
def test_k_of_n_is_a_binomial_tail(need: int, spares: int, up: float) -> None:
    nodes = need + spares
    down = float(k_of_n_unavailability(need, nodes, up))
    assert down == pytest.approx(binom.cdf(need - 1, nodes, up), rel=1e-7, abs=1e-300)


def test_too_few_machines_are_never_enough() -> None:
    assert k_of_n_unavailability(5, [0, 4], 1.0).tolist() == [1.0, 1.0]
    assert k_of_n_unavailability(5, 5, 1.0) == 0.0


def test_zonal_pool_equals_the_sum_over_all_states_of_the_zones() -> None:
    need, per_zone, up, zone_up = 7, 4, 0.93, 0.97
    total = 0.0
    for counts in product(range(per_zone + 1), repeat=3):
        p = 1.0
        for n in counts:
            within = comb(per_zone, n) * up**n * (1 - up) ** (per_zone - n)
            p *= zone_up * within + (1 - zone_up) * (n == 0)
        total += p * (sum(counts) < need)
    assert float(zonal_pool_unavailability(need, per_zone, 3, up, zone_up)) == pytest.approx(total)


def time_too_few_are_up(rng: np.random.Generator, need: int, per_zone: int, hours: float) -> float:
    """Share of time that three zones have too few machines up, from failures and repairs."""
    grid: list[np.ndarray] = []
    step: list[np.ndarray] = []
    for _ in range(3):
        zone = up_and_down(rng, mtbf=970.0, mttr=30.0, hours=hours)
        nodes = [up_and_down(rng, mtbf=93.0, mttr=7.0, hours=hours) for _ in range(per_zone)]
        moments = np.unique(np.concatenate([zone, *nodes]))
        up = sum(np.searchsorted(node, moments, side="right") % 2 == 0 for node in nodes)
        up = up * (np.searchsorted(zone, moments, side="right") % 2 == 0)
        grid.append(np.concatenate(([0.0], moments)))
        step.append(np.diff(np.concatenate(([0, per_zone], up))))
    order = np.argsort(np.concatenate(grid), kind="stable")
    at, total = np.concatenate(grid)[order], np.cumsum(np.concatenate(step)[order])
    length = np.diff(np.append(at, hours))
    return float(length[total < need].sum() / hours)


def up_and_down(rng: np.random.Generator, mtbf: float, mttr: float, hours: float) -> np.ndarray:
    """Moments of failure, repair, failure, ... of a machine that starts up."""
    n = int(1.3 * hours / (mtbf + mttr)) + 50
    spans = np.stack([rng.exponential(mtbf, n), rng.exponential(mttr, n)], axis=1).ravel()
    moments = np.cumsum(spans)
    return moments[moments < hours]


def test_failures_and_repairs_give_the_availability_within_four_standard_errors() -> None:
    rng = np.random.default_rng(11)
    runs = np.array([time_too_few_are_up(rng, 7, 4, hours=100_000.0) for _ in range(24)])
    expected = float(zonal_pool_unavailability(7, 4, 3, 0.93, 0.97))
    assert abs(runs.mean() - expected) < 4 * runs.std(ddof=1) / np.sqrt(runs.size)


@pytest.mark.parametrize(("zones", "zone_share"), [(1, 1.0), (2, 0.9995), (3, 0.9995), (4, 0.99)])
def test_one_machine_fewer_in_each_zone_misses_the_target(zones: int, zone_share: float) -> None:
    needs = np.arange(1, 3001)
    pool = nodes_per_zone(needs, zones, 0.99, zone_share, TARGET)
    met = zonal_pool_unavailability(needs, pool, zones, 0.99, zone_share)
    missed = zonal_pool_unavailability(needs, pool - 1, zones, 0.99, zone_share)
    assert np.all(met <= 1 - TARGET)
    assert np.all(missed > 1 - TARGET)
    assert np.all(np.diff(pool) >= 0)


def test_published_spares() -> None:
    nodes = k_of_n_min_nodes([1, 2, 4, 10, 30, 100, 300, 1000], 0.99, TARGET)
    assert nodes.tolist() == [2, 3, 6, 12, 33, 106, 310, 1022]


def test_dividing_by_the_availability_would_be_a_coin_toss() -> None:
    divided = round(1000 / 0.987)
    assert 0.4 < k_of_n_unavailability(1000, divided, 0.987) < 0.6
    assert k_of_n_min_nodes(1000, 0.987, TARGET) > divided + 10


def test_losing_one_zone_is_survived_as_often_as_the_target_allows() -> None:
    pool = int(nodes_per_zone(1000, 3, 0.99, 0.999, TARGET))
    one_lost = 3 * 0.999**2 * 0.001
    assert one_lost > 1 - TARGET
    assert one_lost * k_of_n_unavailability(1000, 2 * pool, 0.99) < 1 - TARGET
    assert one_lost * k_of_n_unavailability(1000, 2 * (pool - 1), 0.99) > 0.9 * (1 - TARGET)


@given(st.integers(1, 2000), st.integers(2, 5), node_shares, zone_shares)
def test_a_stricter_target_or_worse_machines_never_need_fewer(
    need: int, zones: int, up: float, zone_up: float
) -> None:
    if not reachable(zones, zone_up, 0.9999):
        return
    base = nodes_per_zone(need, zones, up, zone_up, TARGET)
    assert nodes_per_zone(need, zones, up, zone_up, 0.9999) >= base
    assert nodes_per_zone(need, zones, up - 0.05, zone_up, TARGET) >= base


@given(st.integers(1, 1000), st.integers(1, 1000), node_shares)
def test_two_pools_that_must_both_hold_never_need_less_than_one_pooled(
    one: int, two: int, up: float
) -> None:
    # Each pool gets half of the error budget: either one that fails loses users.
    each = 0.5 + 0.5 * TARGET
    apart = nodes_per_zone([one, two], 3, up, 0.9995, each).sum()
    assert apart >= nodes_per_zone(one + two, 3, up, 0.9995, TARGET)


def test_answers_keep_the_shape_and_order_of_the_needs() -> None:
    needs = np.array([[30, 1], [7, 30]])
    pool = nodes_per_zone(needs, 3, 0.99, 0.9995, TARGET)
    each = [[int(nodes_per_zone(int(n), 3, 0.99, 0.9995, TARGET)) for n in row] for row in needs]
    assert pool.tolist() == each


def test_machines_that_never_fail_need_no_spares_within_a_zone() -> None:
    assert nodes_per_zone([8, 9], 2, 1.0, 1.0, TARGET).tolist() == [4, 5]


def test_a_target_above_the_zone_names_the_bound() -> None:
    with pytest.raises(ValueError, match=r"0\.9995 is out of reach with 1 zone.*below 0\.999 what"):
        nodes_per_zone(5, 1, 0.99, 0.999, TARGET)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, 0, 0.99, 0.999, 0.99), "zones must be at least 1, got 0"),
        ((0, 2, 0.99, 0.999, 0.99), "need must be at least 1 machine, got 0"),
        ((5, 2, 0.0, 0.999, 0.99), "node_availability must be above 0 and at most 1, got 0"),
        ((5, 2, 0.99, 1.2, 0.99), "zone_availability must be between 0 and 1, got 1.2"),
        ((5, 2, 0.99, 0.999, 1.0), "target must lie between 0 and 1, got 1"),
        ((5, 2, np.nan, 0.999, 0.99), "node_availability must be above 0"),
    ],
)
def test_impossible_arguments_are_refused(arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nodes_per_zone(*arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: k_of_n_unavailability(0, 3, 0.9), "need must be at least 1 machine"),
        (lambda: k_of_n_unavailability(1, 3, 1.1), "availability must be between 0 and 1"),
        (lambda: node_availability(0.0, 1.0), "mtbf_h must be above 0"),
    ],
)
def test_impossible_machines_are_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
