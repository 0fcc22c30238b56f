"""Bar charts of a plan in neutral form: waterfall, error budget, layouts, what matters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capacity.metrics import lowered
from capacity.numbers import bare, percent, say
from capacity.questions.outputs import output
from capacity.report import tables
from capacity.report.marks import Bar, Bars
from capacity.report.placing import month_words
from capacity.report.wording import counted

if TYPE_CHECKING:
    from capacity.outcome import CapacityPlan
    from capacity.questions.explanation import Explanation
    from capacity.questions.sensitivity import Sensitivity
    from capacity.questions.tornado import Swing, Tornado

SHOWN = 0.01  # share of the variance
WIDEST = 12  # swings of a tornado


def waterfall_bars(plan: CapacityPlan) -> Bars:
    """From mean demand to purchase.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    Bars
        One bar for each step, from the level before to the level after, then the purchase.
    """
    rows = tables.steps(plan)
    bars = [
        Bar(row.step, row.gpus - row.added, row.gpus, f"+{say(row.added, 'GPUs')}", "part")
        for row in rows
    ]
    bars[0] = Bar(rows[0].step, 0.0, rows[0].gpus, say(rows[0].gpus, "GPUs"), "part")
    bars.append(Bar("to stand", 0.0, rows[-1].gpus, say(rows[-1].gpus, "GPUs"), "total"))
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars)
    return Bars(
        name="waterfall",
        title=f"From demand to purchase, {month_words(plan.months[-1])}",
        unit="GPUs",
        alt=f"Waterfall of GPUs. {said}.",
        bars=tuple(bars),
    )


def budget_bars(plan: CapacityPlan) -> Bars:
    """Where the minutes of unavailability go.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    Bars
        One bar for each cause, and what is left; it points left where the budget is overspent.
    """
    rows = tables.budget(plan)
    spent = sum(row.minutes for row in rows[:-1])
    bars = [
        Bar(
            _short(row.cause),
            0.0,
            row.minutes,
            f"{say(row.minutes, 'min')}, {say(row.share, 'share')}",
        )
        for row in rows[:-1]
    ]
    bars.append(Bar("spent", 0.0, spent, say(spent, "min"), "total"))
    left = rows[-1]
    tone = "left" if left.minutes >= 0.0 else "over"
    bars.append(Bar(left.cause, 0.0, left.minutes, say(left.minutes, "min"), tone))
    whole = spent + left.minutes
    return Bars(
        name="budget",
        title=f"Error budget of {percent(plan.policy.availability, 2)}",
        unit="min/month",
        alt="Minutes a month. " + "; ".join(f"{bar.label} {bar.words}" for bar in bars) + ".",
        bars=tuple(bars),
        limit=whole,
        limit_label=f"budget {say(whole, 'min', 3)}",
    )


def layout_bars(plan: CapacityPlan) -> Bars:
    """Nodes that other zones and regions would take.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    Bars
        Layouts that meet the target, fewest nodes first.
    """
    rows = [row for row in tables.layouts(plan) if row.nodes]
    bars = tuple(
        Bar(
            f"{counted(row.regions, 'region')} of {counted(row.zones, 'zone')}",
            0.0,
            float(row.nodes),
            f"{row.nodes:,} nodes, {percent(row.availability, 3)}",
            "total" if row.chosen else "part",
        )
        for row in rows
    )
    said = "; ".join(f"{bar.label}: {bar.words}" for bar in bars) or "none meets the target"
    return Bars(
        name="layouts",
        title="Serving nodes by layout",
        unit="nodes",
        alt=f"Nodes by regions and zones at the load of the last month. {said}.",
        bars=bars,
    )


def share_bars(found: Sensitivity) -> Bars:
    """Whose uncertainty the uncertainty of a figure is.

    Parameters
    ----------
    found : Sensitivity
        Shares of one figure.

    Returns
    -------
    Bars
        One bar for each input of a percent or more, and what is left.
    """
    named = [(item.name, item.share) for item in found.influences if item.share >= SHOWN]
    rest = 1.0 - sum(share for _, share in named)
    rows = [*named, ("everything else", max(0.0, rest))]
    bars = tuple(
        Bar(name.replace("_", " "), 0.0, 100.0 * share, percent(share)) for name, share in rows
    )
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars)
    return Bars(
        name="shares",
        title=f"Shares in the uncertainty of {lowered(found.title)}, {month_words(found.month)}",
        unit="% of the variance",
        alt=f"Shares in the uncertainty of {lowered(found.title)}. {said}.",
        bars=bars,
    )


def swing_bars(found: Tornado) -> Bars:
    """What each input does to a figure between its ends.

    Parameters
    ----------
    found : Tornado
        Swings of one figure.

    Returns
    -------
    Bars
        The widest swings on top, across a line where the figure stands as planned; an end that
        has no plan is said, and its bar ends at that line.
    """
    known = output(found.name)
    bars = tuple(_swing_bar(item, found.base, known.unit) for item in found.swings[:WIDEST])
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars) or "nothing moves it"
    base = f"{known.title}, {month_words(found.month)}: {say(found.base, known.unit)} as planned"
    return Bars(
        name="swings",
        title=base,
        unit=known.unit,
        alt=f"{base}, and with one input at either end. {said}.",
        bars=bars,
        limit=found.base,
    )


def part_bars(found: Explanation) -> Bars:
    """Parts of a figure, each on top of those before it.

    Parameters
    ----------
    found : Explanation
        Of any figure.

    Returns
    -------
    Bars
        One bar for each part, then the figure.
    """
    bars, start = [], 0.0
    for part in found.parts:
        words = f"{say(part.value, found.unit)}, {percent(found.share(part))}"
        bars.append(Bar(part.name, start, start + part.value, words))
        start += part.value
    total = say(found.total, found.unit)
    bars.append(Bar(lowered(found.title), 0.0, found.total, total, "total"))
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars)
    return Bars(
        name="parts",
        title=f"{found.title}, {month_words(found.month)}",
        unit=found.unit,
        alt=f"Parts of {lowered(found.title)}. {said}.",
        bars=tuple(bars),
    )


def _swing_bar(swing: Swing, base: float, unit: str) -> Bar:
    ends = (swing.low, swing.high)
    reached = [base if math.isnan(end.output) else end.output for end in ends]
    said = ["no plan" if math.isnan(end.output) else bare(end.output, unit) for end in ends]
    words = f"{' to '.join(said)} (at {swing.low.label} and {swing.high.label})"
    return Bar(swing.name.replace("_", " "), min(reached), max(reached), words)


def _short(cause: str) -> str:
    return cause.removesuffix(" not taken over by another region")
