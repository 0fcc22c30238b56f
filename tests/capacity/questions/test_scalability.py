"""The universal scalability law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.questions.scalability import Scalability, contention_for_ratio, fit_scalability


def test_independent_machines_scale_linearly_without_end() -> None:
    law = Scalability(0.0, 0.0, single=7.0)
    assert law.throughput([1, 10, 1000]).tolist() == [7.0, 70.0, 7000.0]
    assert np.isinf(law.peak)


@given(st.floats(0.0, 0.5), st.floats(1e-5, 0.01))
def test_throughput_falls_on_both_sides_of_the_peak(contention: float, crosstalk: float) -> None:
    law = Scalability(contention, crosstalk)
    below, at, above = law.throughput(law.peak * np.array([0.8, 1.0, 1.25]))
    assert at > below
    assert at > above


@given(st.floats(1, 1000), st.floats(1.5, 20), st.floats(1, 50))
def test_machine_ratio_multiplies_throughput_by_the_load_ratio(
    machines: float, load_ratio: float, excess: float
) -> None:
    machine_ratio = load_ratio * excess
    law = Scalability(contention_for_ratio(machines, load_ratio, machine_ratio), 0.0)
    gain = law.throughput(machines * machine_ratio) / law.throughput(machines)
    assert float(gain) == pytest.approx(load_ratio)


def test_fit_recovers_a_law_from_noisy_measurements() -> None:
    law = Scalability(0.02, 5e-4, single=120.0)
    machines = np.arange(1, 65)
    noise = np.random.default_rng(2).normal(1.0, 0.01, machines.size)
    fitted = fit_scalability(machines, law.throughput(machines) * noise)
    assert fitted.peak == pytest.approx(law.peak, rel=0.05)
    assert fitted.single == pytest.approx(law.single, rel=0.03)


def test_two_measurements_do_not_fix_three_unknowns() -> None:
    with pytest.raises(ValueError, match="at least three measurements are needed, got 2"):
        fit_scalability([1, 2], [1.0, 2.0])


def test_fewer_machines_than_load_are_refused() -> None:
    with pytest.raises(ValueError, match="machine_ratio must be at least 10, got 5"):
        contention_for_ratio(48, load_ratio=10, machine_ratio=5)
