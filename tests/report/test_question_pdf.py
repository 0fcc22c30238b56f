from __future__ import annotations

import io

from pypdf import PdfReader

from capacity.outcome import CapacityPlan
from capacity.report.question_pdf import question_pdf
from capacity.report.xlsx import Sheet


def told(plan: CapacityPlan, *rows: tuple[str | float, ...]) -> str:
    table = Sheet("Figures", ("what", "how much"), rows)
    page = PdfReader(io.BytesIO(question_pdf("A question", ("An answer.",), [table], (), plan)))
    assert bool(page.root_object["/MarkInfo"]["/Marked"])  # type: ignore[index]
    return " ".join(" ".join(page.extract_text() for page in page.pages).split())


def test_title_words_figures_and_assumptions_are_there(short_plan: CapacityPlan) -> None:
    text = told(short_plan, ("node_repair_h", 1234567.0), ("nodes", 12))
    for words in ("A question", "An answer.", "node repair h", "1,235,000", "reply tokens"):
        assert words in text


def test_figures_that_differ_never_read_the_same(short_plan: CapacityPlan) -> None:
    text = told(short_plan, ("meets", 0.4008991), ("misses", 0.4009026))
    assert "0.4008991" in text
    assert "0.4009026" in text


def test_a_table_without_rows_is_left_out(short_plan: CapacityPlan) -> None:
    assert "Figures" not in told(short_plan)
