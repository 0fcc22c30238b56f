from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from capacity.numbers import say
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenario import Scenario

Open = Callable[..., AppTest]


def test_another_term_costs_what_the_python_interface_says(
    opened: Open, reported: Scenario
) -> None:
    app = opened("money")
    app.selectbox(key="policy.term").set_value("3y").run()
    found = plan(reported, reported.policy.change({"term": "3y"}), seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    shown = app.dataframe[0].value.set_index("")["median"]["Cost"]
    assert shown == say(found.quantile("cost", 0.5)[-1], "USD/month")


def test_prices_have_their_dates(opened: Open) -> None:
    prices = opened("money").dataframe[-1].value
    assert prices["valid"].str.contains("20").all()
    assert prices["source"].ne("").all()
