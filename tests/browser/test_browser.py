"""The dashboard in a real browser: what AppTest cannot see."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import socket
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from benchmarks.browser import PATIENCE_S, browser_path, settle
from capacity.dashboard.setting import scenario_from_text
from capacity.numbers import percent, plain, say
from capacity.outage.file import load_incident
from capacity.outage.study import study
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.report import to_csv, to_json
from capacity.report.outage_json import outage_csv, outage_json
from capacity.report.outage_text import key_figures
from capacity.scenarios.file import dump_scenario
from capacity.scenarios.scenario import Scenario

DRAWS = "draws=200&outage_draws=20"
PAGES = ("growth", "capacity", "availability", "outage-lab", "cost", "compare", "claims", "sources")
PNG = b"\x89PNG\r\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browser_path(), reason="no browser: apt-get install chromium"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="no playwright: pip install playwright",
    ),
]


def _figure(page: Any, title: str) -> Any:
    card = page.get_by_test_id("stMetric").filter(has_text=title)
    return card.get_by_test_id("stMetricValue")


def _upload(page: Any, box: Any, name: str, content: bytes) -> None:
    """Choose a file, and wait until the server has it and has answered."""
    with page.expect_response(re.compile("upload_file")):
        box.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
    settle(page)


def _downloaded(page: Any, place: Any, kind: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        place.get_by_role("button", name=kind, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.suffix == f".{kind.lower()}"
    return path.read_bytes()


def _planned(scenario: Scenario, **levers: int) -> CapacityPlan:
    found = plan(scenario, scenario.policy.change(levers), seed=7, draws=200)
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
    for name in ("", *PAGES):
        page.goto(f"{address}/{name}?{DRAWS}")
        page.get_by_role("heading", level=1).wait_for()
        settle(page)
    kinds = ("data:", "blob:", address, address.replace("http", "ws"))
    assert [url for url in asked if not url.startswith(kinds)] == []


def test_every_chart_is_described(page: Any, address: str) -> None:
    page.goto(f"{address}/?{DRAWS}")
    page.get_by_role("figure").first.wait_for()
    described = page.get_by_role("figure", name=re.compile("median"))
    assert described.count() == page.locator(".js-plotly-plot").count() == 4


def test_hostile_upload_is_said_and_changes_nothing(page: Any, address: str) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415

    page.goto(f"{address}/growth?{DRAWS}")
    page.get_by_text("Your own history").click()
    main = page.get_by_test_id("stMain")
    _upload(page, main.get_by_test_id("stFileUploader").first, "x.csv", PNG)
    before = page.url
    page.get_by_role("button", name="Use these files").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("users.csv")
    settle(page)
    assert page.url == before


def test_own_scenario_is_uploaded_saved_changed_and_loaded_again(
    page: Any, address: str, public: Scenario
) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415

    page.goto(f"{address}/?{DRAWS}")
    side = page.get_by_test_id("stSidebar")
    side.get_by_text("Open a scenario").click()
    content = dump_scenario(public).encode()
    _upload(page, side.get_by_test_id("stFileUploader"), "mine.toml", content)
    storage = _figure(page, "Storage")
    own = _planned(public)
    expect(storage).to_have_text(say(own.quantile("storage_pb", 0.5)[-1], "PB"))

    settle(page)
    side.get_by_text("Save for comparison").click()
    side.get_by_role("textbox", name="Name").fill("as it is")
    side.get_by_role("textbox", name="Name").press("Enter")
    settle(page)
    side.get_by_role("button", name="Save", exact=True).click()
    side.get_by_role("button", name="as it is").wait_for()
    page.get_by_role("link", name="Availability").click()
    page.get_by_role("slider", name="Zones").press("ArrowLeft")
    page.wait_for_url(re.compile(r"policy=zones"))
    side.get_by_role("button", name="as it is").click()
    page.wait_for_url(lambda url: "policy=" not in url)

    page.get_by_role("link", name="Overview").click()
    storage.wait_for()
    page.wait_for_url(re.compile(r"own="))
    page.reload()
    expect(storage).to_have_text(say(own.quantile("storage_pb", 0.5)[-1], "PB"))


@pytest.mark.parametrize("kind", ["CSV", "JSON", "PDF", "TOML", "XLSX"])
def test_download_opens_and_holds_what_is_shown(
    page: Any, address: str, kind: str, tmp_path: Path, reported: Scenario
) -> None:
    page.goto(f"{address}/?{DRAWS}&policy=zones%3D2")
    side = page.get_by_test_id("stSidebar")
    side.get_by_text("Download what is shown").click()
    content = _downloaded(page, side, kind, tmp_path)
    found = _planned(reported, zones=2)
    if kind == "JSON":
        months = json.loads(content)["months"]
        assert months == json.loads(to_json(found))["months"]
    elif kind == "CSV":
        assert content.decode() == to_csv(found)
    elif kind == "PDF":
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 1
    elif kind == "XLSX":
        assert openpyxl.load_workbook(io.BytesIO(content), read_only=True).sheetnames
    else:
        assert scenario_from_text(content.decode()).policy == found.policy


def test_switch_of_the_outage_lab_shows_the_replay_and_hands_it_out(
    page: Any, address: str, tmp_path: Path
) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415

    page.goto(f"{address}/outage-lab?{DRAWS}")
    page.get_by_test_id("stCheckbox").filter(has_text="admission cap").click()
    found = study(load_incident("february-2023"), ["admission-cap"], draws=20)
    for title, words in key_figures(found.chosen).items():
        expect(_figure(page, title.capitalize())).to_have_text(words)
    page.wait_for_url(re.compile("with=admission-cap"))
    page.reload()
    expect(_figure(page, "Full outage")).to_have_text(key_figures(found.chosen)["full outage"])
    settle(page)
    main = page.get_by_test_id("stMain")
    main.get_by_text("Download what is shown").click()
    assert _downloaded(page, main, "CSV", tmp_path).decode() == outage_csv(found)
    assert _downloaded(page, main, "JSON", tmp_path).decode() == outage_json(found)
    assert pypdf.PdfReader(io.BytesIO(_downloaded(page, main, "PDF", tmp_path))).pages
    assert b"--with admission-cap" in _downloaded(page, main, "TOML", tmp_path)


def test_hostile_incident_leaves_the_outage_as_it_was(page: Any, address: str) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415

    page.goto(f"{address}/outage-lab?{DRAWS}")
    main = page.get_by_test_id("stMain")
    main.get_by_text("Open an own incident").click()
    _upload(page, main.get_by_test_id("stFileUploader"), "x.toml", PNG)
    expect(page.get_by_test_id("stAlert").first).to_contain_text("UTF-8")
    settle(page)
    assert "incident=" not in page.url


def test_phone_needs_no_sideways_scrolling(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    phone = context.new_page()
    for name in ("", *PAGES):
        phone.goto(f"{address}/{name}?{DRAWS}")
        phone.get_by_role("heading", level=1).wait_for()
        settle(phone)
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
