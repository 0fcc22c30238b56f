from __future__ import annotations

import json
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from capacity.numbers import say
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario

Open = Callable[..., AppTest]


def _metric(app: AppTest, title: str) -> str:
    return next(str(item.value) for item in app.metric if item.label == title)


def test_another_model_shows_its_own_latency(opened: Open, reported: Scenario) -> None:
    app = opened("machines")
    app.selectbox(key="set.architecture").set_value("llama-2-7b").run()
    changed = app.session_state["now"].scenario
    assert changed.architecture == "llama-2-7b"
    found = plan(changed, reported.policy, seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    assert _metric(app, "TTFT") == say(found.serving.ttft_s, "s")
    assert _metric(app, "TPOT") == say(found.serving.tpot_s, "s")


def test_likely_value_moves_its_range_with_it(opened: Open, reported: Scenario) -> None:
    app, before = opened("machines"), reported.inputs["reply_tokens"]
    app.number_input(key="set.reply_tokens.mid").set_value(2.0 * before.mid).run()
    after = app.session_state["now"].scenario.inputs["reply_tokens"]
    assert (after.low, after.mid, after.high) == (2 * before.low, 2 * before.mid, 2 * before.high)


def test_waterfall_on_the_page_is_that_of_the_plan(opened: Open, reported: Scenario) -> None:
    app = opened("machines")
    found = plan(reported, seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]
    assert bars["y"][-1] == "to stand"
    assert bars["x"][-1] == found.gpus_standing[-1]


def test_latency_that_nothing_reaches_is_a_reason(opened: Open) -> None:
    app = opened("machines", policy="ttft_s=0.05")
    assert "latency targets" in app.warning[0].value.replace("\\", "")
    assert app.number_input(key="policy.ttft_s").value == 0.05


def test_node_type_that_nobody_has_is_said_with_a_way_back(opened: Open) -> None:
    app = opened("machines", policy="instance=p9.nothing")
    assert "p9.nothing" in app.error[0].value.replace("\\", "")
    app.selectbox(key="policy.instance").set_value("auto").run()
    assert app.metric
