"""A workbook: summary, monthly figures, orders, options, availability, audit, inputs, sources."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from capacity.outcome import CapacityPlan
from capacity.report import sources, tables
from capacity.report.cells import neutral
from capacity.report.key_figures import costs_by_period, key_figures

if TYPE_CHECKING:
    from capacity.auditing import Finding

Cell = str | float | bool | datetime.date
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
WIDEST = 60
LIMIT = 32_000  # characters that a cell may hold
FORMATS = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "text": {"valign": "top"},
    "number": {"num_format": "#,##0.00", "valign": "top"},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "small": {"num_format": "0.000000", "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "valign": "top"},
}
NUMBERS = ("number", "whole", "small")
WHOLE_FROM, SMALL_BELOW = 1000.0, 0.01


class Sheet(NamedTuple):
    """A table with its name and column titles; whether its numbers show all their digits."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    precise: bool = False


def to_xlsx(plan: CapacityPlan, findings: Sequence[Finding] = ()) -> bytes:
    """The plan as a workbook.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit, if there is one.

    Returns
    -------
    bytes
        An .xlsx file. Text is text, never a formula; numbers are numbers; no cell computes.
    """
    return workbook(f"Capacity plan: {plan.scenario.name}", sheets(plan, findings))


def workbook(title: str, tabs: Sequence[Sheet]) -> bytes:
    """Tables as a workbook.

    Parameters
    ----------
    title : str
        Title in its properties.
    tabs : sequence of Sheet
        One worksheet each.

    Returns
    -------
    bytes
        An .xlsx file, the same for the same tables.
    """
    import xlsxwriter  # noqa: PLC0415  slow to import

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": neutral(title), "created": EPOCH.replace(tzinfo=None)})
        styles = {name: book.add_format(style) for name, style in FORMATS.items()}
        for sheet in tabs:
            _write(book.add_worksheet(sheet.name), sheet, styles)
    return file.getvalue()


def sheets(plan: CapacityPlan, findings: Sequence[Finding] = ()) -> list[Sheet]:
    """Tables of the workbook.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit, if there is one.

    Returns
    -------
    list of Sheet
        In the order of the tabs.
    """
    return [
        _summary(plan),
        Sheet("Monthly", tables.MonthRow._fields, tables.monthly(plan)),
        Sheet("Orders", tables.OrderRow._fields, tables.orders(plan)),
        _options(plan),
        _availability(plan),
        _audit(plan, findings),
        *origins(plan),
    ]


def origins(plan: CapacityPlan) -> list[Sheet]:
    """Where everything comes from that a plan rests on.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of Sheet
        Inputs, then all other facts, with unit, class, source and date.
    """
    return [
        Sheet("Assumptions", sources.InputRow._fields, sources.inputs(plan)),
        Sheet("Sources", sources.SourceRow._fields, sources.sources(plan)),
    ]


def _summary(plan: CapacityPlan) -> Sheet:
    head = ("figure", "period", "unit", "p10", "median", "p90", "Monte Carlo error of the median")
    rows: list[Sequence[Cell]] = [
        (row.title, row.period, row.unit, row.p10, row.p50, row.p90, row.error)
        for row in (*key_figures(plan), *costs_by_period(plan)[:-1])
    ]
    rows += [
        (f"Waterfall: {row.step}", str(plan.months[-1]), "GPUs", "", row.gpus, "", "")
        for row in tables.steps(plan)
    ]
    rows += [("Headline", line) for line in plan.text.split("\n")]
    rows += [("Note", note) for note in plan.notes]
    return Sheet("Summary", head, rows)


def _options(plan: CapacityPlan) -> Sheet:
    rows = [(plan.option.name, "chosen", plan.bound)]
    rows += [(item.option, item.binding, item.reason) for item in plan.rejections]
    return Sheet("Options", ("option", "decided by", "reason"), rows)


def _availability(plan: CapacityPlan) -> Sheet:
    head = ("part", "item", "minutes a month", "nodes", "GPUs", "availability", "remark")
    rows: list[Sequence[Cell]] = [
        ("error budget", row.cause, row.minutes, "", "", "", "") for row in tables.budget(plan)
    ]
    rows.append(("reached", "all zones and regions", "", "", "", plan.availability, ""))
    for row in tables.layouts(plan):
        words = f"{row.zones} zones in each of {row.regions} regions"
        remark = "chosen" if row.chosen else row.reason
        rows.append(("layout", words, "", row.nodes, row.gpus, row.availability, remark))
    return Sheet("Availability", head, rows)


def _audit(plan: CapacityPlan, findings: Sequence[Finding]) -> Sheet:
    head = ("claim", "text", "reported", "computed", "verdict", "reason")
    rows: list[Sequence[Cell]] = [
        (item.claim, item.text, item.reported, item.computed, item.verdict, item.reason)
        for item in findings
    ]
    for row in tables.checks(plan):
        told = f"{row.comparator} {row.published:g} {row.unit}"
        ours = f"{row.p05:.4g} to {row.p95:.4g}, median {row.p50:.4g} {row.unit}"
        verdict = "agrees" if row.agrees else "differs"
        rows.append((f"{row.metric} {row.month}", row.title, told, ours, verdict, row.source))
    return Sheet("Audit", head, rows)


def _write(target: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    """Fill one worksheet; its first row stays in sight."""
    target.freeze_panes(1, 0)
    if sheet.precise:
        styles = {**styles, **dict.fromkeys(NUMBERS, styles["text"])}
    for column, title in enumerate(sheet.head):
        target.write_string(0, column, title.replace("_", " "), styles["head"])
    for place, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(target, (place, column), value, styles)
    for column, width in enumerate(_widths(sheet)):
        target.set_column(column, column, width)
    if sheet.rows:
        target.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)


def _write_cell(target: Any, at: tuple[int, int], value: Cell, styles: dict[str, Any]) -> None:
    if isinstance(value, bool):
        target.write_string(*at, "yes" if value else "no", styles["text"])
    elif isinstance(value, str):
        target.write_string(*at, neutral(value)[:LIMIT], styles["text"])
    elif isinstance(value, datetime.date):
        target.write_datetime(*at, datetime.datetime.combine(value, datetime.time()),
                              styles["date"])  # fmt: skip
    else:
        target.write_number(*at, value, styles[_style(value)])


def _style(value: float) -> str:
    size = abs(value)
    if isinstance(value, int) or size >= WHOLE_FROM:
        return "whole"
    return "small" if 0.0 < size < SMALL_BELOW else "number"


def _widths(sheet: Sheet) -> list[int]:
    """Width of each column by its longest text [characters]."""
    widths = [len(title) + 3 for title in sheet.head]
    for row in sheet.rows:
        for column, value in enumerate(row):
            length = len(value) if isinstance(value, str) else 14
            widths[column] = max(widths[column], min(WIDEST, length + 2))
    return widths
