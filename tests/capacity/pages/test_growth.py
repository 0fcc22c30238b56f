from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from capacity.load.demand import growth_model
from forecast.backtest.rolling_origin import Backtest
from forecast.messages import disarmed

Open = Callable[..., AppTest]
USERS = b"date,value\n2025-01,1000\n2025-12,3100\n"
QUERIES = b"date,value\n2025-01,9000\n2025-12,31000\n"


def _plain(text: str) -> str:
    return text.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def _use(app: AppTest) -> None:
    next(item for item in app.button if item.label == "Use these files").click().run()


def test_projection_is_marked_with_its_percentile(opened: Open) -> None:
    told = " ".join(_plain(item.value) for item in opened("growth").markdown)
    assert "projected 14 M" in told
    assert "percentile of the draws" in told


def test_model_and_class_change_the_scenario(opened: Open) -> None:
    app = opened("growth")
    app.selectbox(key="set.growth.model").set_value("gompertz").run()
    assert app.session_state["now"].scenario.growth.model == "gompertz"
    assert app.query_params["set"] == "growth.model=gompertz"


def test_own_files_become_the_history_and_the_link(opened: Open) -> None:
    app = opened("growth")
    app.file_uploader(key="growth.users").upload("mine.csv", USERS, "text/csv")
    app.file_uploader(key="growth.queries").upload("q.csv", QUERIES, "text/csv")
    app.run()
    _use(app)
    now = app.session_state["now"]
    assert now.scenario.users.values.tolist() == [1000.0, 3100.0]
    assert not app.error
    again = opened("growth", own=app.query_params["own"])
    assert again.session_state["now"].text == now.text


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n\x00", b"a,b\n1,2,3\n", "date,value\n".encode("utf-16"), b"<!DOCTYPE"],
)
def test_hostile_file_is_said_and_changes_nothing(opened: Open, content: bytes) -> None:
    app = opened("growth")
    before = app.session_state["now"]
    app.file_uploader(key="growth.users").upload("x.csv", content, "text/csv").run()
    _use(app)
    assert "users.csv" in app.error[0].value.replace("\\", "")
    assert app.session_state["now"] == before
    assert len(app.get("plotly_chart")) == 1


def test_no_file_is_said(opened: Open) -> None:
    app = opened("growth")
    _use(app)
    assert "choose a CSV file" in app.error[0].value.replace("\\", "")


def test_backtest_is_that_of_the_command_or_says_why_there_is_none(opened: Open) -> None:
    app = opened("growth", growth="Backtest")
    assert "too few for a backtest" in app.code[0].value
    months = [f"{2023 + place // 12}-{place % 12 + 1:02d}" for place in range(30)]
    rows = "".join(f"{month},{1000 + 50 * place}\n" for place, month in enumerate(months))
    app.file_uploader(key="growth.users").upload("mine.csv", f"date,value\n{rows}".encode())
    app.file_uploader(key="growth.queries").upload("q.csv", f"date,value\n{rows}".encode())
    _use(app.run())
    assert not app.exception
    scenario = app.session_state["now"].scenario
    test = Backtest({scenario.growth.model: growth_model(scenario.growth)}, seed=7)
    assert [item.value for item in app.code] == [
        disarmed(test.run(history).text) for history in (scenario.users, scenario.queries)
    ]


def test_demand_is_shown_where_nothing_can_serve_it(opened: Open) -> None:
    asked = {"policy": "ttft_s=0.05", "growth": "Queries"}
    app = opened("growth", **asked)
    assert "no plan" in app.warning[0].value
    (found,) = app.get("plotly_chart")
    (with_plan,) = opened("growth", growth="Queries").get("plotly_chart")
    assert found.proto.spec == with_plan.proto.spec
    told = " ".join(_plain(item.value) for item in app.markdown)
    assert "percentile of the draws" in told


def test_backtest_needs_no_plan(opened: Open) -> None:
    app = opened("growth", policy="ttft_s=0.05", growth="Backtest")
    assert "too few for a backtest" in app.code[0].value
