from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from capacity.scenarios.inputs import ASSUMPTIONS

Open = Callable[..., AppTest]


def test_every_assumption_stands_with_unit_source_and_class(opened: Open) -> None:
    rows = opened("evidence").dataframe[0].value.set_index("input")
    assert set(rows.index) == set(ASSUMPTIONS)
    for name, known in ASSUMPTIONS.items():
        assert rows.loc[name, "unit"] == known.estimate.unit
        assert rows.loc[name, "source"] == known.estimate.source
        assert rows.loc[name, "class"] == known.estimate.basis


def test_filter_keeps_what_holds_the_word(opened: Open) -> None:
    app = opened("evidence")
    app.text_input(key="filter").set_value("calibrated").run()
    assert app.dataframe[0].value["input"].tolist() == ["serving_error"]


def test_range_of_an_input_can_be_set(opened: Open) -> None:
    app = opened("evidence")
    app.selectbox(key="input").set_value("price_factor").run()
    app.number_input(key="range.price_factor.low").set_value(0.7).run()
    after = app.session_state["now"].scenario.inputs["price_factor"]
    assert (after.low, after.mid) == (0.7, ASSUMPTIONS["price_factor"].estimate.mid)


def test_range_the_wrong_way_round_is_said_and_changes_nothing(opened: Open) -> None:
    app = opened("evidence")
    app.selectbox(key="input").set_value("price_factor").run()
    before = app.session_state["now"]
    app.number_input(key="range.price_factor.low").set_value(5.0).run()
    assert "price_factor" in app.error[0].value.replace("\\", "")
    assert app.session_state["now"] == before
