from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from capacity.monitor.exhaustion import first_crossing, predict_linear, time_until

numbers = st.floats(-1e6, 1e6)
slopes = st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-3)


@given(numbers, slopes, st.floats(0.0, 1e5))
def test_a_line_goes_on_as_it_went(start: float, slope: float, ahead: float) -> None:
    times = np.arange(0.0, 3600.0, 60.0)
    found = predict_linear(times, start + slope * times, ahead)
    expected = start + slope * (times[-1] + ahead)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6 * abs(slope) * 1e5 + 1e-6)


@given(st.lists(numbers, min_size=3, max_size=20), st.floats(0.0, 1e3))
def test_it_is_the_polynomial_fit_of_degree_one(values: list[float], ahead: float) -> None:
    times = 7.0 * np.arange(len(values))
    fitted = np.polynomial.Polynomial.fit(times, values, 1)
    expected = float(fitted(times[-1] + ahead))
    scale = max(map(abs, values)) * (1.0 + ahead)
    assert predict_linear(times, values, ahead) == pytest.approx(expected, abs=1e-9 * scale + 1e-9)


def test_now_may_lie_after_the_last_sample() -> None:
    assert predict_linear([0.0, 10.0], [5.0, 4.0], ahead=0.0, now=20.0) == pytest.approx(3.0)


@given(st.floats(1.0, 1e6), st.floats(0.01, 1e3))
def test_at_the_time_until_the_limit_the_line_is_at_the_limit(start: float, fall: float) -> None:
    times = np.arange(0.0, 10.0)
    values = start + 20.0 * fall - fall * times
    left = time_until(times, values, limit=start)
    assert predict_linear(times, values, left) == pytest.approx(start, rel=1e-6)


def test_a_resource_that_grows_is_never_gone_and_one_beyond_its_limit_is() -> None:
    assert time_until([0.0, 1.0, 2.0], [1.0, 2.0, 3.0]) == float("inf")
    assert time_until([0.0, 1.0, 2.0], [5.0, 5.0, 5.0]) == float("inf")
    assert time_until([0.0, 1.0, 2.0], [1.0, 0.0, -1.0]) == 0.0


@pytest.mark.parametrize("times", [[], [1.0], [2.0, 2.0]])
def test_a_line_through_one_time_is_refused(times: list[float]) -> None:
    with pytest.raises(ValueError, match="two times"):
        predict_linear(times, [1.0] * len(times), 1.0)


@given(st.floats(0.5, 100.0), st.floats(1.0, 1e3))
def test_paths_that_rise_evenly_cross_where_the_formula_says(rate: float, limit: float) -> None:
    times = np.arange(0.0, 50.0)
    paths = np.array([[rate], [2.0 * rate]]) * times
    expected = limit / (rate * np.array([1.0, 2.0]))
    assume(np.all(np.abs(expected - times[-1]) > 1e-9))  # else rounding decides
    found = first_crossing(times, paths, limit)
    assert found == pytest.approx(np.where(expected <= times[-1], expected, np.inf))


def test_more_of_a_resource_lasts_longer_in_every_draw() -> None:
    rng = np.random.default_rng(3)
    paths = np.cumsum(rng.exponential(1.0, (200, 24)), axis=1)
    times = np.arange(1.0, 25.0)
    few, many = (first_crossing(times, paths, limit) for limit in (8.0, 12.0))
    assert np.all(few <= many)
    assert np.isinf(first_crossing(times, paths, 1e9)).all()
    assert np.all(first_crossing(times, paths, 0.0) == 1.0)


def test_the_limit_may_differ_by_draw_and_period() -> None:
    paths = np.tile(np.arange(5.0), (2, 1))
    found = first_crossing(np.arange(5.0), paths, np.array([[2.0], [3.0]]))
    assert found.tolist() == [2.0, 3.0]
    bought = np.array([0.5, 9.0, 9.0, 9.0, 3.5])  # more is bought after the first period
    assert first_crossing(np.arange(5.0), paths, bought) == pytest.approx([3.0 + 6.0 / 6.5] * 2)


def test_a_quantile_never_lies_between_a_time_and_never() -> None:
    left = np.array([1.0, 2.0, np.inf, np.inf])
    assert np.quantile(left, [0.25, 0.5, 0.9], method="higher").tolist() == [2.0, np.inf, np.inf]
