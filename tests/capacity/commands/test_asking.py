"""Where no plan meets the policy a command tells why, and ends with 1."""

from __future__ import annotations

from argparse import Namespace

import pytest

from capacity import cli
from capacity.commands.asking import NoPlan, asked_case, asked_plan

ARGUMENTS = {"scenario": "reported-case", "serving": None, "settings": [], "seed": 7, "draws": 100}


def test_a_policy_on_the_command_line_changes_that_of_the_scenario():
    scenario, policy = asked_case(Namespace(**ARGUMENTS, policy=["zones=4"]))
    assert policy == scenario.policy.change({"zones": "4"}) != scenario.policy


def test_a_plan_is_that_of_scenario_policy_and_draws():
    found = asked_plan(Namespace(**ARGUMENTS, policy=["zones=4"]))
    assert (found.policy.zones, found.seed) == (4, 7)


def test_no_plan_is_told_with_what_would_be_one():
    with pytest.raises(NoPlan, match=r"0\.99"):
        asked_plan(Namespace(**ARGUMENTS, policy=["regions=1"]))


@pytest.mark.parametrize("command", ["sensitivity", "economics", "decide"])
def test_every_command_that_needs_a_plan_ends_alike_without_one(command, capsys):
    assert cli.main([command, "--policy", "regions=1", "--draws", "200"]) == 1
    assert "0.99" in capsys.readouterr().out
