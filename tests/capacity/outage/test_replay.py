"""Checks of the replay: books, step size, the story as told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.outage.countermeasures import COUNTERMEASURES, apply
from capacity.outage.file import load_incident, presets
from capacity.outage.incident import Controls
from capacity.outage.replay import Replay, middle, parameter_draws, replay

TOLD = load_incident("february-2023")


def with_names(*names: str) -> Replay:
    return replay(TOLD.with_controls(apply(TOLD.controls, names)), middle(TOLD))


@pytest.mark.parametrize("name", ["", *COUNTERMEASURES])
def test_requests_are_conserved_in_every_draw(name: str) -> None:
    coarse = replace(TOLD, step=0.25, horizon=100.0)
    controls = apply(TOLD.controls, [name] if name else [])
    found = replay(coarse.with_controls(controls), parameter_draws(TOLD, 25, 3), 3)
    assert found.imbalance < 1e-6
    assert np.all(found.lost <= found.demand + 1e-6)


@pytest.mark.parametrize("name", ["february-2023", "february-2023-documented"])
def test_half_the_step_changes_the_outage_by_under_one_percent(name: str) -> None:
    incident = load_incident(name)
    halved = replace(incident, step=incident.step / 2.0)
    one, other = (replay(item, middle(item)) for item in (incident, halved))
    assert one.full_outage[0] == pytest.approx(other.full_outage[0], rel=0.01)
    assert one.lost[0] == pytest.approx(other.lost[0], rel=0.02)
    assert one.trips[0] == other.trips[0]


def test_the_story_as_told_is_an_outage_of_about_an_hour() -> None:
    found = replay(TOLD, middle(TOLD))
    assert 45.0 <= found.full_outage[0] <= 75.0
    assert found.full_outage[0] <= found.degraded[0] <= 80.0
    assert found.trips[0] == TOLD.nodes
    falling = found.times[(found.up[:, 0] < 1.0) & (found.up[:, 0] > 0.0)]
    assert 14.0 < falling.min() <= falling.max() < 22.0


def test_the_documented_incident_takes_170_minutes_without_a_shutdown() -> None:
    incident = load_incident("february-2023-documented")
    found = replay(incident, middle(incident))
    assert found.full_outage[0] == pytest.approx(170.0, abs=1.0)
    assert found.trips[0] == 0


def test_without_a_change_nothing_happens() -> None:
    quiet = TOLD.with_controls(Controls(broken_share=0.0))
    found = replay(quiet, middle(TOLD))
    assert found.goodput[:, 0] == pytest.approx(1.0, abs=1e-6)
    assert (found.lost[0], found.trips[0], found.full_outage[0]) == (0.0, 0.0, 0.0)
    temperature = found.warm[:, 0]
    assert np.ptp(temperature) < 0.1


def test_detection_has_a_cliff_between_three_and_five_minutes() -> None:
    quick, slow = (
        replay(TOLD.with_controls(TOLD.controls.change(revert=minute, notice=0.0, offline=0.0)),
               middle(TOLD))
        for minute in (3.0, 5.0)
    )  # fmt: skip
    assert quick.trips[0] == 0
    assert slow.trips[0] > TOLD.nodes


def test_full_outage_lies_within_the_degraded_time_in_every_draw() -> None:
    found = replay(replace(TOLD, step=0.25), parameter_draws(TOLD, 40, 7))
    assert np.all(found.full_outage <= found.degraded + 1e-9)
    assert found.hot.shape == (0, 40)


@pytest.mark.parametrize("seed", [1, 7])
def test_the_same_seed_gives_the_same_replay(seed: int) -> None:
    draws = parameter_draws(TOLD, 5, seed)
    one, other = (replay(replace(TOLD, step=0.25), draws, seed) for _ in range(2))
    assert np.array_equal(one.goodput, other.goodput)


def test_a_draw_does_not_depend_on_its_neighbours() -> None:
    coarse = replace(TOLD, step=0.25)
    central = middle(TOLD)
    twice = {name: np.repeat(values, 2) for name, values in central.items()}
    twice["requests"] = np.array([central["requests"][0], 1.0])
    with_quiet = replay(coarse.with_controls(TOLD.controls), twice)
    assert with_quiet.trips[1] == 0
    assert with_quiet.lost[0] > 100 * with_quiet.lost[1]


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="horizon / step"):
        replay(replace(TOLD, step=1e-9), middle(TOLD))
    with pytest.raises(ValueError, match="allowed are"):
        replay(TOLD, {name: np.repeat(values, 30_000) for name, values in middle(TOLD).items()})


def test_every_preset_is_replayed_with_balanced_books() -> None:
    for name in presets():
        incident = load_incident(name)
        assert replay(incident, middle(incident)).imbalance < 1e-6
