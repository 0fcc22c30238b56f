from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.policy import LEVERS, Policy

NUMBERS = [name for name, lever in LEVERS.items() if math.isfinite(lever.minimum)]
WHOLE = [name for name in NUMBERS if isinstance(getattr(Policy(), name), int)]
CHOICES = [name for name, lever in LEVERS.items() if lever.choices]
LONG = 1_000  # characters that a message may have


def step(name: str) -> float:
    return 1 if name in WHOLE else 1e-6


def test_every_field_is_a_described_lever() -> None:
    assert [item.name for item in fields(Policy)] == list(LEVERS)
    assert all(lever.unit and lever.help for lever in LEVERS.values())


@pytest.mark.parametrize("name", NUMBERS)
def test_both_ends_of_a_range_are_allowed(name: str) -> None:
    kind = type(getattr(Policy(), name))
    for end in (LEVERS[name].minimum, LEVERS[name].maximum):
        assert getattr(Policy().change({name: kind(end)}), name) == end


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("side", ["minimum", "maximum"])
def test_beyond_an_end_the_message_names_key_value_range_and_unit(name: str, side: str) -> None:
    lever = LEVERS[name]
    end = getattr(lever, side)
    value = type(getattr(Policy(), name))(end + step(name) * (1 if side == "maximum" else -1))
    with pytest.raises(ValueError, match=f"^{name} = ") as caught:
        Policy(**{name: value})
    text = str(caught.value)
    assert f"allowed {lever.minimum:g} to {lever.maximum:g} [{lever.unit}]" in text


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    "value", [True, False, None, "many", [1], {"a": 1}, math.nan, math.inf, -math.inf, 1j]
)
def test_what_is_no_number_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name} = "):
        Policy(**{name: value})


@pytest.mark.parametrize("name", WHOLE)
def test_a_count_is_a_whole_number(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} = 1.5: must be int"):
        Policy(**{name: 1.5})


@pytest.mark.parametrize("name", CHOICES)
def test_words_outside_the_choices_are_refused_with_the_choices(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} = 'x': allowed {LEVERS[name].choices[0]}"):
        Policy(**{name: "x"})
    for word in LEVERS[name].choices:
        assert getattr(Policy(**{name: word}), name) == word


@pytest.mark.parametrize("value", [99.95, "99.95"])
def test_a_percentage_is_told_how_to_write_the_share(value: Any) -> None:
    with pytest.raises(ValueError, match=r"for 99.95 % write 0.9995"):
        Policy().change({"availability": value})


@pytest.mark.parametrize("value", [0, 0.0, -0.1, 1.0, 1.5])
def test_an_availability_that_cannot_be_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"availability = .*allowed 0.9 to 0.99999 \[share\]"):
        Policy(availability=value)


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown policy 'availabilty'; nearest: availability"):
        Policy().change({"availabilty": 0.99})


@pytest.mark.parametrize("text", ["٣", "1_0", "0x3", "3.0", "", "three", "3\n4", "1e0"])
def test_only_plain_whole_numbers_are_read_from_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"^zones = "):
        Policy().change({"zones": text})


@given(st.integers(1, 6), st.floats(0.9, 0.99999))
def test_text_is_read_as_the_fields_own_type(zones: int, availability: float) -> None:
    changed = Policy().change({"zones": str(zones), "availability": repr(availability)})
    assert (changed.zones, changed.availability) == (zones, availability)


def test_a_change_leaves_the_original_and_every_other_lever() -> None:
    before = Policy(zones=2)
    after = before.change({"regions": 1})
    assert before == Policy(zones=2)
    assert after == Policy(zones=2, regions=1)


def test_every_fault_is_reported_at_once() -> None:
    with pytest.raises(ValueError, match="zones = 9") as caught:
        Policy(zones=9, regions=0, term="2y")
    assert len(str(caught.value).split("\n")) == 3


def test_unknown_keys_and_bad_values_are_reported_together() -> None:
    with pytest.raises(ValueError, match="unknown policy 'zone'") as caught:
        Policy().change({"zone": 2, "regions": 9, "availability": 99.95})
    assert "regions = 9" in str(caught.value)
    assert "availability = 99.95" in str(caught.value)


@pytest.mark.parametrize("name", ["availability", "zones", "ttft_s"])
@pytest.mark.parametrize(
    "value", [10**400, -(10**400), 10**5000], ids=["1e400", "-1e400", "1e5000"]
)
def test_a_whole_number_beyond_every_float_is_a_fault_of_its_key(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"^{name} = ") as caught:
        Policy().change({name: value})
    assert len(str(caught.value)) < LONG


@pytest.mark.parametrize("name", ["zones", "term", "availability"])
@pytest.mark.parametrize("value", ["x" * 100_000, "9" * 100_000])
def test_a_message_shows_no_more_than_the_beginning_of_a_value(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} = ") as caught:
        Policy().change({name: value})
    assert len(str(caught.value)) < LONG


def test_a_word_that_looks_like_a_number_may_be_one() -> None:
    assert Policy().change({"tensor_parallel": 4}) == Policy(tensor_parallel="4")
    with pytest.raises(ValueError, match="tensor_parallel = 3: "):
        Policy().change({"tensor_parallel": 3})
