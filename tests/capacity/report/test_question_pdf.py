from __future__ import annotations

import io

from pypdf import PdfReader

from capacity.outcome import CapacityPlan
from capacity.report.question_pdf import question_pdf
from capacity.report.xlsx import Sheet


def told(plan: CapacityPlan, *rows: tuple[str | float, ...], precise: bool = False) -> str:
    table = Sheet("Figures", ("what", "how much"), rows, precise)
    page = PdfReader(io.BytesIO(question_pdf("A question", ("An answer.",), [table], (), plan)))
    assert bool(page.root_object["/MarkInfo"]["/Marked"])  # type: ignore[index]
    return " ".join(" ".join(page.extract_text() for page in page.pages).split())


def test_title_words_figures_and_assumptions_are_there(short_plan: CapacityPlan) -> None:
    text = told(short_plan, ("node_repair_h", 1234567.0), ("nodes", 12))
    for words in ("A question", "An answer.", "node repair h", "1,235,000", "reply tokens"):
        assert words in text


def test_a_precise_table_tells_both_sides_of_a_step_apart(short_plan: CapacityPlan) -> None:
    rows = (("meets", 0.4008991), ("misses", 0.4009026), ("asked", 0.99999))
    text = told(short_plan, *rows, precise=True)
    assert [figure in text for figure in ("0.4008991", "0.4009026", "0.99999")] == [True] * 3
    assert "0.4009026" not in told(short_plan, *rows)


def test_a_table_without_rows_is_left_out(short_plan: CapacityPlan) -> None:
    assert "Figures" not in told(short_plan)
