"""The serving model of a scenario: shipped, in a folder of one's own, or in the scenario itself."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from capacity.cli import main
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.provenance import OWN_SERVING
from capacity.report import sources
from capacity.scenarios.file import dump_scenario, read_scenario
from capacity.scenarios.scenario import Scenario
from capacity.serving.model import CONSTANTS_FILE, RANGE_FILE, read_serving, shipped_serving
from forecast.shipped.place import data_path

SHIPPED = shipped_serving()
FIRST = r"\[gemm_efficiency\]\n(?:[a-z]+ = .*\n){4}"
SLOW = replace(SHIPPED, constants=replace(SHIPPED.constants, bandwidth_efficiency=0.4))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a copy of the shipped model, its bandwidth efficiency changed."""
    for name in (CONSTANTS_FILE, RANGE_FILE):
        shutil.copy(data_path(name), tmp_path / name)
    _change(tmp_path / CONSTANTS_FILE, r"(\[bandwidth_efficiency\]\nvalue = )[\d.]+", r"\g<1>0.4")
    return tmp_path


def _change(path: Path, pattern: str, text: str) -> None:
    old = path.read_text(encoding="utf-8")
    new = re.sub(pattern, text, old)
    assert new != old
    path.write_text(new, encoding="utf-8")


def _planned(scenario: Scenario) -> CapacityPlan:
    found = plan(scenario, draws=200)
    assert isinstance(found, CapacityPlan)
    return found


def test_a_folder_is_read_as_it_was_written(own: Path) -> None:
    assert read_serving(own) == SLOW
    assert SLOW.changed == {"constants": {"bandwidth_efficiency": 0.4}}
    assert SLOW.sha256 != SHIPPED.sha256 == read_serving(data_path(RANGE_FILE).parent).sha256


@pytest.mark.parametrize(
    ("pattern", "text", "message"),
    [
        (r"\[max_batch\]", "[max_bach]", r"max_batch has no value\n.*unknown key 'max_bach'"),
        (r"value = 2048", 'value = "many"', "max_batch = 'many': must be a number"),
        (r"value = 2048", "value = 0", "max_batch must be above 0 and finite, got 0"),
        (r"value = 2048", "value = inf", "max_batch must be above 0 and finite, got inf"),
        (r"value = \[0\.05", 'value = ["x"', r"quantile_levels = \[.*must be a list of numbers"),
        (r"\[overlap\]\n", "[overlap\n", "not valid TOML"),
        (FIRST, "gemm_efficiency = 3\n", "gemm_efficiency = 3: must be a table"),
    ],
)
def test_faults_of_own_constants_name_file_and_key(
    own: Path, pattern: str, text: str, message: str
) -> None:
    _change(own / CONSTANTS_FILE, pattern, text)
    with pytest.raises(ValueError, match=message) as error:
        read_serving(own)
    assert CONSTANTS_FILE in str(error.value)


def test_faults_of_an_own_range_are_told(own: Path) -> None:
    (own / RANGE_FILE).write_text("cards = [1]\ntp = [1]\nspeed = 3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unknown key 'speed'") as error:
        read_serving(own)
    assert "cards = [1]: must be a list of names" in str(error.value)
    assert "tp = [1]: must be two numbers" in str(error.value)
    (own / RANGE_FILE).unlink()
    with pytest.raises(FileNotFoundError, match=RANGE_FILE):
        read_serving(own)


def test_a_scenario_carries_its_own_model_by_value(reported: Scenario, tmp_path: Path) -> None:
    span = replace(SHIPPED.covered, cards=("X900",), tp=(1, 2))
    scenario = replace(reported, serving=replace(SLOW, covered=span))
    path = tmp_path / "scenario.toml"
    path.write_text(dump_scenario(scenario), encoding="utf-8")
    assert read_scenario(path).serving == scenario.serving
    assert "serving" not in dump_scenario(reported)


def test_a_scenario_finds_the_folder_beside_it(reported: Scenario, own: Path) -> None:
    path = own / "scenario.toml"
    path.write_text(dump_scenario(reported) + '\n[serving]\nfolder = "."\n', encoding="utf-8")
    assert read_scenario(path).serving == SLOW
    for words, message in (
        ('folder = "none"', "no such file"),
        ('folder = "."\nconstants = {}', "give either 'folder'"),
        ('file = "x"', "unknown key 'file'"),
        ("constants = { max_batch = true }", "max_batch = True: must be a number"),
    ):
        path.write_text(dump_scenario(reported) + f"\n[serving]\n{words}\n", encoding="utf-8")
        with pytest.raises((ValueError, OSError), match=message) as error:
            read_scenario(path)
        assert "serving" in str(error.value)


def test_slower_constants_need_more_machines_and_are_recorded(reported: Scenario) -> None:
    plain, slow = _planned(reported), _planned(replace(reported, serving=SLOW))
    assert slow.draws["serving_gpus"][:, -1].mean() > plain.draws["serving_gpus"][:, -1].mean()
    assert OWN_SERVING not in plain.hashes
    assert slow.hashes[OWN_SERVING] == SLOW.sha256
    row = next(row for row in sources.sources(slow) if row.item == "bandwidth_efficiency")
    assert (row.value, row.source) == ("0.4", "the planner")
    assert any("set engine_maturity to 1" in note for note in slow.notes)
    assert not any("engine_maturity" in note for note in plain.notes)


def test_the_command_line_takes_a_folder(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--serving", str(own), "--draws", "200", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["scenario"]["serving"] == {"constants": {"bandwidth_efficiency": 0.4}}
    assert document["hashes"][OWN_SERVING] == SLOW.sha256
    asked = ["hardware", "--draws", "200", "--rate", "200", "--dtype", "fp16", "--json"]
    nodes = []
    for more in ([], ["--serving", str(own)]):
        main([*asked, *more])
        options = json.loads(capsys.readouterr().out)["options"]
        nodes.append([item["nodes"] for item in options if item["nodes"]])
    assert min(nodes[1]) > min(nodes[0])
    assert main(["plan", "--serving", str(own / "none"), "--draws", "200"]) == 2
    assert "no such file" in capsys.readouterr().err
