from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.scenarios.scenario import Scenario
from capacity.scenarios.settings import OVERRIDE, change_scenario, parse_pairs

keys = st.text(st.characters(codec="utf-8", exclude_characters="="), min_size=1, max_size=20)


@given(st.dictionaries(keys, st.text(max_size=20), max_size=5))
def test_pairs_are_read_as_written(pairs: dict[str, str]) -> None:
    assert parse_pairs([f"{key}={value}" for key, value in pairs.items()]) == pairs


def test_every_text_without_a_value_is_named() -> None:
    with pytest.raises(ValueError, match="'zones': must be key=value") as caught:
        parse_pairs(["zones", "=3", "regions=1", "regions=2"])
    assert len(str(caught.value).split("\n")) == 3
    assert "regions" in str(caught.value).split("\n")[2]


def test_no_change_is_the_same_scenario(reported: Scenario) -> None:
    assert change_scenario(reported, []) is not None
    assert change_scenario(reported, []).inputs == reported.inputs


def test_one_number_is_certain_and_three_are_an_estimate(reported: Scenario) -> None:
    changed = change_scenario(reported, ["reply_tokens=150", "prompt_tokens=900,1400,2600.5"])
    assert changed.inputs["reply_tokens"].certain
    prompt = changed.inputs["prompt_tokens"]
    assert (prompt.low, prompt.mid, prompt.high) == (900, 1400, 2600.5)
    assert changed.overrides[-1].name == OVERRIDE


def test_words_change_the_scenario_itself(reported: Scenario) -> None:
    texts = ["architecture=llama-2-70b", "end=2024-01", "growth.model=constant"]
    changed = change_scenario(reported, texts)
    assert (changed.architecture, changed.end) == ("llama-2-70b", "2024-01")
    assert changed.growth.model == "constant"
    assert changed.growth.reference == reported.growth.reference


def test_the_order_of_changes_does_not_matter(reported: Scenario) -> None:
    texts = ["reply_tokens=150", "prompt_tokens=900", "end=2024-01"]
    one, other = change_scenario(reported, texts), change_scenario(reported, texts[::-1])
    assert one.inputs == other.inputs
    assert one.overrides == other.overrides


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reply_tokns=5", "unknown input 'reply_tokns'; nearest: reply_tokens"),
        ("architectur=x", "nearest: architecture"),
        ("zones=2", "unknown input 'zones'"),
        ("reply_tokens=", "reply_tokens = '': must be a number, or low,mid,high"),
        ("reply_tokens=many", "reply_tokens = 'many'"),
        ("reply_tokens=1_000", "reply_tokens = '1_000'"),
        ("reply_tokens=٣", "reply_tokens = '٣'"),
        ("reply_tokens=0x10", "reply_tokens = '0x10'"),
        ("reply_tokens=true", "reply_tokens = 'true'"),
        ("reply_tokens=1,2", "reply_tokens = .*one number, or low, mid and high"),
        ("reply_tokens=1,2,3,4", "reply_tokens = .*one number, or low, mid and high"),
        ("reply_tokens=3,2,1", "reply_tokens = .*low <= mid <= high"),
        ("reply_tokens=1;2;3", "reply_tokens = '1;2;3'"),
        ("reply_tokens=nan", "reply_tokens = nan.*finite"),
        ("reply_tokens=inf", "reply_tokens = inf.*finite"),
        ("reply_tokens=1e400", "reply_tokens = inf.*finite"),
        ("reply_tokens=-1", r"reply_tokens = -1.*allowed 1 to 1e\+06 \[tokens\]"),
        ("cached_share=95", r"cached_share = 95.*allowed 0 to 1 \[share\]"),
        ("start=2022-13", "start = '2022-13': must be a month"),
        ("end=never", "end = 'never': must be a month"),
        ("architecture=llama-2-13", "nearest: llama-2-13b"),
        ("profile=burst", "profile"),
        ("growth.model=prophets", "nearest: prophet"),
        ("growth.reference=x", "allowed service, developer, all"),
    ],
)
def test_a_change_that_cannot_be_names_key_value_and_what_is_allowed(
    reported: Scenario, text: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        change_scenario(reported, [text])


def test_every_fault_is_reported_at_once(reported: Scenario) -> None:
    texts = ["reply_tokens=3,2,1", "prompt_tokens=x", "zone=1", "end=never", "price_factor=99"]
    with pytest.raises(ValueError, match="prompt_tokens = 'x'") as caught:
        change_scenario(reported, texts)
    wanted = ("reply_tokens = ", "'zone'", "end = 'never'", "price_factor = 99")
    assert [part for part in wanted if part not in str(caught.value)] == []


@pytest.mark.parametrize("text", ["x" * 100_000 + "=1", "reply_tokens=" + "9" * 100_000])
def test_a_message_is_short_and_free_of_control_characters(reported: Scenario, text: str) -> None:
    with pytest.raises(ValueError, match=r"=|unknown") as caught:
        change_scenario(reported, [text])
    assert len(str(caught.value)) < 3_000


def test_a_repeated_key_is_shown_without_its_control_characters() -> None:
    with pytest.raises(ValueError, match="given twice") as caught:
        parse_pairs(["a\x1b[2J\n" + "b" * 1_000 + "=1"] * 2)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 200
