from __future__ import annotations

import json
from pathlib import Path

import pytest

from capacity.cli import main


def test_json_holds_the_figures_of_the_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outage", "february-2023", "--json", "--draws", "20"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "fleetcast.outage/1"
    assert 45 <= found["full_outage_minutes"] <= 75
    assert found["trips"] == 48
    assert found["as_told"]["lost_requests"] == found["lost_requests"] > 0


def test_countermeasures_compose_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["outage", "--with", "cell-by-cell", "--with", "admission-cap", "--draws", "20"]
    assert main([*argv, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["with"] == ["admission-cap", "cell-by-cell"]
    assert found["full_outage_minutes"] == 0 < found["as_told"]["full_outage_minutes"]


def test_files_are_written_and_the_story_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outage", "--draws", "20", "--out", str(tmp_path / "new")]) == 0
    told = capsys.readouterr()
    assert "everything is taken offline" in told.out
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "outage.csv",
        "outage.pdf",
    ]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["outage", "february-2024"], ["february-2024", "nearest", "february-2023"]),
        (["outage", "--with", "cannary"], ["cannary", "nearest", "canary"]),
        (["outage", "--draws", "3"], ["draws = 3", "allowed 20"]),
        (["outage", "--seed", "-1"], ["seed", "-1"]),
        (["outage", "nowhere.toml"], ["nowhere.toml", "no such file"]),
    ],
)
def test_a_users_error_is_one_message(
    argv: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert [word for word in words if word not in captured.err] == []
