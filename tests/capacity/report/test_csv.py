from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from capacity.outcome import CapacityPlan
from capacity.report.cells import restored
from capacity.report.csv import COLUMNS, to_csv


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_row_has_a_unit_and_seven_ordered_percentiles(short_plan: CapacityPlan) -> None:
    found = rows(to_csv(short_plan))
    assert tuple(found[0]) == COLUMNS
    for row in found:
        assert row["unit"]
        values = [float(row[name]) for name in COLUMNS if name[0] == "p" and name[1:].isdigit()]
        assert len(values) == 7
        assert values == sorted(values)


def test_numbers_are_those_of_the_plan(short_plan: CapacityPlan) -> None:
    found = [row for row in rows(to_csv(short_plan)) if row["metric"] == "cost"]
    assert [row["month"] for row in found] == [str(month) for month in short_plan.months]
    median = [float(row["p50"]) for row in found]
    assert median == pytest.approx(short_plan.quantile("cost", 0.5).tolist(), rel=1e-9)


def test_the_same_plan_gives_the_same_text(short_plan: CapacityPlan) -> None:
    assert to_csv(short_plan) == to_csv(replace(short_plan))


@pytest.mark.parametrize("text", ["=1+1", "\t=1", "';=1", 'a"b,c\r\nd', "\u00ad=1"])
def test_text_comes_back_and_no_cell_is_a_formula(
    short_plan: CapacityPlan, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(short_plan.scenario), "__post_init__", lambda self: None)
    hostile = replace(short_plan, scenario=replace(short_plan.scenario, name=text))
    found = rows(to_csv(hostile))
    assert {restored(row["scenario"]) for row in found} == {text}
    cells = [cell for row in found for cell in row.values()]
    assert [cell for cell in cells if cell[0] in "=@\t\r"] == []
