from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.browser import PATIENCE_S, served, started


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard as `fleetcast app` serves it, from a folder without any settings."""
    with served(folder=tmp_path_factory.mktemp("elsewhere")) as server:
        yield server.address


@pytest.fixture(scope="module")  # while it lives, no other event loop can run
def browser() -> Iterator[Any]:
    from playwright.sync_api import expect  # noqa: PLC0415  may be missing

    expect.set_options(timeout=1000 * PATIENCE_S)
    with started() as found:
        yield found


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(1000 * PATIENCE_S)
    yield opened
    context.close()
