from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from capacity.dashboard.links import carried
from capacity.scenarios.event_words import told_event
from capacity.scenarios.file import dump_scenario

Open = Callable[..., AppTest]
LAUNCH = "launch:2023-06:1.2,1.5,2:6:queries"


@pytest.fixture
def growth(opened: Open) -> Callable[..., AppTest]:
    def run(**link: str | list[str]) -> AppTest:
        app = opened(growth_events="true", **link)
        return app.switch_page("capacity/pages/growth.py").run()

    return run


def _press(app: AppTest, label: str) -> None:
    next(item for item in app.button if item.label == label).click().run()
    assert not app.exception


def _type(app: AppTest, **values: Any) -> None:
    for part in ("low", "mid", "high", "fades"):
        if part in values:
            app.number_input(key=f"event.{part}").set_value(values[part])
    if "name" in values:
        app.text_input(key="event.name").set_value(values["name"])
    for part in ("month", "on"):
        if part in values:
            app.selectbox(key=f"event.{part}").set_value(values[part])


def test_added_event_is_that_of_the_command_line(growth: Callable[..., AppTest]) -> None:
    app = growth()
    _type(app, name="launch", month="2023-06", low=1.2, mid=1.5, high=2.0, fades=6.0, on="queries")
    _press(app, "Add")
    assert app.session_state["now"].scenario.events == (told_event(LAUNCH),)
    assert app.query_params["event"] == LAUNCH
    assert app.text_input(key="event.name").value == ""


def test_event_is_changed_and_taken_away(growth: Callable[..., AppTest]) -> None:
    app = growth(event=LAUNCH)
    app.selectbox(key="event.which").set_value("launch").run()
    assert app.number_input(key="event.mid").value == 1.5
    _type(app, name="big launch", high=3.0, fades=None)
    _press(app, "Change")
    assert app.query_params["event"] == "big launch:2023-06:1.2,1.5,3:queries"
    assert app.selectbox(key="event.which").value == "big launch"
    _press(app, "Remove")
    assert app.session_state["now"].events is None
    assert "event" not in app.query_params


def test_event_of_the_scenario_can_be_taken_away(growth: Callable[..., AppTest]) -> None:
    first = growth(event=LAUNCH).session_state["now"]
    (own,) = carried(dump_scenario(first.scenario))
    app = growth(own=own)
    assert app.session_state["now"].events is None
    app.selectbox(key="event.which").set_value("launch").run()
    _press(app, "Remove")
    assert app.query_params["event"] == "none"
    assert app.session_state["now"].scenario.events == ()


def test_refused_event_is_said_and_stays_in_the_form(growth: Callable[..., AppTest]) -> None:
    app = growth()
    before = app.session_state["now"]
    _type(app, name="viral", month="2023-06", low=2.0, mid=2.0, high=2.0, fades=1.0)
    _press(app, "Add")
    assert "users are cumulative and never fall" in app.error[0].value.replace("\\", "")
    assert app.session_state["now"] == before
    assert app.text_input(key="event.name").value == "viral"


def test_event_without_a_name_is_refused(growth: Callable[..., AppTest]) -> None:
    app = growth()
    _press(app, "Add")
    assert "name is empty" in app.error[0].value


def test_fan_marks_the_month_of_the_event(growth: Callable[..., AppTest]) -> None:
    app = growth(event=LAUNCH.replace("launch", "<b>x"), growth="Queries")
    traces = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    (event,) = (trace for trace in traces if trace["name"] == "event")
    assert event["x"] == ["2023-06"]
    assert event["text"] == ["&lt;b&gt;x, half of it gone after 6 months"]
