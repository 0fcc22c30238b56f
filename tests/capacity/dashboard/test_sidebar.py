from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from capacity.dashboard.results import export
from capacity.dashboard.setting import OWN, Setting
from capacity.scenarios.file import dump_scenario, shipped
from capacity.scenarios.scenario import Scenario

Open = Callable[..., AppTest]


def test_every_shipped_scenario_opens(opened: Open) -> None:
    app = opened()
    box = app.selectbox(key="sidebar.scenario")
    assert box.options == shipped()
    for name in shipped():
        app.selectbox(key="sidebar.scenario").set_value(name).run()
        assert not app.exception
        assert app.session_state["now"].scenario.name == name
        assert app.metric


def test_own_scenario_opens_and_can_be_left(opened: Open, public: Scenario) -> None:
    app = opened()
    text = dump_scenario(public).encode()
    app.file_uploader(key="sidebar.opened").upload("mine.toml", text).run()
    assert app.session_state["now"].base == OWN
    assert "own" in app.query_params
    app.selectbox(key="sidebar.scenario").set_value("reported-case").run()
    assert app.session_state["now"].base == "reported-case"


def test_plan_folder_opens(opened: Open) -> None:
    asked = Setting(draws=200, seed=5).with_lever("zones", "2")
    app, box = opened(), "sidebar.opened"
    app.file_uploader(key=box).upload("plan.json", export(asked, "json"))
    app.file_uploader(key=box).upload("scenario.toml", export(asked, "toml"))
    app.run()
    now = app.session_state["now"]
    assert (now.seed, now.draws, now.policy) == (5, 200, asked.policy)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[" * 5000, b"a = 1", b'[users]\ncsv = "/etc/passwd"', b'name = "<b>"'],
)
def test_hostile_scenario_is_said_and_changes_nothing(opened: Open, content: bytes) -> None:
    app = opened()
    before = app.session_state["now"]
    app.file_uploader(key="sidebar.opened").upload("x.toml", content).run()
    assert app.error
    assert "root:" not in app.error[0].value
    assert app.session_state["now"] == before
    assert app.metric


def test_files_for_download_are_those_of_what_is_shown(opened: Open) -> None:
    app = opened(policy="zones=2")
    labels = [item.label for item in app.get("download_button")]
    assert labels[:5] == ["PDF", "XLSX", "CSV", "JSON", "TOML"]


def test_saved_scenario_comes_back(opened: Open) -> None:
    app = opened(policy="zones=2")
    app.text_input(key="sidebar.name").set_value("two zones")
    next(item for item in app.button if item.label == "Save").click().run()
    app.number_input(key="sidebar.seed").set_value(1).run()
    app.button(key="load.two zones").click().run()
    assert app.session_state["now"].seed == 7
    app.button(key="forget.two zones").click().run()
    assert app.session_state["saved"] == {}
