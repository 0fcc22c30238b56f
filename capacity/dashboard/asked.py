"""Why a figure is what it is, and what would reach a goal: answers as a page shows them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from capacity.dashboard.setting import Setting
from capacity.dashboard.ways_out import planned
from capacity.questions.goal import Goal, solve
from capacity.questions.tornado import Told
from capacity.report.marks import Bars
from capacity.report.question_files import Report, answer_report, explanation_report
from capacity.report.question_tables import in_words
from capacity.report.xlsx import Sheet


class Table(NamedTuple):
    """A table in words: its name, and a cell by column in each row."""

    name: str
    rows: tuple[dict[str, str], ...]


class Asked(NamedTuple):
    """An answer: the words, pictures, tables and files that `fleetcast` gives as well."""

    lines: tuple[str, ...]
    charts: tuple[Bars, ...]
    tables: tuple[Table, ...]
    files: dict[str, bytes]


def why(setting: Setting, metric: str, month: str) -> Asked:
    """Why a figure is what it is.

    Parameters
    ----------
    setting : Setting
        Any setting.
    metric : str
        Name of a metric.
    month : str
        As YYYY-MM.

    Returns
    -------
    Asked
        As `fleetcast explain` tells it.

    Raises
    ------
    ValueError
        If there is no plan, or the metric or month is not in it.
    """
    plan = planned(setting)
    return _asked(explanation_report(plan.explain(metric, month), plan))


def backwards(setting: Setting, goal: str, vary: str, told: Told) -> Asked:
    """The value of an input at which an output reaches a goal.

    Parameters
    ----------
    setting : Setting
        Any setting.
    goal : str
        Such as ``cost<=1e6``: as after ``fleetcast solve --goal``.
    vary : str
        What may change: as after ``--vary``.
    told : callable
        Called with a line for each plan made.

    Returns
    -------
    Asked
        As `fleetcast solve` tells it.

    Raises
    ------
    ValueError
        If goal or input is not as described.
    """
    answer = solve(
        setting.scenario, Goal.parse(goal, vary), setting.policy,
        seed=setting.seed, draws=setting.draws, progress=told,
    )  # fmt: skip
    return _asked(answer_report(answer))


def _asked(report: Report) -> Asked:
    tables = tuple(Table(sheet.name, _rows(sheet)) for sheet in report.tables)
    files = {path.name: content for path, content in report.files(Path()).items()}
    return Asked(report.lines, report.charts, tables, files)


def _rows(sheet: Sheet) -> tuple[dict[str, str], ...]:
    return tuple(dict(zip(sheet.head, row, strict=True)) for row in in_words(sheet))
