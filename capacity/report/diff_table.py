"""Difference of two scenarios as Markdown, fit for a pull request, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from capacity.numbers import percent, say, span
from capacity.questions.outputs import output
from capacity.report.cells import printable
from capacity.report.comparison_table import last_rows, saving_text
from capacity.report.question_json import json_text
from capacity.scenarios.changes import Change

if TYPE_CHECKING:
    from capacity.comparison import Comparison, Difference

SCHEMA = "fleetcast.diff/1"
WATCHED = (
    "users", "daily_queries", "peak_rate", "gpus", "storage_pb", "peak_gbit_s", "cost",
    "cost_per_1000_queries",
)  # fmt: skip
MARKUP = str.maketrans({sign: f"\\{sign}" for sign in "\\|`*_[]<>#"})


def diff_markdown(
    changes: Sequence[Change], found: Comparison, threshold: float | None = None
) -> str:
    """What changed, and what it does to the plan.

    Parameters
    ----------
    changes : sequence of Change
        Settings that differ.
    found : Comparison
        Of the two plans.
    threshold : float, optional
        Relative change above which a figure is marked. [1]

    Returns
    -------
    str
        Two tables; text of users is escaped.
    """
    base, other = (_escaped(name) for name in found.names)
    settings = [
        (item.group, f"`{printable(item.key).replace('`', '')}`", _escaped(item.before),
         _escaped(item.after), item.unit)
        for item in changes
    ]  # fmt: skip
    blocks = [
        f"### {base} → {other}",
        _table(("", "setting", "before", "after", "unit"), settings)
        if settings
        else "No setting differs.",
        _table(("figure", "before", "after", "change", "difference, 90 %"),
               _figures(found, threshold)),
        _escaped(saving_text(found.savings[0], found.names[0])),
    ]  # fmt: skip
    return "\n\n".join(blocks)


def diff_json(changes: Sequence[Change], found: Comparison, threshold: float | None = None) -> str:
    """The same as JSON.

    Parameters
    ----------
    changes : sequence of Change
        Settings that differ.
    found : Comparison
        Of the two plans.
    threshold : float, optional
        Relative change above which a figure counts. [1]

    Returns
    -------
    str
        One object.
    """
    rows = watched(found)
    return json_text(SCHEMA, {
        "names": found.names, "changes": [asdict(item) for item in changes],
        "figures": [{**asdict(item), "ratio": item.ratio} for item in rows],
        "gpus_standing": [int(plan.gpus_standing[-1]) for plan in found.plans],
        "saving": asdict(found.savings[0]), "threshold": threshold,
        "exceeded": [item.metric for item in exceeded(rows, threshold)],
    })  # fmt: skip


def watched(found: Comparison) -> list[Difference]:
    """Differences of the headline figures in the last common month.

    Parameters
    ----------
    found : Comparison
        Of two plans.

    Returns
    -------
    list of Difference
        In the order of `WATCHED`.
    """
    rows = {item.metric: item for item in last_rows(found.differences, found.names[1])}
    return [rows[name] for name in WATCHED]


def exceeded(rows: Iterable[Difference], threshold: float | None) -> list[Difference]:
    """Figures whose median changes by more than a share.

    Parameters
    ----------
    rows : iterable of Difference
        Any figures.
    threshold : float or None
        The share; with none, no figure is listed. [1]

    Returns
    -------
    list of Difference
        In the order given; a figure that was 0 and is not any more is among them.
    """
    if threshold is None:
        return []
    return [row for row in rows if abs(row.other - row.base) > threshold * abs(row.base)]


def _figures(found: Comparison, threshold: float | None) -> list[Sequence[str]]:
    rows = watched(found)
    over = {item.metric for item in exceeded(rows, threshold)}
    lines: list[Sequence[str]] = [
        (f"{output(item.metric).title}, {item.month}", say(item.base, item.unit),
         say(item.other, item.unit), _change(item.base, item.other, bold=item.metric in over),
         span(item.low, item.high, item.unit))
        for item in rows
    ]  # fmt: skip
    base, other = (float(plan.gpus_standing[-1]) for plan in found.plans)
    lines.append(("GPUs that stand at the end", say(base, "GPUs"), say(other, "GPUs"),
                  _change(base, other, bold=False), ""))  # fmt: skip
    one, two = (plan.availability for plan in found.plans)
    lines.append(("Availability", percent(one, 3), percent(two, 3), "", ""))
    return lines


def _change(base: float, other: float, *, bold: bool) -> str:
    words = f"{other / base - 1.0:+.1%}".replace("%", " %") if base else "new" if other else ""
    return f"**{words}**" if bold and words else words


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _escaped(text: str) -> str:
    return printable(text).translate(MARKUP)
