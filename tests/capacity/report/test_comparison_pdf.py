"""The printed comparison: tagged, complete, and safe against what users write."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from capacity.comparison import compare
from capacity.outcome import CapacityPlan
from capacity.report.comparison_pdf import comparison_pdf


@pytest.fixture(scope="module")
def reader(short_plan: CapacityPlan) -> PdfReader:
    other = replace(short_plan, policy=short_plan.policy.change({"zones": 2}))
    return PdfReader(io.BytesIO(comparison_pdf(compare(short_plan, other))))


def test_every_plan_its_policy_and_its_saving_are_on_the_page(reader: PdfReader) -> None:
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert "2 plans compared" in text
    assert "zones 2" in text
    assert "costs in every draw what" in text
    assert "Cost per 1,000 queries" in text


def test_the_page_is_tagged_and_titled(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "Comparison of plans"
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_hostile_names_and_ten_plans_are_set(hostile_plan: CapacityPlan) -> None:
    content = comparison_pdf(compare(*[hostile_plan] * 10))
    assert content.startswith(b"%PDF-1.7")
