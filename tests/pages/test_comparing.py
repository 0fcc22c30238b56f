from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from capacity.comparison import compare
from capacity.metrics import METRICS
from capacity.numbers import say, span
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenario import Scenario

Open = Callable[..., AppTest]


def _save(app: AppTest, name: str) -> None:
    app.text_input(key="sidebar.name").set_value(name)
    next(item for item in app.button if item.label == "Save").click().run()


def test_with_nothing_saved_the_page_says_what_to_do(opened: Open) -> None:
    assert "Save a scenario" in opened("comparing").info[0].value


def test_differences_are_those_of_compare(opened: Open, reported: Scenario) -> None:
    app = opened("comparing")
    _save(app, "as told")
    app.session_state["now"] = app.session_state["now"].with_lever("zones", "1")
    app.run()
    base = plan(reported, seed=7, draws=200)
    other = plan(reported, reported.policy.change({"zones": 1}), seed=7, draws=200)
    assert isinstance(base, CapacityPlan)
    assert isinstance(other, CapacityPlan)
    cost = [item for item in compare(base, other).differences if item.metric == "cost"][-1]
    row = app.dataframe[0].value.set_index("metric").loc[METRICS["cost"].title]
    assert row["difference"] == say(cost.mid, cost.unit)
    assert row["90 % between"] == span(cost.low, cost.high, cost.unit)


def test_fifth_scenario_and_a_nameless_one_are_refused(opened: Open) -> None:
    app = opened("comparing")
    for name in ("a", "b", "c", "d", "e"):
        _save(app, name)
    assert "4 scenarios are saved" in app.error[0].value
    assert list(app.session_state["saved"]) == ["a", "b", "c", "d"]
    _save(app, "  ")
    assert "needs a name" in app.error[0].value


def test_scenario_without_a_plan_is_said_beside_the_others(opened: Open) -> None:
    app = opened("comparing")
    _save(app, "as told")
    app.session_state["now"] = app.session_state["now"].with_lever("ttft_s", "0.05")
    app.run()
    assert "no plan to compare" in app.error[0].value
