"""Differences of plans come from common draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capacity.comparison import Comparison, compare
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario


def planned(seed: int = 7, draws: int = 200, **changes: float) -> CapacityPlan:
    scenario = Scenario.load("reported-case")
    scenario = scenario.override("change", **changes) if changes else scenario
    found = plan(scenario, seed=seed, draws=draws)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture(scope="module")
def base() -> CapacityPlan:
    return planned()


def test_a_plan_differs_from_itself_by_exactly_nothing(base: CapacityPlan) -> None:
    assert {(item.low, item.mid, item.high) for item in compare(base, base).differences} == {
        (0.0, 0.0, 0.0)
    }


def test_a_price_rise_moves_every_draw_of_the_cost_by_its_share(base: CapacityPlan) -> None:
    one, two = planned(price_factor=1.0), planned(price_factor=1.1)
    last = [item for item in compare(one, two).differences if item.month == "2024-06"]
    cost = next(item for item in last if item.metric == "cost")
    assert np.isclose(cost.ratio, 1.1)
    assert 0.0 < cost.low <= cost.mid <= cost.high


def test_plans_of_other_draws_are_refused(base: CapacityPlan) -> None:
    with pytest.raises(ValueError, match="seeds 7 and 8"):
        compare(base, planned(seed=8))
    with pytest.raises(ValueError, match="draws 200, 300"):
        compare(base, planned(draws=300))


@pytest.fixture(scope="module")
def three(base: CapacityPlan) -> Comparison:
    dearer = planned(price_factor=1.1)
    return compare(base, dearer, planned(price_factor=0.5), names=("base", "dearer", "cheaper"))


def test_each_plan_is_compared_with_the_first_by_month_and_metric(three: Comparison) -> None:
    rows = {(item.plan, item.month, item.metric) for item in three.differences}
    assert len(rows) == len(three.differences)
    assert {plan for plan, _, _ in rows} == {"dearer", "cheaper"}
    alone = compare(three.plans[0], three.plans[2], names=("base", "cheaper"))
    assert alone.differences == tuple(i for i in three.differences if i.plan == "cheaper")


def test_a_saving_is_the_sum_of_the_months(three: Comparison) -> None:
    one, other = (three.plans[place].draws["cost"].sum(axis=1) for place in (0, 2))
    saving = three.savings[1]
    assert saving.mid == pytest.approx(float(np.median(one - other)))
    assert (saving.cheaper, saving.month) == (1.0, "2022-01")
    assert three.savings[0].month == ""


def test_only_months_that_all_plans_cover_count(base: CapacityPlan) -> None:
    late = plan(replace(base.scenario, start="2023-01", end="2023-04"), draws=200)
    assert isinstance(late, CapacityPlan)
    found = compare(base, base, late)
    assert [str(month) for month in found.months] == ["2023-01", "2023-02", "2023-03", "2023-04"]
    assert {item.month for item in found.differences} == {str(month) for month in found.months}


def test_plans_are_called_by_what_tells_them_apart(base: CapacityPlan) -> None:
    other = replace(base, policy=base.policy.change({"zones": 2}))
    assert compare(base, other).names == ("reported-case", "reported-case, zones=2")
    assert compare(base, base).names == ("reported-case (1)", "reported-case (2)")


def test_one_plan_eleven_plans_and_wrong_names_are_refused(base: CapacityPlan) -> None:
    with pytest.raises(ValueError, match="1 plans to compare: allowed 2 to 10"):
        compare(base)
    with pytest.raises(ValueError, match="11 plans to compare"):
        compare(*[base] * 11)
    with pytest.raises(ValueError, match="1 names for 2 plans"):
        compare(base, base, names=("only",))


def test_the_pdf_is_written_whole_and_the_same_again(three: Comparison, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        three.to_pdf(tmp_path / name)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.pdf", "two.pdf"))
    assert one.startswith(b"%PDF-1.7")
    assert one == two
