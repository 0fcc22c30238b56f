"""Whatever is wrong with a series stands in its row; the others are forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from forecast.panel.chunk import (
    chunk_bytes,
    chunk_schema,
    chunk_table,
    forecast_chunk,
    readable,
)
from forecast.panel.data import RawSeries, panel_from
from forecast.panel.request import PANEL_MODELS, PanelRequest

REQUEST = PanelRequest(3, levels=(0.8,))
NAIVE = PANEL_MODELS["seasonal-naive"](())


def raw(values, times=None, step="D", number=0):
    if times is None:
        times = np.datetime64("2026-01-01", step) + np.arange(len(values))
    kind = "datetime64[us]" if np.asarray(times).dtype.kind in "MU" else np.int64
    return RawSeries(number, "x", np.array(times).astype(kind), np.array(values, float))


def rows(series, request=REQUEST, model=NAIVE):
    return forecast_chunk([series], request, model).to_pydict()


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (raw([1.0, 2.0, 3.0], ["2026-01-01", "2026-01-01", "2026-01-02"]), "1 rows repeat a time"),
        (raw([5.0]), "1 known values; allowed: 2 or more"),
        (raw([np.nan] * 9), "0 known values"),
        (raw([1.0, np.inf, 2.0]), "a value beyond 1e+160"),
        (raw([1.0, -1e300, 2.0]), "a value beyond 1e+160"),
        (raw([1.0, 2.0], ["2026-01-01T00:00", "2026-01-01T00:07"]), "keep no even step"),
        (raw([1.0, 2.0], [0, 10**12]), "steps of one day; allowed: 200,000"),
        (RawSeries(0, "x", np.array([1]), np.array([1.0]), "told before"), "told before"),
    ],
)
def test_a_bad_series_is_one_row_with_its_reason(series, reason):
    found = rows(series)
    assert reason in found["error"][0]
    assert [found[name] for name in REQUEST.columns] == [[None]] * 3
    assert found["step"] == [None]


@pytest.mark.parametrize(
    "values",
    [
        [0.0] * 30,
        [7.0] * 30,
        [3.0, 4.0],
        list(range(-40, 0)),
        np.sin(np.arange(100_000.0)),
        [1e159, 1e-300] * 20,
    ],
    ids=["all zero", "constant", "two points", "negative flow", "100,000 points", "extremes"],
)
def test_a_strange_but_good_series_is_forecast(values, within_seconds):
    found = rows(raw(values, step="h"))
    assert found["error"] == [None] * 3
    assert all(low <= mid <= high for low, mid, high in zip(*(found[c] for c in REQUEST.columns),
                                                            strict=True))  # fmt: skip
    assert found["step"] == [1, 2, 3]


def test_missing_rows_and_missing_values_are_the_same_gap():
    whole = raw([1.0, 2.0, np.nan, 4.0, 5.0, 6.0])
    keep = ~np.isnan(whole.values)
    assert rows(whole) == rows(raw(whole.values[keep], whole.times[keep]))


def test_the_forecast_begins_after_the_last_known_value():
    late = raw([1.0, 2.0, 3.0, np.nan, np.nan])
    assert rows(late) == rows(raw([1.0, 2.0, 3.0]))
    assert str(rows(late)["ds"][0])[:10] == "2026-01-04"


def test_counted_steps_go_on_counting_with_gaps():
    found = rows(raw([1.0, 2.0, 3.0], [-4, -3, 0]), PanelRequest(2, season=7))
    assert found["t"] == [1, 2]
    assert found["median"] == [3.0, 3.0]


class Broken:
    """Model that answers what it was made with, or raises it."""

    def __init__(self, answer):
        self.answer = answer

    def fit(self, series):
        return self

    def quantiles(self, horizon, levels):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ZeroDivisionError("by\nzero\x1b[2J"), "ZeroDivisionError: by zero?[2J"),
        (MemoryError("x" * 9_999), "MemoryError: xx"),
        (np.zeros((3, 2)), "the model gave shape (3, 2); allowed: (3, 3)"),
        (np.full((3, 3), np.nan), "not finite and ascending"),
        (np.array([[2.0] * 3, [1.0] * 3, [3.0] * 3]), "not finite and ascending"),
    ],
)
def test_a_model_that_fails_costs_one_row(answer, reason):
    found = rows(raw([1.0, 2.0]), model=Broken(answer))
    assert reason in found["error"][0]
    assert len(found["error"][0]) <= 300


class UnheardError(Exception):
    """An error that no model is known to raise."""


class FailsOn:
    """Model that fails on one series."""

    def __init__(self, name):
        self.name = name

    def fit(self, series):
        if series.name == self.name:
            raise UnheardError("by anyone")
        return NAIVE.fit(series)


def test_an_error_that_nobody_foresaw_costs_the_other_series_nothing():
    chunk = [replace(raw([1.0, 2.0]), number=place, name=f"s{place}") for place in range(3)]
    found = forecast_chunk(chunk, REQUEST, FailsOn("s1")).to_pydict()
    reasons = [reason for reason in found["error"] if reason]
    assert reasons == ["UnheardError: by anyone"]
    assert found["series"].count(0) == found["series"].count(2) == REQUEST.horizon


def test_bytes_are_read_back_or_known_to_be_none_of_ours():
    columns = chunk_schema(REQUEST, dated=True)
    content = chunk_bytes([raw([1.0, 2.0])], REQUEST, NAIVE)
    assert chunk_table(content, columns).equals(forecast_chunk([raw([1.0, 2.0])], REQUEST, NAIVE))
    for other in (b"", content[:-30], b"x" * 400):
        assert chunk_table(other, columns) is None
    assert chunk_table(content, chunk_schema(REQUEST, dated=False)) is None


def test_a_model_learns_from_the_series_that_it_will_forecast_and_from_no_other():
    times = np.arange("2026-01-01", "2026-01-05", dtype="datetime64[D]").astype("datetime64[us]")
    rows = pd.DataFrame(
        {
            "unique_id": ["good"] * 4 + ["twice"] * 2 + ["one"],
            "ds": [*times, times[0], times[0], times[0]],
            "y": [1.0, np.nan, 3.0, 4.0, 5.0, 5.0, 6.0],
        }
    )
    found = list(readable(panel_from(pa.Table.from_pandas(rows)), PanelRequest(2)))
    assert [series.name for series in found] == ["good"]
    assert found[0].values[[0, 2, 3]].tolist() == [1.0, 3.0, 4.0]
