from __future__ import annotations

import numpy as np
import pytest

from capacity.procurement.decision import Decision
from capacity.procurement.menu import COMMITMENTS
from capacity.report import decision_tables as tables


def test_orders_are_spread_over_the_regions_and_priced_by_the_month(decision: Decision) -> None:
    for row in tables.lots(decision):
        assert row.nodes == 2 * row.nodes_per_region
        assert row.usd_per_month == pytest.approx(row.nodes * row.usd_per_node_hour * 730.5)


def test_months_hold_the_need_in_order_and_at_least_what_is_held(decision: Decision) -> None:
    rows = tables.months(decision)
    assert [row.month for row in rows] == [str(month) for month in decision.situation.months]
    for row in rows:
        assert row.standing >= row.held
        assert row.need_p05 <= row.need_p50 <= row.need_p95


def test_the_riskiest_month_is_named_where_there_is_a_risk(decision: Decision) -> None:
    for row in tables.policies(decision):
        assert bool(row.highest_in) == (row.highest_shortfall > 0.0)


def test_every_assumption_has_its_evidence(decision: Decision) -> None:
    rows = {row.name: row for row in tables.assumptions(decision)}
    assert rows["shortfall_price"].value == decision.buying.shortfall_price
    assert all(row.unit and row.basis and row.source for row in rows.values())


def test_every_order_date_has_a_sentence(decision: Decision) -> None:
    rows = tables.dates(decision)
    assert sum(row.nodes for row in rows) == sum(lot.nodes for lot in decision.lots)
    assert all(row.sentence.startswith("Order ") for row in rows)


def test_orders_name_their_region_where_regions_differ(
    decision: Decision, regional: Decision
) -> None:
    assert {row.region for row in tables.lots(decision)} == {"all"}
    rows = tables.lots(regional)
    assert {row.region for row in rows} == {"1", "2"}
    assert all(row.nodes == row.nodes_per_region for row in rows)
    assert tables.spread(regional) == ("region", [row.region for row in rows])
    assert tables.spread(decision)[0] == "a region"


def test_what_differs_by_region_has_a_row_for_each(regional: Decision) -> None:
    rows = {row.name: row for row in tables.assumptions(regional)}
    assert [rows[f"region_price {number}"].value for number in (1, 2)] == [1.0, 1.12]
    assert rows["region_price 2"].meaning.endswith("region 2")
    assert rows["region_reserved"].value == 1.0


def test_months_count_the_nodes_of_all_regions(regional: Decision) -> None:
    first = regional.situation.months[0]
    for row in tables.months(regional):
        standing = sum(
            lot.nodes * regional.situation.yields[lot.item.instance]
            for lot in regional.lots
            if lot.item.month - first <= np.datetime64(row.month) - first
            and np.datetime64(row.month) < lot.item.month + COMMITMENTS[lot.item.term]
        )
        assert row.standing == pytest.approx(row.held + standing)
