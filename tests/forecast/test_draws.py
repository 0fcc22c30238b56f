from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from forecast.draws import bridge_scores, correlate, named_stream, path_scores, stratify


def normals(shape, seed=3):
    return np.random.default_rng(seed).standard_normal(shape)


@given(st.integers(0, 2**31), st.text(max_size=8))
def test_a_stream_depends_on_seed_and_name_alone(seed, name):
    assert named_stream(seed, name).random() == named_stream(seed, name).random()
    assert named_stream(seed, name).random() != named_stream(seed + 1, name).random()


@pytest.mark.parametrize("seed", [-1, 1.5, "7", True, None])
def test_an_impossible_seed_is_refused(seed):
    with pytest.raises(ValueError, match="whole number of at least 0"):
        named_stream(seed, "users")


@given(st.integers(2, 400), st.integers(1, 5))
def test_strata_hold_one_path_each_in_the_order_of_the_draws(paths, months):
    draws = normals((paths, months))
    scores = stratify(draws)
    cells = np.sort(norm.cdf(scores) * paths, axis=0)
    assert np.allclose(cells, np.arange(paths)[:, None] + 0.5)
    assert (np.argsort(draws, axis=0) == np.argsort(scores, axis=0)).all()


@pytest.mark.parametrize("wanted", [-0.6, 0.0, 0.37, 0.9])
def test_the_wanted_correlation_is_achieved_at_every_month(wanted):
    leader, own = normals((20_000, 12), 1), normals((20_000, 12), 2)
    first = path_scores(leader, 0.2)
    second = path_scores(correlate(leader, own, wanted), 0.2)
    for month in range(12):
        found = np.corrcoef(first[:, month], second[:, month])[0, 1]
        assert found == pytest.approx(wanted, abs=0.03)


@pytest.mark.parametrize("persistence", [0.15, 0.5, 0.8])
def test_scores_of_two_months_have_the_stated_correlation(persistence):
    scores = path_scores(normals((20_000, 18)), persistence)
    for early, late in ((1, 3), (6, 18), (12, 18)):
        found = np.corrcoef(scores[:, early - 1], scores[:, late - 1])[0, 1]
        assert found == pytest.approx((early / late) ** persistence, abs=0.03)


def test_more_months_leave_the_first_months_as_they_were():
    draws = normals((18, 500)).T
    assert (path_scores(draws, 0.3)[:, :12] == path_scores(draws[:, :12], 0.3)).all()


def test_bridge_scores_are_those_of_a_brownian_bridge():
    scores = bridge_scores(normals((20_000, 11)))
    assert scores.shape == (20_000, 10)
    share = np.arange(1, 11) / 11
    expected = (
        share[2] * (1 - share[7]) / np.sqrt(share[2] * (1 - share[2]) * share[7] * (1 - share[7]))
    )
    assert np.corrcoef(scores[:, 2], scores[:, 7])[0, 1] == pytest.approx(expected, abs=0.03)


def test_impossible_correlation_and_persistence_are_refused():
    with pytest.raises(ValueError, match="between -1 and 1"):
        correlate(np.zeros(2), np.zeros(2), 1.2)
    with pytest.raises(ValueError, match="persistence must be above 0"):
        path_scores(np.zeros((2, 2)), 0.0)
