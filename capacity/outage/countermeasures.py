"""Countermeasures by name: each one changes the controls of an incident, and they compose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from capacity.outage.incident import Controls
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest

Change = Callable[[Controls], dict[str, float]]
MOST_NAMES = 50


@dataclass(frozen=True)
class Countermeasure:
    """One thing that could have been otherwise.

    Parameters
    ----------
    title : str
        For a table.
    meaning : str
        What it does, with its figures.
    change : callable
        From controls to the controls that it sets.
    """

    title: str
    meaning: str
    change: Change


def _constant(**values: float) -> Change:
    return lambda controls: values


COUNTERMEASURES: Mapping[str, Countermeasure] = {
    "canary": Countermeasure(
        "canary of 5 %",
        "5 % of the requests meet the change before it is judged",
        lambda now: {"broken_share": min(now.broken_share, 0.05)},
    ),
    "early-revert": Countermeasure(
        "change taken back early",
        "a sixth of the time until the change is taken back",
        lambda now: {"revert": now.revert / 6.0, "notice": now.notice / 6.0},
    ),
    "monitoring-lead": Countermeasure(
        "alert in half a minute",
        "a burn-rate alert leaves half a minute of the time in which nobody noticed",
        lambda now: {
            "revert": now.revert - max(now.notice - 0.5, 0.0),
            "notice": min(now.notice, 0.5),
        },
    ),
    "admission-cap": Countermeasure(
        "admission cap",
        "a node takes at most 1.1 requests for each of its places",
        lambda now: {"admission_cap": min(now.admission_cap, 1.1)},
    ),
    "deadline-shedding": Countermeasure(
        "stale work dropped",
        "work is dropped as soon as its user has given up",
        _constant(shed_stale=1.0),
    ),
    "release-rate-cap": Countermeasure(
        "backlog released slowly",
        "released work fills the places up to 95 %, after the requests of the moment",
        lambda now: {"release_cap": min(now.release_cap, 0.95)},
    ),
    "power-cap": Countermeasure(
        "soft power cap",
        "power is taken away from a node above 80 °C",
        lambda now: {"power_cap": min(now.power_cap, 80.0)},
    ),
    "fresh-first": Countermeasure(
        "waiting users first",
        "requests whose users wait are served before old work",
        _constant(fresh_first=1.0),
    ),
    "cells": Countermeasure(
        "four cells, changed together",
        "four cells with their own nodes and users; all meet the change",
        lambda now: {"cells": max(now.cells, 4.0)},
    ),
    "cell-by-cell": Countermeasure(
        "one cell of four at a time",
        "four cells; one of them meets the change, and it is judged there",
        lambda now: {"cells": max(now.cells, 4.0), "broken_cells": 1.0},
    ),
    "extra-nodes": Countermeasure(
        "a quarter more nodes",
        "25 % more nodes than told",
        lambda now: {"extra_nodes": max(now.extra_nodes, 0.25)},
    ),
    "double-nodes": Countermeasure(
        "twice the nodes",
        "100 % more nodes than told",
        lambda now: {"extra_nodes": max(now.extra_nodes, 1.0)},
    ),
    "never-offline": Countermeasure(
        "never taken offline",
        "nobody takes the service offline after the collapse",
        _constant(),
    ),
}
KEEP = "taken-offline"  # keeps the order to take everything offline, where it would be given
NAMES = (*COUNTERMEASURES, KEEP)


def check_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names without repetition, in the order of the table.

    Parameters
    ----------
    names : iterable of str
        As given by a user.

    Returns
    -------
    tuple of str
        So that the order given does not matter.

    Raises
    ------
    ValueError
        If a name is unknown, with the nearest one, or if two contradict each other.

    Examples
    --------
    >>> check_names(["cells", "canary", "cells"])
    ('canary', 'cells')
    """
    given = list(dict.fromkeys(names))
    unknown = [name for name in given if name not in NAMES]
    if unknown:
        raise ValueError(
            "\n".join(
                f"unknown countermeasure {shown(name)}; {nearest(name[:LONGEST], NAMES)}"
                for name in unknown[:MOST_NAMES]
            )
        )
    if KEEP in given and "never-offline" in given:
        raise ValueError(f"'never-offline' and {KEEP!r} exclude each other: name one of them")
    return tuple(name for name in NAMES if name in given)


def apply(controls: Controls, names: Iterable[str]) -> Controls:
    """Controls with countermeasures.

    Parameters
    ----------
    controls : Controls
        Of the story.
    names : iterable of str
        Countermeasures; none leaves the story as it is.

    Returns
    -------
    Controls
        Each countermeasure on top of the others.

    Notes
    -----
    The order to take everything offline belongs to the story as told. With any countermeasure the
    course is another one, so the order is left out, unless ``taken-offline`` keeps it: then it is
    given where the pool collapses all the same.

    Examples
    --------
    >>> apply(Controls(offline=1.0), ["canary"]).offline
    0.0
    >>> apply(Controls(offline=1.0), ["canary", "taken-offline"]).offline
    1.0
    """
    chosen = check_names(names)
    if chosen and KEEP not in chosen:
        controls = controls.change(offline=0.0)
    for name in chosen:
        if name != KEEP:
            controls = controls.change(**COUNTERMEASURES[name].change(controls))
    return controls
