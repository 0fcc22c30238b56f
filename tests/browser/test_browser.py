"""The dashboard in a real browser: what AppTest cannot see."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from capacity.numbers import percent, plain
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_S = 30
DRAWS = "draws=500"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="no browser: apt-get install chromium"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="no playwright: pip install playwright",
    ),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard as `fleetcast app` serves it, from a folder without any settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "capacity.cli", "app", "--no-browser", "--port", str(port)],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    here = f"http://localhost:{port}"
    try:
        _wait(f"{here}/_stcore/health")
        yield here
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_S)


def _wait(url: str) -> None:
    for _ in range(10 * PATIENCE_S):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  may be missing

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(1000 * PATIENCE_S)
    yield opened
    context.close()


def _figure(page: Any, title: str) -> Any:
    card = page.get_by_test_id("stMetric").filter(has_text=title)
    return card.get_by_test_id("stMetricValue")


def _planned(scenario: Scenario, **levers: int) -> CapacityPlan:
    found = plan(scenario, scenario.policy.change(levers), seed=7, draws=500)
    assert isinstance(found, CapacityPlan)
    return found


def test_key_on_a_slider_changes_figure_and_link(
    page: Any, address: str, reported: Scenario
) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415

    page.goto(f"{address}/availability?{DRAWS}")
    nodes = _figure(page, "Serving nodes")
    expect(nodes).to_have_text(plain(int(_planned(reported).serving_nodes[-1])))
    page.get_by_role("slider", name="Regions").press("ArrowRight")
    three = _planned(reported, regions=3)
    expect(nodes).to_have_text(plain(int(three.serving_nodes[-1])))
    expect(_figure(page, "Availability")).to_have_text(percent(three.availability, 3))
    page.wait_for_url(re.compile(r"policy=regions%3D3"))
    page.reload()
    expect(nodes).to_have_text(plain(int(three.serving_nodes[-1])))


def test_pages_ask_no_other_host(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("", "growth", "capacity", "cost", "sources"):
        page.goto(f"{address}/{name}?{DRAWS}")
        page.get_by_role("heading", level=1).wait_for()
        page.get_by_test_id("stSidebar").wait_for()
    kinds = ("data:", "blob:", address, address.replace("http", "ws"))
    assert [url for url in asked if not url.startswith(kinds)] == []


def test_every_chart_is_described(page: Any, address: str) -> None:
    page.goto(f"{address}/?{DRAWS}")
    page.get_by_role("figure").first.wait_for()
    described = page.get_by_role("figure", name=re.compile("median"))
    assert described.count() == page.locator(".js-plotly-plot").count() == 4


def test_hostile_upload_is_said(page: Any, address: str) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415

    page.goto(f"{address}/growth?{DRAWS}")
    page.get_by_text("Your own history").click()
    main = page.get_by_test_id("stMain")
    box = main.get_by_test_id("stFileUploader").first.locator("input[type=file]")
    box.set_input_files({"name": "x.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n"})
    main.get_by_text("x.csv").wait_for()
    page.get_by_role("button", name="Use these files").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("users.csv")


@pytest.mark.parametrize("kind", ["CSV", "JSON", "PDF", "TOML", "XLSX"])
def test_download_opens(page: Any, address: str, kind: str, tmp_path: Path) -> None:
    page.goto(f"{address}/?{DRAWS}&policy=zones%3D2")
    page.get_by_text("Download what is shown").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=kind, exact=True).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    content = path.read_bytes()
    if kind == "JSON":
        assert json.loads(content)["policy"]["zones"] == 2
    elif kind == "PDF":
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 1
    elif kind == "XLSX":
        assert content.startswith(b"PK")
    else:
        assert b"zones = 2" in content if kind == "TOML" else b"month" in content


def test_phone_needs_no_sideways_scrolling(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    phone = context.new_page()
    for name in ("", "growth", "capacity", "availability", "cost", "claims", "sources"):
        phone.goto(f"{address}/{name}?{DRAWS}")
        phone.get_by_role("heading", level=1).wait_for()
        phone.wait_for_load_state("networkidle")
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, name
    context.close()


def test_other_host_names_are_refused(address: str) -> None:
    port = int(address.rpartition(":")[2])
    ask = (
        "GET /_stcore/stream HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
        line.sendall(ask.encode())
        assert line.recv(64).startswith(b"HTTP/1.1 403")
