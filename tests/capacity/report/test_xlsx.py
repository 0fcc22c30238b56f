from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from capacity.auditing import Finding
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.report.cells import restored
from capacity.report.xlsx import to_xlsx

SHEETS = ["Summary", "Monthly", "Orders", "Options", "Availability", "Audit", "Assumptions",
          "Sources"]  # fmt: skip


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def book(short_plan: CapacityPlan, findings: tuple[Finding, ...]) -> Workbook:
    return opened(to_xlsx(short_plan, findings))


def test_every_table_has_a_sheet_with_a_frozen_header(book: Workbook) -> None:
    assert book.sheetnames == SHEETS
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}


def test_monthly_figures_are_numbers_of_the_plan(book: Workbook, short_plan: CapacityPlan) -> None:
    rows = list(book["Monthly"].iter_rows(values_only=True))
    head = rows[0].index("p50")
    costs = [row[head] for row in rows[1:] if row[2] == "cost"]
    assert costs == pytest.approx(short_plan.quantile("cost", 0.5).tolist())
    assert len(rows) == 1 + len(METRICS) * len(short_plan.months)


def test_no_cell_computes(hostile_plan: CapacityPlan, findings: tuple[Finding, ...]) -> None:
    for sheet in opened(to_xlsx(hostile_plan, findings)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                assert not str(cell.value).startswith(("=", "@"))


def test_hostile_text_comes_back(hostile_plan: CapacityPlan) -> None:
    sheet = opened(to_xlsx(hostile_plan))["Assumptions"]
    head = [cell.value for cell in sheet[1]]
    found = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    cell = unescape(str(found["reply_tokens"][head.index("set by")]))
    assert restored(cell) == hostile_plan.scenario.overrides[0].name


def test_findings_and_orders_are_listed(book: Workbook, short_plan: CapacityPlan) -> None:
    verdicts = [cell.value for cell in book["Audit"]["E"]]
    assert verdicts == ["verdict", "holds", "contradicted", "cannot be checked"]
    assert book["Orders"].max_row == 1 + len(short_plan.orders)


def test_the_same_plan_gives_the_same_bytes(short_plan: CapacityPlan, tmp_path: Path) -> None:
    del tmp_path
    assert to_xlsx(short_plan) == to_xlsx(short_plan)
