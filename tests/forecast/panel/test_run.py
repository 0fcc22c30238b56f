"""The forecast of a series is its own: no neighbour, order, chunk or worker changes it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.panel import run
from forecast.panel.data import panel_from
from forecast.panel.engine import Engine
from forecast.panel.pieces import Pieces
from forecast.panel.request import PanelRequest
from forecast.panel.run import forecast_panel, run_panel, with_origin

REQUEST = PanelRequest(4, model="seasonal-naive")
HERE = Engine(workers=1)

ROWS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 30), st.floats(-1e6, 1e6)), min_size=1, max_size=60
)


def table_of(rows):
    ids, days, values = zip(*rows, strict=True)
    ds = np.datetime64("2026-01-01", "us") + np.array(days) * np.timedelta64(1, "D")
    return pa.table({"unique_id": [f"s{name}" for name in ids], "ds": ds, "y": values})


def forecast(rows):
    return run_panel(panel_from(table_of(rows)), REQUEST, HERE)


@given(ROWS)
@settings(max_examples=30)
def test_a_series_does_not_depend_on_its_neighbours(rows):
    whole = forecast(rows).to_pandas()
    name = rows[0][0]
    alone = forecast([row for row in rows if row[0] == name]).to_pandas()
    part = whole[whole["unique_id"] == f"s{name}"].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, alone, check_exact=True, check_dtype=False)


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_rows_changes_nothing(rows, chance):
    shuffled = chance.sample(rows, len(rows))
    assert forecast(rows).equals(forecast(shuffled))


@given(ROWS, st.integers(1, 11))
@settings(max_examples=30)
def test_the_size_of_chunks_changes_nothing(rows, size):
    whole = forecast(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "SERIES_A_CHUNK", size)
        assert forecast(rows).equals(whole)


def test_two_processes_give_what_one_gives(fleet, monkeypatch):
    monkeypatch.setattr(run, "SERIES_A_CHUNK", 2)
    panel = panel_from(pa.Table.from_pandas(fleet))
    one, two = (run_panel(panel, REQUEST, Engine(workers=workers)) for workers in (1, 2))
    assert one.equals(two)


def test_networks_learned_from_the_panel_are_the_same_for_every_worker(monkeypatch):
    monkeypatch.setattr(run, "SERIES_A_CHUNK", 8)
    walks = np.exp(np.cumsum(np.random.default_rng(3).normal(0.0, 0.1, (32, 30)), axis=1))
    ds = np.datetime64("2026-01-01", "us") + np.arange(30) * np.timedelta64(1, "D")
    names = np.repeat([f"s{n:02}" for n in range(32)], 30)
    rows = pa.table({"unique_id": names, "ds": np.tile(ds, 32), "y": walks.ravel()})
    request = PanelRequest(4, model="everyday")
    one, two = (run_panel(panel_from(rows), request, Engine(workers=n)) for n in (1, 2))
    assert one.equals(two)
    few = rows.slice(0, 30)
    assert not one.slice(0, 4).equals(run_panel(panel_from(few), request, HERE))


def test_every_series_is_there_good_or_bad(fleet):
    found = forecast_panel(fleet, REQUEST, HERE)
    assert set(found["unique_id"]) == set(fleet["unique_id"])
    assert set(found.loc[found["error"].notna(), "unique_id"]) == {"twice", "one", "huge"}
    assert len(found) == 7 * 4 + 3
    hours = found[found["unique_id"] == "region-hours"]
    assert hours["ds"].diff().dropna().unique().tolist() == [pd.Timedelta(hours=1)]


def test_a_frame_with_any_index_and_a_file_are_the_same(fleet, tmp_path):
    path = tmp_path / "fleet.parquet"
    fleet.to_parquet(path)
    indexed = fleet.set_axis(range(100, 100 + len(fleet)))
    pd.testing.assert_frame_equal(
        forecast_panel(indexed, REQUEST, HERE), forecast_panel(path, REQUEST, HERE)
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"t": [1], "y": [2.0]}, "columns t, y; allowed: unique_id"),
        ({"unique_id": ["a"], "y": [2.0]}, "and ds or t"),
        ({"unique_id": ["a", "a"], "t": [1, 2], "y": [2.0, "lots"]}, "no table of times"),
        ({"unique_id": ["a", 1], "t": [1, 2], "y": [2.0, 3.0]}, "no table of times"),
    ],
)
def test_a_frame_that_is_no_panel_is_refused_in_words(columns, message):
    with pytest.raises(ValueError, match=message):
        forecast_panel(pd.DataFrame(columns), REQUEST, HERE)


class Stop:
    """Progress that interrupts after so many series."""

    def __init__(self, after):
        self.after, self.told = after, []

    def __call__(self, done, total):
        self.told.append((done, total))
        if done >= self.after:
            raise KeyboardInterrupt


def test_what_was_finished_before_an_interruption_is_not_done_again(fleet, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "SERIES_A_CHUNK", 2)
    panel, pieces = panel_from(pa.Table.from_pandas(fleet)), Pieces(tmp_path / "kept")
    with pytest.raises(KeyboardInterrupt):
        run_panel(panel, REQUEST, HERE, pieces, Stop(4))
    kept = [int(path.stem) for path in pieces.folder.iterdir()]
    assert len(kept) == 2
    worked = []
    monkeypatch.setattr(run, "chunk_bytes", _told(run.chunk_bytes, worked))
    resumed = run_panel(panel, REQUEST, HERE, pieces)
    assert sorted(worked + kept) == list(range(0, len(panel), 2))
    assert resumed.equals(run_panel(panel, REQUEST, HERE))


def test_a_damaged_piece_is_done_again(fleet, tmp_path):
    panel, pieces = panel_from(pa.Table.from_pandas(fleet)), Pieces(tmp_path / "kept")
    whole = run_panel(panel, REQUEST, HERE, pieces)
    pieces.write(0, pieces.read(0)[:100])
    assert run_panel(panel, REQUEST, HERE, pieces).equals(whole)


def _told(work, worked):
    def tell(chunk, request, model):
        worked.append(chunk[0].number)
        return work(chunk, request, model)

    return tell


def test_progress_ends_with_all_series(fleet, monkeypatch):
    monkeypatch.setattr(run, "SERIES_A_CHUNK", 3)
    progress = Stop(after=np.inf)
    run_panel(panel_from(pa.Table.from_pandas(fleet)), REQUEST, HERE, progress=progress)
    assert progress.told == [(3, 10), (6, 10), (9, 10), (10, 10)]


def test_counted_steps_need_a_season_or_a_step():
    panel = panel_from(pa.table({"unique_id": ["a", "a"], "t": [1, 2], "y": [1, 2]}))
    with pytest.raises(ValueError, match="allowed: with a season or a step told"):
        run_panel(panel, REQUEST, HERE)
    told = [PanelRequest(4, season=7), PanelRequest(4, step="day")]
    one, other = (run_panel(panel, request, HERE) for request in told)
    assert one.equals(other)


def test_a_forecast_too_large_to_hold_is_refused():
    ids = [f"s{number}" for number in range(10_000)]
    panel = panel_from(pa.table({"unique_id": ids, "t": [1] * 10_000, "y": [1] * 10_000}))
    with pytest.raises(ValueError, match="10,000 series for 10,000 steps are 800,000,000 cells"):
        run_panel(panel, PanelRequest(10_000, season=7), HERE)


def test_the_table_says_where_it_comes_from(fleet):
    table = run_panel(panel_from(pa.Table.from_pandas(fleet)), REQUEST, HERE)
    told = with_origin(table, REQUEST, "ab12", "0.1.0")
    origin = json.loads(told.schema.metadata[b"fleetcast.panel"])
    assert origin == {
        "schema": "fleetcast.panel/1", "version": "0.1.0", "input_sha256": "ab12",
        "model": "seasonal-naive", "horizon": 4, "levels": [0.8, 0.95],
        "season": 0, "step": None,
    }  # fmt: skip
    assert told.equals(table)
