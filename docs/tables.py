"""Reference tables from the code: `make docs` writes inputs, policy, metrics and buying.md.

The tests compare the files with what this module says now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from capacity.metrics import METRICS
from capacity.policy import LEVERS, Lever, Policy
from capacity.procurement.buying import BASES, REGION_BASES, Buying
from capacity.scenarios.inputs import ASSUMPTIONS, Assumption

FOLDER = Path(__file__).resolve().parent
BY_COMMAND = "Written by `make docs` from the code; a test compares the two."

INPUTS = f"""# Uncertain inputs

{BY_COMMAND} The numbers come from `data/assumptions.csv`.

Each input is a low, a middle and a high value: the middle is the median, and the share `level` of
the probability lies between low and high, half of the rest on each side. *Basis* says how far to
trust it: measured, calibrated or assumed. A planner changes an input with
`fleetcast plan --set NAME=LOW,MID,HIGH`, or `--set NAME=VALUE` for a certain one, within *allowed*.

"""
POLICY = f"""# Policy levers

{BY_COMMAND} The fields of `Policy` in `capacity/policy.py` are the source.

What the planner controls. Changed with `fleetcast plan --policy NAME=VALUE`.

"""
METRICS_TEXT = f"""# Metrics of a plan

{BY_COMMAND} `capacity/metrics.py` is the source.

Every metric holds one value per draw and month; files and tables show quantiles of them.

"""
BUYING = f"""# Assumptions of a purchase

{BY_COMMAND} The fields of `Buying` in `capacity/procurement/buying.py` are the source.

What [`fleetcast decide`](procurement.md) takes for granted beside prices and lead times. Changed
with `fleetcast decide --buying NAME=VALUE`. A field that begins with `region_` takes one number
for all regions, or one for each region of the policy: `--buying region_price=1,1.12`.

"""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown table.

    Parameters
    ----------
    header : sequence of str
        Column titles.
    rows : iterable of sequence of str
        Cells, as many in each row as titles.

    Returns
    -------
    str
        The table, ending with a line break.
    """
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def inputs() -> str:
    """Text of inputs.md: every uncertain input with range, basis and source.

    Returns
    -------
    str
        Markdown.
    """
    header = (
        "name", "low", "mid", "high", "level", "unit", "allowed", "basis", "confidence",
        "meaning", "source",
    )  # fmt: skip
    return INPUTS + table(header, [_input(name, item) for name, item in ASSUMPTIONS.items()])


def policy() -> str:
    """Text of policy.md: every lever with default, unit and allowed values.

    Returns
    -------
    str
        Markdown.
    """
    defaults = {item.name: item.default for item in fields(Policy)}
    rows = [
        (f"`{name}`", str(defaults[name]), lever.unit, _allowed(lever), lever.help)
        for name, lever in LEVERS.items()
    ]
    return POLICY + table(("name", "default", "unit", "allowed", "meaning"), rows)


def metrics() -> str:
    """Text of metrics.md: every metric with title, unit, group and meaning.

    Returns
    -------
    str
        Markdown.
    """
    rows = [
        (f"`{item.name}`", item.title, item.unit, item.group, item.meaning)
        for item in METRICS.values()
    ]
    return METRICS_TEXT + table(("name", "title", "unit", "group", "meaning"), rows)


def buying() -> str:
    """Text of buying.md: every assumption of a purchase with default, unit, basis and source.

    Returns
    -------
    str
        Markdown.
    """
    header = ("name", "default", "unit", "allowed", "basis", "meaning", "source")
    standard = Buying()
    values = {name: getattr(standard, name) for name in BASES}
    values |= {name: getattr(standard, name)[0] for name in REGION_BASES}
    rows = [
        (f"`{name}`", f"{values[name]:g}", item.unit,
         f"{item.minimum:g} to {item.maximum:g}", item.basis, item.meaning, item.source)
        for name, item in {**BASES, **REGION_BASES}.items()
    ]  # fmt: skip
    return BUYING + table(header, rows)


def _input(name: str, item: Assumption) -> tuple[str, ...]:
    value = item.estimate
    numbers = [f"{number:g}" for number in (value.low, value.mid, value.high, value.level)]
    allowed = f"{item.minimum:g} to {item.maximum:g}"
    known = f"{value.source} ({value.as_of})"
    texts = (value.unit, allowed, value.basis, item.confidence, item.help, known)
    return (f"`{name}`", *numbers, *(text.replace("|", "/") for text in texts))


def _allowed(lever: Lever) -> str:
    if lever.choices:
        return ", ".join(lever.choices)
    if lever.unit == "name":
        return "a name in `data/`"
    return f"{lever.minimum:g} to {lever.maximum:g}"


PAGES = {"inputs.md": inputs, "policy.md": policy, "metrics.md": metrics, "buying.md": buying}

if __name__ == "__main__":
    for file, text in PAGES.items():
        (FOLDER / file).write_text(text(), encoding="utf-8")
