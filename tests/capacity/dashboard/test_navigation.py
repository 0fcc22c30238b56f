from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from capacity.dashboard.navigation import PAGES

ROOT = Path(__file__).resolve().parents[3]
Open = Callable[..., AppTest]


def test_every_page_of_the_folder_is_in_the_menu() -> None:
    files = {path.stem for path in (ROOT / "capacity" / "pages").glob("*.py")} - {"__init__"}
    assert files == set(PAGES)


def test_every_page_opens_with_its_title(opened: Open) -> None:
    app = opened()
    for name, (title, _) in PAGES.items():
        app.switch_page(f"capacity/pages/{name}.py").run()
        assert not app.exception, name
        assert app.title[0].value == title


def test_every_chart_has_a_description(opened: Open) -> None:
    app = opened()
    for name in PAGES:
        app.switch_page(f"capacity/pages/{name}.py").run()
        assert all(item.proto.alt for item in app.get("plotly_chart")), name


def test_no_page_shows_a_traceback_without_a_plan(opened: Open) -> None:
    app = opened(policy="ttft_s=0.05")
    for name in PAGES:
        app.switch_page(f"capacity/pages/{name}.py").run()
        assert not app.exception, name
