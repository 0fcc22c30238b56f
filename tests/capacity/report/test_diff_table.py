from __future__ import annotations

import json
from dataclasses import replace

import pytest

from capacity.comparison import Comparison, compare
from capacity.outcome import CapacityPlan
from capacity.report.diff_table import diff_json, diff_markdown, exceeded, watched
from capacity.scenarios.changes import Change

CHANGES = (Change("input", "reply_tokens", "210", "300", "tokens"),)


@pytest.fixture(scope="module")
def both(short_plan: CapacityPlan) -> Comparison:
    dearer = {name: values * 1.1 if name == "cost" else values
              for name, values in short_plan.draws.items()}  # fmt: skip
    return compare(short_plan, replace(short_plan, draws=dearer), names=("a|b", "<c>"))


def test_a_figure_above_the_threshold_is_bold_and_listed(both: Comparison) -> None:
    text = diff_markdown(CHANGES, both, 0.05)
    assert "**+10.0 %**" in text
    assert text.count("**") == 2
    assert [item.metric for item in exceeded(watched(both), 0.05)] == ["cost"]


@pytest.mark.parametrize("threshold", [0.2, None])
def test_below_the_threshold_or_without_one_nothing_counts(
    both: Comparison, threshold: float | None
) -> None:
    assert exceeded(watched(both), threshold) == []
    assert "**" not in diff_markdown(CHANGES, both, threshold)


def test_every_line_of_a_table_has_the_same_cells(both: Comparison) -> None:
    text = diff_markdown(CHANGES, both).replace("\\|", "")
    rows = [line.count("|") for line in text.splitlines() if line.startswith("|")]
    assert rows == [6] * len(rows)
    assert "| input | `reply_tokens` | 210 | 300 | tokens |" in text


def test_names_of_users_are_escaped(both: Comparison) -> None:
    assert "### a\\|b → \\<c\\>" in diff_markdown((), both)
    assert "No setting differs." in diff_markdown((), both)


def test_the_json_holds_changes_figures_and_what_exceeds(both: Comparison) -> None:
    document = json.loads(diff_json(CHANGES, both, 0.05))
    assert document["schema"] == "fleetcast.diff/1"
    assert document["changes"][0]["after"] == "300"
    assert document["exceeded"] == ["cost"]
    cost = next(item for item in document["figures"] if item["metric"] == "cost")
    assert cost["ratio"] == pytest.approx(1.1)
