from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.growth.bridge import reconstruct
from forecast.history import History


def with_points(first, second, third, kind):
    points = {"2021-01": first, "2021-06": second, "2021-11": third}
    return History.from_points("q", points, kind=kind)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.1, 1e9), min_size=3, max_size=3), st.integers(0, 999))
def test_reported_months_are_exact_in_every_path(values, seed):
    history = with_points(*sorted(values), kind="cumulative")
    past = reconstruct(history, paths=30, seed=seed)
    for date, value in zip(history.months, history.values, strict=True):
        assert (past.at(date) == value).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.1, 1e9), min_size=3, max_size=3), st.integers(0, 999))
def test_a_cumulative_count_never_falls_between_reports(values, seed):
    past = reconstruct(with_points(*sorted(values), kind="cumulative"), paths=30, seed=seed)
    steps = np.diff(past.values, axis=1)
    assert (steps >= -1e-12 * past.values[:, 1:]).all()


def test_the_median_is_a_straight_line_in_log(users, queries):
    for history, tolerance in ((queries, 1e-3), (users, 0.08)):
        past = reconstruct(history, paths=4_001, seed=3)
        line = np.linspace(*np.log(history.values), 12)
        assert np.allclose(np.log(past.quantile(0.5)), line, atol=tolerance)


def test_the_noise_is_that_of_a_bridge(queries):
    past = reconstruct(queries, paths=8_000, seed=3, volatility=0.1)
    spread = np.log(past.values).std(axis=0)
    steps = np.arange(12)
    assert np.allclose(spread, 0.1 * np.sqrt(steps * (11 - steps) / 11), atol=2e-3)


def test_without_volatility_there_is_one_path(queries):
    past = reconstruct(queries, paths=5, seed=3, volatility=0.0)
    assert np.allclose(past.values, past.values[0])
    assert past.at("2022-06")[0] == pytest.approx(250_000 * 7.2 ** (5 / 11))


def test_every_month_is_labelled(users):
    past = reconstruct(users, paths=5, seed=3)
    assert past.kinds == ("reported", *["reconstructed"] * 10, "reported")
    assert "10 months between reported values are reconstructed" in past.notes[0]


def test_a_monthly_history_needs_no_reconstruction(monthly):
    past = reconstruct(monthly(6), paths=5, seed=3)
    assert set(past.kinds) == {"reported"}
    assert past.notes == ()
    assert np.allclose(past.values, monthly(6).values)


def test_a_seed_decides_every_path(users):
    first, again, other = (reconstruct(users, 20, seed).values for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"paths": 1, "seed": 1}, "paths must be"),
        ({"paths": 9, "seed": -1}, "seed must be"),
        ({"paths": 9, "seed": 1, "volatility": -0.1}, "volatility must be"),
        ({"paths": 9, "seed": 1, "volatility": np.nan}, "volatility must be"),
        ({"paths": 9, "seed": 1, "shocks": np.zeros((9, 3))}, r"allowed: finite .*\(9, 11\)"),
    ],
)
def test_impossible_arguments_are_refused(users, arguments, said):
    with pytest.raises(ValueError, match=said):
        reconstruct(users, **arguments)
