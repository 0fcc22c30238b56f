from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from capacity.comparison import compare
from capacity.metrics import METRICS
from capacity.numbers import percent, say, span
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.questions.sensitivity import sensitivity
from capacity.report.cells import escaped
from capacity.report.comparison_table import saving_text
from capacity.scenarios.scenario import Scenario

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
    found = compare(base, other, names=("as told", "(what is shown now)"))
    cost = [item for item in found.differences if item.metric == "cost"][-1]
    row = app.dataframe[0].value.set_index("metric").loc[METRICS["cost"].title]
    assert row["difference"] == say(cost.mid, cost.unit)
    assert row["90 % between"] == span(cost.low, cost.high, cost.unit)
    assert escaped(saving_text(found.savings[0], "as told")) in {str(x.value) for x in app.markdown}
    assert {"compare.pdf", "compare.csv"} <= {x.label for x in app.get("download_button")}


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


def test_what_matters_is_what_sensitivity_says(opened: Open, reported: Scenario) -> None:
    app = opened("comparing")
    app.toggle(key="matters").set_value(True).run()
    assert not app.exception
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    found = sensitivity(planned)
    assert escaped(found.sentence) in {str(item.value) for item in app.markdown}
    shares = app.dataframe[-1].value.set_index("input")["share"]
    assert shares.to_dict() == {item.name: percent(item.share, 1) for item in found.influences}
    assert len(app.get("plotly_chart")) == 2


def test_of_what_has_no_plan_nothing_matters(opened: Open) -> None:
    app = opened("comparing", policy=["regions=1", "availability=0.9999"])
    app.toggle(key="matters").set_value(True).run()
    assert "no plan" in app.error[0].value
    assert not app.get("plotly_chart")
