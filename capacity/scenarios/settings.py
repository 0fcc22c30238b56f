"""Changes typed by hand: `input=value` and `input=low,mid,high`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from capacity.scenarios.file import load_scenario
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario, Values
from capacity.serving.model import read_serving
from forecast.messages import LONGEST, label, shown, told
from forecast.shipped.place import nearest

WORDS = ("architecture", "profile", "start", "end")
GROWTH_WORDS = ("growth.model", "growth.reference")
OVERRIDE = "command line"


def parse_pairs(texts: Sequence[str]) -> dict[str, str]:
    """Keys and values of texts such as ``zones=2``.

    Parameters
    ----------
    texts : sequence of str
        What was typed.

    Returns
    -------
    dict of str to str
        Value by key.

    Raises
    ------
    ValueError
        With one line for each text without ``=`` and each repeated key.

    Examples
    --------
    >>> parse_pairs(["zones=2", "regions=1"])
    {'zones': '2', 'regions': '1'}
    """
    pairs: dict[str, str] = {}
    faults = []
    for text in texts:
        key, separator, value = text.partition("=")
        if not separator or not key:
            faults.append(f"{shown(text)}: must be key=value")
        elif key in pairs:
            faults.append(f"{label(key)}: given twice")
        pairs[key] = value
    if faults:
        raise ValueError(told(faults))
    return pairs


def change_scenario(scenario: Scenario, texts: Sequence[str], name: str = OVERRIDE) -> Scenario:
    """Scenario with changes typed by hand.

    Parameters
    ----------
    scenario : Scenario
        What to change.
    texts : sequence of str
        ``input=value`` (certain), ``input=low,mid,high``, or a word such as
        ``architecture=llama-2-70b``.
    name : str
        Name of the override that takes the numbers.

    Returns
    -------
    Scenario
        The changed copy; numbers go into the override.

    Raises
    ------
    ValueError
        With one line per fault.

    Examples
    --------
    >>> from capacity.scenarios.file import load_scenario
    >>> longer = change_scenario(load_scenario("reported-case"), ["reply_tokens=150,300,600"])
    >>> longer.inputs["reply_tokens"].mid
    300.0
    """
    pairs = parse_pairs(texts)
    words: dict[str, Any] = {key: pairs.pop(key) for key in WORDS if key in pairs}
    growth: dict[str, Any] = {
        key.partition(".")[2]: pairs.pop(key) for key in GROWTH_WORDS if key in pairs
    }
    numbers, faults = _numbers(pairs)
    changed = scenario
    steps: tuple[Callable[[Scenario], Scenario], ...] = (
        lambda known: replace(known, **words),
        lambda known: replace(known, growth=replace(known.growth, **growth)),
        lambda known: known.override(name, **numbers) if numbers else known,
    )
    for step in steps:
        try:
            changed = step(changed)
        except ValueError as error:
            faults += str(error).split("\n")
    if faults:
        raise ValueError(told(faults))
    return changed


def asked_scenario(arguments: argparse.Namespace) -> Scenario:
    """Scenario of a command line: loaded, with its own serving model, and changed.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``scenario``, ``serving`` (a folder or None) and ``settings``.

    Returns
    -------
    Scenario
        Checked.

    Raises
    ------
    ValueError, FileNotFoundError
        If a file is missing or faulty, or a change is.
    """
    scenario = load_scenario(arguments.scenario)
    if arguments.serving is not None:
        scenario = replace(scenario, serving=read_serving(arguments.serving))
    return change_scenario(scenario, arguments.settings)


def _numbers(pairs: Mapping[str, str]) -> tuple[dict[str, Values], list[str]]:
    """Numbers by input, and the faults of those that are none."""
    numbers: dict[str, Values] = {}
    faults = []
    for key, text in sorted(pairs.items()):
        if key not in ASSUMPTIONS:
            faults.append(f"unknown input {shown(key)}; {_near(key)}")
            continue
        try:
            values = tuple(_number(part) for part in text.split(","))
            numbers[key] = values if len(values) > 1 else values[0]
        except ValueError:
            faults.append(f"{key} = {shown(text)}: must be a number, or low,mid,high")
    return numbers, faults


def _near(key: str) -> str:
    return nearest(key[:LONGEST], (*ASSUMPTIONS, *WORDS, *GROWTH_WORDS))


def _number(text: str) -> float:
    """Plain decimal number; digit groups and other scripts are refused."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return float(text)
