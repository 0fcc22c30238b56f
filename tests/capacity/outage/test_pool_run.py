from __future__ import annotations

import numpy as np
import pytest

from capacity.outage.file import load_incident
from capacity.outage.incident import Incident
from capacity.outage.pool_run import PoolRun
from capacity.outage.replay import middle

TOLD = load_incident("february-2023")


def run(incident: Incident, minutes: float) -> PoolRun:
    found = PoolRun(incident, middle(incident), 7)
    for place in range(round(minutes / incident.step)):
        found.step(place)
    return found


def changed(**values: float) -> Incident:
    return TOLD.with_controls(TOLD.controls.change(**values))


def test_a_larger_pool_has_the_same_first_nodes() -> None:
    few, many = (run(changed(extra_nodes=share), 0.0).nodes.inlet for share in (0.0, 1.0))
    assert many.shape[2] == 2 * few.shape[2]
    assert np.array_equal(many[:, :, : few.shape[2]], few)


def test_cells_share_the_nodes_and_the_users() -> None:
    one, four = run(TOLD, 0.0), run(changed(cells=4.0), 0.0)
    assert four.nodes.inlet.size == one.nodes.inlet.size
    assert four.arrivals.sum() == pytest.approx(one.arrivals.sum())
    assert four.work.serving.sum() == pytest.approx(one.work.serving.sum())


def test_only_the_broken_cells_keep_a_backlog() -> None:
    work = run(changed(cells=4.0, broken_cells=1.0), 5.0).work
    backlog = work.backlog + work.backlog_stale
    assert backlog[0, 0] > 500.0
    assert backlog[0, 1:].tolist() == [0.0, 0.0, 0.0]


def test_all_users_of_a_broken_step_wait_or_are_gone() -> None:
    found = run(TOLD, 11.0)
    assert found.work.fresh.sum() == 0.0
    assert found.work.released.sum() == 0.0
    assert found.work.stale.sum() == pytest.approx(found.work.backlog_stale.sum())


def test_going_offline_empties_the_machine() -> None:
    work = run(TOLD, 30.0).work
    inside = work.backlog + work.backlog_stale + work.released + work.fresh
    assert float((inside + work.serving + work.serving_stale).sum()) == 0.0
    assert work.dropped.sum() > 1_000.0


def test_a_capped_node_never_holds_more_than_its_cap() -> None:
    incident = changed(admission_cap=1.1, offline=0.0)
    found = run(incident, 16.0).result()
    assert found["load"].max() == pytest.approx(1.1)


def test_a_power_cap_keeps_every_node_below_the_shutdown() -> None:
    hottest = run(changed(power_cap=80.0, offline=0.0), 30.0).result()["hot"].max()
    assert 80.0 < hottest < 91.0
