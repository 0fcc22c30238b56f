from __future__ import annotations

import json

from capacity.questions.breaks import Break
from capacity.questions.economics import Anchor, UnitCost
from capacity.report.economics_text import economics_json, economics_text, runway_text

COSTS = (
    UnitCost("cost per user", "USD/month", 0.5, 1.0, 2.0, ()),
    UnitCost("cost per hour", "USD/h", 0.1, 0.2, 0.3,
             (Anchor("under", 0.01, "an upper bound", "a post", "2024-06", "high"),)),
)  # fmt: skip
LASTS = Break("coming_cost", 1e7, ("2023-01", "2023-02", "2023-03"), (0.0, 0.2, 0.6))


def test_each_unit_stands_beside_its_public_figure_or_says_there_is_none() -> None:
    text = economics_text(COSTS, "2023-01", LASTS)
    assert "$1.0/month" in text
    assert "under $0.010/h: an upper bound (a post, 2024-06; confidence high)" in text
    assert "No public figure is known to us for cost per user." in text
    assert "$10 M from 2023-01" in text


def test_a_runway_says_when_it_may_end_and_when_it_will() -> None:
    text = " ".join(runway_text(LASTS).split())
    assert "may be spent in 2023-02, is likely spent by 2023-03" in text
    assert "almost surely by after" not in text
    assert "lasts beyond 2023-03 with 40 % probability" in text
    safe = Break("coming_cost", 1e9, ("2023-01",), (0.0,))
    assert runway_text(safe) == "$1.0 bn lasts to 2023-01 with 100 % probability."


def test_the_json_holds_both() -> None:
    document = json.loads(economics_json(COSTS, "2023-01", LASTS))
    assert document["unit_costs"][1]["anchors"][0]["value"] == 0.01
    assert document["runway"]["likely"] == "2023-03"
    assert json.loads(economics_json(COSTS, "2023-01"))["runway"] is None
