from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.outage.thermal import approach, duty, shutdown_load, slowdown, steady_rise

positive = st.floats(0.1, 100.0)


@given(load=positive, nominal=positive, exponent=st.floats(0.1, 2.0))
def test_shutdown_load_undoes_the_rise(load: float, nominal: float, exponent: float) -> None:
    margin = steady_rise(load, nominal, exponent)
    assert float(shutdown_load(margin, nominal, exponent)) == pytest.approx(load, rel=1e-9)


@given(now=st.floats(0, 100), target=st.floats(0, 100), one=st.floats(0, 1), other=st.floats(0, 1))
def test_two_steps_towards_a_target_are_one_long_step(
    now: float, target: float, one: float, other: float
) -> None:
    twice = approach(approach(now, target, one), target, other)
    together = 1.0 - (1.0 - one) * (1.0 - other)
    assert float(twice) == pytest.approx(float(approach(now, target, together)), abs=1e-9)


def test_heat_never_speeds_a_node_up() -> None:
    temperatures = np.linspace(20.0, 120.0, 401)
    for kept in (slowdown(temperatures, 83.0, 91.0, 0.35), duty(temperatures, 80.0)):
        assert np.all(np.diff(kept) <= 0.0)
        assert kept[0] == 1.0
        assert kept[-1] > 0.0


def test_published_loss_is_reached_just_before_the_shutdown() -> None:
    assert float(slowdown(91.0, 83.0, 91.0, 0.35)) == pytest.approx(0.65)
