"""Draws that do not depend on the choice of hardware."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.market.catalogue import shipped_catalogue
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.world import World, draw_world


def drawn(scenario: Scenario) -> World:
    architecture = shipped_catalogue().architecture(scenario.architecture)
    return draw_world(scenario, Policy(), architecture, seed=7, draws=200)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.load("reported-case")


def test_every_part_holds_the_same_draws(scenario: Scenario) -> None:
    world = drawn(scenario)
    assert {values.shape for values in world.resources.values()} == {(200, 30)}
    assert np.array_equal(world.traffic.rate, world.resources["peak_rate"])
    assert np.array_equal(world.wanted.queries, world.resources["daily_queries"])


def test_a_slower_engine_leaves_demand_and_stores_alone(scenario: Scenario) -> None:
    base, slow = drawn(scenario), drawn(scenario.override("slow", engine_maturity=0.3))
    assert all(np.array_equal(base.resources[key], slow.resources[key]) for key in base.resources)
    assert (slow.traffic.speed < base.traffic.speed).mean() > 0.9


def test_no_prompt_or_reply_is_below_one_token(scenario: Scenario) -> None:
    lengths = drawn(scenario.override("short", reply_tokens=(1, 1.2, 1.5))).traffic.lengths
    assert lengths.reply.min() >= 1
    assert (lengths.cached <= lengths.prompt).all()
