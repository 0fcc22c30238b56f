from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from capacity.monitor.detection import ALARM, alarms, checked, score, watch


@given(st.floats(0.0, 1e300), st.floats(1e-3, 1e3))
def test_a_score_is_half_exactly_at_the_limit(statistic: float, limit: float) -> None:
    assume(abs(statistic / limit - 1.0) > 1e-12)  # else rounding decides
    assert (score(statistic, limit) >= ALARM) == (statistic >= limit)
    assert score(limit, limit) == ALARM


@given(st.lists(st.floats(0.0, 1.0), max_size=60), st.integers(0, 20))
def test_alarms_keep_their_distance_and_miss_no_first(scores: list[float], quiet: int) -> None:
    raised = alarms(np.array(scores), quiet=quiet)
    assert np.all(np.diff(raised) > quiet)
    high = [place for place, found in enumerate(scores) if found >= ALARM]
    assert raised[:1] == high[:1]
    assert all(any(0 <= place - alarm <= quiet for alarm in raised) for place in high)


@given(st.floats(0.0, 1e9), st.floats(1e-3, 1e9), st.floats(1e-3, 1e3))
def test_a_larger_statistic_never_scores_less(statistic: float, more: float, limit: float) -> None:
    assert 0.0 <= score(statistic, limit) <= score(statistic + more, limit) <= 1.0
    assert score(math.inf, limit) == 1.0


@given(st.floats(-1e100, 1e100))
def test_a_number_passes_unchanged(value: float) -> None:
    assert checked(value) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.1e100])
def test_what_is_no_usable_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="between -1e100 and 1e100"):
        checked(value)


def test_a_detector_goes_on_from_where_it_stands() -> None:
    class Count:
        seen = 0.0

        def update(self, value: float) -> float:
            self.seen += value
            return self.seen

    counter = Count()
    assert watch(counter, [1.0, 1.0]).tolist() == [1.0, 2.0]
    assert watch(counter, [1.0]).tolist() == [3.0]
    assert watch(counter, []).shape == (0,)
