from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from capacity.metrics import METRICS
from capacity.numbers import bare, ordinal, percent, plain, raised, say, say_error, span

UNITS = sorted({metric.unit for metric in METRICS.values()} | {"min", "s", "nodes"})
SCALE = {
    "tn": 1e12, "bn": 1e9, "M": 1e6, "PB": 1.0, "TB": 1e-3, "GB": 1e-6, "MB": 1e-9, "GW": 1e6,
    "MW": 1e3, "kW": 1.0, "W": 1e-3, "Tbit": 1e3, "Gbit": 1.0, "Mbit": 1e-3, "kbit": 1e-6,
    "ms": 1e-3, "%": 0.01,
}  # fmt: skip
sizes = st.floats(min_value=1e-40, max_value=1e15)


def heard(text: str) -> float:
    """The number that a reader takes from the words."""
    match = re.match(r"±?(-?)\$?([\d,.]+(?:e-\d+)?)", text)
    assert match, text
    number = float(match[2].replace(",", "")) * (-1.0 if match[1] else 1.0)
    for word in re.findall(r"[A-Za-z%]+", text[match.end() :]):
        number *= SCALE.get(word, 1.0)
    return number


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (6784213.18, "queries/day", "6.8 M queries/day"),
        (1_234_000, "USD/month", "$1.2 M/month"),
        (619_020, "USD/month", "$620,000/month"),
        (0.0042, "USD/h", "$0.0042/h"),
        (999_600, "users", "1.0 M users"),
        (3.14159, "PB", "3.1 PB"),
        (0.000_95, "PB", "950 GB"),
        (0.9512, "min", "0.95 min"),
        (0.0651, "s", "65 ms"),
        (1234, "kW", "1.2 MW"),
        (5432, "Gbit/s", "5.4 Tbit/s"),
        (984, "GPUs", "984 GPUs"),
        (98_431, "GPUs", "98,000 GPUs"),
        (0.0523, "share", "5.2 %"),
        (-12_345, "USD", "-$12,000"),
        (0, "PB", "0 PB"),
        (0.000_001_24, "min", "0.0000012 min"),
        (1.469e-34, "min", "1.5e-34 min"),
    ],
)
def test_numbers_are_said_as_people_say_them(value: float, unit: str, words: str) -> None:
    assert say(value, unit) == words


@given(sizes, sizes, st.sampled_from(UNITS))
def test_a_larger_number_is_never_said_as_a_smaller_one(a: float, b: float, unit: str) -> None:
    low, high = sorted((a, b))
    assert heard(say(low, unit)) <= heard(say(high, unit)) * (1 + 1e-12)


@given(sizes, st.sampled_from(UNITS))
def test_words_are_within_five_percent(value: float, unit: str) -> None:
    assume(value >= 10 or unit not in {"GPUs", "nodes", "instances", "hosts"})
    assert heard(say(value, unit)) == pytest.approx(value, rel=0.0501)


@given(sizes, st.sampled_from(UNITS))
def test_a_printed_error_is_never_too_small(value: float, unit: str) -> None:
    assert heard(say_error(value, unit)) >= value * (1 - 1e-9)
    assert raised(value, unit) <= max(1.1001 * value, math.ceil(value))


@given(sizes, st.sampled_from(UNITS))
def test_two_digits_and_no_more(value: float, unit: str) -> None:
    number = say(value, unit).split(" ")[0].partition("e-")[0]
    digits = re.sub(r"[^\d.]", "", number).replace(".", "")
    whole = unit in {"GPUs", "nodes", "instances", "hosts"} and value < 10_000
    assert whole or len(digits.strip("0")) <= 2


@given(sizes, sizes, st.sampled_from(UNITS))
def test_an_interval_says_both_of_its_ends(a: float, b: float, unit: str) -> None:
    low, high = sorted((a, b))
    first, last = span(low, high, unit).split(" to ")
    assert last == say(high, unit)
    assert first in {say(low, unit), bare(low, unit)} or say(low, unit).startswith(first)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_said(value: float) -> None:
    for words in (say, say_error, bare):
        with pytest.raises(ValueError, match="finite"):
            words(value, "PB")
    with pytest.raises(ValueError, match="finite"):
        plain(value)


def test_shares_ranks_and_plain_numbers() -> None:
    assert percent(0.99964, 3) == "99.964 %"
    assert [ordinal(number) for number in (1, 22, 63, 111, 97)] == [
        "1st", "22nd", "63rd", "111th", "97th",
    ]  # fmt: skip
    assert [plain(value) for value in (0.1, 1150, 2e10, 5e-5, -3.5)] == [
        "0.1", "1,150", "20 bn", "5e-05", "-3.5",
    ]  # fmt: skip
    assert (plain(-0.0), plain(-0.4)) == ("0", "-0.4")
