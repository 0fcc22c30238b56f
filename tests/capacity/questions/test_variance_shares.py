"""Published answers: Ishigami's function, and linear functions of correlated normal numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, sobol_indices

from capacity.arrays import Floats
from capacity.questions.surface import Surface
from capacity.questions.variance_shares import first_order, shapley_effects, total_effects


def linear(slopes: list[float], correlation: Floats) -> Surface:
    size = len(slopes)
    return Surface(np.array(slopes), np.zeros((size, size)), correlation)


def test_ishigamis_function_has_its_published_first_order_indices() -> None:
    """a = 7, b = 0.1: 0.3139, 0.4424, 0 (Ishigami and Homma 1990)."""
    x = np.random.default_rng(4).uniform(-math.pi, math.pi, (100_000, 3))
    values = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = first_order(x, values)
    assert found == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)


@given(st.floats(-0.95, 0.95), st.floats(0.2, 3), st.floats(0.2, 3))
def test_two_correlated_inputs_have_the_published_shapley_effects(
    r: float, one: float, other: float
) -> None:
    """Iooss and Prieur 2019, linear function of two normal inputs."""
    effects = shapley_effects(linear([one, other], np.array([[1.0, r], [r, 1.0]])))
    shared = r * one * other
    assert effects[0] == pytest.approx(one**2 * (1 - r**2 / 2) + shared + other**2 * r**2 / 2)
    assert effects[1] == pytest.approx(other**2 * (1 - r**2 / 2) + shared + one**2 * r**2 / 2)


@given(st.floats(-0.95, 0.95), st.floats(0.2, 2), st.floats(0.2, 2), st.floats(0.2, 2))
def test_an_input_apart_keeps_its_own_variance_beside_two_that_are_tied(
    r: float, alone: float, one: float, other: float
) -> None:
    """Iooss and Prieur 2019, three inputs of which the last two are correlated."""
    correlation = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, r], [0.0, r, 1.0]])
    effects = shapley_effects(linear([alone, one, other], correlation))
    assert effects[0] == pytest.approx(alone**2)
    half = r**2 / 2 * (other**2 - one**2)
    assert effects[1] == pytest.approx(one**2 + r * one * other + half)


@given(st.integers(0, 1_000))
def test_shapley_effects_share_the_whole_variance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bent, mixed = rng.standard_normal((5, 5)), rng.standard_normal((5, 7))
    covariance = mixed @ mixed.T
    size = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(size, size)
    surface = Surface(rng.standard_normal(5), bent + bent.T, correlation)
    effects = shapley_effects(surface)
    assert effects.sum() == pytest.approx(surface.variance())
    assert np.all(effects >= -1e-9)


def test_independent_inputs_of_a_quadratic_agree_with_scipy() -> None:
    surface = Surface(np.array([1.0, 2.0, 0.5]), np.array(
        [[0.3, 0.5, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.2]]), np.eye(3))  # fmt: skip

    def function(z: Floats) -> Floats:
        return np.asarray(surface.linear @ z + np.einsum("id,ij,jd->d", z, surface.quadratic, z))

    found = sobol_indices(func=function, n=2**14, dists=[norm()] * 3, rng=np.random.default_rng(1))
    whole = surface.variance()
    first = np.array([surface.variance([k]) / whole for k in range(3)])
    assert first == pytest.approx(found.first_order, abs=0.02)
    assert total_effects(surface) / whole == pytest.approx(found.total_order, abs=0.02)
    shares = shapley_effects(surface) / whole
    assert np.all((first - 1e-9 <= shares) & (shares <= total_effects(surface) / whole + 1e-9))


def test_given_draws_and_the_surface_agree_on_an_additive_function() -> None:
    slopes = np.array([3.0, 2.0, 1.0, 0.0])
    z = np.random.default_rng(6).standard_normal((20_000, 4))
    found = first_order(z, z @ slopes)
    assert found == pytest.approx(slopes**2 / 14, abs=0.01)
    assert shapley_effects(linear(slopes.tolist(), np.eye(4))) / 14 == pytest.approx(slopes**2 / 14)


def test_what_does_not_vary_has_no_shares() -> None:
    assert first_order(np.random.default_rng(1).random((200, 2)), np.ones(200)).tolist() == [0, 0]


def test_too_few_draws_and_too_many_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="100 draws are too few"):
        first_order(np.zeros((100, 1)), np.zeros(100))
    with pytest.raises(ValueError, match="allowed up to 12"):
        shapley_effects(linear([1.0] * 13, np.eye(13)))
