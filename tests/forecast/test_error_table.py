from __future__ import annotations

import numpy as np
import pytest

from forecast.error_table import error_table, learned_errors
from forecast.quantile_network import LEVELS

RNG = np.random.default_rng


def walk_errors(count, horizon, sizes):
    """Errors that grow like those of a random walk, times the size of each series."""
    return sizes[:, None] * np.cumsum(RNG(1).normal(size=(count, horizon)), axis=1)


def test_errors_of_random_walks_are_learned_as_such():
    sizes = RNG(2).uniform(0.01, 0.2, 4_000)
    table = learned_errors(walk_errors(4_000, 12, sizes), sizes, None)
    assert table.growth == pytest.approx(0.5, abs=0.05)
    normal = np.array([-1.96, -1.2816, 0.0, 1.2816, 1.96])
    assert table.quantiles[[1, 3, 6, 9, 11]] == pytest.approx(normal, abs=0.1)
    assert table.typical == pytest.approx(float(np.median(sizes)))


@pytest.mark.parametrize("factor", [0.3, 3.0])
def test_stretched_intervals_hold_what_they_say(factor):
    """Whatever the networks claim, the mean of both is stretched to the right coverage."""
    sizes = np.full(4_000, 0.1)
    errors = walk_errors(4_000, 6, sizes)
    claimed = factor * np.quantile(errors, LEVELS, axis=0)
    table = learned_errors(errors, sizes, np.repeat(claimed[None], 4_000, axis=0))
    offsets = table.offsets(0.1, 6, claimed)
    for level in (1, 3):
        inside = (errors >= offsets[level]) & (errors <= offsets[-1 - level])
        assert inside.mean() == pytest.approx(1.0 - 2.0 * LEVELS[level], abs=0.02)


@pytest.mark.parametrize("step", ["year", "quarter", "month", "week", "day", "hour"])
def test_shipped_intervals_never_cross_and_never_narrow(step):
    offsets = error_table(step).offsets(0.1, 20, None)
    assert (np.diff(offsets, axis=0) >= 0.0).all()
    assert (np.diff(offsets[-1] - offsets[0]) >= 0.0).all()


def test_an_unknown_error_is_taken_as_the_typical_one():
    table = error_table("month")
    known = table.offsets(table.typical, 3, None)
    assert table.offsets(float("nan"), 3, None).tolist() == known.tolist()
