from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from capacity.numbers import percent, say
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario

Open = Callable[..., AppTest]


def _metric(app: AppTest, title: str) -> str:
    return next(str(item.value) for item in app.metric if item.label == title)


def _plan(scenario: Scenario, **levers: int) -> CapacityPlan:
    found = plan(scenario, scenario.policy.change(levers), seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    return found


def test_figures_are_those_of_the_python_interface(opened: Open, reported: Scenario) -> None:
    app, found = opened(), _plan(reported)
    assert _metric(app, "GPUs needed") == say(found.quantile("gpus", 0.5)[-1], "GPUs")
    assert _metric(app, "Storage") == say(found.quantile("storage_pb", 0.5)[-1], "PB")
    assert _metric(app, "Availability") == percent(found.availability, 3)
    order = next(lot for lot in found.orders if not lot.past)
    assert _metric(app, "Next order by") == str(order.order_by)


def test_link_shows_the_plan_it_names(opened: Open, reported: Scenario) -> None:
    app, found = opened(policy=["zones=1", "regions=3"]), _plan(reported, zones=1, regions=3)
    assert _metric(app, "Availability") == percent(found.availability, 3)


def test_change_is_told_against_the_baseline(opened: Open) -> None:
    app = opened(set=["demand_factor=2"])
    card = next(item for item in app.metric if item.label == "GPUs needed")
    assert str(card.delta).startswith("+")
    assert "against" in str(card.delta)


def test_new_baseline_leaves_no_change(opened: Open) -> None:
    app = opened(set=["demand_factor=2"])
    app.button(key="overview.baseline").click().run()
    assert [card.delta for card in app.metric if card.delta] == []


def test_wrong_link_is_said_and_the_reported_case_shown(opened: Open, reported: Scenario) -> None:
    app = opened(policy="zones=99")
    assert "allowed 1 to 6" in app.error[0].value.replace("\\", "")
    assert app.session_state["now"].policy == reported.policy


def test_name_of_a_link_is_never_markup(opened: Open) -> None:
    app = opened(scenario="![x](http://t/x.png)")
    assert "![x]" not in app.error[0].value
