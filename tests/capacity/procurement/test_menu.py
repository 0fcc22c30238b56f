from __future__ import annotations

import datetime

import numpy as np
import pytest

from capacity.fleet.choice import Market
from capacity.money.cost import HOURS_PER_MONTH
from capacity.planning import median_stage
from capacity.procurement.buying import Buying
from capacity.procurement.menu import BLOCK, Menu, menu
from capacity.scenarios.file import load_scenario

NODE = "p4d.24xlarge"
TODAY = datetime.date(2023, 1, 1)
MONTHS = np.arange("2023-01", "2024-07", dtype="datetime64[M]")


@pytest.fixture(scope="module")
def market() -> Market:
    scenario = load_scenario("reported-case")
    return median_stage(scenario, scenario.policy, draws=100)[0]


def offered(market: Market, buying: Buying | None = None, **options: float) -> Menu:
    yields = {NODE: 1.0, "p5.48xlarge": 2.0}
    return menu(market, yields, MONTHS, TODAY, buying or Buying(), **options)


def test_nothing_is_offered_that_had_to_be_ordered_before_today(market: Market) -> None:
    """A100 servers take ten weeks: from 1 January none stands before the middle of March."""
    found = offered(market)
    assert min(item.order_by for item in found.items) >= TODAY
    months = [item.month for item in found.items if item.term == "1y" and item.instance == NODE]
    assert months == list(MONTHS[3:])


def test_old_lead_times_of_a_new_card_reach_far_back(market: Market) -> None:
    """H100 nodes are rented from July 2023 and took 44 weeks: the first stand in June 2024."""
    found = offered(market)
    months = [item.month for item in found.items if item.instance == "p5.48xlarge"]
    reserved = [item for item in found.items if item.instance == "p5.48xlarge" if item.term == "3y"]
    assert months
    assert [str(item.month) for item in reserved] == ["2024-06"]
    assert reserved[0].order_by < datetime.date(2024, 4, 1)


def test_shorter_lead_times_only_add_offers(market: Market) -> None:
    def known(found: Menu) -> set[tuple[str, str, str]]:
        return {(item.instance, item.term, str(item.month)) for item in found.items}

    assert known(offered(market)) < known(offered(market, lead_factor=0.5))


def test_capacity_blocks_are_sold_in_their_months_up_to_their_ceiling(market: Market) -> None:
    found = offered(market, Buying(block_nodes=10))
    block = found.of(NODE, BLOCK)
    assert [str(item.month) for item, mine in zip(found.items, block, strict=True) if mine] == [
        "2024-06"
    ]
    assert found.offers.limit[block].tolist() == [10.0]
    assert found.offers.length[block].tolist() == [1]


@pytest.mark.parametrize(("share", "months"), [(0.0, 3.0), (1.0, 12.0), (0.5, 7.5)])
def test_what_is_owed_after_the_plan_is_charged_in_part(
    market: Market, share: float, months: float
) -> None:
    """A node taken for a year from April 2024 is used for three months of the plan."""
    found = offered(market, Buying(owed_share=share))
    place = [(str(item.month), item.term, item.instance) for item in found.items].index(
        ("2024-04", "1y", NODE)
    )
    assert found.offers.usd[place] == pytest.approx(20.176 * HOURS_PER_MONTH * months)


def test_prices_follow_the_dated_list_and_the_assumed_change(market: Market) -> None:
    months = np.arange("2025-04", "2025-08", dtype="datetime64[M]")
    day = datetime.date(2025, 4, 1)
    listed = menu(market, {NODE: 1.0}, months, day, Buying()).top_up.on_demand_usd
    assert (listed / HOURS_PER_MONTH).round(2).tolist() == [32.77, 32.77, 21.96, 21.96]
    falling = menu(market, {NODE: 1.0}, months, day, Buying(price_change=-0.2))
    assert falling.top_up.on_demand_usd / listed == pytest.approx(0.8 ** (np.arange(4) / 12.0))
    steady = menu(market, {NODE: 1.0}, months, day, Buying())
    years = falling.offers.start / 12.0
    assert years.max() > 0.0
    assert falling.offers.usd == pytest.approx(steady.offers.usd * 0.8**years)


def test_spot_is_sold_where_it_has_a_price_and_pays_for_its_interruptions(market: Market) -> None:
    months = np.arange("2025-04", "2025-08", dtype="datetime64[M]")
    day = datetime.date(2025, 4, 1)
    found = menu(market, {NODE: 1.0}, months, day, Buying(spot_interruption=0.1))
    assert found.spot_sold.tolist() == [True, True, False, False]
    assert found.top_up.spot_usd[0] / HOURS_PER_MONTH == pytest.approx(13.067 / 0.95)


def test_orders_fill_all_zones_alike(market: Market) -> None:
    zones = market.policy.zones * market.policy.regions
    assert set(offered(market, Buying(zone_lot=2)).offers.lot) == {2.0 * zones}


def test_a_review_parts_the_orders_by_their_date(market: Market) -> None:
    day = datetime.date(2023, 9, 1)
    found = offered(market)
    informed = found.reviewed_on(day).offers.informed
    assert informed.tolist() == [item.order_by >= day for item in found.items]
    waiting = found.without_orders_before(day).offers.limit
    assert (waiting > 0.0).tolist() == informed.tolist()


def test_a_shortfall_cheaper_than_a_node_on_demand_is_refused(market: Market) -> None:
    with pytest.raises(ValueError, match="raise the price of a shortfall"):
        offered(market, Buying(shortfall_price=20.0))


def test_each_region_is_bought_on_its_own_terms(market: Market) -> None:
    buying = Buying(
        region_price=(1.0, 1.2),
        region_lead=(1.0, 2.0),
        region_on_demand=(1.0, 0.5),
        region_reserved=(1.0, 0.25),
    )
    plain, found = offered(market), offered(market, buying)
    assert (plain.regions, found.regions) == (1, 2)
    assert set(found.offers.lot) == {float(market.policy.zones)}
    first, second = (
        {
            (item.instance, item.term, item.month): (item, limit)
            for item, limit in zip(found.items, found.offers.limit, strict=True)
            if item.region == region
        }
        for region in (1, 2)
    )
    assert second.keys() < first.keys()
    for key, (item, limit) in second.items():
        assert item.usd_per_h == pytest.approx(1.2 * first[key][0].usd_per_h)
        assert limit == first[key][1] / 4.0
        assert item.order_by < first[key][0].order_by or item.term == BLOCK
    one, two = found.top_up.on_demand_usd.reshape(2, -1)
    assert two == pytest.approx(1.2 * one)
    one, two = found.top_up.on_demand_limit.reshape(2, -1)
    assert one.tolist() == (2.0 * two).tolist() == (plain.top_up.on_demand_limit / 2.0).tolist()


def test_one_number_by_region_stands_for_all(market: Market) -> None:
    one, many = (offered(market, Buying(region_price=price)) for price in ((1.2,), (1.2, 1.2)))
    assert one.items == many.items
    assert one.regions == many.regions == 1
    assert one.offers.usd == pytest.approx(1.2 * offered(market).offers.usd)
