"""Changes typed by hand: `input=value` and `input=low,mid,high`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from capacity.inputs import ASSUMPTIONS
from capacity.scenario import Growth, Scenario
from forecast.shipped import nearest

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
            faults.append(f"{text[:80]!r}: must be key=value")
        elif key in pairs:
            faults.append(f"{key}: given twice")
        pairs[key] = value
    if faults:
        raise ValueError("\n".join(faults))
    return pairs


def change_scenario(scenario: Scenario, texts: Sequence[str]) -> Scenario:
    """Scenario with changes typed by hand.

    Parameters
    ----------
    scenario : Scenario
        What to change.
    texts : sequence of str
        ``input=value`` (certain), ``input=low,mid,high``, or a word such as
        ``architecture=llama-2-70b``.

    Returns
    -------
    Scenario
        The changed copy; numbers go into an override named ``command line``.

    Raises
    ------
    ValueError
        With one line per fault.

    Examples
    --------
    >>> from capacity.scenario_file import load_scenario
    >>> longer = change_scenario(load_scenario("reported-case"), ["reply_tokens=150,300,600"])
    >>> longer.inputs["reply_tokens"].mid
    300.0
    """
    pairs = parse_pairs(texts)
    words: dict[str, Any] = {key: pairs.pop(key) for key in WORDS if key in pairs}
    growth = {key.partition(".")[2]: pairs.pop(key) for key in GROWTH_WORDS if key in pairs}
    faults = [
        f"unknown input {key[:80]!r}; {_near(key)}" for key in pairs if key not in ASSUMPTIONS
    ]
    numbers: dict[str, tuple[float, ...]] = {}
    for key in pairs.keys() & ASSUMPTIONS.keys():
        try:
            numbers[key] = tuple(_number(part) for part in pairs[key].split(","))
        except ValueError:
            faults.append(f"{key} = {pairs[key][:80]!r}: must be a number, or low,mid,high")
    if faults:
        raise ValueError("\n".join(faults))
    changed = replace(scenario, **words)
    if growth:
        changed = replace(changed, growth=_growth(changed.growth, growth))
    single = {key: value[0] if len(value) == 1 else value for key, value in sorted(numbers.items())}
    return changed.override(OVERRIDE, **single) if single else changed


def _growth(growth: Growth, words: dict[str, str]) -> Growth:
    return Growth(
        words.get("model", growth.model),
        words.get("reference", growth.reference),
        growth.correlation,
    )


def _near(key: str) -> str:
    return nearest(key, (*ASSUMPTIONS, *WORDS, *GROWTH_WORDS))


def _number(text: str) -> float:
    """Plain decimal number; digit groups and other scripts are refused."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return float(text)
