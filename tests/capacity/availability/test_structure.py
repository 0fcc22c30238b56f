"""Networks of components."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.structure import connection_availability

BRIDGE = [("s", "a"), ("s", "b"), ("a", "d"), ("b", "e"), ("a", "c"), ("b", "c"), ("c", "d"),
          ("c", "e"), ("d", "t"), ("e", "t")]  # fmt: skip
PATHS = [{"a", "d"}, {"b", "e"}, {"a", "c", "e"}, {"b", "c", "d"}]


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_bridge_equals_the_sum_over_all_states(up: list[float]) -> None:
    chances = dict(zip("abcde", up, strict=True))
    total = 0.0
    for state in product([True, False], repeat=5):
        working = {name for name, works in zip("abcde", state, strict=True) if works}
        p = 1.0
        for name, chance in chances.items():
            p *= chance if name in working else 1 - chance
        total += p * any(path <= working for path in PATHS)
    assert connection_availability(BRIDGE, "s", "t", chances) == pytest.approx(total, abs=1e-12)


def test_series_multiplies_and_parallel_complements() -> None:
    series = [("s", "a"), ("a", "b"), ("b", "t")]
    parallel = [("s", "a"), ("a", "t"), ("s", "b"), ("b", "t")]
    up = {"a": 0.9, "b": 0.7}
    assert connection_availability(series, "s", "t", up) == pytest.approx(0.63)
    assert connection_availability(parallel, "s", "t", up) == pytest.approx(0.97)


def test_no_path_is_never_available_and_sure_parts_always() -> None:
    assert connection_availability([("t", "s")], "s", "t", {}) == 0.0
    assert connection_availability([("s", "a"), ("a", "t")], "s", "t", {"unused": 0.1}) == 1.0
