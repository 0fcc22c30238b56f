"""A plan folder is read back, or refused by file and key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capacity.policy import Policy
from capacity.report.saved import read_saved
from capacity.scenarios.scenario import Scenario


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Scenario.load("work-assistant").save(tmp_path / "scenario.toml")
    document = {"policy": {"zones": 2, "term": "3y"}, "seed": 11, "draws": 300}
    (tmp_path / "plan.json").write_text(json.dumps(document))
    return tmp_path


def change(folder: Path, **values: object) -> None:
    path = folder / "plan.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_scenario_policy_seed_and_draws_come_back(folder: Path) -> None:
    saved = read_saved(folder)
    assert saved.policy == Policy(zones=2, term="3y")
    assert (saved.scenario.name, saved.seed, saved.draws) == ("work-assistant", 11, 300)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"policy": {"zones": 9}}, "plan.json: zones = 9"),
        ({"policy": 5}, "key 'policy' must be an object"),
        ({"seed": True}, "seed = True: must be a whole number"),
        ({"draws": "many"}, "draws = 'many'"),
    ],
)
def test_a_wrong_value_is_named(folder: Path, values: dict[str, object], message: str) -> None:
    change(folder, **values)
    with pytest.raises(ValueError, match=message):
        read_saved(folder)


@pytest.mark.parametrize("content", ["", "[1]", "[" * 100_000, "{"])
def test_what_is_no_plan_is_refused(folder: Path, content: str) -> None:
    (folder / "plan.json").write_text(content)
    with pytest.raises(ValueError, match=r"^plan.json: "):
        read_saved(folder)


def test_an_empty_folder_is_told_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="fleetcast plan --out"):
        read_saved(tmp_path)
