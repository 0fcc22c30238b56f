from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from capacity.procurement.decision import Decision
from capacity.report.decision_pdf import decision_pdf
from capacity.report.decision_words import day_words


@pytest.fixture(scope="module")
def page(decision: Decision) -> PdfReader:
    return PdfReader(io.BytesIO(decision_pdf(decision)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_names_orders_alternatives_dates_and_limits(page: PdfReader, decision: Decision) -> None:
    text = text_of(page)
    for heading in ("Orders", "Alternatives", "Order dates", "Assumptions", "Not modelled"):
        assert heading in text
    assert day_words(decision.lots[0].item.order_by) in text.replace("\u00a0", " ")
    assert all(item.name in text for item in decision.verdicts)


def test_it_is_short_and_tagged(page: PdfReader) -> None:
    assert len(page.pages) <= 3
    assert bool(page.root_object["/MarkInfo"]["/Marked"])  # type: ignore[index]


def test_the_same_decision_gives_the_same_bytes(decision: Decision) -> None:
    assert decision_pdf(decision) == decision_pdf(decision)


def test_hostile_text_and_no_orders_can_be_set(
    decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = decision.situation.plan
    monkeypatch.setattr(type(plan.scenario), "__post_init__", lambda self: None)
    hostile = replace(plan.scenario, name="#panic()[*b*] </svg>\x1b[2J\u202e" + "y" * 300)
    found = replace(decision.situation, plan=replace(plan, scenario=hostile))
    text = text_of(PdfReader(io.BytesIO(decision_pdf(
        replace(decision, situation=found, lots=(), late=())
    ))))  # fmt: skip
    assert "#panic()[*b*] </svg>" in text
    assert "Nothing is ordered." in text
    assert "Order dates" not in text
