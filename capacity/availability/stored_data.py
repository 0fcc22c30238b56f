"""Durability of what a plan stores: copies, coded fragments and backups in its last month."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from capacity.availability.durability import (
    any_group_lost,
    loss_probability,
    recovery_point_h,
    recovery_time_h,
)
from capacity.estimate import Estimate
from capacity.outcome import CapacityPlan

STORAGE: Mapping[str, Estimate] = MappingProxyType(
    {
        "disk failures": Estimate(
            0.0141, 0.0157, 0.0228, unit="per drive-year", as_of="2025-02", basis="measured",
            source="Backblaze Drive Stats 2024; quarters from 0.0141 to 0.0228",
        ),
        "rebuild": Estimate(
            1.0, 24.0, 168.0, unit="h", as_of="2026-11", basis="assumed",
            source="an hour to a week, as in published models of coded storage",
        ),
        "disk": Estimate(
            8.0, 16.0, 24.0, unit="TB", as_of="2026-11", basis="assumed",
            source="sizes of drives in data centres",
        ),
        "between backups": Estimate(
            1.0, 24.0, 168.0, unit="h", as_of="2026-11", basis="assumed",
            source="one backup a day",
        ),
        "taking a backup": Estimate(
            0.5, 4.0, 24.0, unit="h", as_of="2026-11", basis="assumed",
            source="a night; what changed since the last one",
        ),
        "restore begins after": Estimate(
            0.5, 1.0, 4.0, unit="h", as_of="2026-11", basis="assumed",
            source="an hour is asked for in texts on recovery in another region",
        ),
        "restore rate": Estimate(
            10.0, 100.0, 400.0, unit="Gbit/s", as_of="2026-11", basis="assumed",
            source="one network port; 130 GB were loaded at 5 GB/s (ServerlessLLM, OSDI 2024)",
        ),
        "failed restores": Estimate(
            0.01, 0.05, 0.2, unit="share", as_of="2026-11", basis="assumed",
            source="no rate is published; test your own",
        ),
    }
)  # fmt: skip
NEED = 8  # fragments that restore a coded object
KINDS = ("conversations", "datasets", "checkpoints")


class StoredData(NamedTuple):
    """How safe one kind of data is against failing disks.

    Parameters
    ----------
    name : str
        What is stored.
    stored_pb : float
        One logical copy, median of the last month. [PB]
    fragments, need : int
        Disks over which an object lies, and those that restore it. [1]
    lost_a_year : float
        Probability that failing disks take some of it within a year. [1]
    lost_for_good : float
        The same, and no backup can be restored. [1]
    recovery_point_h : float
        Work lost at most where a backup is restored; infinite without one. [h]
    recovery_time_h : float
        Until all of it is there again from a backup; infinite without one. [h]
    """

    name: str
    stored_pb: float
    fragments: int
    need: int
    lost_a_year: float
    lost_for_good: float
    recovery_point_h: float
    recovery_time_h: float


def stored_data(found: CapacityPlan) -> tuple[StoredData, ...]:
    """Durability of conversations, training data and checkpoints.

    Parameters
    ----------
    found : CapacityPlan
        Any plan.

    Returns
    -------
    tuple of StoredData
        Conversations as copies in every region, the others coded; all figures at their middle.
    """
    copies = found.policy.database_copies * found.policy.regions
    coded = math.ceil(NEED * found.scenario.inputs["object_copies"].mid)
    schemes = {"conversations": (copies, 1)}
    return tuple(_stored(name, found, *schemes.get(name, (coded, NEED))) for name in KINDS)


def _stored(name: str, found: CapacityPlan, fragments: int, need: int) -> StoredData:
    mid = {key: item.mid for key, item in STORAGE.items()}
    stored_pb = float(np.median(found.draws[f"logical_{name}"][:, -1]))
    rebuilds = 8760.0 / mid["rebuild"]
    one = loss_probability(fragments, need, mid["disk failures"], rebuilds)
    lost = any_group_lost(one, math.ceil(1000.0 * stored_pb / (need * mid["disk"])))
    backups = found.policy.backup_copies
    point = recovery_point_h(mid["between backups"], mid["taking a backup"])[1]
    restored = recovery_time_h(stored_pb, mid["restore rate"], mid["restore begins after"])
    return StoredData(
        name,
        stored_pb,
        fragments,
        need,
        lost,
        lost * mid["failed restores"] ** backups,
        point if backups else math.inf,
        restored if backups else math.inf,
    )
