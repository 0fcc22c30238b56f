from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import lognorm

from capacity.estimate import BASES, Estimate
from forecast.draws import named_stream

DRAWS = 20_000
levels = st.floats(0.05, 0.99)


@st.composite
def positives(draw: st.DrawFn) -> Estimate:
    low = draw(st.floats(1e-6, 1e9))
    mid = low * draw(st.floats(1.001, 1e3))
    high = mid * draw(st.floats(1.001, 1e3))
    return Estimate(low, mid, high, level=draw(levels))


@st.composite
def shares(draw: st.DrawFn) -> Estimate:
    cuts = draw(st.lists(st.floats(1e-4, 1 - 1e-4), min_size=3, max_size=3, unique=True))
    low, mid, high = sorted(cuts)
    if min(mid - low, high - mid) < 1e-6:
        low, mid, high = 0.2, 0.3, 0.9
    return Estimate(low, mid, high, level=draw(levels), unit="share")


def masses(estimate: Estimate) -> tuple[float, float, float]:
    draws = estimate.draw(DRAWS, named_stream(3, "x"))
    inside = (draws >= estimate.low) & (draws <= estimate.high)
    return (
        float((draws < estimate.low).mean()),
        float(inside.mean()),
        float((draws > estimate.high).mean()),
    )


@given(st.one_of(positives(), shares()))
def test_the_stated_mass_lies_inside_and_half_of_the_rest_on_each_side(value: Estimate) -> None:
    outside = (1 - value.level) / 2
    assert masses(value) == pytest.approx((outside, value.level, outside), abs=1.5 / DRAWS)


@given(st.one_of(positives(), shares()))
def test_the_middle_is_the_median(value: Estimate) -> None:
    draws = value.draw(DRAWS, named_stream(3, "x"))
    assert float((draws < value.mid).mean()) == pytest.approx(0.5, abs=1 / DRAWS)


@given(st.one_of(positives(), shares()))
def test_the_ends_are_the_quantiles_of_the_level(value: Estimate) -> None:
    edge = float(ndtri(0.5 + value.level / 2))
    at_ends = value.at_normal(np.array([-edge, 0.0, edge]))
    assert at_ends == pytest.approx([value.low, value.mid, value.high], rel=1e-9)


@given(st.one_of(positives(), shares()))
def test_values_rise_with_the_score(value: Estimate) -> None:
    at = value.at_normal(np.linspace(-4, 4, 101))
    assert np.all(np.diff(at) >= 0)


@given(shares())
def test_no_draw_of_a_share_leaves_0_to_1(value: Estimate) -> None:
    draws = value.draw(DRAWS, named_stream(3, "x"))
    assert 0 <= draws.min() <= draws.max() <= 1


def test_a_symmetric_estimate_is_the_lognormal_of_scipy() -> None:
    value = Estimate(50, 100, 200, level=0.8)
    sigma = math.log(2) / ndtri(0.9)
    law = lognorm(s=sigma, scale=100)
    draws = np.sort(value.draw(DRAWS, named_stream(3, "x")))
    ranks = (np.arange(DRAWS) + 0.5) / DRAWS
    assert draws == pytest.approx(law.ppf(ranks), rel=1e-9)


def test_each_side_of_a_skewed_estimate_has_its_own_spread() -> None:
    value = Estimate(95, 100, 400, level=0.9)
    assert masses(value) == pytest.approx((0.05, 0.9, 0.05), abs=1e-4)
    one = value.at_normal(np.array([-1.0, 1.0]))
    assert math.log(one[1] / 100) / math.log(100 / one[0]) == pytest.approx(
        math.log(4) / math.log(100 / 95)
    )


@pytest.mark.parametrize("value", [0.0, -3.0, 1.0, 1e12])
def test_a_certain_quantity_is_the_same_in_every_draw(value: float) -> None:
    for unit in ("1", "share"):
        draws = Estimate.exactly(value, unit).draw(5, named_stream(3, "x"))
        assert draws.tolist() == [value] * 5


def test_draws_depend_on_the_stream_alone() -> None:
    value = Estimate(1, 2, 5)
    one, again, other = (value.draw(50, named_stream(3, name)) for name in ("x", "x", "y"))
    assert one.tolist() == again.tolist() != other.tolist()


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((math.nan, 1, 2), "finite"),
        ((1, 2, math.inf), "finite"),
        ((3, 2, 1), "low <= mid <= high"),
        ((0, 1, 2), "above 0, got low = 0"),
        ((-1, 1, 2), "above 0"),
        ((1, 1, 2), "all differ or all be equal"),
        ((1, 2, 2), "all differ or all be equal"),
    ],
)
def test_impossible_numbers_are_refused(numbers: tuple[float, float, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Estimate(*numbers)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 90.0, math.nan])
def test_a_level_outside_0_to_1_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        Estimate(1, 2, 3, level=level)


def test_an_uncertain_share_must_stay_below_one() -> None:
    with pytest.raises(ValueError, match="share must be below 1, got high = 1"):
        Estimate(0.2, 0.5, 1.0, unit="share")


def test_bases_are_three() -> None:
    assert BASES == ("measured", "calibrated", "assumed")
