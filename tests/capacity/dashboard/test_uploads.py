from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capacity.cli import main
from capacity.dashboard.results import export
from capacity.dashboard.setting import Setting
from capacity.dashboard.uploads import (
    MAX_BYTES,
    folder_of,
    history_of,
    incident_of,
    scenario_of,
    with_histories,
)
from capacity.report.saved import PLAN, SCENARIO
from capacity.scenarios.file import dump_scenario
from capacity.scenarios.scenario import Scenario

HOSTILE_CSV = {
    "empty": (b"", "empty"),
    "ragged": (b"date,value\n2022-01,1,2\n2022-02,3\n", "3 columns"),
    "duplicate header": (b"value,value\n1,2\n", "header"),
    "thousands": (b'date,value\n2022-01,"1,000"\n2022-02,2000\n', "no number"),
    "UTF-16": ("date,value\n2022-01,1\n".encode("utf-16"), "UTF-16"),
    "NUL": (b"date,value\n2022-01,1\x00\n", "NUL"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "users.csv"),
    "web page": (b"<!DOCTYPE html><html></html>", "web page"),
    "unsorted": (b"date,value\n2022-02,1\n2022-01,2\n", "users.csv:3"),
    "repeated": (b"date,value\n2022-01,1\n2022-01,2\n", "users.csv:3"),
    "infinite": (b"date,value\n2022-01,inf\n2022-02,2\n", "not finite"),
    "formula": (b"date,value\n2022-01,=1+1\n2022-02,2\n", "no number"),
    "long field": (b"date,value\n2022-01," + b"9" * 200_000 + b"\n", "users.csv"),
    "too large": (b"date,value\n" + b"#" * MAX_BYTES, "larger than 1 MB"),
    "many columns": (b"," * 500_000, "header"),
}
HOSTILE_TOML = {
    "yaml tag": (b'!!python/object/apply:os.system ["true"]', "not valid TOML"),
    "nested": (b"a = " + b"[" * 100_000, "nested too deeply"),
    "too large": (b"#" * (MAX_BYTES + 1), "larger than 1 MB"),
    "not text": (b"\xff\xfe\x00", "UTF-8"),
    "path": (b'name = "../../x"', "name"),
    "unknown key": (b'nam = "x"', "unknown key"),
    "server's file": (b'[users]\ncsv = "/etc/passwd"', "file of the server"),
    "digits": (b"[estimates.reply_tokens]\nmid = " + b"9" * 5000, "not valid TOML"),
    "script": (b'name = "<script>alert(1)</script>"', "name"),
}


@pytest.mark.usefixtures("within_seconds")
@pytest.mark.parametrize(("content", "words"), HOSTILE_CSV.values(), ids=HOSTILE_CSV)
def test_hostile_history_gives_its_message(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        history_of(content, "users", "cumulative")
    assert words in str(refused.value)
    assert "/tmp" not in str(refused.value)


@pytest.mark.usefixtures("within_seconds")
@pytest.mark.parametrize(("content", "words"), HOSTILE_TOML.values(), ids=HOSTILE_TOML)
def test_hostile_scenario_gives_its_message(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        scenario_of("../../<b>.toml", content)
    assert words in str(refused.value)
    assert "/tmp" not in str(refused.value)
    assert "<b>" not in str(refused.value)


HOSTILE_INCIDENT = {
    "yaml tag": (b'!!python/object/apply:os.system ["true"]', "not valid TOML"),
    "nested": (b"a = " + b"[" * 100_000, "nested too deeply"),
    "too large": (b"#" * (MAX_BYTES + 1), "larger than 1 MB"),
    "not text": (b"\xff\xfe\x00", "UTF-8"),
    "nodes": (b'name = "x"\nnodes = 100000', "1 to 512"),
    "endless": (b'name = "x"\nhorizon = inf', "horizon"),
    "steps": (b'name = "x"\nhorizon = 1440\nstep = 0.02', "allowed 10,000"),
    "server's file": (b'name = "x"\nbase = "/etc/passwd"', "base"),
    "nameless": (b"nodes = 3", "name"),
}


@pytest.mark.usefixtures("within_seconds")
@pytest.mark.parametrize(("content", "words"), HOSTILE_INCIDENT.values(), ids=HOSTILE_INCIDENT)
def test_hostile_incident_gives_its_message(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        incident_of("../../<b>.toml", content)
    assert words in str(refused.value)
    assert "/tmp" not in str(refused.value)
    assert "<b>" not in str(refused.value)


def test_uploaded_scenario_is_the_one_saved(public: Scenario) -> None:
    text = dump_scenario(public)
    assert dump_scenario(scenario_of("mine.toml", text.encode())) == text


def test_plan_folder_opens_with_policy_draws_and_seed() -> None:
    asked = Setting(draws=200, seed=5).with_lever("zones", "2").with_change("reply_tokens", "300")
    opened = folder_of(export(asked, "json"), export(asked, "toml"))
    assert (opened.draws, opened.seed, opened.policy) == (200, 5, asked.policy)
    assert export(opened, "csv") == export(asked, "csv")


def test_folder_of_the_command_opens_and_shows_its_plan(tmp_path: Path) -> None:
    given = ["--draws", "150", "--seed", "5", "--policy", "zones=2", "--set", "reply_tokens=300"]
    assert main(["plan", *given, "--out", str(tmp_path)]) == 0
    opened = folder_of(*((tmp_path / name).read_bytes() for name in (PLAN, SCENARIO)))
    assert export(opened, "csv") == (tmp_path / "plan.csv").read_bytes()


@pytest.mark.parametrize(
    "changed",
    [
        Setting().with_lever("zones", "2").with_change("reply_tokens", "300"),
        Setting().with_events(["launch:2023-06:1.2,1.5,2:6:queries"]),
        Setting().with_lever("tensor_parallel", "4").with_change("demand_factor", "1.5"),
    ],
)
def test_exported_scenario_replays_bit_for_bit_on_the_command_line(
    changed: Setting, tmp_path: Path
) -> None:
    asked = replace(changed, draws=150, seed=5)
    (tmp_path / "mine.toml").write_bytes(export(asked, "toml"))
    given = ["--draws", "150", "--seed", "5", "--out", str(tmp_path / "out")]
    assert main(["plan", str(tmp_path / "mine.toml"), *given]) == 0
    for kind in ("csv", "json"):
        written = (tmp_path / "out" / f"plan.{kind}").read_bytes()
        assert written == export(asked, kind), kind


def test_own_histories_keep_the_horizon(reported: Scenario) -> None:
    users = history_of(b"date,value\n2025-01,1000\n2025-12,3100\n", "users", "cumulative")
    queries = history_of(b"date,value\n2025-01,9000\n2025-12,31000\n", "queries", "flow")
    own = with_histories(reported, users, queries)
    ahead = np.datetime64(reported.end) - reported.queries.origin
    assert np.datetime64(own.end) - own.queries.origin == ahead
    assert own.start == "2025-01"
    assert own.users.values[-1] == 3100


def test_histories_that_do_not_go_together_are_refused(reported: Scenario) -> None:
    users = history_of(b"date,value\n2025-01,1000\n2025-11,3100\n", "users", "cumulative")
    with pytest.raises(ValueError, match="one last month"):
        with_histories(reported, users, None)
