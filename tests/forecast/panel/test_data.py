"""Rows become series whatever their order; a bad cell counts against its own series only."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.panel.data import panel_from

DAYS = ["2026-01-01", "2026-01-02", "2026-01-03"]


def panel(**columns):
    return panel_from(pa.table(columns))


@given(st.data())
def test_the_order_of_rows_does_not_matter(data):
    rows = data.draw(
        st.lists(
            st.tuples(st.sampled_from("abc"), st.integers(-9, 9), st.floats(-1e9, 1e9)),
            min_size=1,
            unique_by=lambda row: row[:2],
        )
    )
    shuffled = data.draw(st.permutations(rows))
    one, other = (
        panel(unique_id=ids, t=times, y=values)
        for ids, times, values in (zip(*rows, strict=True), zip(*shuffled, strict=True))
    )
    assert one.ids.to_pylist() == other.ids.to_pylist() == sorted({row[0] for row in rows})
    for number in range(len(one)):
        here, there = one.series(number), other.series(number)
        assert here.times.tolist() == there.times.tolist() == sorted(here.times)
        assert here.values.tolist() == there.values.tolist()


def test_disorder_is_said_and_interleaving_is_none():
    assert panel(unique_id=["a", "b", "a", "b"], t=[1, 1, 2, 2], y=[1, 2, 3, 4]).remarks == ()
    said = panel(unique_id=["a", "b", "a", "b"], t=[2, 1, 1, 2], y=[1, 2, 3, 4]).remarks
    assert said == ("1 series were not in the order of their times: sorted",)


@pytest.mark.parametrize(
    "ids",
    [
        pa.array([7, 7, 3]),
        pa.array(["7", "7", "3"]),
        pa.array(["7", "7", "3"]).dictionary_encode(),
        pa.array(["7", "7", "3"], pa.large_string()),
        pa.DictionaryArray.from_arrays(pa.array([0, 2, 1]), pa.array(["7", "3", "7"])),
    ],
)
def test_names_of_any_kind_are_gathered_and_sorted(ids):
    found = panel(unique_id=ids, t=[1, 2, 1], y=[1.0, 2.0, 9.0])
    assert [str(name) for name in found.ids.to_pylist()] == ["3", "7"]
    assert [found.series(n).values.tolist() for n in range(2)] == [[9.0], [1.0, 2.0]]


@pytest.mark.parametrize(
    "ds",
    [
        pa.array(DAYS),
        pa.array([f"{day}T00:00:00Z" for day in DAYS]),
        pa.array([f"{day} 00:00:00+00:00" for day in DAYS]),
        pa.array([datetime.date.fromisoformat(day) for day in DAYS]),
        pa.array(np.array(DAYS, "datetime64[s]")),
        pa.array(np.array(DAYS, "datetime64[ns]")),
        pa.array(pd.to_datetime(DAYS, utc=True)),
    ],
)
def test_times_of_any_kind_are_the_same(ds):
    found = panel(unique_id=["a"] * 3, ds=ds, y=[1, 2, 3])
    assert found.dated
    assert not found.faults
    assert found.times.tolist() == np.array(DAYS, "datetime64[us]").tolist()


def test_another_zone_is_refused_with_what_to_do():
    ds = pa.array(pd.to_datetime(DAYS).tz_localize("Europe/Berlin"))
    with pytest.raises(ValueError, match=r"zone Europe/Berlin; allowed: UTC.*days and longer"):
        panel(unique_id=["a"] * 3, ds=ds, y=[1, 2, 3])
    utc = panel(unique_id=["a"] * 3, ds=pa.array(pd.to_datetime(DAYS, utc=True)), y=[1, 2, 3])
    assert utc.remarks == ("ds is in UTC: read, and written, without its zone",)


@pytest.mark.parametrize(
    "y",
    [
        pa.array([1, 2, None]),
        pa.array([1.0, 2.0, float("nan")]),
        pa.array(["1", " 2e0", "NA"]),
        pa.array([decimal.Decimal("1.00"), decimal.Decimal("2.00"), None]),
    ],
)
def test_values_of_any_kind_are_the_same(y):
    found = panel(unique_id=["a"] * 3, t=[1, 2, 3], y=y)
    assert not found.faults
    assert np.array_equal(found.values, [1.0, 2.0, np.nan], equal_nan=True)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"t": [1, 2, 1], "y": ["1", "lots", "3"]}, "y 'lots' is no number"),
        ({"t": [1, 2, 1], "y": ["x", "lots", "3"]}, "y 'x' is no number; 2 such rows"),
        ({"t": [1, 1.5, 1], "y": [1, 2, 3]}, "t '1.5' is no time; allowed: whole numbers"),
        ({"t": [1, 1e300, 1], "y": [1, 2, 3]}, "is no time"),
        ({"t": [1, None, 1], "y": [1, 2, 3]}, "t None is no time"),
        ({"ds": [DAYS[0], "soon", DAYS[0]], "y": [1, 2, 3]}, "ds 'soon' is no time"),
        ({"ds": [DAYS[0], None, DAYS[0]], "y": [1, 2, 3]}, "ds None is no time"),
        ({"ds": [DAYS[0], "2026-01-02T00:00+02:00", DAYS[0]], "y": [1, 2, 3]}, "in UTC"),
        ({"ds": np.array([0, 2**62, 0], "datetime64[us]"), "y": [1, 2, 3]}, "years 1 to 9999"),
    ],
)
def test_a_bad_cell_is_a_fault_of_its_series_alone(columns, fault):
    found = panel(unique_id=["a", "a", "b"], **columns)
    assert list(found.faults) == [0]
    assert fault in found.series(0).fault
    assert found.series(1).fault == ""


def test_rows_without_a_name_are_a_series_that_says_so():
    found = panel(unique_id=["a", None, None], t=[1, 1, 2], y=[1, 2, 3])
    assert found.ids.to_pylist() == ["a", None]
    assert found.faults == {1: "2 rows have no unique_id"}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"unique_id": [1.5], "t": [1], "y": [1]}, "unique_id is double"),
        ({"unique_id": ["a"], "ds": [1], "y": [1]}, "ds is int64.*counts in t"),
        ({"unique_id": ["a"], "t": [1], "y": [True]}, "y is bool; allowed: numbers"),
        ({"unique_id": ["a"], "t": [[1]], "y": [1]}, "t is list"),
        ({"unique_id": [], "t": [], "y": []}, "no row"),
    ],
)
def test_a_column_of_the_wrong_kind_is_refused(columns, message):
    with pytest.raises(ValueError, match=message):
        panel(**columns)
