"""What observed failures show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from capacity.availability.demonstration import (
    annual_rate,
    failures_per_1000_node_days,
    job_mtbf_h,
    running_time_to_demonstrate,
    trials_to_demonstrate,
)


def test_rate_and_job_mtbf_are_two_views_of_one_count() -> None:
    rate = failures_per_1000_node_days(419, nodes=2048, days=54)
    assert job_mtbf_h(2048, rate) == pytest.approx(54 * 24 / 419)
    assert annual_rate(419, 2048, 54) == pytest.approx(rate * 0.365)


@given(st.floats(0.5, 0.999), st.floats(0.5, 0.99), st.integers(0, 5))
def test_one_trial_fewer_proves_nothing(
    reliability: float, confidence: float, failures: int
) -> None:
    n = trials_to_demonstrate(reliability, confidence, failures)
    doubt = 1 - confidence
    assert binom.cdf(failures, n, 1 - reliability) <= doubt * (1 + 1e-9)
    assert binom.cdf(failures, n - 1, 1 - reliability) > doubt * (1 - 1e-9)


@given(st.floats(0.05, 0.99), st.integers(0, 20))
def test_running_time_is_half_a_chi_square_quantile(confidence: float, failures: int) -> None:
    expected = chi2.ppf(confidence, 2 * failures + 2) / 2
    assert running_time_to_demonstrate(confidence, failures) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: trials_to_demonstrate(1.0, 0.9), "strictly between 0 and 1"),
        (lambda: trials_to_demonstrate(0.9, 0.9, -1), "failures must not be negative, got -1"),
        (lambda: running_time_to_demonstrate(0.0), "strictly between 0 and 1, got 0.0"),
        (lambda: running_time_to_demonstrate(0.9, -2), "failures must not be negative, got -2"),
    ],
)
def test_impossible_arguments_are_refused(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
