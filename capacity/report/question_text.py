"""Answers to questions about a plan, in words: goals, breaks, renting against reserving."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from capacity.metrics import METRICS
from capacity.numbers import exact, percent, say
from capacity.questions.outputs import output
from capacity.report.cells import aligned, wrapped

if TYPE_CHECKING:
    from capacity.questions.break_even import BreakEven
    from capacity.questions.breaks import Break
    from capacity.questions.crossing import Point
    from capacity.questions.goal import Answer

POSSIBLE = 0.1
BREAKS_NOTE = f"Possible: with {percent(POSSIBLE)} probability; likely: with 50 %."
ENOUGH = 4  # significant digits of a said output


def answer_text(answer: Answer) -> str:
    """The answer to a goal, with both sides of the step.

    Parameters
    ----------
    answer : Answer
        What `solve` found.

    Returns
    -------
    str
        The value, the proof, what to beware of, and the plan as it is.
    """
    return "\n".join(wrapped(line, "    ") for line in answer_lines(answer))


def answer_lines(answer: Answer) -> list[str]:
    """The same as paragraphs.

    Parameters
    ----------
    answer : Answer
        What `solve` found.

    Returns
    -------
    list of str
        The value first.
    """
    lines = [_verdict(answer), *_proof(answer), *_warnings(answer)]
    return [*lines, f"As it is: {_pair(answer, answer.now)}."]


def breaks_text(found: Sequence[Break]) -> str:
    """When each resource breaks.

    Parameters
    ----------
    found : sequence of Break
        The most urgent first.

    Returns
    -------
    str
        One row for each resource.
    """
    last = found[0].months[-1]
    rows = [["resource", "limit", "possible from", "likely by", f"broken by {last}"]]
    for item in found:
        metric = METRICS[item.metric]
        rows.append([
            metric.title, say(item.limit, metric.unit), item.first(POSSIBLE) or "not in the plan",
            item.first() or "not in the plan", percent(item.probability[-1]),
        ])  # fmt: skip
    return f"{aligned(rows)}\n{BREAKS_NOTE}"


def break_even_text(found: Sequence[BreakEven]) -> str:
    """Renting against reserving.

    Parameters
    ----------
    found : sequence of BreakEven
        One for each commitment.

    Returns
    -------
    str
        One paragraph each.
    """
    return "\n".join(wrapped(line, "    ") for line in break_even_lines(found))


def break_even_lines(found: Sequence[BreakEven]) -> list[str]:
    """The same without line breaks.

    Parameters
    ----------
    found : sequence of BreakEven
        One for each commitment.

    Returns
    -------
    list of str
        One paragraph each.
    """
    return [
        f"{item.instance}: renting what is needed beats a {item.term} commitment below "
        f"${item.mid:,.2f}/h a node (80 % of the draws: ${item.low:,.2f} to ${item.high:,.2f}); "
        f"the list price is ${item.rent:,.2f}, at which renting is cheaper with "
        f"{percent(item.rent_wins)} probability."
        for item in found
    ]


def goal_words(answer: Answer) -> str:
    """What was asked.

    Parameters
    ----------
    answer : Answer
        What `solve` found.

    Returns
    -------
    str
        Output, sense and target with its unit.
    """
    return f"{_title(answer)} {answer.goal.sense} {_said(answer, answer.target)}"


def _verdict(answer: Answer) -> str:
    goal, best = answer.goal, answer.found.met or answer.found.nearest
    asked = goal_words(answer)
    users = "" if math.isnan(answer.users) else f", {say(answer.users, 'users')}"
    if answer.reached:
        return f"{asked}: {goal.key} = {_value(answer, best.x)}{users}."
    low, high = answer.found.scanned[0].x, answer.found.scanned[-1].x
    return (
        f"{asked} cannot be reached by {goal.key} from {_value(answer, low)} to "
        f"{_value(answer, high)}. Nearest: {_pair(answer, best)}{users}."
    )


def _proof(answer: Answer) -> list[str]:
    met, missed = answer.found.met, answer.found.missed
    if met is None:
        return []
    if missed is None:
        return [f"Every value that was tried meets it; this one gives {_said(answer, met.y)}."]
    return [f"Proof: {_pair(answer, met)}; but {_pair(answer, missed)}."]


def _warnings(answer: Answer) -> list[str]:
    lines = []
    if not answer.found.monotone:
        count = answer.found.crossings
        several = f", and crosses the goal {count} times; this is the nearest" if count > 1 else ""
        lines.append(f"Beware: {_title(answer)} neither only rises nor only falls{several}.")
    lines += [f"No plan at {_value(answer, x)}: {why}." for x, why in answer.reasons[:2]]
    return lines


def _title(answer: Answer) -> str:
    goal = answer.goal
    month = f" in {goal.month}" if goal.month else ""
    at = f" at {percent(goal.quantile)}" if goal.output in METRICS else ""
    return f"{output(goal.output).title}{month}{at}"


def _pair(answer: Answer, point: Point) -> str:
    return f"{answer.goal.key} {_value(answer, point.x)} gives {_said(answer, point.y)}"


def _value(answer: Answer, x: float) -> str:
    unit = "" if answer.goal.unit in ("ratio", "share", "1") else f" {answer.goal.unit}"
    return exact(float(f"{x:.7g}")) + unit


def _said(answer: Answer, y: float) -> str:
    if not math.isfinite(y):
        return "no plan" if math.isnan(y) else "none"
    unit = output(answer.goal.output).unit
    return exact(y) if unit == "share" else say(y, unit, ENOUGH)
