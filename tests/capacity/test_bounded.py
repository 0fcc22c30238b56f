from __future__ import annotations

from dataclasses import fields

import pytest

from capacity.bounded import BOUNDS, Bounded, Bounds
from capacity.policy import Policy
from capacity.procurement.buying import Buying
from forecast.messages import MOST_FAULTS

KINDS = pytest.mark.parametrize("start", [Policy(), Buying()], ids=["policy", "buying"])


def typed(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


@KINDS
def test_every_field_carries_its_bounds_and_a_default_within_them(start: Bounded) -> None:
    for item in fields(start):
        assert isinstance(item.metadata[BOUNDS], Bounds)
    assert start.change({item.name: typed(item.default) for item in fields(start)}) == start


@KINDS
@pytest.mark.parametrize("text", ["1_0", "٣", "0x3", "", "three", "1e0.5"])
def test_only_plain_numbers_are_read_from_text(start: Bounded, text: str) -> None:
    for item in fields(start):
        if not isinstance(item.default, str):
            with pytest.raises(ValueError, match=f"^{item.name} = .*: must be "):
                start.change({item.name: text})


@KINDS
def test_unknown_names_and_impossible_values_are_told_together(start: Bounded) -> None:
    name = next(item.name for item in fields(start) if isinstance(item.default, int))
    with pytest.raises(ValueError, match=f"^unknown {start.noun} 'colour'; known: ") as caught:
        start.change({"colour": 1, name: -1})
    assert f"\n{name} = -1: allowed " in str(caught.value)


@KINDS
def test_of_many_unknown_names_only_the_first_are_compared(start: Bounded) -> None:
    with pytest.raises(ValueError, match="and 1980 faults more") as caught:
        start.change({f"name{number}": 1 for number in range(2_000)})
    assert str(caught.value).count("known: ") == MOST_FAULTS
