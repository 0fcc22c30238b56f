"""Rolling work."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.rolling import WorkTimes, drain, loss, rolling_restart, switch_over
from capacity.availability.schedule import Pool, Schedule
from capacity.queueing.erlang import erlang_c, servers_for_wait
from capacity.scenarios.tree import Planned

needs = st.lists(st.floats(1, 50), min_size=1, max_size=48).map(np.array)
colds = st.sampled_from((0.05, 1 / 6, 0.25, 0.4, 1.0, 1.5, 3.0))
TIMES = WorkTimes(cold_start_h=0.25, move_h=0.1)
PLANNED = Planned(work_h=1.0, switch_h=0.025)
PLACES, OFFERED, WAITING = 14, 10.0, 0.2  # a load of 10 erlangs of which a fifth may wait


def restarted(need: np.ndarray, standing: int, cold_h: float, begin: int) -> float:
    """Hours until every node was out, node by node and hour by hour."""
    now, left, waves = 0, standing, max(1, int(1 / cold_h + 1e-9))
    while now < 672:
        ahead = range(begin + now, begin + now + int(np.ceil(cold_h - 1e-9)))
        free = int(standing - max(need[hour % need.size] for hour in ahead) + 1e-9)
        for wave in range(waves if free > 0 else 0):
            left -= free
            if left <= 0:
                return now + (wave + 1) * cold_h
        now += len(ahead)
    return np.inf


@given(needs, st.integers(0, 60), colds, st.integers(0, 47))
def test_a_restart_takes_as_long_as_node_by_node(
    need: np.ndarray, more: int, cold_h: float, begin: int
) -> None:
    pool = Pool(int(need.min()) + more, need)
    found = rolling_restart(pool, begin, cold_h)
    slow = restarted(need, pool.standing, cold_h, begin)
    assert (found.hours if found else np.inf) == pytest.approx(slow)


@given(needs, st.integers(1, 60), colds, st.integers(0, 47), st.integers(1, 9))
def test_every_node_restarts_once_and_none_is_missed(
    need: np.ndarray, more: int, cold_h: float, begin: int, at_once: int
) -> None:
    pool = Pool(int(need.max()) + 1 + more, need)
    found = rolling_restart(pool, begin, cold_h, at_once)
    assert found is not None
    assert found.held
    assert sum(step.out for step in found.steps) == pool.standing
    assert all(step.out == step.back <= at_once for step in found.steps)
    assert all(step.hours == cold_h for step in found.steps if step.out)


def test_a_fleet_without_a_spare_node_cannot_be_restarted_in_service() -> None:
    assert rolling_restart(Pool(5, np.array([5.0, 4.5])), 0, 0.2) is None


def test_a_time_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        rolling_restart(Pool(2, np.array([1.0])), 0, 0.0)


@given(needs, st.integers(1, 40), st.integers(0, 47), st.floats(0, 1))
def test_what_is_lost_is_what_the_rest_does_not_carry(
    need: np.ndarray, nodes: int, begin: int, stranded: float
) -> None:
    found = loss(Pool(60, need), begin, nodes, stranded, 4.0, TIMES)
    moving, repair, start = found.steps
    assert [step.serving for step in found.steps] == [60 - nodes] * 3
    assert start.back == nodes
    assert found.hours == pytest.approx(0.1 + 4.0 + 0.25)
    assert repair.held == (60 - nodes >= repair.need)
    assert moving.held == (moving.serving >= moving.need and stranded == 0.0)


@given(needs, st.integers(1, 40), st.integers(1, 6), st.integers(0, 47))
def test_a_drain_takes_all_out_and_brings_all_back(
    need: np.ndarray, nodes: int, parts: int, begin: int
) -> None:
    found = drain(Pool(60, need), begin, nodes, parts, 1.0, TIMES)
    assert sum(step.out for step in found.steps) == nodes == sum(s.back for s in found.steps)
    assert found.least_serving == 60 - nodes
    assert found.hours == pytest.approx(parts * (0.1 + 0.25) + 1.0)
    assert all(step.out <= -(-nodes // parts) and step.back <= -(-nodes // parts)
               for step in found.steps)  # fmt: skip


@given(st.integers(1, 4))
def test_a_switch_over_is_the_only_moment_without_the_unit(standbys: int) -> None:
    found = switch_over(standbys, 0, PLANNED)
    assert [step.hours for step in found.steps if not step.held] == [PLANNED.switch_h]
    assert sum(step.out for step in found.steps) == sum(step.back for step in found.steps)
    assert found.steps[-1].serving + found.steps[-1].back == 1 + standbys
    assert found.hours == pytest.approx((1 + standbys) * PLANNED.work_h + PLANNED.switch_h)


def test_without_a_standby_the_work_is_the_outage() -> None:
    found = switch_over(0, 0, PLANNED)
    assert found.hours_missed == found.hours == PLANNED.work_h


def waiting_share(found: Schedule, rng: np.random.Generator, weeks: int) -> float:
    """Share of requests that wait while the work goes on, drawn request by request.

    Places that go out finish the request they have; time runs in mean services.
    """
    waited = seen = 0
    scale = 200.0  # services in an hour
    for _ in range(weeks):
        ends = np.cumsum([step.hours * scale for step in found.steps])
        busy: list[float] = []
        now = -10.0
        while now < ends[-1]:
            now += rng.exponential(1.0 / OFFERED)
            step = found.steps[min(int(np.searchsorted(ends, max(now, 0.0))), len(ends) - 1)]
            while busy and busy[0] <= now:
                heapq.heappop(busy)
            start = now
            if len(busy) >= step.serving:
                start = heapq.nsmallest(len(busy) - step.serving + 1, busy)[-1]
            heapq.heappush(busy, start + rng.exponential())
            seen, waited = seen + (now > 0.0), waited + (start > now > 0.0)
    return waited / seen


def test_requests_wait_no_more_than_promised_while_nodes_restart() -> None:
    need = float(servers_for_wait(OFFERED, WAITING))
    assert need == PLACES
    rng = np.random.default_rng(7)
    pool = Pool(20, np.full(24, need))
    found = rolling_restart(pool, 0, 0.25)
    assert found is not None
    assert [step.serving for step in found.steps] == [14, 14, 14, 18]
    drawn = waiting_share(found, rng, weeks=12)
    share = np.mean([erlang_c(OFFERED, step.serving) for step in found.steps])
    assert drawn == pytest.approx(float(share), abs=0.02)
    assert drawn <= WAITING
    over = loss(pool, 0, 8, 0.0, 1.0, TIMES)
    assert not over.held
    assert waiting_share(over, rng, weeks=12) > WAITING
