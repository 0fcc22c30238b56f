from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from capacity.comparison import Comparison, compare
from capacity.outcome import CapacityPlan
from capacity.report import sources
from capacity.report.comparison_xlsx import comparison_sheets, comparison_xlsx
from capacity.scenarios.changes import scenario_changes


@pytest.fixture(scope="module")
def both(short_plan: CapacityPlan, hostile_plan: CapacityPlan) -> Comparison:
    return compare(short_plan, hostile_plan)


def test_differences_and_savings_are_those_of_the_comparison(both: Comparison) -> None:
    book = load_workbook(io.BytesIO(comparison_xlsx(both)))
    assert book.sheetnames == ["Differences", "Savings", "Assumptions", "Sources"]
    _, *rows = book["Differences"].iter_rows(values_only=True)
    for row, expected in zip(rows, both.differences, strict=True):
        assert row[:3] == (expected.metric, expected.month, expected.unit)
        figures = (expected.base, expected.other, expected.low, expected.mid, expected.high)
        assert row[3:8] == pytest.approx(figures)
    (row,) = book["Savings"].iter_rows(min_row=2, values_only=True)
    saved = both.savings[0]
    assert row[1:5] == pytest.approx((saved.low, saved.mid, saved.high, saved.cheaper))


def test_every_plan_tells_where_its_inputs_come_from(both: Comparison) -> None:
    sheets = {sheet.name: sheet for sheet in comparison_sheets(both)}
    rows = sheets["Assumptions"].rows
    assert {row[0] for row in rows} == set(both.names)
    assert len(rows) == sum(len(sources.inputs(plan)) for plan in both.plans)
    assert all(len(row) == len(sheets["Sources"].head) for row in sheets["Sources"].rows)


def test_settings_that_differ_have_a_sheet(both: Comparison) -> None:
    before = both.plans[0].scenario
    changes = scenario_changes(before, before.override("longer", reply_tokens=(150, 300, 600)))
    sheets = {sheet.name: sheet for sheet in comparison_sheets(both, changes)}
    assert [row[1] for row in sheets["Settings"].rows] == ["reply_tokens"]


def test_no_text_of_a_user_becomes_a_formula(both: Comparison) -> None:
    book = load_workbook(io.BytesIO(comparison_xlsx(both)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
