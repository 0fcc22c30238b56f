from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.detectors import at_rarity, read_streams, unseen_limit
from capacity.monitor.detection import score
from capacity.monitor.novelty import LIMIT

ROOT = Path(__file__).parents[3]
ROWS, WINDOW = 800, (600, 679)


def table(name: str, category: str, seed: int, spike: float) -> pd.DataFrame:
    """Noise with one window; its first row stands out by the spike."""
    values = np.random.default_rng(seed).standard_normal(ROWS)
    values[WINDOW[0]] += spike
    rows = np.arange(ROWS)
    labels = np.where((rows >= WINDOW[0]) & (rows <= WINDOW[1]) & (spike > 0.0), 0, -1)
    times = pd.Timestamp("2014-01-01") + pd.to_timedelta(rows * 3600, unit="s")
    return pd.DataFrame(
        {
            "file": f"{category}/{name}", "category": category, "row": rows, "timestamp": times,
            "value": values, "window_id": labels,
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files, rows out of order, one without a window, one whose clock steps back."""
    calm = table("calm.csv", "nothing", 1, 0.0)
    back = table("back.csv", "clock", 2, 30.0)
    back.loc[400:, "timestamp"] -= pd.Timedelta(hours=5)
    usual = table("usual.csv", "spike", 3, 30.0)
    rows = pd.concat([usual, calm, back]).sample(frac=1.0, random_state=5)
    file = tmp_path_factory.mktemp("rows") / "rows.parquet"
    rows.to_parquet(file)
    return file


@pytest.fixture(scope="module")
def result(parquet: Path) -> dict:
    command = [sys.executable, "-m", "benchmarks.detectors", "--data", str(parquet)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_the_last_line_has_the_documented_keys(result: dict) -> None:
    keys = {"standard", "low_fp", "low_fn", "files", "windows", "categories", "unseen_limit"}
    assert set(result) == {*keys, "simple"}
    assert (result["files"], result["windows"]) == (3, 2)
    assert set(result["simple"]) == {"cusum", "ewma", "robust_z", "seasonal"}
    assert set(result["unseen_limit"]) == {"other_categories", "other_half"}


def test_two_clear_spikes_are_found_and_few_others(result: dict) -> None:
    assert result["standard"] > 60.0
    assert result["low_fp"] <= result["standard"]
    assert result["categories"]["nothing"] is None
    windows = [result["categories"][name] for name in ("clock", "spike")]
    assert all(value > 60.0 for value in windows)


def test_streams_are_read_in_the_order_of_their_rows(parquet: Path) -> None:
    streams = {stream.name: stream for stream in read_streams(parquet)}
    usual = streams["spike/usual.csv"]
    assert np.array_equal(usual.values, table("usual.csv", "spike", 3, 30.0)["value"])
    assert usual.windows == (WINDOW,)
    assert streams["nothing/calm.csv"].windows == ()
    assert {stream.day for stream in streams.values()} == {24}


def test_the_limit_for_a_category_is_chosen_on_the_others(parquet: Path) -> None:
    streams = {stream.category: stream for stream in read_streams(parquet)}
    rarities = {name: np.ones(ROWS) for name in streams}
    rarities["spike"][WINDOW[0]] = 30.0  # found with a low limit only
    rarities["clock"][[300, WINDOW[0]]] = 35.0, 250.0  # a low limit is a false alarm as well
    scores = [at_rarity(rarities[name]) for name in streams]
    # The others want a high limit for "spike", which is missed, and a low one for "clock".
    points = 100.0 * (-1.0 + (1.0 - 0.11) + 2.0) / 4.0
    assert unseen_limit(list(streams.values()), scores)["other_categories"] == points


def test_a_rarity_is_turned_into_the_score_of_the_detector() -> None:
    assert at_rarity(LIMIT) == 0.5
    assert at_rarity(200.0) == pytest.approx(score(199.0, LIMIT - 1.0))
