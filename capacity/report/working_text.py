"""Work on a fleet that serves, on the console."""

from __future__ import annotations

import math

from capacity.availability.working import AT_ONCE, PARTS, TIMES, Work, Working
from capacity.numbers import percent
from capacity.report.cells import aligned, wrapped
from capacity.report.wording import counted

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_MIN = 120.0  # said in hours from here
HEAD = ("begins", "takes", "out", "serving", "latency targets", "carried")


def working_text(found: Working) -> str:
    """Schedules of a design, and what switching nodes with the load would save.

    Parameters
    ----------
    found : Working
        Any work.

    Returns
    -------
    str
        A table and a paragraph.
    """
    rows = [
        (f"Work on {found.design.nodes:,} nodes", *HEAD),
        *map(_row, found.works),
        _ramp_row(found),
    ]
    acts = ", ".join(f"{name} {item.mid:g} {item.unit}" for name, item in TIMES.items())
    notes = [
        "out: nodes out of service at once, the headroom that the work takes; of a database its "
        "units. carried: share of the hours of the week in which it can begin and the nodes in "
        "service carry the load throughout, targets kept. Planned work begins in the best hour, a "
        "failure in the worst. Assumed: "
        f"{acts}; {percent(AT_ONCE)} of the nodes at once, {PARTS} steps of a drain. "
        "Planned work and switch-overs take as long as the parts say (work_min, switch_min).",
        _savings(found),
    ]
    return "\n".join([aligned(rows, left=(0, 1, 5)), *map(wrapped, notes)])


def _row(work: Work) -> tuple[str, ...]:
    if work.schedule is None:
        return (work.name, "", "", "", "", "no hour leaves a node to spare", "0 %")
    return (
        work.name,
        _clock(work.schedule.begin),
        _duration(work.schedule.hours),
        f"{work.headroom:,}",
        f"{work.schedule.least_serving:,}",
        _targets(work),
        percent(work.carried_share),
    )


def _ramp_row(found: Working) -> tuple[str, ...]:
    """Scaling actions of a week, and the largest."""
    steps = found.ramp.steps
    most = max(step.back for step in steps)
    told = "held" if found.ramp.held else "missed"
    words = f"{told}; at most {counted(most, 'node')} at once"
    least, hours = f"{found.ramp.least_serving:,}", _duration(found.ramp.hours)
    return ("nodes switched with load", _clock(found.ramp.begin), hours, "", least, words, "")


def _targets(work: Work) -> str:
    """Whether latency targets hold, or what is missing for how long."""
    found = work.schedule
    if found is None or found.held:
        return "held"
    missed = _duration(found.hours_missed)
    if found.lacking > 0.0 and found.least_serving:
        return f"{counted(math.ceil(found.lacking), 'node')} short, {missed}"
    out = work.users * max(step.unserved for step in found.steps)
    return f"{percent(out)} of the users out, {missed}"


def _savings(found: Working) -> str:
    hours = found.hours
    values = (hours.scaled, found.ramp_hours, hours.foreseen)
    after, ahead, most = (percent(1.0 - value / hours.fixed) for value in values)
    return (
        f"The nodes of the peak, spares left out, are {hours.fixed * found.node_gpus:,.0f} "
        f"GPU-hours a week. Switched after the load, an hour behind, they are {after} less; ahead "
        f"of it in these steps, cold starts included, {ahead}; with perfect foresight {most}."
    )


def _clock(hour: int) -> str:
    return f"{DAYS[hour // 24 % 7]} {hour % 24:02d}:00"


def _duration(hours: float) -> str:
    minutes = hours * 60.0
    return f"{minutes:.3g} min" if minutes < LONG_MIN else f"{hours:.3g} h"
