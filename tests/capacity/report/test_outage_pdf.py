from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from capacity.outage.countermeasures import COUNTERMEASURES
from capacity.outage.study import Outage
from capacity.report.outage_charts import outage_charts
from capacity.report.outage_pdf import outage_pdf, tiles


@pytest.fixture(scope="module")
def page(outage: Outage) -> PdfReader:
    return PdfReader(io.BytesIO(outage_pdf(outage)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_has_three_pages_of_a4(page: PdfReader) -> None:
    assert [
        heading in text
        for heading, text in zip(
            ("What happens", "What would have helped", "Parameters"),
            [one.extract_text() for one in page.pages],
            strict=True,
        )
    ] == [True] * 3
    box = page.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_it_is_tagged_and_describes_every_chart(page: PdfReader, outage: Outage) -> None:
    root = page.root_object
    assert bool(root["/MarkInfo"]["/Marked"])  # type: ignore[index]
    found, waiting = [], [root["/StructTreeRoot"]]
    while waiting:
        item = waiting.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, dict):
            found += [str(item["/Alt"])] if "/Alt" in item else []
            waiting.append(item.get("/K"))
        elif isinstance(item, list):
            waiting.extend(item)
    assert {chart.alt for chart in outage_charts(outage).values()} <= set(found)


def test_it_says_that_the_story_is_not_history(page: PdfReader) -> None:
    assert "SCENARIO AS TOLD, NOT DOCUMENTED HISTORY" in text_of(page).replace("  ", " ")


def test_it_names_every_countermeasure_and_its_basis(page: PdfReader) -> None:
    words = text_of(page)
    assert [name for name in COUNTERMEASURES if name not in words] == []
    for basis in ("told: ", "published: ", "assumed: "):
        assert basis in words


def test_every_alert_stands_with_its_minute_and_what_it_saves(
    page: PdfReader, outage: Outage
) -> None:
    words = text_of(page).replace("\u00a0", " ")
    assert "Alerts" in words
    assert outage.alerts
    for item in outage.alerts:
        assert item.name in words
        assert item.signal in words
        if item.in_time:
            assert f"{item.lost:,.0f}" in words
            assert f"{item.saved:,.0f}" in words
    assert words.count("too late") == sum(not item.in_time for item in outage.alerts)


def test_the_same_outage_is_the_same_file(outage: Outage) -> None:
    assert outage_pdf(outage) == outage_pdf(outage)


def test_hostile_words_are_set_as_words(outage: Outage) -> None:
    hostile = replace(outage.incident, title="#panic() *x* \x1b[0m" + "y" * 500)
    content = outage_pdf(replace(outage, incident=hostile))
    assert "#panic()" in text_of(PdfReader(io.BytesIO(content)))


def test_tiles_tell_both_variants(outage: Outage) -> None:
    assert next(tile["title"] for tile in tiles(outage)) == "full outage"
    assert all(tile["other"].endswith("with them") for tile in tiles(outage))
    alone = replace(outage, names=())
    assert {tile["other"] for tile in tiles(alone)} == {""}
