"""`fleetcast backtest`: text, JSON, interruption and clear refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from capacity.cli import main
from capacity.commands import backtesting
from forecast.backtest.rolling_origin import Backtest

FEW = ["--paths", "50"]


@pytest.fixture
def series(tmp_path: Path) -> str:
    """Fast growth that slows down, with a little noise."""
    steps = np.arange(36)
    noise = np.random.default_rng(3).normal(0.0, 0.02, 36)
    values = 1e3 * np.exp(4.0 * (1.0 - np.exp(-0.06 * steps)) + noise)
    months = np.datetime64("2019-01") + steps
    rows = [f"{month},{value:.0f}" for month, value in zip(months, values, strict=True)]
    path = tmp_path / "users.csv"
    path.write_text("\n".join(["date,value", *rows]), "utf-8")
    return str(path)


def test_text_has_every_model_every_horizon_and_a_verdict(
    series: str, capsys: pytest.CaptureFixture[str]
) -> None:
    models = ["--model", "constant", "--model", "linear", "reference-class"]
    assert main(["backtest", series, *models, "--horizon", "3", *FEW]) == 0
    told = capsys.readouterr().out
    for name in ("constant", "linear", "reference-class", "naive", "drift", "seasonal naive"):
        assert sum(line.startswith(f"{name}  ") for line in told.splitlines()) == 4
    assert "constant does NOT beat" in told
    assert "1 months" in told
    assert "3 months" in told


def test_json_holds_scores_verdicts_and_a_figure_with_its_description(
    series: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", series, "--horizon", "2", "--json", *FEW]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "fleetcast.backtest/1"
    (one,) = found["series"]
    scores = {(row["model"], row["horizon"]): row for row in one["scores"]}
    assert len(scores) == 6 * 3
    assert scores["naive", None]["owa"] == pytest.approx(1.0)
    assert len(one["verdicts"]) == 3
    assert len(one["figure"]["points"]) == 6 * 2
    assert "1 to 2 months ahead" in one["figure"]["description"]


def test_an_interrupted_run_prints_what_is_done_and_goes_on_from_there(
    series: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = ["backtest", series, "--horizon", "3", "--keep", str(tmp_path / "k.jsonl"), *FEW]
    calls: list[int] = []

    def stop(done: int, total: int, text: str) -> None:
        calls.append(done)
        if len(calls) == 9:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(backtesting, "_progress", stop)
        assert main(command) == 130
    part = capsys.readouterr()
    assert "k-users.jsonl has them" in part.err
    assert "1 origins from 2020-01 to 2020-01" in part.out
    monkeypatch.setattr(backtesting, "_progress", lambda *told: None)
    made: list[object] = []
    step = Backtest._step
    monkeypatch.setattr(Backtest, "_step", lambda *given: (made.append(0), step(*given))[1])
    assert main(command) == 0
    resumed = capsys.readouterr().out
    assert main(command[:-4] + FEW) == 0
    again = len(made) - 21 * 6
    assert again == 21 * 6 - 9
    assert capsys.readouterr().out == resumed


def test_the_reported_case_is_too_short_and_says_what_is_needed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["backtest"]) == 2
    told = capsys.readouterr()
    assert "2 points over 11 months are too few" in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--model", "oracle"], ["oracle", "reference-class"]),
        (["--horizon", "0"], ["horizon must be at least 1"]),
        (["--reference", "startup"], ["startup", "service"]),
        (["--paths", "1"], ["paths must be at least 2"]),
    ],
)
def test_a_users_error_is_one_message(
    series: str, options: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", series, *options]) == 2
    told = capsys.readouterr().err
    assert [word for word in words if word not in told] == []
    assert "Traceback" not in told
