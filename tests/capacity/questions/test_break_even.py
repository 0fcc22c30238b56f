from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.money.cost import HOURS_PER_MONTH
from capacity.outcome import CapacityPlan
from capacity.questions.break_even import break_even


def test_at_the_price_of_a_draw_renting_costs_what_reserving_does(
    reported_plan: CapacityPlan,
) -> None:
    nodes = reported_plan.draws["gpus"] / reported_plan.option.instance.gpus
    hours = nodes.sum(axis=1) * HOURS_PER_MONTH
    for item in break_even(reported_plan):
        middle = float(np.quantile(item.reserved_usd / hours, 0.5))
        assert item.mid == pytest.approx(middle)
        assert item.low < item.mid < item.high
        assert 0.0 <= item.rent_wins <= 1.0


def test_a_constant_need_breaks_even_at_the_reserved_price_and_its_tail(
    reported_plan: CapacityPlan,
) -> None:
    """One node bought at the start for twelve months of a year: no tail, no idle hour."""
    year = reported_plan.months[:12]
    ones = np.ones(12, dtype=np.int64)
    size = float(reported_plan.option.instance.gpus)
    steady = replace(
        reported_plan, months=year, serving_nodes=ones, training_nodes=0 * ones,
        draws={"gpus": np.full((2, 12), size)},
    )  # fmt: skip
    one, three = break_even(steady)
    assert one.mid == pytest.approx(20.176)
    assert three.mid == pytest.approx(3 * 12.499)
    assert (one.rent_wins, three.rent_wins) == (0.0, 1.0)
