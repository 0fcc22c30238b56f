"""Signs of every row of the published table of countermeasure effects."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from capacity.outage.countermeasures import COUNTERMEASURES, KEEP, apply, check_names
from capacity.outage.file import load_incident
from capacity.outage.incident import Controls
from capacity.outage.replay import Replay, middle, replay

TOLD = load_incident("february-2023")
# Row: sign of the change in full-outage minutes and in lost capacity, and whether any node trips.
SIGNS = {
    ("never-offline",): (-1, 1, True),
    ("early-revert",): (-1, -1, False),
    ("canary",): (-1, -1, False),
    ("cell-by-cell",): (-1, -1, True),
    ("cell-by-cell", "admission-cap"): (-1, -1, False),
    ("cells",): (-1, 1, True),
    ("admission-cap",): (-1, -1, False),
    ("deadline-shedding",): (-1, -1, False),
    ("release-rate-cap",): (-1, -1, False),
    ("power-cap",): (-1, -1, False),
    ("extra-nodes",): (-1, 1, True),
    ("double-nodes",): (-1, -1, True),
    ("fresh-first",): (-1, 1, True),
}


@pytest.fixture(scope="module")
def told() -> Replay:
    return replay(TOLD, middle(TOLD))


def with_names(*names: str) -> Replay:
    return replay(TOLD.with_controls(apply(TOLD.controls, names)), middle(TOLD))


@pytest.mark.parametrize("names", SIGNS, ids=" ".join)
def test_sign_of_the_published_row(names: tuple[str, ...], told: Replay) -> None:
    found = with_names(*names)
    minutes, capacity, trips = SIGNS[names]
    assert minutes * float(found.full_outage[0] - told.full_outage[0]) > 1.0
    assert capacity * float(found.lost_capacity[0] - told.lost_capacity[0]) > 1.0
    assert bool(found.trips[0] > 0) is trips


@pytest.mark.parametrize(
    ("names", "published"),
    [(("canary",), 0.0), (("cell-by-cell",), 0.0), (("deadline-shedding",), 10.7),
     (("release-rate-cap",), 10.7), (("admission-cap",), 17.4), (("power-cap",), 14.7),
     (("double-nodes",), 20.6), (("early-revert",), 0.7)],
)  # fmt: skip
def test_full_outage_is_near_the_published_figure(names: tuple[str, ...], published: float) -> None:
    assert with_names(*names).full_outage[0] == pytest.approx(published, abs=2.0)


def test_earlier_revert_of_five_minutes_is_still_a_collapse(told: Replay) -> None:
    late = TOLD.with_controls(TOLD.controls.change(revert=5.0, notice=0.0, offline=0.0))
    found = replay(late, middle(TOLD))
    assert found.full_outage[0] < told.full_outage[0]
    assert found.lost_capacity[0] > told.lost_capacity[0] / 2.0
    assert found.trips[0] > 100


def test_the_order_of_names_does_not_matter() -> None:
    names = ("canary", "cells", "admission-cap")
    made = {apply(TOLD.controls, order) for order in permutations(names)}
    assert len(made) == 1


def test_every_countermeasure_changes_the_story_and_stays_allowed() -> None:
    for name in COUNTERMEASURES:
        assert apply(TOLD.controls, [name]) != TOLD.controls, name


def test_no_name_leaves_the_story_as_it_is() -> None:
    assert apply(TOLD.controls, []) == TOLD.controls


def test_a_stronger_control_of_the_story_is_kept() -> None:
    strong = Controls(admission_cap=0.5, broken_share=0.01, cells=8.0)
    changed = apply(strong, ["admission-cap", "canary", "cells"])
    assert (changed.admission_cap, changed.broken_share, changed.cells) == (0.5, 0.01, 8.0)


def test_the_order_to_go_offline_can_be_kept() -> None:
    kept = with_names("extra-nodes", KEEP)
    assert kept.ordered[0] > TOLD.controls.revert
    assert np.isnan(with_names("extra-nodes").ordered[0])


def test_unknown_names_get_the_nearest() -> None:
    with pytest.raises(ValueError, match="'cannary'; nearest: canary"):
        check_names(["cannary"])
    with pytest.raises(ValueError, match="exclude each other"):
        check_names(["never-offline", KEEP])
