from __future__ import annotations

import unicodedata

from capacity.auditing import Finding
from capacity.outcome import CapacityPlan
from capacity.report.cells import WIDTH
from capacity.report.text import audit_text, console


def test_it_says_what_to_order_and_what_it_costs(reported_plan: CapacityPlan) -> None:
    text = console(reported_plan)
    for words in ("Key figures of 2024-06", "Orders of p4d.24xlarge", "Error budget",
                  "Options not taken", "M/month", "seed 7, 2,000 draws"):  # fmt: skip
        assert words in text


def test_lines_fit_a_terminal(reported_plan: CapacityPlan, findings: tuple[Finding, ...]) -> None:
    lines = console(reported_plan, findings).splitlines()
    assert [line for line in lines if len(line) > WIDTH] == []


def test_no_control_character_reaches_the_terminal(hostile_plan: CapacityPlan) -> None:
    text = console(hostile_plan)
    assert {unicodedata.category(sign) for sign in text if sign != "\n"}.isdisjoint({"Cc", "Cf"})


def test_contradictions_come_before_what_holds(findings: tuple[Finding, ...]) -> None:
    text = audit_text(findings)
    places = [text.index(word) for word in ("CONTRADICTED", "HOLDS", "CANNOT BE CHECKED")]
    assert places == sorted(places)
