from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.scenarios.changes import Change, scenario_changes
from capacity.scenarios.file import shipped
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_differs_from_itself_in_nothing(name: str) -> None:
    assert scenario_changes(Scenario.load(name), Scenario.load(name)) == ()


@given(st.sampled_from(sorted(ASSUMPTIONS)), st.floats(0.3, 0.9))
def test_one_changed_input_is_one_change_and_its_way_back_is_the_reverse(
    reported: Scenario, name: str, share: float
) -> None:
    known = ASSUMPTIONS[name]
    value = known.minimum + share * (
        min(known.maximum, 10 * known.estimate.high + 1) - known.minimum
    )
    changed = reported.override("x", **{name: value})
    (there,) = scenario_changes(reported, changed)
    (back,) = scenario_changes(changed, reported)
    assert (there.group, there.key, there.unit) == ("input", name, known.estimate.unit)
    assert (there.before, there.after) == (back.after, back.before)


def test_every_kind_of_setting_is_looked_at(reported: Scenario) -> None:
    other = replace(
        reported, end="2024-05", levers={"zones": 2},
        correlations={("reply_tokens", "prompt_tokens"): 0.5},
        growth=replace(reported.growth, reference="all"),
        cache=replace(reported.cache, layers_per_cache=2.0),
        parts={"gpu_pool": {"common_share": 0.1}},
    )  # fmt: skip
    found = {(item.group, item.key): (item.before, item.after)
             for item in scenario_changes(reported, other)}  # fmt: skip
    assert found == {
        ("scenario", "end"): ("2024-06", "2024-05"),
        ("growth", "reference"): ("service", "all"),
        ("cache", "layers_per_cache"): ("1", "2"),
        ("correlation", "prompt_tokens ~ reply_tokens"): ("none", "0.5"),
        ("part", "gpu_pool.common_share"): ("0.035", "0.1"),
        ("policy", "zones"): ("3", "2"),
    }


def test_another_history_shows_its_points(reported: Scenario, public: Scenario) -> None:
    found = [item for item in scenario_changes(reported, public) if item.group == "reported"]
    assert Change("reported", "queries 2022-01", "250,000", "none") in found


def test_the_level_is_said_where_it_is_not_the_usual_one(reported: Scenario) -> None:
    wider = replace(reported.inputs["reply_tokens"], level=0.5)
    (found,) = scenario_changes(reported, replace(reported, estimates={"reply_tokens": wider}))
    assert found.after == "210 (109 to 441 at 0.5)"


def test_another_serving_model_is_a_change(reported: Scenario) -> None:
    constants = replace(reported.serving.constants, overlap=0.5)
    other = replace(reported, serving=replace(reported.serving, constants=constants))
    (found,) = scenario_changes(reported, other)
    assert (found.group, found.key, found.after) == ("serving", "constants.overlap", "0.5")
