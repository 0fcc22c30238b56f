from __future__ import annotations

from collections.abc import Callable

import numpy as np
from streamlit.testing.v1 import AppTest

from capacity.dashboard.display import said
from capacity.numbers import say
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.procurement.buying import Buying
from capacity.procurement.deciding import decide
from capacity.procurement.held import told_held
from capacity.procurement.situation import Situation
from capacity.questions.economics import runway, unit_costs
from capacity.questions.goal import Goal, solve
from capacity.report.cells import escaped
from capacity.report.decision_words import headline, sentence
from capacity.report.economics_text import runway_text
from capacity.report.question_files import explanation_report
from capacity.report.question_text import answer_lines
from capacity.scenarios.scenario import Scenario

Open = Callable[..., AppTest]


def test_another_term_costs_what_the_python_interface_says(
    opened: Open, reported: Scenario
) -> None:
    app = opened("money")
    app.selectbox(key="policy.term").set_value("3y").run()
    found = plan(reported, reported.policy.change({"term": "3y"}), seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    shown = next(item for item in app.metric if item.label == "Cost").value
    assert shown == said(found.quantile("cost", 0.5)[-1], "USD/month")


def test_prices_have_their_dates(opened: Open) -> None:
    prices = opened("money", cost="Prices").dataframe[-1].value
    assert prices["valid"].str.contains("20").all()
    assert prices["source"].ne("").all()


def _said(app: AppTest) -> set[str]:
    return {str(item.value) for item in app.markdown}


def test_purchase_is_the_one_of_decide(opened: Open, reported: Scenario) -> None:
    app = opened("money", cost="What to order")
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    found = decide(Situation.of(planned))
    lines = [*headline(found), *(sentence(late) for late in found.late)]
    assert {escaped(line) for line in lines} <= _said(app)
    orders = next(item.value for item in app.dataframe if "order by" in item.value)
    assert orders["nodes"].tolist() == [str(lot.nodes) for lot in found.lots]
    rivals = next(item.value for item in app.dataframe if "regret" in item.value)
    assert rivals["policy"].tolist() == [item.name for item in found.verdicts]
    files = {"decision.pdf", "decision.xlsx", "decision.json", "orders.csv", "policies.csv"}
    assert files <= {item.label for item in app.get("download_button")}
    app.run()  # looked up, what was told meanwhile included
    assert not app.exception


def test_assumption_of_the_purchase_moves_the_orders_and_the_link(
    opened: Open, reported: Scenario
) -> None:
    app = opened("money", cost="What to order", cost_buying="true")
    app.number_input(key="buying.max_shortfall").set_value(0.5).run()
    assert app.query_params["buying"] == "max_shortfall=0.5"
    assert app.query_params["cost"] == "What to order"
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    found = decide(Situation.of(planned), Buying(max_shortfall=0.5))
    assert {escaped(line) for line in headline(found)} <= _said(app)
    again = opened("money", cost="What to order", buying="max_shortfall=0.5")
    assert _said(again) == _said(app)


def test_regions_are_bought_for_on_their_own_terms(opened: Open) -> None:
    app = opened("money", cost="What to order", cost_buying="true")
    app.text_input(key="buying.region_price").set_value("1, 1.3").run()
    assert not app.exception
    assert app.query_params["buying"] == "region_price=1,1.3"
    again = opened("money", cost="What to order", buying="region_price=1,1.3")
    assert _said(again) == _said(app)
    (orders,) = [frame.value for frame in again.dataframe if "order by" in frame.value.columns]
    assert set(orders["region"]) == {"1", "2"}


def test_why_is_what_explain_says(opened: Open, reported: Scenario) -> None:
    app = opened("money", cost="Why", why="GPUs needed")
    assert not app.exception
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    found = planned.explain("gpus", "2024-06")
    assert escaped(explanation_report(found, planned).lines[0]) in _said(app)
    parts = next(frame.value for frame in app.dataframe if "share [1]" in frame.value.columns)
    assert list(parts["part"]) == [*(part.name for part in found.parts), found.title]
    assert {"explain.pdf", "explain.xlsx"} <= {item.label for item in app.get("download_button")}


def test_goal_is_reached_as_solve_reaches_it(opened: Open, reported: Scenario) -> None:
    app = opened("money", cost="Backwards", goal="availability>=0.9996", vary="zones")
    assert not app.exception
    answer = solve(reported, Goal.parse("availability>=0.9996", "zones"), seed=7, draws=200)
    assert {escaped(line) for line in answer_lines(answer)} <= _said(app)


def test_goal_that_is_none_says_what_is_allowed(opened: Open) -> None:
    app = opened("money", cost="Backwards", goal="happiness<=1", vary="users")
    assert not app.exception
    assert "happiness" in app.error[0].value


def test_unit_costs_stand_beside_public_figures(opened: Open, reported: Scenario) -> None:
    app = opened("money", cost="Renting and budget")
    assert not app.exception
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    shown = next(item.value for item in app.dataframe if "unit cost" in item.value)
    for item in unit_costs(planned):
        row = shown.set_index("unit cost").loc[item.name]
        assert row["median"] == say(item.mid, item.unit)
        assert len(list(filter(None, row["public figures"].split("; ")))) == len(item.anchors)


def test_budget_that_is_typed_lasts_as_long_as_runway_says(
    opened: Open, reported: Scenario
) -> None:
    app = opened("money", cost="Renting and budget")
    app.number_input(key="budget").set_value(10_000_000.0).run()
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    assert escaped(" ".join(runway_text(runway(planned, 1e7)).split())) in _said(app)
    app.number_input(key="budget").set_value(-5.0).run()
    assert "must be above 0 USD" in app.error[0].value


def test_where_there_is_no_plan_nothing_is_bought(opened: Open) -> None:
    app = opened("money", policy=["regions=1", "availability=0.9999"])
    assert "cannot be met" in app.warning[0].value
    assert not app.tabs


def test_day_and_held_nodes_are_those_of_decide(opened: Open, reported: Scenario) -> None:
    app = opened("money", cost="What to order", cost_buying="true")
    app.selectbox(key="decide.today").set_value("2023-06").run()
    app.text_input(key="decide.held").set_value("24:2023-12, 30:2024-06").run()
    assert app.query_params["today"] == "2023-06"
    assert app.session_state["now"].held == ("24:2023-12", "30:2024-06")
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    today = np.datetime64("2023-06")
    held = told_held(["24:2023-12", "30:2024-06"])
    found = decide(Situation.of(planned, today=today, held=held))
    assert {escaped(line) for line in headline(found)} <= _said(app)
    app.text_input(key="decide.held").set_value("none").run()
    assert app.query_params["held"] == "none"
    none = decide(Situation.of(planned, today=today, held=()))
    assert {escaped(line) for line in headline(none)} <= _said(app)
    app.text_input(key="decide.held").set_value("").run()
    assert "held" not in app.query_params


def test_wrong_held_nodes_are_refused(opened: Open) -> None:
    app = opened("money", cost_buying="true")
    app.text_input(key="decide.held").set_value("many").run()
    assert "must be NODES:YYYY-MM" in app.error[0].value.replace("\\", "")
    assert app.session_state["now"].held is None
