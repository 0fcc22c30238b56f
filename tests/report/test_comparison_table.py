"""Differences of plans as text and CSV."""

from __future__ import annotations

import csv
import io

import pytest

from capacity.comparison import Difference
from capacity.report.comparison_table import comparison_csv, comparison_text

ROWS = (
    Difference("cost", "2024-05", "USD/month", 1.0, 2.0, 0.5, 1.0, 1.5),
    Difference("cost", "2024-06", "USD/month", 1.9e6, 2.4e6, 0.2e6, 0.5e6, 0.9e6),
)


def test_text_shows_the_last_month_in_words() -> None:
    text = comparison_text(ROWS)
    assert "2024-06" in text
    assert "2024-05" not in text
    assert "$1.9 M/month" in text
    assert "$200,000 to $900,000/month" in text


def test_csv_holds_every_month_and_number() -> None:
    rows = list(csv.DictReader(io.StringIO(comparison_csv(ROWS))))
    assert [row["month"] for row in rows] == ["2024-05", "2024-06"]
    assert float(rows[1]["mid"]) == pytest.approx(0.5e6)
