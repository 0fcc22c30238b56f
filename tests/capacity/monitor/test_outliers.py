from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from capacity.monitor.outliers import CUTOFF, robust_z

samples = st.lists(st.integers(-1000, 1000), min_size=1, max_size=30)


@given(samples, st.integers(-1000, 1000), st.integers(-100, 100), st.integers(1, 50))
def test_neither_shift_nor_unit_moves_it(
    sample: list[int], value: int, shift: int, unit: int
) -> None:
    other = [unit * x + shift for x in sample]
    assert robust_z(unit * value + shift, other) == pytest.approx(robust_z(value, sample))


@given(samples, st.integers(-1000, 1000))
def test_a_mirrored_sample_gives_the_opposite(sample: list[int], value: int) -> None:
    assert robust_z(-value, [-x for x in sample]) == pytest.approx(-robust_z(value, sample))


def test_one_wild_value_in_the_sample_hides_nothing() -> None:
    calm = [10.0, 11.0, 9.0, 10.5, 9.5, 10.2, 9.8]
    assert robust_z(20.0, [*calm, 1e9]) > CUTOFF
    assert (20.0 - np.mean([*calm, 1e9])) / np.std([*calm, 1e9]) < CUTOFF


def test_of_a_normal_sample_it_is_the_usual_distance() -> None:
    sample = np.random.default_rng(1).standard_normal(200_001)
    assert robust_z(2.0, sample) == pytest.approx(2.0, abs=0.03)


def test_a_sample_of_mostly_one_number_falls_back_on_the_mean_deviation() -> None:
    sample = [5.0] * 9 + [6.0]
    assert robust_z(6.0, sample) == pytest.approx(0.7979 / 0.1)


@given(st.floats(-1e6, 1e6), st.integers(1, 9), st.floats(-1e6, 1e6))
def test_of_a_constant_sample_only_the_constant_is_no_outlier(
    level: float, count: int, value: float
) -> None:
    assume(value != level)
    assert robust_z(level, [level] * count) == 0.0
    assert robust_z(value, [level] * count) == np.copysign(np.inf, value - level)


def test_an_empty_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        robust_z(1.0, [])
