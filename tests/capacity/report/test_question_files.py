from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from capacity.outcome import CapacityPlan
from capacity.questions.break_even import break_even
from capacity.questions.breaks import breaks
from capacity.questions.economics import runway, unit_costs
from capacity.questions.goal import Goal, solve
from capacity.questions.sensitivity import sensitivity
from capacity.questions.tornado import tornado
from capacity.report import sources
from capacity.report.question_files import (
    Report,
    answer_report,
    economics_report,
    explanation_report,
    outlook_report,
    sensitivity_report,
)
from capacity.scenarios.scenario import Scenario

KINDS = ("json", "csv", "xlsx", "pdf")


@pytest.fixture(scope="module")
def reports(short: Scenario, short_plan: CapacityPlan) -> dict[str, Report]:
    goal = Goal.parse("cost<=150%", "price_factor", between=(1.0, 2.0))
    policy = short.policy.change({"instance": "p4d.24xlarge"})
    swings = tornado(short_plan, "needed_cost", inputs=["reply_tokens"])
    found = (
        answer_report(solve(short, goal, policy, draws=100)),
        outlook_report(breaks(short_plan), break_even(short_plan), short_plan),
        explanation_report(short_plan.explain("gpus"), short_plan),
        sensitivity_report(sensitivity(short_plan), swings, short_plan),
        economics_report(unit_costs(short_plan), "2023-03", runway(short_plan, 1e6), short_plan),
    )
    return {report.name: report for report in found}


NAMES = ("solve", "outlook", "explain", "sensitivity", "economics")


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_holds_the_figures_of_every_table(
    reports: dict[str, Report], name: str
) -> None:
    report = reports[name]
    book = load_workbook(io.BytesIO(report.files(Path())[Path(f"{name}.xlsx")]))
    assert book.sheetnames == [*(table.name for table in report.tables), "Assumptions", "Sources"]
    for table in report.tables:
        rows = list(book[table.name].iter_rows(min_row=2, values_only=True))
        for row, expected in zip(rows, table.rows, strict=True):
            assert [cell for cell in row if isinstance(cell, int | float)] == pytest.approx(
                [cell for cell in expected if isinstance(cell, int | float)]
            )


def test_both_sides_of_a_step_show_all_their_digits(reports: dict[str, Report]) -> None:
    book = load_workbook(io.BytesIO(reports["solve"].files(Path())[Path("solve.xlsx")]))
    formats = {row[1].number_format for row in book["Answer"].iter_rows(min_row=2)}
    assert formats == {"General"}
    assert book["Assumptions"]["B2"].number_format != "General"


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_says_unit_class_source_and_date_of_every_input(
    reports: dict[str, Report], name: str
) -> None:
    report = reports[name]
    sheet = load_workbook(io.BytesIO(report.files(Path())[Path(f"{name}.xlsx")]))["Assumptions"]
    head, *rows = sheet.iter_rows(values_only=True)
    told = {str(row[0]): dict(zip(head, row, strict=True)) for row in rows}
    known = {row.name: row for row in sources.inputs(report.plan)}
    assert told.keys() == known.keys()
    for key, row in known.items():
        assert (told[key]["unit"], told[key]["basis"]) == (row.unit, row.basis)
        assert told[key]["source"]
        assert (told[key]["as of"] or "") == row.as_of


@pytest.mark.parametrize("name", NAMES)
def test_all_formats_say_the_same_and_are_the_same_again(
    reports: dict[str, Report], name: str
) -> None:
    report = reports[name]
    files = report.files(Path("out"))
    assert list(files) == [Path("out") / f"{name}.{kind}" for kind in KINDS]
    assert files == report.files(Path("out"))
    assert json.loads(files[Path("out") / f"{name}.json"])["schema"].startswith("fleetcast.")
    rows = list(csv.reader(io.StringIO(files[Path("out") / f"{name}.csv"].decode())))
    assert rows[0] == list(report.tables[0].head)
    assert len(rows) == len(report.tables[0].rows) + 1
    page = PdfReader(io.BytesIO(files[Path("out") / f"{name}.pdf"]))
    text = " ".join(" ".join(page.extract_text() for page in page.pages).split())
    assert all(table.name in text for table in report.tables)
    assert "Assumptions and sources" in text
    assert len(page.pages) <= 4


def test_the_answer_rests_on_the_plan_at_the_value_found(reports: dict[str, Report]) -> None:
    report = reports["solve"]
    value = json.loads(report.json)["value"]
    assert report.plan.scenario.inputs["price_factor"].mid == pytest.approx(value)
    row = next(row for row in sources.inputs(report.plan) if row.name == "price_factor")
    assert row.set_by == "goal"


def test_a_hostile_scenario_is_set_as_text(hostile_plan: CapacityPlan) -> None:
    report = explanation_report(hostile_plan.explain("token_rate"), hostile_plan)
    files = report.files(Path())
    assert files[Path("explain.pdf")].startswith(b"%PDF-1.7")
    book = load_workbook(io.BytesIO(files[Path("explain.xlsx")]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
