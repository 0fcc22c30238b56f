"""`fleetcast availability`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from capacity.cli import main
from capacity.commands.availability import read_room

QUICK = ["availability", "--draws", "200", "--years", "0", "--no-scaling"]


def test_the_case_has_a_design_and_each_step_less_misses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*QUICK, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "fleetcast.availability/1"
    assert found["chosen"]["availability"] >= 0.9995 > found["fewer"]["zone_nodes"]["availability"]
    assert found["next_cheaper"]["availability"] < 0.9995
    assert sum(found["minutes_by_cause"].values()) <= 21.6


def test_one_region_cannot_and_says_what_would_lift_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUICK, "--most", "regions=1"]) == 1
    told = capsys.readouterr().out
    assert "No design reaches 99.95 %" in told
    assert "The part that bounds it is storage" in told
    assert "2 regions instead of 1" in told


def test_a_policy_without_a_plan_is_studied_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*QUICK, "--policy", "regions=1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["own"]["regions"] == 1


def test_files_are_written_with_simulation_and_scaling(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["availability", "--draws", "200", "--years", "40", "--out", str(tmp_path / "new")]
    assert main(argv) == 0
    assert "lies inside" in capsys.readouterr().out
    found = json.loads((tmp_path / "new" / "availability.json").read_text("utf-8"))
    assert found["simulation"]["agrees"]
    assert found["scaling"]["holds"] is False
    text = (tmp_path / "new" / "availability.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {"own", "chosen", "nines"} <= {row["row"] for row in rows}


def test_no_room_is_all_room() -> None:
    assert read_room([]) == read_room(["regions=3", "zones=4", "read_spares=9"])


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["availability", "--target", "99.95"], ["99.95", "0.9995"]),
        (["availability", "--target", "nan"], ["availability", "allowed 0.9"]),
        (["availability", "--most", "region=1"], ["region", "nearest: regions"]),
        (["availability", "--most", "regions=9"], ["regions = 9", "1 to 3"]),
        (["availability", "--most", "read_spares=10"], ["read_spares = '10'", "0 to 9"]),
        (["availability", "--most", "zones=-1"], ["zones", "1 to 4"]),
        (["availability", "--most", "zones=\u0663"], ["zones", "1 to 4"]),
        (["availability", "--most", "zones"], ["key=value"]),
        ([*QUICK[:3], "--years", "nan"], ["years = nan", "10 to 20,000"]),
        (["availability", "nowhere.toml"], ["nowhere.toml", "no such file"]),
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
