from __future__ import annotations

from pathlib import Path

import pytest

from capacity.outage.file import dump_incident, load_incident, presets, read_incident
from capacity.outage.incident import EVIDENCE, PARAMETERS, RANGES, Controls

OWN = 'name = "own"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ValueError, match=r"own\.toml") as caught:
        read_incident(written(folder, text))
    return str(caught.value)


@pytest.mark.parametrize("name", presets())
def test_every_figure_of_a_preset_has_its_evidence(name: str) -> None:
    incident = load_incident(name)
    default = Controls()
    set_by_story = {
        key for key in RANGES if getattr(incident.controls, key) != getattr(default, key)
    }
    assert set_by_story | set(PARAMETERS) <= set(incident.evidence)
    for known in incident.evidence.values():
        assert known.source
        assert known.as_of
        assert known.basis in EVIDENCE


def test_the_scenario_as_told_is_not_sold_as_history() -> None:
    told, documented = (load_incident(name) for name in
                        ("february-2023", "february-2023-documented"))  # fmt: skip
    assert told.kind == "as told"
    assert "not documented history" in told.description
    assert documented.kind == "documented"
    assert "170 minutes" in documented.description


def test_an_own_incident_needs_only_what_differs(tmp_path: Path) -> None:
    text = OWN + "nodes = 12\n[parameters.requests]\nvalue = 200\n[controls.revert]\nvalue = 20\n"
    incident = read_incident(written(tmp_path, text))
    assert (incident.kind, incident.nodes, incident.controls.revert) == ("own", 12, 20.0)
    assert incident.parameters["requests"].certain
    assert incident.parameters["patience"] == load_incident("february-2023").parameters["patience"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("horizon = 1000000000\n", ["horizon", "1000000000", "allowed 5 to 1440 [min]"]),  # B079
        ("step = 1e-9\n", ["step", "1e-09", "allowed 0.02 to 1 [min]"]),  # B080
        ("horizon = 1440\nstep = 0.02\n", ["72,000 steps", "allowed 10,000"]),
        ("step = 0.9\n", ["step = 0.9", "half of the shortest service"]),
        ("horizon = nan\n", ["horizon", "nan"]),
        ("horizon = inf\n", ["horizon", "inf"]),
        ("nodes = 2.5\n", ["nodes", "whole number"]),
        ("nodes = 100000\n", ["nodes", "1 to 512"]),
        ("nodes = true\n", ["nodes", "number"]),
        ("kind = 'history'\n", ["kind", "history", "as told"]),
        ("base = 'february-2022'\n", ["base", "february-2022", "nearest"]),
        ("nodez = 3\n", ["nodez", "nearest: nodes"]),
        ("[controls.revertt]\nvalue = 3\n", ["revertt", "nearest: revert"]),
        ("[controls.revert]\nvalue = -3\n", ["controls: revert", "value = -3", "allowed 0"]),
        ("[controls.cells]\nvalue = 2.5\n", ["cells", "whole number"]),
        ("[controls.revert]\nvalue = 3\n", ["notice = 9.5", "revert = 3"]),
        ("[controls.revert]\nvalue = 30\nunit = 's'\n", ["unit = 's'", "'min'"]),
        ("[parameters.patience]\nlow = 3\nmid = 2\nhigh = 1\n", ["patience", "low <= mid"]),
        ("[parameters.patience]\nvalue = 0\n", ["patience", "value = 0", "allowed 0.05"]),
        ("[parameters.patience]\nvalue = nan\n", ["patience", "nan"]),
        ("[parameters.patience]\nvalue = 'two'\n", ["patience", "'two'", "number"]),
        ("[parameters.patience]\nvalue = 2\nbasis = 'told me'\n", ["basis", "told me", "assumed"]),
        ("parameters = 3\n", ["parameters", "table"]),
    ],
)
def test_a_fault_names_file_key_value_and_what_is_allowed(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    message = refused(tmp_path, OWN + text)
    assert [word for word in words if word not in message] == []


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    message = refused(tmp_path, "nodes = 0\nhorizon = 1\n[controls.cells]\nvalue = 0\n")
    assert len(message.splitlines()) == 4


def test_unknown_presets_get_the_nearest() -> None:
    with pytest.raises(ValueError, match="nearest: february-2023"):
        load_incident("february-203")
    with pytest.raises(FileNotFoundError, match="no such file"):
        load_incident("nowhere.toml")


@pytest.mark.parametrize("name", presets())
def test_a_written_preset_is_read_as_the_same(tmp_path: Path, name: str) -> None:
    incident = load_incident(name)
    assert read_incident(written(tmp_path, dump_incident(incident))) == incident


def test_a_written_own_incident_is_read_as_the_same(tmp_path: Path) -> None:
    text = (
        "nodes = 7\n[controls.cells]\nvalue = 2\n[parameters.patience]\nvalue = 3\nsource = 'log'\n"
    )
    incident = read_incident(written(tmp_path, OWN + text))
    again = read_incident(written(tmp_path, dump_incident(incident)))
    assert again == incident
    assert (again.controls.cells, again.evidence["patience"].source) == (2.0, "log")
