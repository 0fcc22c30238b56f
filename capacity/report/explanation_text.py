"""Why a figure is what it is, in words: the parts with their shares, and what each rests on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from capacity.metrics import lowered
from capacity.numbers import percent, plain, say
from capacity.report.cells import aligned, wrapped
from capacity.report.question_json import json_text

if TYPE_CHECKING:
    from capacity.questions.explanation import Explanation
    from capacity.questions.grounds import Ground
    from capacity.questions.steps import Contribution

EXPLAIN = "fleetcast.explain/1"


def explanation_text(found: Explanation) -> str:
    """Parts, grounds and lost choices.

    Parameters
    ----------
    found : Explanation
        Of any figure.

    Returns
    -------
    str
        A table of the parts, then the sources of each, then the choices that lost.
    """
    rows = [["", "", "share", "factor"]]
    rows += [_row(found, part) for part in found.parts]
    rows.append([lowered(found.title), say(found.total, found.unit), percent(1.0), ""])
    blocks = [
        f"Why {lowered(found.title)} in {found.month}: the draw that has the median\n"
        f"{aligned(rows, left=(0, 3))}",
        "\n".join(["What each part rests on", *(line for part in found.parts
                                                for line in _grounds(part))]),
        _lost(found),
    ]  # fmt: skip
    return "\n\n".join(block for block in blocks if block)


def explanation_json(found: Explanation) -> str:
    """An explanation as JSON.

    Parameters
    ----------
    found : Explanation
        Of any figure.

    Returns
    -------
    str
        One object; the values of `parts` add up to `total`.
    """
    parts = [{**asdict(part), "share": found.share(part)} for part in found.parts]
    return json_text(EXPLAIN, {**asdict(found), "parts": parts})


def _row(found: Explanation, part: Contribution) -> list[str]:
    value = say(part.value, found.unit)
    times = f"x {plain(float(f'{part.factor:.3g}'))}" if part.factor else ""
    return [part.name, value, percent(found.share(part), 1), times]


def _grounds(part: Contribution) -> list[str]:
    if not part.grounds:
        return []
    return [part.name, *(wrapped(_ground(item), "    ") for item in part.grounds)]


def _ground(item: Ground) -> str:
    unit = "" if item.unit in ("ratio", "share", "1", "") else f" {item.unit}"
    dated = ", ".join(word for word in (item.source, item.as_of) if word)
    value = plain(float(f"{item.value:.4g}"))
    return f"- {item.name} = {value}{unit}; {item.basis}{': ' if dated else ''}{dated}"


def _lost(found: Explanation) -> str:
    lines = [wrapped(f"- {item.option}: {item.reason}", "    ") for item in found.rejections]
    return "\n".join(["Options that lost", *lines]) if lines else ""
