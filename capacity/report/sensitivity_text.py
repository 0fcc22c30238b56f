"""What matters, in words: shares of the uncertainty, worth of measuring, swings of the plan."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from capacity.metrics import lowered
from capacity.numbers import percent, say
from capacity.questions.outputs import output
from capacity.report.cells import aligned, wrapped
from capacity.report.question_json import json_text

if TYPE_CHECKING:
    from capacity.questions.sensitivity import Sensitivity
    from capacity.questions.tornado import End, Tornado

SHOWN = 0.0005  # share of the variance
SCHEMA = "fleetcast.sensitivity/1"
NOTES = (
    "Share: Shapley effect, correlations and interactions shared out. Alone: first-order Sobol "
    "index. Measuring: what knowing the input before buying saves on idle and missing nodes.",
    "Tornado: the plan made again with one input certain at its 5 % or 95 % value, on the same "
    "node type and draws; median of the figure.",
)


def sensitivity_text(found: Sensitivity, swings: Tornado) -> str:
    """Sentence, table of shares, table of swings.

    Parameters
    ----------
    found : Sensitivity
        Shares of one figure.
    swings : Tornado
        Swings of the same figure.

    Returns
    -------
    str
        Plain text.
    """
    rows = [["", "share", "alone", "measuring saves"]]
    rows += [
        [item.name, percent(item.share, 1), percent(item.alone, 1),
         say(item.worth_usd, "USD/month")]
        for item in found.influences
        if item.share >= SHOWN
    ]  # fmt: skip
    rest = 1.0 - sum(item.share for item in found.influences if item.share >= SHOWN)
    rows.append(["other inputs and higher orders", percent(rest, 1), "", ""])
    rows.append(["everything", percent(1.0, 1), "", say(found.worth_usd, "USD/month")])
    notes = "\n".join(wrapped(note) for note in NOTES)
    scale = "its logarithm" if found.relative else "the figure"
    head = f"Uncertainty of {lowered(found.title)} in {found.month}, variance of {scale}"
    return "\n\n".join((
        wrapped(found.sentence), f"{head}\n{aligned(rows)}", _tornado(swings), notes,
    ))  # fmt: skip


def sensitivity_json(found: Sensitivity, swings: Tornado) -> str:
    """Shares and swings as JSON.

    Parameters
    ----------
    found : Sensitivity
        Shares of one figure.
    swings : Tornado
        Swings of the same figure.

    Returns
    -------
    str
        One object.
    """
    content = {"sentence": found.sentence, **asdict(found), "tornado": asdict(swings)}
    return json_text(SCHEMA, content)


def _tornado(swings: Tornado) -> str:
    known = output(swings.name)
    title = f"{known.title} in {swings.month}: {say(swings.base, known.unit)} as planned"
    rows = [["", "from", "", "to", ""]]
    rows += [
        [item.name, *_end(item.low, known.unit), *_end(item.high, known.unit)]
        for item in swings.swings
    ]
    reasons = [
        wrapped(f"{item.name} = {end.label}: {end.reason}.", "    ")
        for item in swings.swings
        for end in (item.low, item.high)
        if end.reason
    ]
    return "\n".join((title, aligned(rows), *reasons))


def _end(end: End, unit: str) -> tuple[str, str]:
    return ("no plan" if math.isnan(end.output) else say(end.output, unit)), f"at {end.label}"
