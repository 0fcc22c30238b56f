from __future__ import annotations

import numpy as np
import pytest

from capacity.outage.pool_state import Nodes, Work


def filled() -> Work:
    work = Work.empty((2, 3))
    work.backlog = work.backlog + 10.0
    work.fresh = work.fresh + 4.0
    work.arrived = work.arrived + 14.0
    return work


def test_books_stay_balanced_when_users_leave() -> None:
    work = filled()
    work.leave_backlog(np.array([[0.3]]), np.array([[0.8]]))
    work.give_up("fresh", np.array([[0.5]]), np.array([[0.0]]))
    work.drop("backlog_stale", 0.5)
    assert float(work.imbalance()) < 1e-12
    assert float(work.lost[0, 0]) == pytest.approx(10 * 0.3 * 0.2 + 2.0)
    assert float(work.dropped[0, 0]) == pytest.approx(1.5)


def test_books_show_work_that_vanishes() -> None:
    work = filled()
    work.fresh = work.fresh - 1.0
    assert float(work.imbalance()) == pytest.approx(1.0)


def test_nodes_come_back_cold_when_their_time_has_come() -> None:
    nodes = Nodes.cold(np.full((1, 1, 3), 22.0))
    nodes.temperature = nodes.temperature + 60.0
    gone = nodes.shut(np.array([[[True, False, True]]]), np.full((1, 1, 1), 10.0))
    assert (float(gone[0, 0]), float(nodes.count[0, 0])) == (2.0, 1.0)
    nodes.wake(9.9)
    assert float(nodes.count[0, 0]) == 1.0
    nodes.wake(10.0)
    assert nodes.up.all()
    assert nodes.temperature[0, 0].tolist() == [22.0, 82.0, 22.0]


def test_a_node_that_is_down_is_not_counted_twice() -> None:
    nodes = Nodes.cold(np.zeros((1, 1, 2)))
    everything = np.ones((1, 1, 2), dtype=bool)
    assert float(nodes.shut(everything, np.full((1, 1, 1), 5.0))[0, 0]) == 2.0
    assert float(nodes.shut(everything, np.full((1, 1, 1), 9.0))[0, 0]) == 0.0
