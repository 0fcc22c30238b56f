from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from capacity.dashboard.controls import moved, words
from capacity.estimate import Estimate
from capacity.policy import LEVERS, Policy
from capacity.scenarios.file import load_scenario
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.settings import change_scenario

EACH = """
import streamlit as st
from capacity.dashboard import controls, session
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.policy import LEVERS
session.begin()
controls.levers(*LEVERS)
controls.uncertainties(*ASSUMPTIONS)
"""


@pytest.fixture(scope="module")
def every() -> AppTest:
    app = AppTest.from_string(EACH, default_timeout=60).run()
    assert not app.exception
    return app


def _widgets(app: AppTest) -> dict[str, object]:
    found = [*app.slider, *app.select_slider, *app.selectbox, *app.number_input]
    return {str(item.key): item for item in found}


def test_every_lever_has_a_widget_with_its_help_and_value(every: AppTest) -> None:
    widgets = _widgets(every)
    for name, lever in LEVERS.items():
        widget = widgets[f"policy.{name}"]
        assert widget.help == lever.help  # type: ignore[attr-defined]
        assert widget.value == getattr(Policy(), name)  # type: ignore[attr-defined]


def test_bounds_are_those_of_the_fields(every: AppTest) -> None:
    for item in (*every.slider, *every.number_input):
        part, _, rest = str(item.key).partition(".")
        known = LEVERS[rest] if part == "policy" else ASSUMPTIONS[rest.removesuffix(".mid")]
        assert (item.min, item.max) == (known.minimum, known.maximum)


def test_every_input_has_a_widget_with_its_likely_value(every: AppTest) -> None:
    widgets = _widgets(every)
    for name, known in ASSUMPTIONS.items():
        widget = widgets[f"set.{name}.mid"]
        assert widget.value == known.estimate.mid  # type: ignore[attr-defined]
        assert known.help in widget.help  # type: ignore[attr-defined]


def test_words_stay_inside_their_choices(every: AppTest) -> None:
    for name, lever in LEVERS.items():
        if lever.choices:
            assert tuple(every.selectbox(key=f"policy.{name}").options) == lever.choices


@given(st.sampled_from(sorted(ASSUMPTIONS)), st.floats(0.001, 1.0))  # some exclude 0 itself
def test_every_likely_value_inside_the_bounds_can_be_set(name: str, place: float) -> None:
    known = ASSUMPTIONS[name]
    low, high = known.minimum, known.maximum
    mid = float(f"{low + place * (high - low):.6g}")
    text = moved(known.estimate, min(max(mid, low), high), low, high)
    after = change_scenario(load_scenario("reported-case"), [f"{name}={text}"]).inputs[name]
    assert after.mid == min(max(mid, low), high)
    assert low <= after.low <= after.mid <= after.high <= high


@given(st.floats(1.01, 90.0))
def test_moved_range_keeps_its_proportion(mid: float) -> None:
    ends = moved(Estimate(1.0, 2.0, 4.0), mid, 0.0, 1e6).split(",")
    assert float(ends[0]) == pytest.approx(mid / 2.0)
    assert float(ends[2]) == pytest.approx(mid * 2.0)


def test_label_says_a_unit_once() -> None:
    labels = [words(name, lever.unit) for name, lever in LEVERS.items()]
    assert len(labels) == len(set(labels))
    assert words("node_repair_h", "h") == "Node repair [h]"
    assert words("database_reads_per_s", "reads/s") == "Database reads per s"
