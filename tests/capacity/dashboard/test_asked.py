"""Questions to a plan, as the page gets their answers."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from capacity.dashboard.asked import backwards, why
from capacity.dashboard.setting import Setting
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def setting() -> Setting:
    return Setting(draws=200)


def test_parts_of_a_figure_are_those_of_the_plan(setting: Setting, reported: Scenario) -> None:
    found = why(setting, "cost", "2024-06")
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    told = planned.explain("cost", "2024-06")
    (unit,) = [name for name in found.tables[0].rows[0] if "[USD/month]" in name]
    values = [float(row[unit].replace(",", "")) for row in found.tables[0].rows]
    parts = [*(part.value for part in told.parts), told.total]
    assert values == pytest.approx(parts, rel=5e-4)
    assert set(found.files) == {f"explain.{kind}" for kind in ("json", "csv", "xlsx", "pdf")}


def test_goal_tells_what_it_tries_and_where_it_ends(setting: Setting) -> None:
    lines: list[str] = []
    found = backwards(setting, "availability>=0.9996", "zones", lines.append)
    assert lines
    assert "zones" in found.lines[0]
    assert "solve.pdf" in found.files


def test_cells_are_those_of_the_printed_page(setting: Setting) -> None:
    found = why(setting, "cost", "2024-06")
    page = PdfReader(io.BytesIO(found.files["explain.pdf"]))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in page.pages).split())
    numbers = [cell for row in found.tables[0].rows for cell in row.values() if cell[:1].isdigit()]
    assert len(numbers) > len(found.tables[0].rows)
    assert all(number in printed for number in numbers)


def test_a_setting_without_a_plan_has_nothing_to_explain(setting: Setting) -> None:
    with pytest.raises(ValueError, match="no plan"):
        why(setting.with_lever("ttft_s", "0.05"), "cost", "2024-06")
