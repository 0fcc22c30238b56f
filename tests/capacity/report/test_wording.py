from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from capacity.report.wording import UNBROKEN, counted, fitting, short


@given(st.text(max_size=300))
def test_no_word_is_wider_than_a_column(text: str) -> None:
    words = str(fitting(text)).replace("\u200b", " ").replace("\u00a0", " ").split(" ")
    assert max(map(len, words)) <= UNBROKEN


def test_numbers_stay_with_their_units() -> None:
    assert fitting("90 % of 6.8 M users in 3 GPUs") == (
        "90\u00a0% of 6.8\u00a0M users in 3\u00a0GPUs"
    )


def test_every_depth_is_fitted_and_numbers_are_left() -> None:
    assert fitting({"a": ["x\ny", ("z\x1b",), 3, None]}) == {"a": ["x y", ["z"], 3, None]}


@given(st.text(), st.integers(1, 50))
def test_short_text_is_short(text: str, longest: int) -> None:
    found = short(text, longest)
    assert len(found) <= longest
    assert found == text or found.endswith("\u2026")


def test_nouns_follow_their_number() -> None:
    assert (counted(1, "region"), counted(1200, "node")) == ("1 region", "1,200 nodes")
