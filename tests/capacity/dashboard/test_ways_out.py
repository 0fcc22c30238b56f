from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from capacity import planning
from capacity.dashboard.setting import Setting
from capacity.dashboard.ways_out import candidates, demand_of, outcome, ways_out
from capacity.outcome import CapacityPlan, Infeasible
from capacity.policy import Policy
from capacity.world import World, draw_world

IMPOSSIBLE = {
    "one region": {"regions": "1", "availability": "0.9999"},
    "latency": {"ttft_s": "0.05"},
    "date": {"provider": "CoreWeave"},
    "precision": {"precision": "fp8"},
}


@pytest.mark.parametrize("levers", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_every_way_out_leads_to_a_plan(levers: dict[str, str]) -> None:
    asked = Setting(draws=200, levers=tuple(levers.items()))
    refused = outcome(asked)
    assert isinstance(refused, Infeasible)
    ways = ways_out(asked, refused.remedies)
    assert ways
    for name, value in ways:
        assert isinstance(outcome(asked.with_lever(name, value)), CapacityPlan)


def test_numbers_are_tried_from_the_nearest_on() -> None:
    tried = [float(value) for name, value in candidates("looser ttft_s", Policy())]
    assert tried == sorted(tried)
    assert min(tried) > Policy().ttft_s


def test_remedy_that_names_no_lever_gives_nothing_to_try() -> None:
    assert list(candidates("a later start", Policy())) == []


def test_both_words_of_a_remedy_are_tried() -> None:
    remedy = "a smaller model, --policy precision=fp8 or int8, or another provider"
    tried = list(candidates(remedy, Policy()))
    assert tried[:2] == [("precision", "fp8"), ("precision", "int8")]
    assert ("provider", "GCP") in tried


def test_demand_and_plan_of_a_setting_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def counted(*asked: Any, **numbers: Any) -> World:
        drawn.append(numbers)
        return draw_world(*asked, **numbers)

    monkeypatch.setattr(planning, "draw_world", counted)
    asked = Setting(draws=203)
    ahead, found = demand_of(asked), outcome(asked)
    assert isinstance(found, CapacityPlan)
    assert len(drawn) == 1
    for name in ("users", "daily_queries", "storage_pb"):
        assert np.array_equal(ahead.draws[name], found.draws[name])
    assert ahead.notes == found.notes[: len(ahead.notes)]


def test_demand_is_there_where_no_plan_is() -> None:
    asked = Setting(draws=200, levers=tuple(IMPOSSIBLE["latency"].items()))
    assert isinstance(outcome(asked), Infeasible)
    assert demand_of(asked).quantile("users", 0.5)[-1] > 0.0
