from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.procurement.buying import Buying
from capacity.procurement.held import Held
from capacity.procurement.situation import Situation
from capacity.scenarios.file import load_scenario


def planned(name: str) -> CapacityPlan:
    found = plan(load_scenario(name), draws=200)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture(scope="module")
def reported() -> CapacityPlan:
    return planned("reported-case")


def test_the_decision_is_made_when_the_reports_end(reported: CapacityPlan) -> None:
    found = Situation.of(reported)
    assert (str(found.today), str(found.months[0]), found.months.size) == (
        "2023-01-01", "2023-01", 18,
    )  # fmt: skip
    assert found.need.shape == found.training.shape == (200, 18)


@pytest.mark.parametrize("name", ["public-mid-2024", "platform-shift"])
def test_a_plan_without_forecast_months_is_decided_when_its_first_order_is_due(name: str) -> None:
    made = planned(name)
    found = Situation.of(made)
    assert found.months.size == made.months.size
    assert str(found.today)[:7] == str(made.orders[0].order_by)[:7]
    assert not found.held.any()


def test_held_nodes_are_those_that_the_plan_had_to_order_before(reported: CapacityPlan) -> None:
    found = Situation.of(reported)
    before = sum(lot.nodes for lot in reported.orders if str(lot.order_by) < "2023-01-01")
    assert found.held[0] == before
    assert found.held[-1] == 0.0  # commitments of a year have ended
    assert (np.diff(found.held) <= 0.0).all()


def test_given_nodes_stand_until_they_retire(reported: CapacityPlan) -> None:
    until, since = np.datetime64("2023-03"), np.datetime64("2023-02")
    found = Situation.of(reported, held=[Held(10, until), Held(4, until + 2, since)])
    assert found.held[:6].tolist() == [10.0, 14.0, 14.0, 4.0, 4.0, 0.0]


def test_no_month_after_the_decision_is_an_error_in_words(reported: CapacityPlan) -> None:
    with pytest.raises(ValueError, match="before the decision in 2025-01"):
        Situation.of(reported, today=np.datetime64("2025-01"))


def test_draws_that_judge_are_others_and_none_is_lost(reported: CapacityPlan) -> None:
    one, two = Situation.of(reported).halves(7)
    assert sorted([*one.tolist(), *two.tolist()]) == list(range(200))
    again = Situation.of(reported).halves(7)[0]
    assert (again == one).all()
    assert (Situation.of(reported).halves(8)[0] != one).any()


def test_spot_covers_training_only_unless_its_survival_is_modelled(reported: CapacityPlan) -> None:
    found, rows = Situation.of(reported), np.arange(200)
    offered = found.menu(Buying())
    plain = found.futures(rows, offered, Buying())
    assert (plain.spot == np.minimum(found.training, found.need) * offered.spot_sold).all()
    buying = Buying(spot_nodes=5, spot_interruption=0.25)
    served = found.futures(rows, offered, buying).spot - plain.spot
    assert set(np.unique(served)) == {0.0, 10.0}  # two regions, all there or all taken back
    assert (served > 0.0).mean() == pytest.approx(0.75, abs=0.03)


def test_groups_are_of_what_was_seen_before_the_review(reported: CapacityPlan) -> None:
    found, rows, buying = Situation.of(reported), np.arange(200), Buying(review_groups=3)
    ends = found.thresholds(rows, buying)
    futures = found.futures(rows, found.menu(buying), buying, ends)
    seen = found.need[:, 2]
    assert str(found.review(buying)) == "2023-04-01"
    assert set(futures.group) == set(range(ends.size + 1))
    for group in range(1, futures.groups):
        assert seen[futures.group == group].min() > seen[futures.group == group - 1].max()


def test_other_node_types_never_cover_more_than_they_would(reported: CapacityPlan) -> None:
    found = Situation.of(reported)
    assert found.yields[found.instance] == 1.0
    assert 1.0 < found.yields["p5.48xlarge"] < 3.0
    fixed = reported.policy.change({"instance": "p4d.24xlarge"})
    assert set(Situation.of(replace(reported, policy=fixed)).yields) == {"p4d.24xlarge"}


def test_dearer_ways_to_the_same_are_not_on_the_menu(reported: CapacityPlan) -> None:
    found = Situation.of(reported)
    names = {item.instance for item in found.menu(Buying()).items}
    assert found.instance in names
    assert "g5.48xlarge" not in names


def test_each_region_has_an_equal_part_of_need_and_spot(reported: CapacityPlan) -> None:
    found, rows = Situation.of(reported), np.arange(200)
    whole, parts = (
        found.futures(rows, found.menu(buying), buying)
        for buying in (Buying(spot_nodes=3), Buying(spot_nodes=3, region_lead=(1.0, 1.5)))
    )
    assert (whole.regions, parts.regions) == (1, 2)
    for one, two in ((whole.need, parts.need), (whole.spot, parts.spot)):
        by_region = two.reshape(200, 2, -1)
        assert (by_region[:, 0] == by_region[:, 1]).all()
        assert by_region.sum(axis=1) == pytest.approx(one)
