from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.precision import rank_spread
from forecast.draws import named_stream

DRAWS, SEEDS = 1_000, 60


@given(st.floats(0, 1), st.integers(100, 10**6))
def test_both_tails_are_alike_and_more_draws_are_never_less_precise(p: float, draws: int) -> None:
    assert rank_spread(p, draws) == pytest.approx(rank_spread(1 - p, draws), abs=1e-9)
    assert rank_spread(p, draws * 4) <= rank_spread(p, draws)


@given(st.floats(0.05, 0.95))
def test_four_times_the_draws_halve_the_spread(p: float) -> None:
    ratio = rank_spread(p, 40_000_000) / rank_spread(p, 10_000_000)
    assert ratio == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_two_independent_samples_lie_within_the_spread(p: float) -> None:
    """Without the stratification of a plan, which only makes it better."""
    rows = named_stream(5, "precision").random((SEEDS, 2, DRAWS))
    quantiles = np.quantile(rows, p, axis=2)
    assert np.abs(np.diff(quantiles, axis=1)).max() <= rank_spread(p, DRAWS)
