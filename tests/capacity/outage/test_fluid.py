from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.outage.fluid import gone, let_in, time_below

amount = st.floats(0.0, 1e6)


@given(step=st.floats(1e-6, 1e3), mean=st.floats(1e-3, 1e3))
def test_no_step_takes_more_than_there_is(step: float, mean: float) -> None:
    assert 0.0 < float(gone(step, mean)) <= 1.0


@given(first=amount, second=amount, room=amount)
def test_a_room_is_filled_but_never_overfilled(first: float, second: float, room: float) -> None:
    one, other = let_in(np.array([first]), np.array([second]), np.array([room]))
    assert float(one[0] + other[0]) == pytest.approx(min(first + second, room))
    assert float(other[0]) == 0.0 or float(one[0]) == first


def test_time_below_a_level_does_not_depend_on_the_step_for_straight_lines() -> None:
    for points in (3, 5, 101):
        times = np.linspace(0.0, 10.0, points)
        values = np.abs(times - 5.0)[:, None]
        assert time_below(times, values, 2.0)[0] == pytest.approx(4.0, abs=10.0 / points)
