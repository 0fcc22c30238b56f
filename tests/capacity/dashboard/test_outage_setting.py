from __future__ import annotations

from dataclasses import replace

import pytest

from capacity.dashboard.links import pack
from capacity.dashboard.outage_setting import (
    OutageSetting,
    incident_from_text,
    most_draws,
    own_outage,
)
from capacity.dashboard.setting import Setting, own_setting
from capacity.outage.file import load_incident
from capacity.outage.study import DRAWS, SEED, study
from capacity.scenarios.scenario import Scenario

LARGE = 'name = "large"\nnodes = 512\nhorizon = 1000\nstep = 0.1\n'


def test_start_is_what_the_command_replays() -> None:
    assert study.__kwdefaults__ == {"draws": DRAWS, "seed": SEED}
    assert OutageSetting().draws == DRAWS
    assert OutageSetting().to_query() == {}


def test_link_reproduces_an_outage() -> None:
    asked = OutageSetting("february-2023-documented", names=("canary", "cells"), draws=60)
    assert OutageSetting.from_query(asked.to_query()) == asked


def test_link_reproduces_an_own_incident() -> None:
    asked = own_outage(incident_from_text('name = "own"\nnodes = 12'), OutageSetting(draws=40))
    again = OutageSetting.from_query(asked.to_query())
    assert again == asked
    assert again.incident.nodes == 12


def test_whole_setting_carries_its_outage() -> None:
    asked = Setting(seed=9, outage=OutageSetting(names=("canary",)))
    assert Setting.from_query(asked.to_query()) == asked


def test_another_scenario_leaves_the_outage_alone(public: Scenario) -> None:
    asked = Setting(outage=OutageSetting(names=("canary",)))
    assert own_setting(public, asked).outage == asked.outage


def test_order_in_a_link_does_not_matter() -> None:
    one, other = (
        OutageSetting.from_query({"with": names})
        for names in (["cells", "canary"], ["canary", "cells", "canary"])
    )
    assert one == other


def test_switch_goes_on_and_off() -> None:
    on = OutageSetting().switched("canary", on=True)
    assert on.names == ("canary",)
    assert on.switched("canary", on=False) == OutageSetting()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"outage": ["february-203"]}, "nearest: february-2023"),
        ({"outage": ["/etc/passwd.toml"]}, "never a file"),
        ({"outage": ["../scenarios/reported-case"]}, "unknown outage"),
        ({"with": ["canaries"]}, "nearest: canary"),
        ({"with": ["never-offline", "taken-offline"]}, "exclude each other"),
        ({"outage_draws": ["1"]}, "allowed 20"),
        ({"outage_draws": ["x"]}, "whole number"),
        ({"incident": ["abcdefgh"]}, "damaged"),
        ({"incident": [pack("nodes = 0")]}, "nodes = 0"),
        ({"incident": [pack(LARGE)]}, "allowed here up to 20"),
    ],
)
def test_wrong_link_is_refused_with_its_reason(query: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        OutageSetting.from_query(query)
    assert words in str(refused.value)
    assert "/tmp" not in str(refused.value)


def test_large_incident_gets_fewer_draws() -> None:
    large = incident_from_text(LARGE)
    assert most_draws(large) < DRAWS < most_draws(load_incident("february-2023"))
    assert own_outage(large, OutageSetting()).draws == most_draws(large)
    with pytest.raises(ValueError, match="allowed here"):
        replace(own_outage(large, OutageSetting()), draws=DRAWS).check()
