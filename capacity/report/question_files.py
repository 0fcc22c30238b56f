"""The answer to a question as files: JSON, CSV, a workbook and a printed page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.metrics import lowered
from capacity.numbers import say
from capacity.questions.outputs import output
from capacity.report.bar_charts import part_bars, share_bars, swing_bars
from capacity.report.cells import csv_text, plain
from capacity.report.economics_text import CAVEAT, economics_json, runway_text
from capacity.report.explanation_text import explanation_json
from capacity.report.question_json import answer_json, outlook_json
from capacity.report.question_pdf import question_pdf
from capacity.report.question_tables import (
    answer_tables,
    economics_tables,
    explanation_tables,
    outlook_tables,
    sensitivity_tables,
)
from capacity.report.question_text import BREAKS_NOTE, answer_lines, break_even_lines, goal_words
from capacity.report.sensitivity_text import NOTES, sensitivity_json
from capacity.report.xlsx import Sheet, origins, workbook

if TYPE_CHECKING:
    from capacity.outcome import CapacityPlan
    from capacity.questions.break_even import BreakEven
    from capacity.questions.breaks import Break
    from capacity.questions.economics import UnitCost
    from capacity.questions.explanation import Explanation
    from capacity.questions.goal import Answer
    from capacity.questions.sensitivity import Sensitivity
    from capacity.questions.tornado import Tornado
    from capacity.report.marks import Bars


@dataclass(frozen=True)
class Report:
    """An answer, ready for every format.

    Parameters
    ----------
    name : str
        Stem of its files.
    title : str
        What was asked.
    lines : tuple of str
        The answer in words, the most important first.
    tables : list of Sheet
        The answer in figures, the most important first.
    json : str
        The answer for machines.
    plan : CapacityPlan
        The plan that it is about: its inputs and sources are those of the answer.
    charts : tuple of Bars
        Pictures of the printed page.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    tables: list[Sheet]
    json: str
    plan: CapacityPlan
    charts: tuple[Bars, ...] = ()

    def files(self, folder: Path) -> dict[Path, bytes]:
        """Contents of all files.

        Parameters
        ----------
        folder : Path
            Where they shall stand.

        Returns
        -------
        dict of Path to bytes
            JSON; the first table as CSV; all tables, assumptions and sources as a workbook; the
            printed page.
        """
        head, rows = self.tables[0].head, self.tables[0].rows
        title = f"{self.title}: {self.plan.scenario.name}"
        made = {
            "json": f"{self.json}\n".encode(),
            "csv": csv_text(head, plain(rows)).encode(),
            "xlsx": workbook(title, [*self.tables, *origins(self.plan)]),
            "pdf": question_pdf(self.title, self.lines, self.tables, self.charts, self.plan),
        }
        return {folder / f"{self.name}.{kind}": content for kind, content in made.items()}


def answer_report(answer: Answer) -> Report:
    """Report of a goal.

    Parameters
    ----------
    answer : Answer
        What `solve` found.

    Returns
    -------
    Report
        About the plan at the value found.
    """
    title = f"{goal_words(answer)}, by {answer.goal.vary}"
    return Report(
        "solve", title, tuple(answer_lines(answer)), answer_tables(answer), answer_json(answer),
        answer.plan,
    )  # fmt: skip


def outlook_report(
    broken: Sequence[Break], even: Sequence[BreakEven], plan: CapacityPlan
) -> Report:
    """Report of what breaks when, and of renting against reserving.

    Parameters
    ----------
    broken : sequence of Break
        By resource.
    even : sequence of BreakEven
        By commitment.
    plan : CapacityPlan
        The plan that both are of.

    Returns
    -------
    Report
        About the plan.
    """
    first = next((item for item in broken if item.first()), None)
    said = "Nothing is likely to break within the plan."
    if first:
        known = output(first.metric)
        said = f"First to break: {lowered(known.title)}, above {say(first.limit, known.unit)} "
        said += f"likely by {first.first()}."
    lines = (said, BREAKS_NOTE, *break_even_lines(even))
    tables, document = outlook_tables(broken, even), outlook_json(broken, even)
    return Report("outlook", "When each resource breaks", lines, tables, document, plan)


def explanation_report(found: Explanation, plan: CapacityPlan) -> Report:
    """Report of why a figure is what it is.

    Parameters
    ----------
    found : Explanation
        Of any figure.
    plan : CapacityPlan
        The plan that it is of.

    Returns
    -------
    Report
        With a bar for each part.
    """
    title = f"Why {lowered(found.title)} in {found.month}"
    line = (
        f"{found.title} in {found.month}: {say(found.total, found.unit)} in the draw that has the "
        "median. In one draw every step of the chain holds exactly; its parts add up to the figure."
    )
    tables, bars = explanation_tables(found), (part_bars(found),)
    return Report("explain", title, (line,), tables, explanation_json(found), plan, bars)


def sensitivity_report(found: Sensitivity, swings: Tornado, plan: CapacityPlan) -> Report:
    """Report of what matters.

    Parameters
    ----------
    found : Sensitivity
        Shares of one figure.
    swings : Tornado
        Swings of the same figure.
    plan : CapacityPlan
        The plan that both are of.

    Returns
    -------
    Report
        With bars of shares and of swings.
    """
    title = f"What matters for {lowered(found.title)} in {found.month}"
    tables, document = sensitivity_tables(found, swings, plan), sensitivity_json(found, swings)
    bars = (share_bars(found), swing_bars(swings))
    return Report("sensitivity", title, (found.sentence, *NOTES), tables, document, plan, bars)


def economics_report(
    costs: Sequence[UnitCost], month: str, lasts: Break | None, plan: CapacityPlan
) -> Report:
    """Report of unit costs and of how long a budget lasts.

    Parameters
    ----------
    costs : sequence of UnitCost
        Of one month.
    month : str
        That month.
    lasts : Break or None
        What `runway` found.
    plan : CapacityPlan
        The plan that both are of.

    Returns
    -------
    Report
        About the plan.
    """
    runway = (runway_text(lasts),) if lasts else ()
    tables, document = economics_tables(costs, month, lasts), economics_json(costs, month, lasts)
    title = f"What a unit of service costs in {month}"
    return Report("economics", title, (*runway, CAVEAT), tables, document, plan)
