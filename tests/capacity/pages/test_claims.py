from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from capacity.auditing import audit
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario

Open = Callable[..., AppTest]


def _lines(app: AppTest) -> list[str]:
    told = [item.value.replace("\\", "") for item in app.markdown if "**" in item.value]
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in told]


def test_every_claim_has_the_verdict_of_the_audit(opened: Open, reported: Scenario) -> None:
    found = plan(reported, seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    lines = _lines(opened("claims"))
    findings = audit(found)
    assert len(lines) == len(findings)
    for line, finding in zip(lines, findings, strict=True):
        assert f"**{finding.verdict}**: {finding.text}" in line


def test_verdict_filters(opened: Open) -> None:
    app = opened("claims")
    app.button_group(key="verdict").set_value(["contradicted"]).run()
    lines = _lines(app)
    assert lines
    assert all("**contradicted**" in line for line in lines)
