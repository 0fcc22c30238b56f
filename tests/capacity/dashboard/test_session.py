from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from capacity.dashboard.session import MOST_PAST
from capacity.dashboard.setting import Setting

Open = Callable[..., AppTest]


def test_two_visitors_never_see_each_other(opened: Open) -> None:
    one, two = opened(), opened()
    one.number_input(key="sidebar.seed").set_value(99).run()
    two.run()
    assert one.session_state["now"].seed == 99
    assert two.session_state["now"].seed == 7


def test_address_follows_and_keeps_what_is_not_ours(opened: Open) -> None:
    app = opened(embed="true", policy="zones=2")
    app.number_input(key="sidebar.seed").set_value(99).run()
    assert app.query_params["seed"] == "99"
    assert app.query_params["policy"] == "zones=2"
    assert app.query_params["embed"] == "true"


def test_link_round_trip_shows_the_same_figures(opened: Open) -> None:
    app = opened(policy=["zones=2", "regions=3"], set=["reply_tokens=150,300,600"], seed="11")
    link = {key: app.query_params[key] for key in app.query_params}
    again = opened(**link)
    assert [item.value for item in again.metric] == [item.value for item in app.metric]
    assert again.session_state["now"] == app.session_state["now"]


def test_link_carries_what_was_put_aside_and_what_changes_are_told_against(opened: Open) -> None:
    app = opened(policy="zones=2", buying="owed_share=1")
    app.text_input(key="sidebar.name").set_value("two & zones")
    next(item for item in app.button if item.label == "Save").click().run()
    app.button(key="overview.baseline").click().run()
    app.number_input(key="sidebar.seed").set_value(11).run()
    link = {key: app.query_params[key] for key in app.query_params}
    again = opened(**link)
    for key in ("now", "saved"):
        assert again.session_state[key] == app.session_state[key]
    assert again.session_state["baseline"].levers == (("zones", "2"),)
    assert set(again.session_state["saved"]) == {"two & zones"}


@pytest.mark.parametrize("key", ["saved", "baseline"])
@pytest.mark.parametrize("text", ["name=a&draws=5", "name=a&policy=zones%3D99", "name=a&own=x"])
def test_hostile_link_within_a_link_is_said(opened: Open, key: str, text: str) -> None:
    app = opened(**{key: text})
    assert "link" in app.error[0].value
    assert app.session_state["saved"] == {}


def test_there_is_nothing_to_undo_at_the_start(opened: Open) -> None:
    app = opened()
    assert next(item for item in app.button if item.label == "Undo").disabled


def test_past_is_bounded(opened: Open) -> None:
    app = opened()
    app.session_state["past"] = tuple(Setting(seed=number) for number in range(MOST_PAST))
    app.number_input(key="sidebar.seed").set_value(12_345).run()
    past = app.session_state["past"]
    assert len(past) == MOST_PAST
    assert past[-1].seed == 7


def test_message_is_said_once(opened: Open) -> None:
    app = opened(draws="5")
    assert "allowed 100" in app.error[0].value.replace("\\", "")
    assert not app.run().error
