"""Events in the words of a command line: told to a person who types, and read from one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from capacity.estimate import Estimate
from capacity.scenarios.event import Event
from forecast.messages import shown

NUMBER = r"[0-9]+(?:\.[0-9]+)?"
TOLD = re.compile(
    rf"(.+):([0-9]+-[0-9-]+):({NUMBER}(?:,{NUMBER},{NUMBER})?)(?::({NUMBER}))?"
    r"(?::(users|queries|both))?",
    re.DOTALL,
)


def told_event(text: str) -> Event:
    """Event from a command line.

    Parameters
    ----------
    text : str
        ``NAME:MONTH:LOW,MID,HIGH``, or one number for a certain effect; ``:HALF_LIFE`` in months
        where it fades; ``:users`` or ``:queries`` where only they are multiplied.

    Returns
    -------
    Event
        On users and queries alike if left out.

    Raises
    ------
    ValueError
        If the text is not as described.

    Examples
    --------
    >>> told_event("launch:2026-03:1.2,1.5,2.5:6").text
    'launch in 2026-03: 1.5 (1.2 to 2.5) times, half of it gone after 6 months'
    """
    found = TOLD.fullmatch(text)
    if found is None:
        raise ValueError(
            f"event {shown(text)}: allowed NAME:YYYY-MM:LOW,MID,HIGH and :HALF_LIFE_MONTHS where "
            "it fades, :users or :queries where only they are multiplied"
        )
    name, month, size, fades = found.groups()[:4]
    on: Any = found[5] or "both"
    low, mid, high = np.resize([float(number) for number in size.split(",")], 3).tolist()
    half_life = float(fades) if fades else None
    return Event(name, month, typed_effect(low, mid, high), on, half_life)


def typed_effect(low: float, mid: float, high: float) -> Estimate:
    """Size of an event that nobody but the planner stands for.

    Parameters
    ----------
    low, mid, high : float
        Demand with the event over demand without it. [ratio]

    Returns
    -------
    Estimate
        Of the usual confidence.

    Examples
    --------
    >>> typed_effect(1.2, 1.5, 2.5).source
    'set by the planner'
    """
    return Estimate(low, mid, high, unit="ratio", source="set by the planner")


def event_words(event: Event) -> str:
    """Event as a command line tells it, without the level and the source of its effect.

    Parameters
    ----------
    event : Event
        Any event.

    Returns
    -------
    str
        As `told_event` takes it.

    Examples
    --------
    >>> event_words(told_event("launch:2026-03:1.2,1.5,2.5:6:queries"))
    'launch:2026-03:1.2,1.5,2.5:6:queries'
    """
    size, fades = event.effect, event.half_life_months
    numbers = (size.mid,) if size.low == size.high else (size.low, size.mid, size.high)
    parts = [event.name, event.month, ",".join(map(_digits, numbers))]
    parts += [] if fades is None else [_digits(fades)]
    parts += [] if event.on == "both" else [event.on]
    return ":".join(parts)


def _digits(number: float) -> str:
    """Every digit, without an exponent."""
    return np.format_float_positional(number, trim="-")
