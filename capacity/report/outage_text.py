"""An outage on the console: the story minute by minute, then what would have helped."""

from __future__ import annotations

import numpy as np

from capacity.numbers import percent, plain
from capacity.outage.alerts import AlertOutcome
from capacity.outage.events import events
from capacity.outage.replay import Replay
from capacity.outage.study import Effect, Outage, budget_used

DENSE, SPARSE = 30, 5  # every minute until then, then every so many
WIDTHS = (20, 17, 28, 22, 8, 9)
ALERT_WIDTHS = (30, 12, 7, 10, 11, 13)
ALERT_HEAD = ("alert", "signal", "fires", "taken back", "full outage", "lost requests")
HEAD = ("countermeasure", "full outage", "lost requests", "budget used", "helps in", "rank")


def outage_text(outage: Outage) -> str:
    """The story and the table of countermeasures.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    str
        Lines for a terminal.
    """
    incident = outage.incident
    lines = [f"{incident.title} ({incident.kind})", incident.description, ""]
    lines += [*story(outage.told), "", f"as it was: {summary(outage.told)}"]
    if outage.names:
        lines += ["", f"with {', '.join(outage.names)}:", *story(outage.chosen), ""]
        lines += [f"with {', '.join(outage.names)}: {summary(outage.chosen)}"]
    return "\n".join([*lines, "", *alert_table(outage), "", *table(outage)])


def summary(found: Replay) -> str:
    """The figures of a replay in one line.

    Parameters
    ----------
    found : Replay
        Any replay; its first draw is told.

    Returns
    -------
    str
        Minutes, users, trips and budget.
    """
    return (
        f"full outage {found.full_outage[0]:.1f} min, degraded {found.degraded[0]:.1f} min, "
        f"{found.lost[0]:,.0f} requests lost, {found.trips[0]:.0f} thermal shutdowns, "
        f"{percent(float(budget_used(found)[0]))} of the 30-day error budget of 99.95 %"
    )


def key_figures(found: Replay) -> dict[str, str]:
    """The figures of a replay in words.

    Parameters
    ----------
    found : Replay
        Any replay; its first draw is told.

    Returns
    -------
    dict of str to str
        By title.
    """
    return {
        "full outage": f"{found.full_outage[0]:.1f} min",
        "degraded": f"{found.degraded[0]:.1f} min",
        "requests lost": f"{found.lost[0]:,.0f}",
        "30-day error budget used": percent(float(budget_used(found)[0])),
        "thermal shutdowns": f"{found.trips[0]:.0f}",
    }


def story(found: Replay) -> list[str]:
    """Minute by minute: every minute at first, later every fifth and those with an event.

    Parameters
    ----------
    found : Replay
        Any replay; its first draw is told.

    Returns
    -------
    list of str
        A head and one line for each minute told.
    """
    told: dict[int, list[str]] = {}
    for item in events(found):
        told.setdefault(int(item.minute), []).append(item.words)
    step = float(found.times[1] - found.times[0])
    last = int(found.times[-1])
    lines = ["minute  goodput  nodes up  hottest   waiting  what happens"]
    for minute in range(last + 1):
        if minute <= DENSE or minute % SPARSE == 0 or minute in told:
            place = min(round((minute + 1.0) / step) - 1, len(found.times) - 1)
            lines.append(_minute(found, minute, place, told.get(minute, [])))
    return lines


def _minute(found: Replay, minute: int, place: int, words: list[str]) -> str:
    goodput = percent(float(np.clip(found.goodput[place, 0], 0.0, 99.9)))
    nodes = round(float(found.up[place, 0]) * found.incident.nodes
                  * (1.0 + found.incident.controls.extra_nodes))  # fmt: skip
    return (
        f"{minute:6d}  {goodput:>7}  {nodes:8d}  {found.hot[place, 0]:4.0f} °C  "
        f"{found.backlog[place, 0]:8,.0f}  {'; '.join(words)}"
    ).rstrip()


def alert_table(outage: Outage) -> list[str]:
    """When each alert would have fired in the story, and what would have come of it.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    list of str
        Head, rows and a note.
    """
    rows = [ALERT_HEAD, *map(alert_row, outage.alerts)]
    return [*_columns(rows, ALERT_WIDTHS), "", alert_note(outage)]


def alert_note(outage: Outage) -> str:
    """What the table of alerts takes for granted.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    str
        When somebody noticed as told, and how long the change then took to take back.
    """
    controls = outage.incident.controls
    return (
        f"Minutes after the change. As told somebody noticed after {plain(controls.notice)} min "
        f"and took the change back {plain(controls.revert - controls.notice)} min later; with an "
        "alert the same time passes after it. Without one in time the story is as told."
    )


def alert_row(item: AlertOutcome) -> tuple[str, ...]:
    """Cells of one row under `ALERT_HEAD`.

    Parameters
    ----------
    item : AlertOutcome
        Any alert.

    Returns
    -------
    tuple of str
        It ends early where the alert comes too late.
    """
    fires = f"{item.minute:.0f}" if np.isfinite(item.minute) else "never"
    outcome = (_short(item.revert), _short(item.full_outage), f"{item.lost:,.0f}")
    return (item.name, item.signal, fires, *(outcome if item.in_time else ("too late",)))


def table(outage: Outage) -> list[str]:
    """Countermeasures from the best to the worst.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    list of str
        Head, rows and a note.
    """
    lines = _columns([HEAD, *map(row, outage.effects)], WIDTHS)
    note = (
        f"Middle of {outage.draws:,} common parameter draws with 5 to 95 %. Ranked by mean "
        "requests saved; the rank's 90 % interval is in brackets. Names compose: --with NAME "
        "--with NAME. Any countermeasure replaces the order to go offline, unless --with "
        "taken-offline keeps it."
    )
    return [*lines, "", note]


def _columns(rows: list[tuple[str, ...]], widths: tuple[int, ...]) -> list[str]:
    """Cells under each other; a row may end early."""
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]


def row(item: Effect) -> tuple[str, ...]:
    """Cells of one row under `HEAD`.

    Parameters
    ----------
    item : Effect
        Any effect.

    Returns
    -------
    tuple of str
        Middle of the draws, with 5 to 95 %.
    """
    low, mid, high = item.rank
    return (
        label(item),
        f"{_short(item.full_outage.p50)} ({_ends(item.full_outage.p05, item.full_outage.p95)})",
        f"{item.lost.p50:,.0f} ({item.lost.p05:,.0f} to {item.lost.p95:,.0f})",
        f"{percent(item.budget.p50)} ({item.budget.p05 * 100:,.0f} to {percent(item.budget.p95)})",
        percent(item.helps) if item.names else "",
        _rank(item, f"{mid} ({low}-{high})"),
    )


def _rank(item: Effect, words: str) -> str:
    if not item.rank[1]:
        return ""
    return words if item.acts else "no effect"


def label(item: Effect) -> str:
    """Name of a row.

    Parameters
    ----------
    item : Effect
        Any effect.

    Returns
    -------
    str
        The countermeasures, or ``as it was``.
    """
    return " + ".join(item.names) or "as it was"


def _short(value: float) -> str:
    return plain(round(value, 1))


def _ends(low: float, high: float) -> str:
    return f"{low:.0f} to {high:.0f}"
