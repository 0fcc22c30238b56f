from __future__ import annotations

import math

import pytest

from capacity.buying import BASES, Buying


def test_every_assumption_has_unit_meaning_source_and_class() -> None:
    for name, known in BASES.items():
        assert known.unit, name
        assert known.meaning, name
        assert known.source, name
        assert known.basis in {"measured", "calibrated", "assumed"}
        assert known.minimum <= getattr(Buying(), name) <= known.maximum


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("max_shortfall", 1.5, "allowed 0 to 1"),
        ("owed_share", math.nan, "allowed 0 to 1"),
        ("on_demand_nodes", 2.5, "must be int"),
        ("zone_lot", True, "must be int"),
        ("cvar", "much", "must be float"),
        ("shortfall_price", -1.0, "USD/node-hour"),
    ],
)
def test_a_wrong_value_is_refused_in_words(name: str, value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Buying().change({name: value})  # type: ignore[dict-item]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"cvar = 1(.|\n)*zone_lot = 0"):
        Buying(cvar=1, zone_lot=0)
