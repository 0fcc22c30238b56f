"""Charts of an outage: goodput, temperatures, backlog and nodes, as told and otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from capacity.arrays import Floats
from capacity.numbers import plain, say
from capacity.outage.events import events
from capacity.outage.replay import DEGRADED, Replay
from capacity.outage.study import Effect, Outage
from capacity.report.marks import Bar, Bars
from capacity.report.timelines import Curve, Phase, Stretch, Timeline

POINTS = 400
ROOM = 1.15  # of the minute of the last event
SHORTEST = 0.03  # of the horizon: a phase below it is not named
PERCENT = 100.0


def outage_charts(outage: Outage) -> dict[str, Timeline | Bars]:
    """Every chart of an outage.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    dict of str to Timeline or Bars
        Goodput, nodes, temperatures and backlog of the story; with countermeasures the same four
        with ``_with`` at the end, on the same axes; then the bars of the ranking.
    """
    return {**story_charts(outage), "ranking": ranking(outage)}


def story_charts(outage: Outage) -> dict[str, Timeline]:
    """Charts of an outage without the ranking.

    Parameters
    ----------
    outage : Outage
        Any outage; its effects play no part.

    Returns
    -------
    dict of str to Timeline
        As in `outage_charts`.
    """
    charts = _four(outage, outage.told, "")
    if outage.names:
        charts += _four(outage, outage.chosen, "_with")
    return {chart.name: chart for chart in charts}


def _four(outage: Outage, shown: Replay, suffix: str) -> list[Timeline]:
    both = (outage.told, outage.chosen)
    words = "with countermeasures" if suffix else "as it was"
    shutdown = outage.incident.parameters["shutdown"].mid
    hottest = max(shutdown, *(float(item.hot.max()) for item in both))
    deepest = max(float(item.backlog.max()) for item in both)
    phases, shown = phases_of(shown), until(shown, _end(both))
    return [
        _line(shown, f"goodput{suffix}", "Goodput", "% of normal", words, phases,
              PERCENT * shown.goodput, PERCENT * max(float(r.goodput.max()) for r in both)),
        _temperatures(shown, f"temperatures{suffix}", words, phases, hottest),
        _line(shown, f"backlog{suffix}", "Waiting work", "requests", words, phases,
              shown.backlog, deepest),
        _line(shown, f"nodes{suffix}", "Nodes up", "% of all", words, phases,
              PERCENT * shown.up, PERCENT),
    ]  # fmt: skip


def _line(  # noqa: PLR0913, PLR0917  one row of a table of charts
    shown: Replay, name: str, title: str, unit: str, words: str, phases: tuple[Phase, ...],
    values: Floats, top: float,
) -> Timeline:  # fmt: skip
    minutes, series = _thinned(shown, values)
    low, high, last = (round(float(v), 3) for v in (values.min(), values.max(), values[-1, 0]))
    return Timeline(
        name=name,
        title=f"{title}, {words}",
        unit=unit,
        alt=(
            f"{title} over {plain(float(shown.times[-1]))} minutes, {words}: between {plain(low)} "
            f"and {plain(high)} {unit}, {plain(last)} at the end."
        ),
        minutes=minutes,
        curves=(Curve(title.lower(), series, _tone(name)),),
        phases=phases,
        top=top,
    )


def _temperatures(
    shown: Replay, name: str, words: str, phases: tuple[Phase, ...], hottest: float
) -> Timeline:
    minutes, warm = _thinned(shown, shown.warm)
    shutdown = shown.incident.parameters["shutdown"].mid
    limit = tuple(shutdown for _ in minutes)
    return Timeline(
        name=name,
        title=f"Node temperature, {words}",
        unit="°C",
        alt=(
            f"Temperature of the nodes, {words}: mean, and band from the coldest to the hottest. "
            f"The hottest reaches {plain(float(shown.hot.max()))} °C; at {plain(shutdown)} °C a "
            f"node shuts down, which happens {plain(float(shown.trips[0]))} times."
        ),
        minutes=minutes,
        curves=(Curve("mean", warm, _tone(name)), Curve("shutdown", limit, "limit")),
        bands=(
            Stretch("all nodes", _thinned(shown, shown.cool)[1], _thinned(shown, shown.hot)[1]),
        ),
        phases=phases,
        top=hottest,
    )


def _end(both: tuple[Replay, ...]) -> float:
    """Minute after which nothing happens any more in any of the replays, with some room."""
    last = max(events(item)[-1].minute for item in both)
    calm = all(float(item.goodput[-1, 0]) >= DEGRADED for item in both)
    return ROOM * last if calm else max(float(item.times[-1]) for item in both)


def until(found: Replay, end: float) -> Replay:
    """The first part of a replay.

    Parameters
    ----------
    found : Replay
        Any replay.
    end : float
        Last minute to keep. [min]

    Returns
    -------
    Replay
        With shorter series; totals are still those of the whole.
    """
    kept = max(2, int(np.searchsorted(found.times, end, side="right")))
    names = ("times", "goodput", "up", "backlog", "load", "cool", "warm", "hot")
    return replace(found, **{name: getattr(found, name)[:kept] for name in names})


def _tone(name: str) -> str:
    return "chosen" if name.endswith("_with") else "told"


def _thinned(shown: Replay, values: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """At most so many points that a chart stays small; the first draw."""
    places = np.unique(np.linspace(0, len(shown.times) - 1, POINTS).round().astype(int))
    return tuple(shown.times[places].tolist()), tuple(values[places, 0].tolist())


def phases_of(shown: Replay) -> tuple[Phase, ...]:
    """Named parts of a replay.

    Parameters
    ----------
    shown : Replay
        Any replay.

    Returns
    -------
    tuple of Phase
        Without those too short to be named.
    """
    at = {item.name: item.minute for item in events(shown)}
    end = float(shown.times[-1])
    cuts = [("change", "broken"), ("revert", "released"), ("first-trip", "cascade"),
            ("offline", "offline"), ("restart", "ramp"), ("recovered", "normal")]  # fmt: skip
    known = sorted((at[name], label) for name, label in cuts if name in at)
    ends = [*(minute for minute, _ in known[1:]), end]
    parts = [Phase(label, start, stop) for (start, label), stop in zip(known, ends, strict=True)]
    return tuple(part for part in parts if part.end - part.start > SHORTEST * end)


def ranking(outage: Outage) -> Bars:
    """Users saved by each countermeasure, with its 90 % interval in words.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    Bars
        The best on top; negative where it does harm.
    """
    items = [item for item in outage.effects[1:] if item.rank[1]]
    best = items[0]
    return Bars(
        name="ranking",
        title="Users with an answer more than as told",
        unit="requests, mean of the draws",
        alt=(
            f"Bars of the users saved by {len(items)} countermeasures, mean of {outage.draws} "
            f"draws. Most: {', '.join(best.names)} with {say(best.saved.mean, 'requests')}."
        ),
        bars=tuple(_bar(item) for item in items),
    )


def _bar(item: Effect) -> Bar:
    low, high = plain(round(item.saved.p05, -2)), plain(round(item.saved.p95, -2))
    words = f"{plain(round(item.saved.mean, -2))} ({low} to {high})"
    tone = "part" if item.saved.mean > 0.0 else "over"
    return Bar(", ".join(item.names), 0.0, item.saved.mean, words, tone)
