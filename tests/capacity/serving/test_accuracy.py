"""Errors of predictions, summed up."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.serving.accuracy import accuracy, group_bootstrap, next_quantiles

ERRORS = np.log([1.30, 0.90, 1.02, 0.75, 1.05])
GROUPS = ["a", "a", "b", "c", "c"]


def test_errors_are_predicted_over_measured_minus_one() -> None:
    found = accuracy(ERRORS, GROUPS, (0.8, 1.2))
    assert (found.n, found.groups) == (5, 3)
    assert (found.median, found.bias) == (0.1, 0.02)
    assert found.p90 == pytest.approx(0.28)
    assert found.cover90 == 0.6  # 1 / 1.30 and 1 / 0.75 lie outside


def test_bootstrap_intervals_hold_the_figures_and_repeat() -> None:
    found = group_bootstrap(ERRORS, GROUPS, np.random.default_rng(1))
    again = group_bootstrap(ERRORS, GROUPS, np.random.default_rng(1))
    assert found == again
    plain = accuracy(ERRORS, GROUPS, (0.8, 1.2))
    assert found["median"][0] < plain.median < found["median"][1]
    assert found["p90"][0] < plain.p90 < found["p90"][1]


def test_one_group_has_no_spread() -> None:
    found = group_bootstrap(ERRORS, ["a"] * 5, np.random.default_rng(1))
    assert found["median"] == (0.1, 0.1)


@pytest.mark.parametrize("n", [5, 12, 19, 60])
def test_quantiles_hold_the_next_number_as_often_as_they_say(n: int) -> None:
    numbers = np.random.default_rng(3).normal(size=(4000, n + 1))
    ends = np.array([next_quantiles(part[:-1], (0.05, 0.95)) for part in numbers])
    inside = (numbers[:, -1] >= ends[:, 0]) & (numbers[:, -1] <= ends[:, 1])
    assert abs(inside.mean() - 0.9) < 0.015


def test_an_interval_of_each_number_counts_for_it_alone() -> None:
    found = accuracy(np.log([1.3, 1.3]), ["a", "b"], (np.array([0.7, 0.8]), 1.2))
    assert found.cover90 == 0.5
