from __future__ import annotations

from capacity.procurement.decision import Decision
from capacity.report.decision_text import decision_text


def test_it_holds_orders_policies_dates_and_months(decision: Decision) -> None:
    text = decision_text(decision)
    for title in ("Orders\n", "Policies on 100 draws", "Order dates\n", "Month by month\n"):
        assert title in text
    for item in decision.verdicts:
        assert item.name in text
    assert all(line == line.rstrip() for line in text.split("\n"))


def test_sentences_fit_a_terminal(decision: Decision) -> None:
    for line in decision_text(decision).split("\n\n")[1].split("\n"):
        assert len(line) <= 100


def test_the_table_of_orders_names_the_region(decision: Decision, regional: Decision) -> None:
    head = "order by    stands from  instance"
    for made, title in ((decision, "a region"), (regional, "region")):
        lines = decision_text(made).split("\n")
        line = next(line for line in lines if line.startswith(head))
        assert line.split("nodes")[1].split("list")[0].strip() == title
        assert len(line) <= 100
