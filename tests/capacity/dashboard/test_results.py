from __future__ import annotations

import io
import json
import pickle

import numpy as np
import openpyxl
import pypdf
import pytest

from capacity.auditing import audit
from capacity.dashboard.results import (
    FIGURES,
    Refused,
    Shown,
    export,
    findings,
    redundancy,
    result,
)
from capacity.dashboard.setting import Setting
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.report import to_csv
from capacity.report.charts import charts
from capacity.scenarios.scenario import Scenario

FEW = Setting(draws=200)


@pytest.fixture(scope="module")
def found(reported: Scenario) -> CapacityPlan:
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    return planned


def test_what_is_shown_is_the_plan_of_the_python_interface(found: CapacityPlan) -> None:
    shown = result(FEW)
    assert isinstance(shown, Shown)
    assert "\n".join(shown.headline) == found.text
    assert shown.charts == charts(found)
    for name in FIGURES:
        assert shown.figures[name].p50 == found.quantile(name, 0.5)[-1]
    assert shown.availability == found.availability
    assert shown.replica.serving_nodes == found.serving_nodes[-1]
    assert shown.rejections == found.rejections


def test_what_is_kept_holds_no_draws() -> None:
    assert len(pickle.dumps(result(Setting()))) < 200_000


def test_unreachable_target_gives_reason_and_a_way_out() -> None:
    refused = result(FEW.with_lever("regions", "1").with_lever("availability", "0.9999"))
    assert isinstance(refused, Refused)
    assert "0.9999 cannot be met" in refused.reason
    assert refused.ways_out


def test_audit_is_that_of_the_command(found: CapacityPlan) -> None:
    asked = FEW.with_lever("zones", "1")  # the claims are about the shipped case
    assert findings(asked.draws, asked.seed) == audit(found)


def test_every_format_opens_and_holds_what_is_shown(found: CapacityPlan) -> None:
    assert export(FEW, "csv").decode() == to_csv(found)
    document = json.loads(export(FEW, "json"))
    assert (document["seed"], document["draws"]) == (7, 200)
    book = openpyxl.load_workbook(io.BytesIO(export(FEW, "xlsx")), read_only=True)
    assert book.sheetnames
    text = pypdf.PdfReader(io.BytesIO(export(FEW, "pdf"))).pages[0].extract_text()
    assert "reported" in text
    assert b"reported-case" in export(FEW, "toml")


def test_figures_are_of_the_last_month(found: CapacityPlan) -> None:
    shown = result(FEW)
    assert isinstance(shown, Shown)
    assert shown.months[-1] == str(found.months[-1])
    assert np.isclose(shown.figures["cost"].p50, np.median(found.draws["cost"][:, -1]))


def test_redundancy_is_found_also_where_the_policy_has_no_plan() -> None:
    """One region has no plan at 99.95 %; the cheapest design has more."""
    setting = Setting(draws=100).with_lever("regions", "1")
    found = redundancy(setting)
    assert "The cheapest design for 99.95 %" in found.words[0]
    assert [bars.name for bars in found.bars] == ["causes", "nines"]
