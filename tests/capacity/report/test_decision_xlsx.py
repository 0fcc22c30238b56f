from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from capacity.procurement.decision import Decision
from capacity.report.decision_xlsx import decision_sheets, decision_xlsx


def test_every_table_is_a_sheet_with_all_its_rows(decision: Decision) -> None:
    book = load_workbook(io.BytesIO(decision_xlsx(decision)))
    sheets = decision_sheets(decision)
    assert book.sheetnames == [sheet.name for sheet in sheets]
    for sheet in sheets:
        assert book[sheet.name].max_row == len(sheet.rows) + 1


def test_numbers_are_numbers_and_dates_dates(decision: Decision) -> None:
    row = next(load_workbook(io.BytesIO(decision_xlsx(decision)))["Orders"].iter_rows(min_row=2))
    assert row[0].is_date
    assert (row[4].value, row[5].value) == ("all", decision.lots[0].nodes)
    assert row[7].value == pytest.approx(decision.lots[0].item.usd_per_h)


def test_the_same_decision_gives_the_same_bytes(decision: Decision) -> None:
    assert decision_xlsx(decision) == decision_xlsx(decision)
