"""Errors of predictions, summed up."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.serving_accuracy import accuracy, group_bootstrap

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
