"""`fleetcast learn-reference`: the shipped parameters again, and other ones from other series."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest

from capacity.cli import main
from capacity.commands.learning import shipped_date
from forecast.shipped.place import data_path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three services and three projects at constant rates, in a shuffled file."""
    rows = [
        (f"s{k}", f"{np.datetime64('2015-01') + i}-15", np.exp((0.07 + 0.01 * k) * i))
        for k in range(6)
        for i in range(48)
    ]
    np.random.default_rng(1).shuffle(rows)  # type: ignore[arg-type]
    with (tmp_path / "series.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("series_id", "date", "value"), *rows])
    meta = [(f"s{k}", "monthly", f"p{k}", ("service", "developer")[k % 2]) for k in range(6)]
    with (tmp_path / "meta.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("series_id", "frequency", "group", "broad"), *meta])
    return [str(tmp_path / "series.csv"), str(tmp_path / "meta.csv")]


def test_the_command_rebuilds_the_shipped_file_byte_for_byte(tmp_path: Path) -> None:
    folder = Path(__file__).parents[4] / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip(f"the growth series are not part of the repository: no folder {folder}")
    given = [str(folder / "growth_series.csv"), str(folder / "growth_series_meta.csv")]
    out = tmp_path / "new" / "reference_class.toml"
    assert main(["learn-reference", *given, "--out", str(out)]) == 0
    assert out.read_bytes() == data_path("reference_class.toml").read_bytes()


def test_the_same_series_give_the_same_text(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "learned.toml"
    assert main(["learn-reference", *files]) == 0
    told = capsys.readouterr().out
    assert main(["learn-reference", *files, "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == told
    learned = tomllib.loads(told)
    assert learned["classes"]["service"]["products"] == [3, 3, 3]
    slope = np.array(learned["classes"]["all"]["slope"])
    assert slope / slope[0] == pytest.approx([1.0, 2.0, 3.0], abs=1e-3)
    assert f"As of: {shipped_date()}" in told


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["--as-of", "today"], ["--as-of", "YYYY-MM-DD"]),
        (["--as-of", "2026-13-01"], ["2026-13-01"]),
    ],
)
def test_a_date_that_is_none_is_refused(
    files: list[str], change: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn-reference", *files, *change]) == 2
    told = capsys.readouterr()
    assert [word for word in words if word not in told.err] == []
    assert told.out == ""


def test_missing_files_and_columns_are_named(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn-reference", files[0], str(tmp_path / "none.csv")]) == 2
    assert "none.csv: no such file" in capsys.readouterr().err
    assert main(["learn-reference", files[0], files[0]]) == 2
    assert "columns frequency, group, broad are missing" in capsys.readouterr().err
