"""`fleetcast panel`: one file in, one file out, whatever the engine, the workers and the day."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from capacity.cli import main
from capacity.commands.panel import _Progress
from forecast.panel import run


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Sixty series of a year of days, and one of a single day."""
    rng = np.random.default_rng(7)
    days = pd.date_range("2025-01-01", periods=365)
    names = np.repeat([f"service-{number:02d}" for number in range(60)], len(days))
    frame = pd.DataFrame({"unique_id": names, "ds": np.tile(days, 60)})
    frame["y"] = rng.gamma(4.0, 20.0, len(frame))
    frame.loc[len(frame)] = ["short", days[0], 1.0]
    path = tmp_path / "fleet.parquet"
    frame.to_parquet(path)
    return path


def panel(source: Path, out: Path, *more: str) -> int:
    return main(["panel", str(source), "--horizon", "28", "--out", str(out), *more])


def test_a_file_becomes_a_file(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = fleet.with_name("out.parquet")
    assert panel(fleet, out, "--workers", "1", "--level", "80,95,99.9") == 0
    found = pd.read_parquet(out)
    assert list(found) == [
        "unique_id", "ds", "step", "lo99.9", "lo95", "lo80", "median", "hi80", "hi95", "hi99.9",
        "error",
    ]  # fmt: skip
    assert len(found) == 60 * 28 + 1
    assert sorted(path.name for path in fleet.parent.iterdir()) == ["fleet.parquet", "out.parquet"]
    told = capsys.readouterr()
    assert told.out.startswith("60 of 61 series forecast, 28 steps each, with everyday\n")
    assert "1 with an error in their row, the first 'short': 1 known values" in told.out
    assert told.err.splitlines() == [
        "25 of 61 series", "50 of 61 series", "61 of 61 series", f"wrote {out}"
    ]  # fmt: skip


def test_the_bytes_do_not_depend_on_the_workers(fleet: Path) -> None:
    one, two = fleet.with_name("one.parquet"), fleet.with_name("two.parquet")
    assert panel(fleet, one, "--workers", "1") == panel(fleet, two, "--workers", "2") == 0
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["dask", "ray"])
def test_the_bytes_do_not_depend_on_the_engine(fleet: Path, engine: str) -> None:
    if importlib.util.find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed: pip install 'fleetcast[panel-{engine}]'")
    here, there = fleet.with_name("here.parquet"), fleet.with_name("there.parquet")
    assert panel(fleet, here, "--workers", "1") == 0
    command = [sys.executable, "-m", "capacity.cli", "panel", fleet, "--horizon", "28"]
    subprocess.run(
        [*command, "--out", there, "--engine", engine, "--workers", "2"],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    assert here.read_bytes() == there.read_bytes()


def test_an_interruption_says_how_to_go_on(
    fleet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, whole = fleet.with_name("out.parquet"), fleet.with_name("whole.parquet")
    assert panel(fleet, whole, "--workers", "1") == 0
    with monkeypatch.context() as patch:
        patch.setattr(_Progress, "__call__", _interrupt)
        assert panel(fleet, out, "--workers", "1") == 130
    kept = [path for path in fleet.parent.iterdir() if path.is_dir()]
    assert f"{kept[0]} has what is done, the same command goes on" in capsys.readouterr().err
    assert not out.exists()
    work = run.chunk_bytes
    with monkeypatch.context() as patch:
        patch.setattr(run, "chunk_bytes", lambda chunk, **rest: _second_half(work, chunk, rest))
        assert panel(fleet, out, "--workers", "1") == 0
    assert out.read_bytes() == whole.read_bytes()
    assert not kept[0].exists()


def _interrupt(self: _Progress, done: int, total: int) -> None:
    if done >= 50:
        raise KeyboardInterrupt


def _second_half(work: object, chunk: object, rest: object) -> object:
    assert chunk[0].number >= 50  # type: ignore[index]
    return work(chunk, **rest)  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals to a group of processes are of POSIX")
def test_control_c_in_the_middle_leaves_what_is_done(fleet: Path) -> None:
    frame = pd.read_parquet(fleet)
    many = [frame.assign(unique_id=frame["unique_id"] + f"-{copy}") for copy in range(40)]
    pd.concat(many).to_parquet(fleet)
    out = fleet.with_name("out.parquet")
    command = [sys.executable, "-m", "capacity.cli", "panel", fleet, "--horizon", "28"]
    with subprocess.Popen(
        [*command, "--out", out, "--workers", "2"],
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as running:  # fmt: skip
        while not list(fleet.parent.glob("*.kept-*/*.piece")) and running.poll() is None:
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        told, _ = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "the same command goes on from there" in told
    assert list(fleet.parent.glob("*.kept-*/*.piece"))
    assert not out.exists()


def test_a_terminal_sees_one_line_written_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress = _Progress()
    progress(25, 1_000)
    progress(1_000, 1_000)
    assert capsys.readouterr().err == "\r25 of 1,000 series\r1,000 of 1,000 series\n"


def test_no_good_series_at_all_exits_with_one(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("unique_id,t,y\na,1,2\nb,1,lots\n", encoding="utf-8")
    assert panel(path, tmp_path / "out.parquet", "--season", "7", "--workers", "1") == 1
    assert pd.read_parquet(tmp_path / "out.parquet")["error"].notna().all()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--level", "eighty"], "--level 'eighty'; allowed: percent"),
        (["--level", "100"], "between 0 and 1"),
        (["--season", "-2"], "season -2"),
        (["--step", "minute"], "step 'minute'; allowed: hour"),
        (["--model", "oracle"], "unknown model 'oracle'; known: everyday, seasonal-naive"),
        (["--engine", "spark"], "engine 'spark'; allowed: local, dask, ray"),
        (["--address", "host:1"], "an address needs a cluster"),
        (["--workers", "-1"], "-1 workers"),
    ],
)
def test_a_wrong_option_is_an_error_in_words(
    more: list[str], message: str, fleet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert panel(fleet, fleet.with_name("out.parquet"), *more) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("out", "message"),
    [("out.csv", "allowed is a file .parquet"), ("fleet.parquet", "neither folder nor input")],
)
def test_the_output_is_a_parquet_file_of_its_own(
    out: str, message: str, fleet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fleet.read_bytes()
    assert panel(fleet, fleet.with_name(out)) == 2
    assert message in capsys.readouterr().err
    assert fleet.read_bytes() == before
