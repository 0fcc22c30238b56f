"""Messages are short, printable and complete."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forecast.messages import LONGEST, MOST_FAULTS, label, shown, told

JUNK = st.one_of(st.text(max_size=300), st.integers(), st.floats(), st.lists(st.text()), st.none())


@given(JUNK)
def test_any_value_is_shown_short_and_printable(value: object) -> None:
    text = shown(value)
    assert text.isprintable()
    assert len(text) <= 10 * LONGEST


def test_what_has_no_printed_form_is_described() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(10**5000) == "a number of over 4,300 digits"
    assert shown(deep) == "a deeply nested list"


@given(st.text(max_size=300))
def test_a_label_cannot_drive_a_terminal(key: str) -> None:
    assert label(key).isprintable()
    assert label("reply_tokens") == "reply_tokens"


@given(st.lists(st.sampled_from(["one", "two\nthree"]), max_size=60))
def test_faults_are_told_up_to_a_limit_and_counted_beyond(faults: list[str]) -> None:
    lines = "\n".join(faults).split("\n") if faults else []
    message = told(faults, "my.toml: ").split("\n") if faults else []
    assert message[:MOST_FAULTS] == lines[:MOST_FAULTS]
    if len(lines) > MOST_FAULTS:
        assert message[-1] == f"my.toml: ... and {len(lines) - MOST_FAULTS} faults more"
