"""A request says what columns it makes, and everything that is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.panel.request import PanelRequest
from forecast.series import SEASONS

PERCENTS = st.sets(st.integers(1, 999), min_size=1, max_size=20)


@given(PERCENTS)
def test_columns_and_probabilities_ascend_around_the_median(tenths):
    request = PanelRequest(3, levels=tuple(value / 1000.0 for value in tenths))
    middle = len(tenths)
    assert request.columns[middle] == "median"
    assert request.probabilities[middle] == 0.5
    assert np.diff(request.probabilities).min() > 0.0
    inside = [
        request.probabilities[-1 - n] - request.probabilities[n] for n in range(middle)
    ]  # fmt: skip
    assert inside == pytest.approx([float(name[2:]) / 100.0 for name in request.columns[:middle]])


def test_the_order_and_repetition_of_levels_do_not_matter():
    assert PanelRequest(3, levels=(0.95, 0.8, 0.8)) == PanelRequest(3, levels=(0.8, 0.95))


@pytest.mark.parametrize("step", SEASONS)
def test_counted_steps_are_those_of_the_season_unless_told(step):
    assert PanelRequest(3, season=SEASONS[step]).counted_step == step
    assert PanelRequest(3, season=7, step=step).counted_step == step
    assert PanelRequest(3, season=9).counted_step == "day"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"horizon": 0}, "horizon 0; allowed: 1 to 10,000"),
        ({"horizon": 10**9}, "horizon 1000000000"),
        ({"horizon": True}, "horizon True"),
        ({"horizon": 3, "season": -1}, "season -1"),
        ({"horizon": 3, "step": "minute"}, "'minute'; allowed: hour"),
        ({"horizon": 3, "levels": ()}, "0 levels"),
        ({"horizon": 3, "levels": (1.0,)}, "between 0 and 1"),
        ({"horizon": 3, "levels": (float("nan"),)}, "between 0 and 1"),
        ({"horizon": 3, "levels": (0.8, 0.80000001)}, "that differ"),
        ({"horizon": 3, "model": "seasonal-naiv"}, "nearest: seasonal-naive"),
        ({"horizon": 0, "season": -1}, "horizon 0.*season -1"),
    ],
)
def test_a_wrong_request_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        PanelRequest(**options)
