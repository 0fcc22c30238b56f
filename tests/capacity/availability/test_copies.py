"""A unit with hot standbys."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.availability.copies import replicated_down, unit_failures_per_h
from capacity.scenarios.tree import Replicated
from tests.capacity.availability.service_cases import SHIPPED


@given(st.floats(1e-6, 0.05), st.floats(0.3, 1.0))
@settings(max_examples=30)
def test_the_unit_of_a_pair_gives_the_pair_back(down: float, coverage: float) -> None:
    part = Replicated(down, 4.0, coverage)
    rate = unit_failures_per_h(part)
    alone = 4 * rate / (1 + 4 * rate)
    assert replicated_down(part, 0) == pytest.approx(alone, rel=1e-6)
    assert replicated_down(part, 2) <= replicated_down(part, 1) * (1 + 1e-9) <= alone * (1 + 1e-6)


def test_the_promises_of_a_database_with_and_without_standby_agree() -> None:
    """The unit that follows from 99.95 % for a pair is as good as the 99.5 % promised for one."""
    assert replicated_down(SHIPPED.parts["database"], 0) == pytest.approx(0.005, rel=0.1)
