from __future__ import annotations

import math
from dataclasses import fields

import pytest

from capacity.procurement.buying import BASES, REGION_BASES, Buying


def test_every_assumption_has_unit_meaning_source_and_class() -> None:
    assert not set(BASES) & set(REGION_BASES)
    assert {*BASES, *REGION_BASES} == {item.name for item in fields(Buying)}
    for name, known in {**BASES, **REGION_BASES}.items():
        assert known.unit, name
        assert known.meaning, name
        assert known.source, name
        assert known.basis in {"measured", "calibrated", "assumed"}
        value = getattr(Buying(), name)
        for each in value if isinstance(value, tuple) else (value,):
            assert known.minimum <= each <= known.maximum


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("max_shortfall", 1.5, "allowed 0 to 1"),
        ("owed_share", math.nan, "allowed 0 to 1"),
        ("on_demand_nodes", 2.5, "must be int"),
        ("zone_lot", True, "must be int"),
        ("cvar", "much", "must be float"),
        ("shortfall_price", -1.0, "USD/node-hour"),
        ("region_price", "1,dear", "must be float, or more after commas"),
        ("region_price", "1,", "must be float, or more after commas"),
        ("region_price", "", "must be float, or more after commas"),
        ("region_price", 1.2, "must be float, or more after commas"),
        ("region_price", (), "must be float, or more after commas"),
        ("region_price", (1.0, True), "must be float, or more after commas"),
        ("region_lead", "1,11", "allowed 0 to 10 .ratio. each"),
        ("region_lead", "1,nan", "allowed 0 to 10 .ratio. each"),
    ],
)
def test_a_wrong_value_is_refused_in_words(name: str, value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Buying().change({name: value})  # type: ignore[dict-item]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"cvar = 1(.|\n)*zone_lot = 0"):
        Buying(cvar=1, zone_lot=0)


@pytest.mark.parametrize("regions", [1, 2, 3])
def test_terms_stand_for_every_region_once(regions: int) -> None:
    given = tuple(1.0 + 0.1 * number for number in range(regions))
    found = Buying(region_price=given, region_lead=(2.0,)).terms(regions)
    assert sum(item.regions for item in found) == regions
    assert tuple(item.price for item in found) == given
    assert {item.lead for item in found} == {2.0}


def test_lists_that_do_not_fit_the_regions_are_told_together() -> None:
    buying = Buying(region_price=(1.0, 1.1, 1.2), region_lead=(1.0, 2.0, 1.0))
    with pytest.raises(ValueError, match=r"region_price = '1,1.1,1.2'.*, 2(.|\n)*region_lead"):
        buying.terms(2)
