"""Search for the smallest count that meets a requirement."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from capacity.search import smallest_meeting

thresholds = st.lists(st.integers(1, 10**7), min_size=1, max_size=8)


@given(thresholds, st.integers(-100, 10**7))
def test_the_answer_does_not_depend_on_the_guess(bounds: list[int], guess: int) -> None:
    bound = np.array(bounds)
    found = smallest_meeting(lambda n, i: n >= bound[i], np.full(bound.size, guess))
    assert np.array_equal(found, bound)


def test_counts_at_the_floor_are_never_tried() -> None:
    def meets(counts: Any, _: Any) -> Any:
        assert np.all(counts > 3)
        return counts > 0

    assert smallest_meeting(meets, np.array([50, 1]), floor=3).tolist() == [4, 4]


def test_an_exact_guess_takes_two_rounds() -> None:
    rounds = []

    def meets(counts: Any, which: Any) -> Any:
        rounds.append(counts.size)
        return counts >= 40

    smallest_meeting(meets, np.array([40, 40]))
    assert rounds == [2, 2]


def test_nothing_to_search_gives_nothing() -> None:
    assert smallest_meeting(lambda n, i: n > 0, np.array([], dtype=np.int64)).size == 0
