from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.questions.steps import Level, parts_of


@given(st.lists(st.floats(0.1, 1e9), min_size=1, max_size=12))
def test_parts_add_up_and_factors_multiply_to_the_last_level(levels: list[float]) -> None:
    parts = parts_of([Level(str(place), level) for place, level in enumerate(levels)])
    assert math.fsum(part.value for part in parts) == pytest.approx(levels[-1])
    factors = math.prod(part.factor for part in parts[1:])
    assert levels[0] * factors == pytest.approx(levels[-1])
