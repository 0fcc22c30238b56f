from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import panel
from benchmarks.panel_file import read_panel, step_of
from benchmarks.panel_peers import COMBINATIONS, SCUM, drift, peers, seasonal_naive
from benchmarks.panel_scores import LEVELS, Scores, bootstrap, naive2_scores, score, summary
from forecast.everyday.seasonal_adjustment import naive2

pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")
ROOT = Path(__file__).parents[2]
HORIZON = 4


@pytest.fixture
def file(tmp_path):
    """Quarterly series: two ordinary ones, one of zeros, one of five values."""
    rng = np.random.default_rng(1)
    shape = np.tile([80.0, 120.0, 90.0, 110.0], 8)
    rows = {
        "seasonal": shape + rng.normal(0.0, 3.0, 32),
        "walk": 100.0 + np.cumsum(rng.normal(0.0, 2.0, 32)),
        "zeros": np.zeros(12),
        "short": np.array([5.0, 6.0, 5.0, 7.0, 8.0, 6.0, 7.0, 7.0, 8.0]),
    }
    frames = [
        pd.DataFrame(
            {
                "unique_id": name,
                "t": np.arange(1, len(values) + 1),
                "y": values,
                "split": ["train"] * (len(values) - HORIZON) + ["test"] * HORIZON,
                "horizon": HORIZON,
                "seasonality": 4,
                "freq": "QS",
            }
        )
        for name, values in rows.items()
    ]
    path = tmp_path / "panel.parquet"
    pd.concat(frames).sample(frac=1.0, random_state=1).to_parquet(path)
    return path


def run(*options):
    command = [sys.executable, "-m", "benchmarks.panel", *map(str, options), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_the_last_line_has_all_scores(file):
    found = run("--data", file)
    assert (found["ensemble"]["n"], found["ensemble"]["failed"]) == (4, 0)
    wanted = {"smape", "mase", "owa", "cover80", "cover95", "is80", "msis", "cpu_s_per_series"}
    assert all(np.isfinite(found["ensemble"][name]) for name in wanted)


def test_rows_are_read_in_the_order_of_time_and_a_sample_is_the_same_each_time(file):
    cases = {case.series.name: case for case in read_panel(file)}
    assert cases["short"].values.tolist() == [5.0, 6.0, 5.0, 7.0, 8.0]
    assert cases["short"].came.tolist() == [6.0, 7.0, 7.0, 8.0]
    one, two = ([c.series.name for c in read_panel(file, sample=2)] for _ in range(2))
    assert one == two
    assert len(one) == 2


def test_naive2_scores_one_against_itself(file):
    cases = read_panel(file)
    rows = []
    for case in cases:
        middle = naive2(case.values, case.season, HORIZON)
        rows.append(score(case, np.tile(middle, (len(LEVELS), 1)), 0.0))
    naive = naive2_scores(cases)
    assert summary(rows, naive)["owa"] == pytest.approx(1.0)
    same = {name: [0.0, 0.0] for name in ("smape", "mase", "msis", "owa")}
    assert bootstrap(rows, rows, naive) == same | {"msis_ratio": [1.0, 1.0]}


def test_half_the_error_on_every_series_is_half_in_every_resample(file):
    cases = [case for case in read_panel(file) if case.series.name != "zeros"]
    naive = naive2_scores(cases)
    rows = [Scores(2.0 * a, 2.0 * b, 1.0, 1.0, 1.0, 6.0, 0.0) for a, b in naive]
    halved = [replace(row, smape=row.smape / 2, mase=row.mase / 2, msis=3.0) for row in rows]
    found = bootstrap(halved, rows, naive)
    assert found["owa"] == [-1.0, -1.0]
    assert found["msis_ratio"] == [0.5, 0.5]
    assert found["msis"] == [-3.0, -3.0]


def test_a_series_without_a_scale_still_counts_by_its_smape(file):
    cases = read_panel(file)
    naive = np.ones((len(cases), 2))
    rows = [Scores(2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0) for _ in cases]
    unscaled = [replace(rows[0], smape=10.0, mase=np.nan, msis=np.nan), *rows[1:]]
    found = bootstrap(unscaled, rows, naive)
    assert found["smape"][0] == 0.0 < found["smape"][1]
    assert found["mase"] == [0.0, 0.0]


def test_a_combination_is_the_median_of_its_members_at_the_cost_of_all(file, monkeypatch):
    cases = read_panel(file)
    methods = {
        name: lambda case, k=k: np.full((len(LEVELS), HORIZON), float(k))
        for k, name in enumerate(COMBINATIONS[SCUM])
    }
    ticks = iter(np.arange(1000.0) ** 2)
    monkeypatch.setattr(panel, "cpu_s", lambda: next(ticks))
    found = panel.answered(cases, methods)
    assert set(found) == {*methods, *COMBINATIONS}
    assert found[SCUM][0].quantiles == pytest.approx(1.5)
    assert found["ETS + Theta"][0].quantiles == pytest.approx(1.0)
    assert found[SCUM][2].cpu_s == sum(found[name][2].cpu_s for name in methods)


def test_a_method_that_fails_is_counted_and_told(file, capsys):
    cases = read_panel(file)

    def method(case):
        if case.series.name == "short":
            raise ValueError("too short")
        return np.tile(naive2(case.values, case.season, HORIZON), (len(LEVELS), 1))

    rows = panel.scored(cases, panel.answers(cases, method))
    assert summary(rows, naive2_scores(cases))["failed"] == 1
    assert "short: ValueError: too short" in capsys.readouterr().err


def test_scores_by_hand(file):
    case = next(case for case in read_panel(file) if case.series.name == "short")
    quantiles = np.array([[4.0] * 4, [6.5] * 4, [7.0] * 4, [7.5] * 4, [9.0] * 4])
    found = score(case, quantiles, 0.0)
    scale = 3.0  # the only seasonal step: from 5 to 8
    assert found.mase == pytest.approx(0.5 / scale)
    assert found.smape == pytest.approx(50.0 * (1.0 / 13.0 + 1.0 / 15.0))
    assert (found.cover80, found.cover95) == (0.5, 1.0)
    assert found.msis == pytest.approx(5.0 / scale)
    assert found.is80 == pytest.approx((1.0 + 10.0 * (0.5 + 0.5) / 4.0) / scale)


def test_simple_peers_by_hand(file):
    case = next(case for case in read_panel(file) if case.series.name == "short")
    assert seasonal_naive(case).tolist() == [6.0, 5.0, 7.0, 8.0]
    assert drift(case) == pytest.approx([8.75, 9.5, 10.25, 11.0])


def test_each_peer_is_there_or_said_to_be_absent():
    methods, absent = peers()
    assert {"naive2", "seasonal naive", "drift"} <= set(methods)
    assert {"prophet", "SCUM", "statsmodels Theta"} <= set(methods) | set(absent)
    assert not set(methods) & set(absent)


def test_a_skipped_peer_takes_its_combinations_along():
    methods, absent = peers(["drift", "AutoARIMA"])
    assert absent["drift"] == "skipped"
    assert absent[SCUM] == absent["AutoARIMA"]
    assert not {"drift", "AutoARIMA", SCUM} & set(methods)


@pytest.mark.parametrize(
    ("frequency", "step"),
    [("MS", "month"), ("QS-JAN", "quarter"), ("YE", "year"), ("W-SUN", "week"), ("H", "hour")],
)
def test_frequencies_of_pandas_are_known(frequency, step):
    assert step_of(frequency) == step


def test_a_file_without_a_column_is_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pd.DataFrame({"y": [1.0]}).to_parquet(path)
    with pytest.raises(ValueError, match="no column unique_id"):
        read_panel(path)
