from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.load.network import crossing_share, gbit_per_s, history_bytes


def test_published_history_traffic_is_reached() -> None:
    """30,000 messages a second with 180 messages of 1,390 bytes: 7 to 8 GB/s."""
    gbit = float(gbit_per_s(30_000, history_bytes(180, 1390)))
    assert 7 * 8 <= gbit <= 8 * 8
    assert gbit == pytest.approx(30_000 * 180 * 1390 * 8 / 1e9)


@given(st.floats(0, 1e6), st.floats(0, 1e9), st.floats(0, 100))
def test_bandwidth_is_proportional_to_rate_and_size(rate: float, size: float, k: float) -> None:
    assert float(gbit_per_s(rate * k, size)) == pytest.approx(float(gbit_per_s(rate, size * k)))


@given(st.integers(1, 20))
def test_the_share_that_leaves_the_zone_is_that_of_the_other_zones(zones: int) -> None:
    assert crossing_share(zones) == pytest.approx((zones - 1) / zones)
