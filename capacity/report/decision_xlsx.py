"""A purchase decision as a workbook: decision, orders, policies, dates, months, assumptions."""

from __future__ import annotations

from capacity.procurement.decision import Decision
from capacity.report import decision_tables as tables
from capacity.report.decision_words import LIMITS, headline
from capacity.report.xlsx import Sheet, workbook


def decision_xlsx(decision: Decision) -> bytes:
    """A decision as a workbook.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    bytes
        An .xlsx file. Text is text, never a formula; numbers are numbers; no cell computes.
    """
    name = decision.situation.plan.scenario.name
    return workbook(f"Purchase decision: {name}", decision_sheets(decision))


def decision_sheets(decision: Decision) -> list[Sheet]:
    """Tables of the workbook.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    list of Sheet
        In the order of the tabs.
    """
    lines = [("Decision", line) for line in headline(decision)]
    lines += [("Not modelled", line) for line in LIMITS]
    return [
        Sheet("Decision", ("part", "text"), lines),
        Sheet("Orders", tables.LotRow._fields, tables.lots(decision)),
        Sheet("Policies", tables.PolicyRow._fields, tables.policies(decision)),
        Sheet("Order dates", tables.DateRow._fields, tables.dates(decision)),
        Sheet("Months", tables.MonthRow._fields, tables.months(decision)),
        Sheet("Assumptions", tables.AssumptionRow._fields, tables.assumptions(decision)),
    ]
