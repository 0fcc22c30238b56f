from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.everyday.log_windows import last_window, training_windows

logs = st.lists(st.floats(-0.2, 0.2), min_size=8, max_size=20).map(np.cumsum)


@given(logs, st.integers(1, 4), st.integers(1, 6))
def test_each_training_window_is_what_was_last_seen_at_its_origin(logs, season, window):
    window = max(window, season)
    seen, ahead = training_windows(logs, window, season, reach=3)
    for row, known in zip(range(len(seen)), range(len(logs) - 1, 0, -1), strict=False):
        wanted, level = last_window(logs[:known], window, season)
        assert seen[row] == pytest.approx(wanted, abs=1e-9)
        came = np.full(3, np.nan)
        came[: len(logs[known : known + 3])] = (logs[known : known + 3] - level) / 0.1
        assert ahead[row] == pytest.approx(came, abs=1e-9, nan_ok=True)


@given(logs, st.floats(-3.0, 3.0))
def test_the_unit_of_the_series_is_not_seen(logs, unit):
    seen, level = last_window(logs, 6, 2)
    other, shifted = last_window(logs + unit, 6, 2)
    assert other == pytest.approx(seen, abs=1e-9)
    assert shifted == pytest.approx(level + unit)


def test_a_stride_keeps_the_latest_origin():
    logs = np.linspace(0.0, 1.0, 20)
    every, some = (training_windows(logs, 4, 1, 2, stride)[0] for stride in (1, 3))
    assert some.tolist() == every[::3].tolist()


def test_a_series_too_short_has_no_windows():
    assert training_windows(np.zeros(4), 8, 1, 2)[0].shape == (0, 8)
