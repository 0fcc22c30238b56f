from __future__ import annotations

import numpy as np
import pytest

from capacity.evidence import BINDINGS, cross_check, serving_summary
from capacity.fleet.sizing import Traffic
from capacity.scenarios.parts import CrossCheck
from capacity.serving.latency import Binding, ServingPoint
from capacity.serving.replica import TokenLengths

MONTHS = np.array(["2024-05", "2024-06"], dtype="datetime64[M]")
DRAWS = {"gpus": np.stack([np.zeros(101), np.arange(101.0)], axis=1)}


@pytest.mark.parametrize(
    ("comparator", "value", "agrees"),
    [
        ("about", 50, True),
        ("about", 5.5, True),
        ("about", 4, False),
        ("about", 96, False),
        ("over", 94, True),
        ("over", 96, False),
        ("over", -3, True),
        ("under", 6, True),
        ("under", 4, False),
        ("under", 500, True),
    ],
)
def test_a_figure_agrees_if_our_interval_reaches_its_side(
    comparator: str, value: float, agrees: bool
) -> None:
    published = CrossCheck("gpus", "2024-06", comparator, value, "press")
    found = cross_check(published, DRAWS, MONTHS)
    assert (found.low, found.mid, found.high) == (5, 50, 95)
    assert found.agrees is agrees
    assert found.published is published


def test_a_month_outside_the_plan_is_an_error_that_names_it() -> None:
    published = CrossCheck("gpus", "2024-07", "over", 1, "press")
    with pytest.raises(ValueError, match="month 2024-07 lies outside 2024-05 to 2024-06"):
        cross_check(published, DRAWS, MONTHS)


def test_every_binding_has_words() -> None:
    assert set(BINDINGS) == set(Binding)


def test_a_summary_is_in_real_time() -> None:
    column = np.array([[1.0], [1.0], [1.0]])
    codes = np.array([[int(Binding.TPOT)], [int(Binding.TPOT)], [int(Binding.MEMORY)]])
    batch = np.array([[8], [10], [0]])
    point = ServingPoint(batch, column * 0.05, column * 0.4, column * 200, codes)
    load = Traffic(column, TokenLengths(column, column * 0, column), column * 0.5, column)
    found = serving_summary(point, load)
    assert (found.batch, found.ttft_s, found.tpot_s, found.tokens_per_s) == (8, 0.8, 0.1, 100)
    assert found.binding == "time per output token"
    assert found.missed == pytest.approx(1 / 3)
