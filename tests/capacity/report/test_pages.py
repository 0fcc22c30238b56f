from __future__ import annotations

import json
import unicodedata

from capacity.auditing import Finding
from capacity.availability.designing import design_study
from capacity.outcome import CapacityPlan
from capacity.report.pages import audit_section, pages

SECTIONS = ["title", "cover", "figures", "purchase", "availability", "design", "cost", "audit",
            "inputs", "method", "run"]  # fmt: skip


def test_every_section_is_there_and_can_travel_as_json(
    reported_plan: CapacityPlan, findings: tuple[Finding, ...]
) -> None:
    found = pages(reported_plan, findings, design_study(reported_plan))
    assert list(found) == SECTIONS
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_no_control_character_is_set(hostile_plan: CapacityPlan) -> None:
    text = json.dumps(pages(hostile_plan, (), design_study(hostile_plan)), ensure_ascii=False)
    kinds = {unicodedata.category(sign) for sign in text if sign != "\u200b"}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs"})


def test_contradictions_come_first_and_open_claims_last(
    reported_plan: CapacityPlan, findings: tuple[Finding, ...]
) -> None:
    found = audit_section(reported_plan, findings)
    assert [row[3] for row in found["judged"]] == ["contradicted", "holds"]
    assert found["open"] == [["It is fast.", "No figure is told."]]
    assert found["text"].startswith("1 contradicted, 0 implausible, 1 holds, 1 that nothing")


def test_no_audit_leaves_no_rows(reported_plan: CapacityPlan) -> None:
    found = audit_section(reported_plan, ())
    assert (found["judged"], found["open"], found["checks"]) == ([], [], [])
