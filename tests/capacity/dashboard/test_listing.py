from __future__ import annotations

import csv
import io
from typing import NamedTuple

from capacity.dashboard.listing import listing_csv, matching


class Fact(NamedTuple):
    item: str
    value: float


FACTS = [Fact("GPU price", 2.5), Fact("=cmd()", 1.0), Fact("(a+)+$", 3.0)]


def test_filter_finds_a_word_in_any_case() -> None:
    assert matching(FACTS, " gpu ") == [FACTS[0]]
    assert matching(FACTS, "2.5") == [FACTS[0]]


def test_no_word_keeps_every_row() -> None:
    assert matching(FACTS, "") == FACTS


def test_filter_is_no_pattern() -> None:
    assert matching(FACTS, "(a+)+$") == [FACTS[2]]
    assert matching(FACTS, ".") == FACTS  # the point of each number


def test_file_reads_back_and_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(listing_csv(FACTS).decode())))
    assert rows[0] == ["item", "value"]
    assert [row[0] for row in rows[1:]] == ["GPU price", "'=cmd()", "(a+)+$"]
    assert [float(row[1]) for row in rows[1:]] == [2.5, 1.0, 3.0]


def test_no_rows_make_an_empty_file() -> None:
    assert listing_csv([]) == b""
