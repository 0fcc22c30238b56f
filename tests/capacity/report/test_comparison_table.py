"""Differences of plans as text and CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from capacity.comparison import Comparison, Difference, Saving
from capacity.report.comparison_table import (
    comparison_csv,
    comparison_text,
    last_rows,
    saving_text,
)

ROWS = (
    Difference("cost", "2024-05", "USD/month", 1.0, 2.0, 0.5, 1.0, 1.5, "other"),
    Difference("cost", "2024-06", "USD/month", 1.9e6, 2.4e6, 0.2e6, 0.5e6, 0.9e6, "other"),
)


SAVING = Saving("other", -4e5, 1e6, 2e6, 0.8, "2024-05", 3e6)
BOTH = Comparison(("base", "other"), (), np.array(["2024-06"], "M8[M]"), ROWS, (SAVING,))


def test_text_shows_the_last_month_in_words() -> None:
    text = comparison_text(BOTH)
    assert "2024-06" in text
    assert "$1.9 M/month" in text
    assert "$200,000 to $900,000/month" in text
    assert [row.month for row in last_rows(ROWS, "other")] == ["2024-06"]


def test_a_saving_says_how_sure_it_is_and_what_is_owed() -> None:
    text = saving_text(SAVING, "base")
    assert "costs $1.0 M less than base" in text
    assert "-$400,000 and $2.0 M" in text
    assert "80 % probability" in text
    assert "from 2024-05 on" in text
    assert "owes $3.0 M more" in text


def test_a_dearer_plan_says_so_with_positive_numbers() -> None:
    text = saving_text(replace(SAVING, low=-2e6, mid=-1e6, high=-5e5, month=""), "base")
    assert "costs $1.0 M more than base over all months (90 % between $500,000 and $2.0 M)" in text
    same = saving_text(replace(SAVING, low=0.0, mid=0.0, high=0.0, owed=0.0), "base")
    assert same == "other costs in every draw what base costs."


def test_csv_holds_every_month_and_number() -> None:
    rows = list(csv.DictReader(io.StringIO(comparison_csv(ROWS))))
    assert [row["month"] for row in rows] == ["2024-05", "2024-06"]
    assert float(rows[1]["mid"]) == pytest.approx(0.5e6)
