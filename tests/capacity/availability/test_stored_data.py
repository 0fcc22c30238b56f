"""Durability of what a plan stores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.availability.stored_data import KINDS, STORAGE, stored_data
from capacity.outcome import CapacityPlan


def test_conversations_lie_in_every_region_and_the_rest_is_coded(
    reported_plan: CapacityPlan,
) -> None:
    policy = reported_plan.policy
    found = {item.name: item for item in stored_data(reported_plan)}
    assert tuple(found) == KINDS
    kept = found["conversations"]
    assert (kept.fragments, kept.need) == (policy.database_copies * policy.regions, 1)
    copies = reported_plan.scenario.inputs["object_copies"].mid
    assert found["datasets"].fragments / found["datasets"].need == pytest.approx(copies, abs=0.125)
    for item in found.values():
        stored = np.median(reported_plan.draws[f"logical_{item.name}"][:, -1])
        assert item.stored_pb == pytest.approx(float(stored))
        assert 0.0 < item.lost_for_good < item.lost_a_year < 1.0


def test_a_backup_more_leaves_as_much_less_as_a_restore_fails(reported_plan: CapacityPlan) -> None:
    none, two = (
        stored_data(
            replace(reported_plan, policy=reported_plan.policy.change({"backup_copies": n}))
        )
        for n in (0, 2)
    )
    failed = STORAGE["failed restores"].mid
    for before, after in zip(none, two, strict=True):
        assert before.lost_for_good == before.lost_a_year == after.lost_a_year
        assert after.lost_for_good == pytest.approx(before.lost_a_year * failed**2)
        assert np.isinf(before.recovery_point_h)
        assert np.isinf(before.recovery_time_h)


def test_one_copy_in_one_region_is_lost_with_its_disks(reported_plan: CapacityPlan) -> None:
    policy = reported_plan.policy.change({"database_copies": 1, "regions": 1})
    kept = stored_data(replace(reported_plan, policy=policy))[0]
    assert kept.lost_a_year > STORAGE["disk failures"].mid * 0.9


def test_every_figure_has_a_source_and_a_basis() -> None:
    assert all(item.source and item.as_of and item.basis for item in STORAGE.values())
