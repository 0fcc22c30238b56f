"""Timelines as SVG with real text, the same bytes on every run."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from capacity.numbers import plain
from capacity.report import palette
from capacity.report.placing import spread, value_ticks, value_words
from capacity.report.svg import MM, SMALL, STYLE, TITLE_PT
from capacity.report.timelines import Phase, Timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TONES = {"told": palette.STANDING, "chosen": palette.FAN, "limit": palette.CLAIM}
LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 10.5, 13.5, 9.5, 5.0
LETTER_MM, LINE_MM = 1.3, 3.1


def timeline_svg(chart: Timeline, size: tuple[float, float] = SMALL) -> str:
    """Draw a timeline.

    Parameters
    ----------
    chart : Timeline
        What to show.
    size : (float, float)
        Width and height. [mm]

    Returns
    -------
    str
        An SVG document without date; curves carry ids such as ``curve-0``.

    Examples
    --------
    >>> from capacity.report.timelines import Curve
    >>> chart = Timeline("g", "Goodput", "%", "alt", (0.0, 1.0), (Curve("a", (0.0, 1.0)),))
    >>> timeline_svg(chart).count('id="curve-0"')
    1
    """
    import matplotlib as mpl  # noqa: PLC0415  slow to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(size[0] * MM, size[1] * MM))
        axes = _axes(figure, chart, size)
        _phases(axes, chart.phases, size)
        for band in chart.bands:
            axes.fill_between(chart.minutes, band.low, band.high, linewidth=0.0,
                              facecolor=palette.BANDS[0.9], gid="band")  # fmt: skip
        for place, curve in enumerate(chart.curves):
            axes.plot(chart.minutes, curve.values, color=TONES[curve.tone], gid=f"curve-{place}",
                      linewidth=0.9 if curve.tone == "limit" else 1.3,
                      linestyle=(0, (3, 2)) if curve.tone == "limit" else "-")  # fmt: skip
        _labels(axes, chart, size)
        file = io.StringIO()
        about = {"Date": None, "Creator": None, "Title": chart.title}
        figure.savefig(file, format="svg", metadata=about)
    return file.getvalue()


def _axes(figure: Figure, chart: Timeline, size: tuple[float, float]) -> Axes:
    width, height = size
    box = (LEFT_MM / width, BOTTOM_MM / height, (width - LEFT_MM - RIGHT_MM) / width,
           (height - TOP_MM - BOTTOM_MM) / height)  # fmt: skip
    axes = figure.add_axes(box)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelcolor=palette.MUTED, pad=2)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=palette.GRID, linewidth=0.6)
    ticks = value_ticks(chart.top, count=3)
    axes.set_yticks(ticks, [value_words(tick, chart.unit) for tick in ticks])
    axes.set_ylim(0.0, max(ticks[-1], 1.04 * chart.top))
    marks = [tick for tick in value_ticks(chart.minutes[-1], count=4) if tick <= chart.minutes[-1]]
    axes.set_xticks(marks, [f"{plain(tick)} min" if tick else "0" for tick in marks])
    axes.set_xlim(0.0, chart.minutes[-1])
    words = f"{chart.title} [{chart.unit}]"
    figure.text(0.4 / width, 1.0 - 2.6 / height, words, fontsize=TITLE_PT, weight="bold",
                va="center")  # fmt: skip
    return axes


def _phases(axes: Axes, phases: tuple[Phase, ...], size: tuple[float, float]) -> None:
    """Shade every second phase and name those with room for their name."""
    per_min = (size[0] - LEFT_MM - RIGHT_MM) / axes.get_xlim()[1]
    last = axes.get_xlim()[1]
    for place, phase in enumerate(item for item in phases if item.start < last):
        end = min(phase.end, last)
        if place % 2 == 0:
            axes.axvspan(phase.start, end, color=palette.RECONSTRUCTED, linewidth=0.0, zorder=0)
        if (end - phase.start) * per_min > LETTER_MM * len(phase.label):
            axes.annotate(
                phase.label, ((phase.start + end) / 2, 1.0), ha="center", va="bottom",
                xycoords=("data", "axes fraction"), xytext=(0, 1), textcoords="offset points",
                color=palette.MUTED, style="italic", annotation_clip=False,
            )  # fmt: skip


def _labels(axes: Axes, chart: Timeline, size: tuple[float, float]) -> None:
    """Names beside the right end, where there is more than one curve."""
    if len(chart.curves) == 1 and not chart.bands:
        return
    ends = [(curve.label, curve.values[-1], TONES[curve.tone]) for curve in chart.curves]
    ends += [(band.label, band.low[-1], palette.MUTED) for band in chart.bands]
    per_mm = axes.get_ylim()[1] / (size[1] - TOP_MM - BOTTOM_MM)
    top = axes.get_ylim()[1]
    places = spread([value for _, value, _ in ends], LINE_MM * per_mm, 0.0, top)
    for (words, _, colour), place in zip(ends, places, strict=True):
        axes.annotate(words, (chart.minutes[-1], place), xytext=(3, 0), va="center", color=colour,
                      textcoords="offset points", annotation_clip=False)  # fmt: skip
