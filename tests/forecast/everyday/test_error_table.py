from __future__ import annotations

import numpy as np
import pytest

from forecast.everyday.error_table import PastForecasts, error_table, learned_errors
from forecast.everyday.quantile_network import LEVELS

RNG = np.random.default_rng
LONG = 60  # values of a past


def walk_errors(sizes, horizon):
    """Errors of random walks, and what a fit expects that knows the sizes but not the growth."""
    errors = sizes[:, None] * np.cumsum(RNG(1).normal(size=(len(sizes), horizon)), axis=1)
    return errors, np.repeat(sizes[:, None], horizon, axis=1)


def learned_from(errors, expected, networks=None, counts=None, whole=None):
    number = len(errors)
    counts = np.full(number, LONG) if counts is None else counts
    whole = np.ones(number, dtype=bool) if whole is None else whole
    return learned_errors(PastForecasts(errors, expected, networks, counts, whole))


def test_errors_of_random_walks_are_learned_as_such():
    sizes = RNG(2).uniform(0.01, 0.2, 4_000)
    errors, expected = walk_errors(sizes, 12)
    table = learned_from(errors, expected)
    assert table.growth == pytest.approx(0.5, abs=0.05)
    normal = np.array([-1.96, -1.2816, 0.0, 1.2816, 1.96])
    assert table.quantiles[[1, 3, 6, 9, 11]] == pytest.approx(normal, abs=0.1)
    assert table.trust == pytest.approx(1.0, abs=0.05)
    assert table.typical == pytest.approx(float(np.median(sizes)))
    assert table.shortness == 0.0


def test_what_does_not_tell_calm_from_wild_is_not_trusted():
    errors, _ = walk_errors(np.full(4_000, 0.1), 6)
    told = np.repeat(RNG(3).uniform(0.01, 1.0, (4_000, 1)), 6, axis=1)
    assert learned_from(errors, told).trust == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("factor", [0.3, 3.0])
def test_stretched_intervals_hold_what_they_say(factor):
    """Whatever the networks claim, the mean of both is stretched to the right coverage."""
    errors, expected = walk_errors(np.full(4_000, 0.1), 6)
    claimed = factor * np.quantile(errors, LEVELS, axis=0)
    table = learned_from(errors, expected, np.repeat(claimed[None], 4_000, axis=0))
    offsets = table.offsets(np.full(6, 0.1), claimed, LONG)
    for level in (1, 3):
        inside = (errors >= offsets[level]) & (errors <= offsets[-1 - level])
        assert inside.mean() == pytest.approx(1.0 - 2.0 * LEVELS[level], abs=0.02)


@pytest.mark.parametrize("with_networks", [False, True])
def test_intervals_after_short_pasts_hold_what_they_say(with_networks):
    """Fits of few values make larger errors than they expect; quantiles come from whole pasts."""
    counts = RNG(4).choice([8, 16, 24, LONG], 8_000)
    errors, expected = walk_errors(np.full(8_000, 0.1), 6)
    errors *= np.exp(6.0 / counts)[:, None]
    claimed = np.quantile(errors[counts == LONG], LEVELS, axis=0)
    networks = np.repeat(claimed[None], 8_000, axis=0) if with_networks else None
    table = learned_from(errors, expected, networks, counts, counts == LONG)
    assert table.shortness == pytest.approx(6.0, abs=0.5)
    for count in (8, LONG):
        offsets = table.offsets(np.full(6, 0.1), claimed if with_networks else None, count)
        seen = errors[counts == count]
        inside = (seen >= offsets[3]) & (seen <= offsets[-4])
        assert inside.mean() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("step", ["year", "quarter", "month", "week", "day", "hour"])
def test_shipped_intervals_never_cross_and_never_narrow(step):
    offsets = error_table(step).offsets(np.full(20, 0.1), None, LONG)
    assert (np.diff(offsets, axis=0) >= 0.0).all()
    assert (np.diff(offsets[-1] - offsets[0]) >= 0.0).all()


@pytest.mark.parametrize("step", ["year", "quarter", "month", "week", "day"])
def test_shipped_intervals_are_wider_after_shorter_pasts(step):
    table = error_table(step)
    found = [table.offsets(np.full(4, 0.1), None, count)[-1, 0] for count in (2, 4, 12, 24, 96)]
    assert found[0] == found[1]
    assert (np.diff(found[1:]) < 0.0).all()


def test_a_step_without_a_table_has_that_of_months():
    month, week = (
        error_table(step).offsets(np.full(5, 0.1), None, 40) for step in ("month", "week")
    )
    assert week.tolist() == month.tolist()
