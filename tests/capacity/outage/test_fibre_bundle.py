from __future__ import annotations

import numpy as np
import pytest

from capacity.outage.fibre_bundle import critical_load, thermal_collapse_load
from capacity.outage.file import load_incident
from capacity.outage.replay import middle, replay
from capacity.outage.thermal import shutdown_load
from forecast.draws import named_stream


def by_hand(strengths: list[float]) -> float:
    """Every stable state by trying each number of survivors."""
    ordered = sorted(strengths)
    return max(x * (len(ordered) - k) / len(ordered) for k, x in enumerate(ordered))


@pytest.mark.parametrize("seed", range(5))
def test_critical_load_is_that_of_the_weakest_stable_state(seed: int) -> None:
    strengths = np.random.default_rng(seed).uniform(0.5, 3.0, 17)
    assert critical_load(strengths) == pytest.approx(by_hand(strengths.tolist()))


def test_no_fibres_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one node"):
        critical_load(np.array([]))


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_cascade_of_temperatures_equals_the_exact_load(seed: int) -> None:
    incident = load_incident("february-2023")
    p = {name: float(value[0]) for name, value in middle(incident).items()}
    inlet = p["inlet"] + p["node_spread"] * named_stream(seed, "outage nodes").standard_normal(48)
    margins = p["shutdown"] - inlet
    exact = critical_load(shutdown_load(margins, p["nominal_rise"], p["rise_exponent"]))
    found = thermal_collapse_load(margins, p["nominal_rise"], p["rise_exponent"])
    assert found == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize("seed", [7, 8])
def test_trips_of_a_replay_equal_the_exact_threshold_of_the_first_node(seed: int) -> None:
    """With as much work as wanted, the cap is the load; the weakest node decides."""
    incident = load_incident("february-2023")
    p = middle(incident)
    inlet = p["inlet"] + p["node_spread"] * named_stream(seed, "outage nodes").standard_normal(
        (48, 1)
    )
    strengths = shutdown_load(p["shutdown"] - inlet[:, 0], p["nominal_rise"], p["rise_exponent"])
    flood = p | {"requests": p["requests"] * 10.0, "batch_limit": np.array([50.0])}
    for factor, trips in ((0.99, False), (1.01, True)):
        cap = float(strengths.min()) * factor
        controls = incident.controls.change(admission_cap=cap, offline=0.0, broken_share=0.0)
        found = replay(incident.with_controls(controls), flood, seed)
        assert bool(found.trips[0] > 0) is trips
