from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit import cache_data
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[3]
LONGEST_S = 60
Open = Callable[..., AppTest]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open the dashboard on a page, with the parameters of a link."""
    cache_data.clear()

    def run(page: str = "overview", **link: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONGEST_S)
        for key, value in {"draws": "200", **link}.items():
            app.query_params[key] = value
        app.run()
        if page != "overview":
            app.switch_page(f"capacity/pages/{page}.py").run()
        assert not app.exception, app.exception
        return app

    yield run
    cache_data.clear()
