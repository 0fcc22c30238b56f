"""Answers to questions about a plan as JSON with versioned schemas."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from capacity.questions.outputs import output
from capacity.report.cells import plain

if TYPE_CHECKING:
    from capacity.questions.break_even import BreakEven
    from capacity.questions.breaks import Break
    from capacity.questions.goal import Answer

SOLVE = "fleetcast.solve/1"


def answer_json(answer: Answer) -> str:
    """The answer to a goal.

    Parameters
    ----------
    answer : Answer
        What `solve` found.

    Returns
    -------
    str
        One object; `met` and `missed` are the two sides of the step.
    """
    found = answer.found
    return json_text(SOLVE, {
        "goal": asdict(answer.goal), "unit": output(answer.goal.output).unit,
        "target": answer.target, "input": answer.goal.key, "input_unit": answer.goal.unit,
        "reached": answer.reached, "value": answer.value, "users": answer.users,
        "now": asdict(answer.now), **asdict(found),
        "without_plan": [{"x": x, "reason": why} for x, why in answer.reasons],
    })  # fmt: skip


def outlook_json(broken: Sequence[Break], even: Sequence[BreakEven]) -> str:
    """When each resource breaks, and renting against reserving.

    Parameters
    ----------
    broken : sequence of Break
        By resource.
    even : sequence of BreakEven
        By commitment.

    Returns
    -------
    str
        One object.
    """
    rows = [{**asdict(item), "likely": item.first()} for item in broken]
    return json_text(SOLVE, {"breaks": rows, "break_even": [asdict(item) for item in even]})


def json_text(schema: str, content: Mapping[str, Any]) -> str:
    """An object with its schema; numbers that are none become null.

    Parameters
    ----------
    schema : str
        Name and version.
    content : mapping
        Numbers, text, and lists and mappings of them.

    Returns
    -------
    str
        JSON.

    Examples
    --------
    >>> json_text("x/1", {"a": float("inf")}).split()
    ['{', '"schema":', '"x/1",', '"a":', 'null', '}']
    """
    return json.dumps(_finite(plain({"schema": schema, **content})), indent=1, ensure_ascii=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
