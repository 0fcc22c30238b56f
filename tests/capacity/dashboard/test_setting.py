from __future__ import annotations

from pathlib import Path

import pytest

from capacity.dashboard.links import pack
from capacity.dashboard.setting import (
    MOST_DRAWS,
    OWN,
    Setting,
    own_setting,
    scenario_from_text,
)
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.report import to_json
from capacity.scenarios.file import dump_scenario, read_scenario
from capacity.scenarios.scenario import Scenario


def _asked() -> Setting:
    return (
        Setting(draws=300, seed=11)
        .with_change("reply_tokens", "150,300,600")
        .with_change("architecture", "llama-2-70b")
        .with_lever("zones", "2")
    )


def test_link_reproduces_the_setting() -> None:
    asked = _asked()
    assert Setting.from_query(asked.to_query()) == asked


def test_link_reproduces_an_own_scenario(public: Scenario) -> None:
    asked = own_setting(public, Setting(seed=3)).with_lever("regions", "3")
    again = Setting.from_query(asked.to_query())
    assert again == asked
    assert again.base == OWN
    assert dump_scenario(again.scenario) == dump_scenario(public)


def test_setting_at_the_start_has_an_empty_link() -> None:
    assert Setting().to_query() == {}


def test_last_change_of_a_name_wins() -> None:
    asked = Setting().with_lever("zones", "1").with_lever("zones", "4")
    assert asked.levers == (("zones", "4"),)


def test_setting_says_what_the_python_interface_says(reported: Scenario) -> None:
    asked = _asked()
    by_hand = reported.override("any name", reply_tokens=(150, 300, 600))
    assert asked.scenario.inputs == by_hand.inputs
    assert asked.policy == reported.policy.change({"zones": 2})


def test_portable_scenario_replays_bit_for_bit(tmp_path: Path) -> None:
    asked = _asked()
    path = tmp_path / "scenario.toml"
    path.write_text(dump_scenario(asked.portable), encoding="utf-8")
    read = read_scenario(path)
    shown = plan(asked.portable, asked.policy, seed=11, draws=300)
    replayed = plan(read, seed=11, draws=300)
    assert isinstance(shown, CapacityPlan)
    assert isinstance(replayed, CapacityPlan)
    assert to_json(replayed) == to_json(shown)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"scenario": ["reported-cas"]}, "reported-case"),
        ({"scenario": ["../../etc/passwd"]}, "unknown scenario"),
        ({"policy": ["zones=0"]}, "allowed 1 to 6"),
        ({"policy": ["zone=2"]}, "nearest: zones"),
        ({"policy": ["zones"]}, "key=value"),
        ({"set": ["reply_tokens=-1"]}, "reply_tokens"),
        ({"draws": ["1_000"]}, "whole number"),
        ({"draws": [str(MOST_DRAWS + 1)]}, "allowed 100 to 10,000"),
        ({"seed": ["9" * 5000]}, "whole number"),
        ({"own": ["%%%"]}, "cut short"),
        ({"own": ["abcdefgh"]}, "damaged"),
        ({"own": [pack("users = {csv = '/etc/passwd'}")]}, "file of the server"),
    ],
)
def test_wrong_link_is_refused_with_its_reason(query: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        Setting.from_query(query)
    assert words in str(refused.value)


def test_own_scenario_may_not_read_files_of_the_server(tmp_path: Path, reported: Scenario) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("date,value\n2022-01,1\n2022-12,2\n", encoding="utf-8")
    head, _, rest = dump_scenario(reported).partition("[users]")
    queries = rest.partition("[queries]")[2]
    text = f'{head}[users]\nkind = "cumulative"\ncsv = "{secret}"\n[queries]{queries}'
    with pytest.raises(ValueError, match="names a file of the server"):
        scenario_from_text(text)


def test_events_and_the_day_of_a_purchase_are_in_the_link_and_events_in_the_file() -> None:
    asked = Setting(today="2023-06", held=("24:2023-12",)).with_events(["a: b:2023-06:2:queries"])
    assert Setting.from_query(asked.to_query()) == asked
    own = scenario_from_text(dump_scenario(asked.portable))
    assert own.events == asked.scenario.events
    assert asked.content != Setting().content
    assert asked.unchanged == Setting()


def test_nothing_that_stands_is_not_what_the_plan_suggests() -> None:
    none = Setting(held=())
    assert Setting.from_query(none.to_query()) == none
    assert none.day[1] == ()
    assert Setting().day[1] is None


@pytest.mark.parametrize(
    "query", [{"event": ["x"]}, {"today": ["soon"]}, {"held": ["many"]}, {"event": ["a:1999-01:2"]}]
)
def test_wrong_event_or_day_in_a_link_is_refused(query: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match=r"allowed|must be|YYYY-MM"):
        Setting.from_query(query)
