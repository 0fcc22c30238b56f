from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from capacity.procurement.decision import Decision, Late, Lot, Worth
from capacity.procurement.menu import Item
from capacity.report.decision_words import headline, sentence

MARCH, AUGUST = datetime.date(2023, 3, 14), np.datetime64("2023-08")
LOT = Lot(Item("p5.48xlarge", "3y", AUGUST, MARCH, 43.2), 12)


@pytest.mark.parametrize(
    ("after", "usd", "words"),
    [
        (0.19, 1.2e6, "or P(shortfall in Aug 2023) rises from 2 to 19 % and the plan costs $1.2 M "
                      "more on average."),
        (0.021, 3e4, "; a month later costs $30,000 more on average."),
        (0.021, -3e4, "; a month later costs $30,000 less on average."),
    ],
)  # fmt: skip
def test_an_order_date_says_what_missing_it_means(after: float, usd: float, words: str) -> None:
    text = sentence(Late(MARCH, (LOT,), AUGUST, 0.02, after, usd))
    assert text.startswith("Order 12 p5.48xlarge (3y) by 14 Mar 2023")
    assert text.endswith(words)


def test_the_headline_names_the_first_order_the_cost_and_the_worth_of_waiting(
    decision: Decision,
) -> None:
    orders, cost, waiting = headline(decision)
    assert f"{sum(lot.nodes for lot in decision.lots):,} nodes" in orders
    assert "5 % asked" in orders
    assert "less than all on demand" in cost
    assert "ordering nothing before 1 Apr 2023" in waiting


def test_a_difference_within_its_error_is_not_told_as_one(decision: Decision) -> None:
    unsure = replace(decision, waiting=Worth(1e5, 2e5))
    assert "makes no sure difference (± $200,000)" in headline(unsure)[2]


def test_no_orders_and_months_out_of_reach_are_said(decision: Decision) -> None:
    missed = np.zeros_like(decision.purchase.unreachable)
    missed[0, :2] = True
    purchase = replace(decision.purchase, unreachable=missed)
    lines = headline(replace(decision, lots=(), purchase=purchase))
    assert lines[0].startswith("Order nothing.")
    assert lines[-1] == "No orders can keep the limit in Jan 2023 and Feb 2023."
    missed[0, :5] = True
    assert headline(replace(decision, purchase=purchase))[-1].endswith("in Jan 2023 to May 2023.")


def test_no_offers_at_all_are_said_to_be_none(decision: Decision) -> None:
    bare = replace(decision.purchase, nodes=np.zeros((1, 0)))
    assert "No reserved node" in headline(replace(decision, lots=(), purchase=bare))[-1]


def test_an_order_for_one_region_says_which() -> None:
    lot = replace(LOT, item=replace(LOT.item, region=2))
    text = sentence(Late(MARCH, (lot,), AUGUST, 0.02, 0.19, 1e6))
    assert text.startswith("Order 12 p5.48xlarge (3y, region 2) by 14 Mar 2023")
