"""Key events of a replayed incident, in order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from capacity.outage.pool_run import COLLAPSED
from capacity.outage.pool_state import Flags
from capacity.outage.replay import DEGRADED, FULL, Replay


class Event(NamedTuple):
    """Something that happened."""

    minute: float
    name: str
    words: str


def events(found: Replay) -> list[Event]:
    """What happened in the first draw of a replay, in order.

    Parameters
    ----------
    found : Replay
        Any replay.

    Returns
    -------
    list of Event
        Minutes since the change.
    """
    controls = found.incident.controls
    items = [
        Event(0.0, "change", "the change breaks pre-processing"),
        *_first(found, "down", found.goodput < FULL, "goodput below 5 %"),
        Event(controls.revert, "revert", "the change is taken back, work is released"),
        *_trip_events(found),
    ]
    if np.isfinite(found.ordered[0]):
        start = float(found.ordered[0])
        back = start + controls.repair
        items += [
            Event(start, "offline", "everything is taken offline"),
            Event(back, "restart", "nodes are up again, requests are let in step by step"),
        ]
    items += _last(found, "serving", FULL, "goodput above 5 % for good")
    items += _last(found, "recovered", DEGRADED, "goodput above 95 % for good")
    known = (item for item in items if item.minute <= found.times[-1])
    return sorted(known, key=lambda item: item.minute)


def _trip_events(found: Replay) -> list[Event]:
    before = found.times < (found.ordered[0] if np.isfinite(found.ordered[0]) else np.inf)
    up = np.where(before[:, None], found.up, 1.0)
    return [
        *_first(found, "first-trip", up < 1.0 - 1e-9, "the first node shuts down from heat"),
        *_first(found, "half-down", up <= 0.5, "half of the nodes are down"),  # noqa: PLR2004
        *_first(found, "collapse", up <= COLLAPSED, "nine nodes in ten are down"),
        *_first(found, "all-down", up <= 0.0, "no node is up"),
    ]


def _first(found: Replay, name: str, happened: Flags, words: str) -> list[Event]:
    places = np.flatnonzero(happened[:, 0])
    return [Event(float(found.times[places[0]]), name, words)] if len(places) else []


def _last(found: Replay, name: str, level: float, words: str) -> list[Event]:
    """From when on a level is held; nothing if it was never left or never reached again."""
    below = np.flatnonzero(found.goodput[:, 0] < level)
    if not len(below) or below[-1] == len(found.times) - 1:
        return []
    return [Event(float(found.times[below[-1] + 1]), name, words)]
