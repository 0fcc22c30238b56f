from __future__ import annotations

import pytest

from capacity.decision import Decision
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
