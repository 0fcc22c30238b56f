"""Charts of redundancy in neutral form: what stands where, minutes by cause, price of each nine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from capacity.availability.design_problem import Offer
from capacity.availability.design_search import Choice
from capacity.availability.redundancy import MINUTES_PER_MONTH
from capacity.availability.service_level import NINES
from capacity.numbers import percent, say
from capacity.report.design_words import design_words, plain_share
from capacity.report.marks import Bar, Bars, Box, Picture
from capacity.report.wording import counted
from capacity.scenarios.tree import Design, Part, Replicas, Replicated

if TYPE_CHECKING:
    from capacity.availability.designing import DesignStudy

GAP = 1.2  # between boxes, in hundredths
TITLE, ENTRY = 11.0, 12.0  # heights
ZONES = 0.4  # of a region's height
IN_A_ROW = 3  # parts


def design_picture(study: DesignStudy) -> Picture:
    """Regions, zones, nodes and parts of the found design.

    Parameters
    ----------
    study : DesignStudy
        Any study.

    Returns
    -------
    Picture
        The entry above, regions side by side, in each its parts above its zones.
    """
    design = study.design
    width = (100.0 + GAP) / design.regions - GAP
    stuck = percent(study.problem.service.failover_failure)
    words = "users"
    if design.regions > 1:
        words = f"users; failover between regions, fails in {stuck} of the cases"
    boxes = [Box(0.0, 100.0 - ENTRY, 100.0, ENTRY, words, "total")]
    for place in range(design.regions):
        boxes += _region(study, place * (width + GAP), width, f"region {place + 1}")
    meets = isinstance(study.found, Choice)
    verdict = "cheapest design" if meets else "best design, nodes without limit,"
    return Picture(
        name="design",
        title=f"The {verdict} for {plain_share(study.found.target)}",
        alt=f"{verdict.capitalize()} {design_words(design)}.",
        boxes=tuple(boxes),
    )


def cause_bars(study: DesignStudy) -> Bars:
    """Minutes a month that each cause takes of the error budget.

    Parameters
    ----------
    study : DesignStudy
        Any study.

    Returns
    -------
    Bars
        One bar for each cause, then all together.
    """
    minutes = {cause.value: lost * MINUTES_PER_MONTH for cause, lost in study.causes.items()}
    bars = [Bar(name, 0.0, value, say(value, "min")) for name, value in minutes.items()]
    whole = (1.0 - study.availability) * MINUTES_PER_MONTH
    budget = (1.0 - study.found.target) * MINUTES_PER_MONTH
    tone = "total" if whole <= budget else "over"
    bars.append(Bar("together", 0.0, whole, say(whole, "min", 3), tone))
    return Bars(
        name="causes",
        title="Requests lost by cause",
        unit="min/month",
        alt="Minutes a month. " + "; ".join(f"{bar.label} {bar.words}" for bar in bars) + ".",
        bars=tuple(bars),
        limit=budget,
        limit_label=f"budget {say(budget, 'min', 3)}",
    )


def nines_bars(study: DesignStudy) -> Bars:
    """Price of the cheapest design for each nine; without a bar where none is to be had.

    Parameters
    ----------
    study : DesignStudy
        Any study.

    Returns
    -------
    Bars
        From two nines to five.
    """
    bars = []
    for target, item in zip(NINES, study.curve, strict=True):
        if isinstance(item, Offer):
            usd, sizes = item.usd_per_month, f"{item.design.nodes:,} nodes"
            tone = "total" if target == study.found.target else "part"
            words = f"{say(usd, 'USD/month', 3)}, {sizes}"
            bars.append(Bar(plain_share(target), 0.0, usd, words, tone))
        else:
            bars.append(Bar(plain_share(target), 0.0, 0.0, f"none: {item.part} bounds it"))
    return Bars(
        name="nines",
        title="What each nine costs",
        unit="USD/month",
        alt="Monthly price. " + "; ".join(f"{bar.label}: {bar.words}" for bar in bars) + ".",
        bars=tuple(bars),
    )


def _region(study: DesignStudy, x: float, width: float, name: str) -> Iterator[Box]:
    """A region with its parts in a row and its zones below."""
    design, parts = study.design, study.problem.service.parts
    height = 100.0 - ENTRY - 2 * GAP
    yield Box(x, 0.0, width, height, name, "frame")
    room = height - TITLE - GAP
    nodes = counted(design.zone_nodes, "node") if isinstance(study.found, Choice) else "nodes"
    zones = [f"zone {place + 1}\n{nodes}" for place in range(design.zones)]
    yield from _row(zones, "total", (x, GAP), (width, ZONES * room))
    words = [_part_words(part, kind, design) for part, kind in parts.items()]
    lines = [words[at : at + IN_A_ROW] for at in range(0, len(words), IN_A_ROW)]
    each = (1.0 - ZONES) * room / max(1, len(lines))
    for place, line in enumerate(reversed(lines)):
        low = GAP + ZONES * room + place * each
        yield from _row(line, "part", (x, low), (width, each))


def _row(
    labels: Sequence[str], tone: str, at: tuple[float, float], size: tuple[float, float]
) -> Iterator[Box]:
    """Boxes side by side in a place of some width and height."""
    each = (size[0] - GAP) / len(labels)
    for place, label in enumerate(labels):
        left = at[0] + GAP + place * each
        yield Box(left, at[1], each - GAP, size[1] - GAP, label, tone)


def _part_words(name: str, part: Part, design: Design) -> str:
    copies = f" 1 + {design.standbys}" if isinstance(part, Replicated) else ""
    if isinstance(part, Replicas) and design.read_spares != 1:
        copies = f"\n+ {design.read_spares}"
    return name.replace("_", " ") + copies
