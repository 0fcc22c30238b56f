from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.draws import path_scores
from forecast.growth.sampling import growth_forecast, never_falling, scores_or_drawn


@given(arrays(float, (30, 7), elements=st.floats(-2.0, 3.0)))
def test_paths_start_at_zero_and_never_fall(log_growth):
    rising = never_falling(log_growth)
    assert (rising >= 0.0).all()
    assert (np.diff(rising, axis=1) >= 0.0).all()


def test_paths_that_never_fall_are_left_alone():
    rising = np.sort(np.random.default_rng(1).random((50, 9)), axis=1)
    ordered = np.sort(rising, axis=0)
    assert np.allclose(never_falling(ordered), ordered)


def test_the_running_maximum_alone_lifts_the_median_more():
    rng = np.random.default_rng(2)
    scores = path_scores(rng.standard_normal((4_000, 18)), 0.25)
    growth = np.maximum(np.arange(1, 19) / 18 * (1.0 + scores), 0.0)
    wanted, found = (
        np.quantile(growth, 0.9, axis=0),
        np.quantile(never_falling(growth), 0.9, axis=0),
    )
    plain = np.quantile(np.maximum.accumulate(growth, axis=1), 0.9, axis=0)
    assert found[-1] == pytest.approx(wanted[-1], rel=0.01)
    assert plain[-1] - wanted[-1] > 3 * (found[-1] - wanted[-1])


def test_a_flow_may_fall_below_its_last_value(queries):
    forecast = growth_forecast(
        queries, np.log([[0.5, 0.25], [2.0, 1.0]]), model="by hand", seed=0, notes=()
    )
    assert forecast.values[0].tolist() == pytest.approx([900_000, 450_000])


def test_scores_come_from_the_named_stream():
    first, again, other = (
        scores_or_drawn(None, (50, 6), (7, name), 0.3) for name in ("users", "users", "queries")
    )
    assert (first == again).all()
    assert abs(np.corrcoef(first[:, 3], other[:, 3])[0, 1]) < 0.5


def test_scores_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite scores"):
        scores_or_drawn(np.array([[np.nan], [0.0]]), (2, 1), (7, "users"), 0.3)
