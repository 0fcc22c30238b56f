from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.questions.surface import Surface, fit_surface


def random_surface(seed: int, inputs: int = 4) -> Surface:
    rng = np.random.default_rng(seed)
    mixed = rng.standard_normal((inputs, inputs + 2))
    covariance = mixed @ mixed.T
    size = np.sqrt(np.diag(covariance))
    bent = rng.standard_normal((inputs, inputs))
    return Surface(rng.standard_normal(inputs), bent + bent.T, covariance / np.outer(size, size))


@given(st.integers(0, 10_000))
def test_knowing_more_never_explains_less(seed: int) -> None:
    surface = random_surface(seed)
    for known in ([], [0], [0, 2], [0, 1, 2], [0, 1, 2, 3]):
        grown = sorted({*known, 3})
        assert surface.variance(known) <= surface.variance(grown) + 1e-9
    assert surface.variance([0, 1, 2, 3]) == pytest.approx(surface.variance())


@pytest.mark.parametrize("known", [[0], [1, 3], [0, 1, 2, 3]])
def test_the_explained_variance_is_that_of_simulated_conditional_means(known: list[int]) -> None:
    """Two ways: closed form, and regression-free simulation by conditional sampling."""
    surface, rng = random_surface(3), np.random.default_rng(5)
    others = [k for k in range(4) if k not in known]
    r = surface.correlation
    inside = r[np.ix_(known, known)]
    z = np.zeros((4_000, 4))
    z[:, known] = rng.standard_normal((4_000, len(known))) @ np.linalg.cholesky(inside).T
    total, squares = np.zeros(4_000), np.zeros(4_000)
    spread = r[np.ix_(others, known)] @ np.linalg.inv(inside)
    rest = r[np.ix_(others, others)] - spread @ r[np.ix_(known, others)]
    for _ in range(200):
        if others:
            noise = rng.standard_normal((4_000, len(others))) @ np.linalg.cholesky(rest).T
            z[:, others] = z[:, known] @ spread.T + noise
        values = z @ surface.linear + np.einsum("di,ij,dj->d", z, surface.quadratic, z)
        total, squares = total + values, squares + values**2
    means = total / 200
    noise_of_means = float(np.mean(squares / 200 - means**2)) / 199
    assert surface.variance(known) == pytest.approx(means.var() - noise_of_means, rel=0.1)


def test_a_quadratic_function_is_found_again() -> None:
    true, rng = random_surface(8), np.random.default_rng(9)
    z = rng.standard_normal((600, 4)) @ np.linalg.cholesky(true.correlation).T
    values = 5.0 + z @ true.linear + np.einsum("di,ij,dj->d", z, true.quadratic, z)
    found = fit_surface(z, values)
    assert found.linear == pytest.approx(true.linear)
    assert found.quadratic == pytest.approx(true.quadratic)
    assert found.correlation == pytest.approx(true.correlation, abs=0.1)


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="100 draws are too few"):
        fit_surface(np.zeros((100, 10)), np.zeros(100))
