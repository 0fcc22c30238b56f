from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from capacity.numbers import percent, plain
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario

Open = Callable[..., AppTest]


def _metric(app: AppTest, title: str) -> str:
    return next(str(item.value) for item in app.metric if item.label == title)


@pytest.mark.parametrize(("name", "value"), [("zones", 1), ("regions", 3)])
def test_slider_moves_the_page_to_the_plan_of_the_python_interface(
    opened: Open, reported: Scenario, name: str, value: int
) -> None:
    app = opened("uptime")
    app.slider(key=f"policy.{name}").set_value(value).run()
    found = plan(reported, reported.policy.change({name: value}), seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    assert _metric(app, "Availability") == percent(found.availability, 3)
    assert _metric(app, "Serving nodes") == plain(int(found.serving_nodes[-1]))
    assert app.query_params["policy"] == f"{name}={value}"


def test_unreachable_target_shows_reason_and_a_button_that_leads_to_a_plan(opened: Open) -> None:
    app = opened("uptime", policy=["regions=1", "availability=0.9999"])
    assert "cannot be met" in app.warning[0].value
    assert not app.metric
    way = next(item for item in app.button if str(item.key).startswith("way."))
    way.click().run()
    assert not app.warning
    assert app.metric


def test_target_goes_from_two_to_five_nines(opened: Open) -> None:
    options = opened("uptime").select_slider(key="policy.availability").options
    assert (options[0], options[-1]) == ("99 %", "99.999 %")


def test_undo_and_reset_go_back(opened: Open) -> None:
    app = opened("uptime")
    before = app.session_state["now"].policy
    app.slider(key="policy.zones").set_value(1).run()
    app.slider(key="policy.zones").set_value(2).run()
    next(item for item in app.button if item.label == "Undo").click().run()
    assert app.session_state["now"].policy.zones == 1
    next(item for item in app.button if item.label == "Reset").click().run()
    assert app.session_state["now"].policy == before
    assert "policy" not in app.query_params


def test_the_cheapest_redundancy_is_shown_when_asked_for(opened: Open) -> None:
    app = opened("uptime", availability="Cheapest redundancy")
    assert len(app.get("plotly_chart")) == 3
    assert any("cheapest design" in item.value for item in app.markdown)
