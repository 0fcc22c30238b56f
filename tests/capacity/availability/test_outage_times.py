"""Outages in order and out of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from capacity.availability.outage_times import Outages


def test_outages_count_what_has_begun_and_not_ended() -> None:
    outages = Outages(np.array([1.0, 2.0]), np.array([3.0, 5.0]))
    assert outages.down(np.array([0.5, 1.0, 2.5, 3.0, 5.0])).tolist() == [0, 1, 2, 1, 0]


lives = st.lists(st.tuples(st.floats(0, 40), st.floats(0.01, 30)), min_size=1, max_size=20)


@given(lives)
def test_no_moment_of_an_hour_has_more_down_than_the_hour_allows(
    drawn: list[tuple[float, float]],
) -> None:
    starts = np.array([start for start, _ in drawn])
    outages = Outages(np.sort(starts), np.sort(starts + [hours for _, hours in drawn]))
    most = outages.most_down(24)
    moments = np.concatenate([starts, np.linspace(0.0, 23.99, 97)])
    moments = moments[moments < 23.0]
    assert np.all(outages.down(moments) <= most[moments.astype(int)])
    near = most > 1
    kept = outages.within(near)
    inside = np.floor(outages.starts).clip(max=23).astype(int)
    assert kept.starts.tolist() == outages.starts[near[inside]].tolist()
    within = moments[near[moments.astype(int)]]
    assert outages.down_within(near, within).tolist() == outages.down(within).tolist()
