"""Whether stored data survives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.durability import (
    any_group_lost,
    loss_probability,
    recovery_point_h,
    recovery_time_h,
)


def test_three_of_four_coding_matches_the_published_model_checker_run() -> None:
    assert 1 - loss_probability(4, 3, 0.05, 52.14) == pytest.approx(0.99943953, abs=2e-7)
    assert 1 - loss_probability(4, 3, 0.05, 365.0) == pytest.approx(0.99991812, abs=5e-9)


def test_a_single_copy_is_lost_with_its_disk() -> None:
    years = 3.0
    lost = loss_probability(1, 1, 0.0157, 365.0, years)
    assert lost == pytest.approx(1 - 2.718281828 ** (-0.0157 * years), rel=1e-6)


@given(st.integers(1, 4), st.integers(0, 3), st.floats(0.005, 0.2))
def test_another_fragment_or_faster_rebuilding_loses_less(
    need: int, spare: int, failure_rate: float
) -> None:
    base = loss_probability(need + spare, need, failure_rate, 50.0)
    assert loss_probability(need + spare + 1, need, failure_rate, 50.0) < base
    assert loss_probability(need + spare, need, failure_rate, 100.0) <= base * (1 + 1e-9)


def test_more_needed_than_stored_is_refused() -> None:
    with pytest.raises(ValueError, match="need must be from 1 to fragments = 3, got 4"):
        loss_probability(3, 4, 0.01, 365.0)


@given(st.floats(0.5, 200), st.floats(0, 50))
def test_a_restore_loses_what_came_since_the_last_whole_backup_began(
    every: float, taking: float
) -> None:
    """Losses at all moments of one interval between two backups."""
    moments = 1000.0 * every + np.linspace(0.0, every, 2001)[1:]
    begun = np.floor((moments - taking) / every + 1e-12) * every
    mean, most = recovery_point_h(every, taking)
    assert (moments - begun).mean() == pytest.approx(mean, rel=2e-3)
    assert (moments - begun).max() <= most * (1.0 + 1e-9)


@given(st.floats(0, 0.5), st.integers(1, 50))
def test_some_group_is_lost_unless_all_are_kept(loss: float, groups: int) -> None:
    assert any_group_lost(loss, groups) == pytest.approx(1.0 - (1.0 - loss) ** groups, abs=1e-12)


def test_a_tiny_loss_counts_for_every_group() -> None:
    assert any_group_lost(1e-20, 1e6) == pytest.approx(1e-14)
    assert any_group_lost(1.0, 3) == 1.0


@given(st.floats(0, 100), st.floats(1, 400), st.floats(0, 10))
def test_twice_the_rate_halves_the_restore(stored: float, rate: float, decided: float) -> None:
    one, two = (recovery_time_h(stored, factor * rate, decided) - decided for factor in (1, 2))
    assert one == pytest.approx(2 * two, abs=1e-9)


def test_impossible_backups_are_refused() -> None:
    with pytest.raises(ValueError, match="every_h"):
        recovery_point_h(0.0, 1.0)
    with pytest.raises(ValueError, match="gbit_per_s"):
        recovery_time_h(1.0, 0.0, 1.0)
