from __future__ import annotations

from streamlit.testing.v1 import AppTest

from capacity.dashboard.display import changed
from capacity.report.key_figures import KeyFigure

FIGURE = KeyFigure("cost", "Cost", "USD/month", "2024-06", 1e6, 2e6, 3e6, 1e4)


def test_change_is_told_with_its_sign_and_its_base() -> None:
    cheaper = FIGURE._replace(p50=1.5e6)
    assert changed(cheaper, FIGURE) == "-$500,000 against $2.0 M/month"
    assert changed(FIGURE, cheaper) == "+$500,000 against $1.5 M/month"


def test_no_change_is_not_told() -> None:
    assert changed(FIGURE, FIGURE) is None
    assert changed(FIGURE, None) is None


def test_table_of_nothing_says_so() -> None:
    script = "from capacity.dashboard.display import table\ntable([], {}, 'Orders')"
    app = AppTest.from_string(script).run()
    assert app.caption[0].value == "Orders: none."
    assert not app.dataframe


def test_reason_why_there_is_no_result_is_shown_as_text() -> None:
    app = AppTest.from_string(
        "from capacity.dashboard.display import or_reason\n"
        "assert or_reason(lambda: 3) == 3\n"
        "assert or_reason(lambda: int('*x*')) is None"
    ).run()
    assert not app.exception
    assert "\\*x\\*" in app.error[0].value


def test_every_file_has_a_button_of_its_name() -> None:
    app = AppTest.from_string(
        "from capacity.dashboard.display import downloads\n"
        "downloads({'a.csv': b'1', 'b.pdf': b'2'}, 'here')"
    ).run()
    assert [item.label for item in app.get("download_button")] == ["a.csv", "b.pdf"]
