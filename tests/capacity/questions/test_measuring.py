from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from capacity.questions.measuring import purchase_loss, worth_of_measuring


@given(st.lists(st.integers(0, 99), min_size=2, max_size=40), st.floats(0.55, 0.98))
def test_no_other_purchase_loses_less_than_the_quantile(need: list[int], p: float) -> None:
    needed = np.array(need, dtype=float)
    best = float(purchase_loss(needed, p))
    for bought in range(100):
        idle, short = np.maximum(bought - needed, 0), np.maximum(needed - bought, 0)
        assert best <= float((idle + p / (1 - p) * short).mean()) + 1e-9


def test_a_normal_need_loses_the_published_newsvendor_loss() -> None:
    """Loss of the optimal order: sigma times density at its quantile over (1 - p)."""
    need = norm.ppf((np.arange(20_000) + 0.5) / 20_000) * 30.0 + 500.0
    expected = 30.0 * norm.pdf(norm.ppf(0.9)) / 0.1
    assert float(purchase_loss(need, 0.9)) == pytest.approx(expected, rel=1e-3)


def test_knowing_one_of_two_equal_parts_of_a_normal_need_saves_its_share_of_the_spread() -> None:
    z = np.random.default_rng(3).standard_normal((40_000, 3))
    saved = worth_of_measuring(z, 500.0 + 30.0 * (z[:, 0] + z[:, 1]), 0.9, classes=40)
    loss = 30.0 * norm.pdf(norm.ppf(0.9)) / 0.1
    whole, left = np.sqrt(2.0) * loss, loss
    assert saved[:2] == pytest.approx([whole - left] * 2, rel=0.05)
    assert saved[2] < 0.02 * whole


def test_knowing_everything_saves_no_less_than_knowing_one_thing() -> None:
    z = np.random.default_rng(3).standard_normal((4_000, 2))
    need = np.ceil(np.exp(z[:, 0] + z[:, 1]))
    assert worth_of_measuring(z, need, 0.9).max() <= float(purchase_loss(need, 0.9))
