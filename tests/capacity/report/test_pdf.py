from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from capacity.auditing import Finding
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.report.charts import FANS
from capacity.report.pdf import to_pdf
from capacity.scenarios.scenario import Scenario

Planner = Callable[..., CapacityPlan]
Findings = tuple[Finding, ...]


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def report(reported_plan: CapacityPlan, findings: Findings) -> PdfReader:
    return opened(to_pdf(reported_plan, findings))


def test_it_has_four_to_nine_pages_of_a4(report: PdfReader) -> None:
    assert 4 <= len(report.pages) <= 10
    box = report.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_it_is_tagged_titled_and_in_english(report: PdfReader) -> None:
    root = report.root_object
    assert bool(root["/MarkInfo"]["/Marked"])  # type: ignore[index]
    assert str(root["/Lang"]).startswith("en")
    assert report.metadata is not None
    assert report.metadata.title == "Capacity plan: reported-case"
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]


def alternatives(node: object) -> list[str]:
    found, waiting = [], [node]
    while waiting:
        item = waiting.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, dict):
            found += [str(item["/Alt"])] if "/Alt" in item else []
            waiting.append(item.get("/K"))
        elif isinstance(item, list):
            waiting.extend(item)
    return found


def test_every_chart_is_described(report: PdfReader) -> None:
    described = alternatives(report.root_object["/StructTreeRoot"])
    assert len(described) == len(FANS) + 8
    assert all(len(text) > 40 for text in described)


def test_it_says_what_a_planner_must_know(report: PdfReader, reported_plan: CapacityPlan) -> None:
    text = text_of(report)
    for words in (
        "What to buy, and by when", "Redundancy and error budget", "Audit of the reported claims",
        "Assumptions and sources", "Method and limits", "Provenance", "contradicted",
        "budget 21.6 min", "reconstruction", "projected 14 M", "p5.48xlarge", "seed 7",
    ):  # fmt: skip
        assert words in text, words
    for name in FANS:
        assert METRICS[name].title in text
    for note in reported_plan.notes:
        assert note[:40] in text


def test_pages_are_numbered(report: PdfReader) -> None:
    count = len(report.pages)
    for number, page in enumerate(report.pages, start=1):
        assert f"Page {number} of {count}" in page.extract_text()


def test_the_same_plan_gives_the_same_bytes(short_plan: CapacityPlan, findings: Findings) -> None:
    assert to_pdf(short_plan, findings) == to_pdf(replace(short_plan), findings)


def test_the_date_is_that_of_the_data(report: PdfReader) -> None:
    assert report.metadata is not None
    assert str(report.metadata.creation_date).startswith("2026-11-01")


def test_hostile_text_is_printed_and_not_obeyed(hostile_plan: CapacityPlan) -> None:
    reader = opened(to_pdf(hostile_plan))
    text = text_of(reader).replace("\u200b", "")
    assert 'HYPERLINK("http://x' in text.replace(" ", "")
    assert "[*b*]" in text.replace(" ", "")
    assert [page for page in reader.pages if "/Annots" in page] == []


def test_a_report_without_audit_has_no_such_page(short_plan: CapacityPlan) -> None:
    reader = opened(to_pdf(short_plan))
    assert 4 <= len(reader.pages) <= 10
    assert "Audit of the reported claims" not in text_of(reader)


@pytest.mark.slow
@pytest.mark.parametrize("months", [1, 240])
def test_short_and_long_plans_fit(reported: Scenario, planned: Planner, months: int) -> None:
    start = reported.queries.origin + 1
    end, growth = str(start + months - 1), replace(reported.growth, model="linear")
    scenario = replace(reported, start=str(start), end=end, growth=growth)
    assert 4 <= len(opened(to_pdf(planned(scenario))).pages) <= 10
