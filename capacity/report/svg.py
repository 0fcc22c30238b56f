"""Charts as SVG with real text, the same bytes on every run."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from capacity.numbers import bare, say
from capacity.report import palette
from capacity.report.marks import Bar, Bars, Chart, Fan, Stack
from capacity.report.placing import month_ticks, spread, value_ticks, value_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM = 1.0 / 25.4  # inches
SMALL = (84.0, 50.0)
WIDE = (172.0, 62.0)
BAR_MM, BARS_FRAME_MM = 5.0, 8.0
TEXT_PT, TITLE_PT = 6.6, 7.8
LINE_MM = 3.1
TOP_MM, BOTTOM_MM, PAD_MM = 7.5, 5.0, 1.8
LEADER_MM, SQUARE_MM, WORDS_MM = 3.5, 4.8, 6.4  # from the end of a stack
BOLD = 1.14  # width of bold text over normal
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "fleetcast",
    "font.family": "DejaVu Sans",
    "font.size": TEXT_PT,
    "text.color": palette.INK,
    "hatch.linewidth": 0.4,
    "hatch.color": palette.HATCH,
    "path.simplify": False,
    "text.parse_math": False,
}
MARKS = {  # sign and colour of a figure by its kind
    "reported": ("o", palette.REPORTED),
    "claim": ("D", palette.CLAIM),
    "event": ("^", palette.REPORTED),
}


def svg(chart: Chart, size: tuple[float, float] = SMALL) -> str:
    """Draw a chart.

    Parameters
    ----------
    chart : Fan, Stack or Bars
        What to show.
    size : (float, float)
        Width and height. [mm]

    Returns
    -------
    str
        An SVG document without date; series carry ids such as ``median`` and ``line-0``.

    Examples
    --------
    >>> from capacity.report.marks import Bar
    >>> svg(Bars("b", "Title", "GPUs", "alt", (Bar("one", 0, 2, "2 GPUs"),))).count("2 GPUs")
    1
    """
    import matplotlib as mpl  # noqa: PLC0415  slow to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    if not isinstance(chart, Bars) and len(chart.months) == 1:
        chart = chart.widened()
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(size[0] * MM, size[1] * MM))
        if isinstance(chart, Bars):
            _draw_bars(figure, chart, size)
        elif isinstance(chart, Stack):
            _draw_stack(figure, chart, size)
        else:
            _draw_fan(figure, chart, size)
        file = io.StringIO()
        figure.savefig(
            file, format="svg", metadata={"Date": None, "Creator": None, "Title": chart.title}
        )
    return file.getvalue()


def bars_size(chart: Bars, bar_mm: float = BAR_MM) -> tuple[float, float]:
    """Size of bars as wide as the page.

    Parameters
    ----------
    chart : Bars
        What to show.
    bar_mm : float
        Height of one bar with its gap. [mm]

    Returns
    -------
    (float, float)
        Width and height. [mm]

    Examples
    --------
    >>> from capacity.report.marks import Bar
    >>> bars_size(Bars("b", "Title", "GPUs", "alt", (Bar("one", 0, 2, "2 GPUs"),)))
    (172.0, 13.0)
    """
    return WIDE[0], BARS_FRAME_MM + bar_mm * len(chart.bars)


def _width_mm(text: str, points: float = TEXT_PT) -> float:
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415
    from matplotlib.textpath import text_to_path  # noqa: PLC0415

    font = FontProperties(family="DejaVu Sans", size=points)
    lines = text.split("\n")
    widths = (text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]
              for line in lines)  # fmt: skip
    return max(widths) / 72.0 / MM


def _words_mm(bar: Bar) -> float:
    return _width_mm(bar.words) * (BOLD if bar.tone == "total" else 1.0)


def _axes(
    figure: Figure, chart: Chart, size: tuple[float, float], left: float, right: float
) -> Axes:
    """Axes between the margins [mm], below a title with the unit."""
    width, height = size
    bottom = 0.5 if isinstance(chart, Bars) else BOTTOM_MM
    box = (left / width, bottom / height,
           (width - left - right) / width, (height - TOP_MM - bottom) / height)  # fmt: skip
    axes = figure.add_axes(box)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelcolor=palette.MUTED, pad=2)
    axes.set_axisbelow(True)
    top = 1.0 - 2.9 / height
    figure.text(0.4 / width, top, chart.title, fontsize=TITLE_PT, weight="bold", va="center")
    start = 0.4 + _width_mm(chart.title, TITLE_PT) * BOLD + 1.5
    words = f"[{chart.unit}]"
    figure.text(start / width, top, words, color=palette.MUTED, va="center")
    return axes


def _draw_fan(figure: Figure, chart: Fan, size: tuple[float, float]) -> None:
    tops = [*chart.bands[0].high, *(mark.value for mark in chart.marks)]
    tops += [value for line in chart.lines for value in line.values]
    ends = _fan_ends(chart)
    axes = _month_axes(figure, chart, size, max(tops), [words for words, _, _ in ends])
    for start, end, solid in chart.segments:
        _draw_segment(axes, chart, (start, end), solid=solid)
    for place, line in enumerate(chart.lines):
        axes.step(range(len(line.values)), line.values, where="post", color=palette.STANDING,
                  linewidth=1.3, gid=f"line-{place}")  # fmt: skip
    _draw_marks(axes, chart)
    _name_spans(axes, chart, size)
    _end_labels(axes, ends, size, len(chart.months) - 1)


def _fan_ends(chart: Fan) -> list[tuple[str, float, str]]:
    """Labels at the right end, lower ones first: words, value, colour."""
    widest = chart.bands[0]
    tail = round((1.0 - widest.level) / 2 * 100)
    rows = [
        (f"{tail} %:", widest.low[-1], palette.MUTED),
        ("median:", chart.median[-1], palette.FAN),
        (f"{100 - tail} %:", widest.high[-1], palette.MUTED),
    ]
    rows += [("standing:", line.values[-1], palette.STANDING) for line in chart.lines]
    ends = [(f"{words} {bare(value, chart.unit)}", value, tone) for words, value, tone in rows]
    for mark in chart.marks:
        if mark.kind == "claim" and mark.month == chart.months[-1]:
            ends += [(words, mark.value, palette.CLAIM) for words in (mark.place, mark.label)]
    return ends


def _draw_segment(axes: Axes, chart: Fan, ends: tuple[int, int], *, solid: bool) -> None:
    places = range(ends[0], ends[1] + 1)
    here = slice(ends[0], ends[1] + 1)
    kind = "forecast" if solid else "reconstructed"
    for band in chart.bands:
        colour = palette.BANDS[band.level] if solid else palette.RECONSTRUCTED
        axes.fill_between(
            places, band.low[here], band.high[here], facecolor=colour, linewidth=0.0,
            edgecolor=palette.HATCH, hatch=None if solid else "//////",
            gid=f"band-{band.label[:2]}-{kind}",
        )  # fmt: skip
        if not solid:
            break
    axes.plot(places, chart.median[here], color=palette.FAN, linewidth=1.4,
              linestyle="-" if solid else (0, (3, 2)), gid=f"median-{kind}")  # fmt: skip


def _draw_marks(axes: Axes, chart: Fan) -> None:
    for mark in chart.marks:
        place = chart.months.index(mark.month)
        sign, colour = MARKS[mark.kind]
        axes.plot([place], [mark.value], marker=sign, markersize=4.2,
                  color=colour, clip_on=False,
                  markeredgecolor=palette.PAPER, markeredgewidth=0.6, zorder=5,
                  gid=mark.kind)  # fmt: skip
        if mark.kind == "event":  # its name is the planner's, which may be long
            _label_mark(axes, "event", (place, mark.value), len(chart.months), colour)
        elif mark.label and mark.month != chart.months[-1]:
            words = f"{mark.label}\n{mark.place}"
            _label_mark(axes, words, (place, mark.value), len(chart.months), colour)


def _label_mark(axes: Axes, words: str, at: tuple[int, float], months: int, colour: str) -> None:
    left = at[0] > months / 2
    axes.annotate(
        words, at, xytext=(-5 if left else 5, 0), textcoords="offset points",
        ha="right" if left else "left", va="center", color=colour, linespacing=1.15,
    )  # fmt: skip


def _name_spans(axes: Axes, chart: Fan, size: tuple[float, float]) -> None:
    """Say which part is a reconstruction and where the forecast starts."""
    top = axes.get_ylim()[1]
    for ends, words in ((chart.reconstructed, "reconstruction"), (chart.forecast, "forecast")):
        if ends is None:
            continue
        if words == "forecast" and ends[0] > 0:
            axes.axvline(ends[0], color=palette.MUTED, linewidth=0.5, linestyle=(0, (1, 2)))
        room = (ends[1] - ends[0]) / max(1, len(chart.months) - 1) * size[0] * 0.7
        if room > _width_mm(words):
            axes.annotate(words, (ends[0], top), xytext=(2.5, -1), textcoords="offset points",
                          va="top", color=palette.MUTED, style="italic")  # fmt: skip


def _month_axes(
    figure: Figure,
    chart: Fan | Stack,
    size: tuple[float, float],
    top: float,
    ends: list[str],
    space: float = 1.4,
) -> Axes:
    """Axes of months with round values; labels stand a space [mm] beside the right end."""
    ticks = value_ticks(top, count=3 if size[1] <= SMALL[1] else 4)
    words = [value_words(tick, chart.unit) for tick in ticks]
    left = max(map(_width_mm, words)) + PAD_MM
    right = max(map(_width_mm, ends)) + PAD_MM + space
    axes = _axes(figure, chart, size, left, right)
    axes.set_yticks(ticks, words)
    axes.set_ylim(0.0, max(ticks[-1], top * 1.04))
    axes.grid(axis="y", color=palette.GRID, linewidth=0.6)
    named = month_ticks(list(dict.fromkeys(chart.months)), most=4 if size[0] <= SMALL[0] else 10)
    axes.set_xticks([place for place, _ in named], [text for _, text in named])
    if named[0][0] == 0:
        axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.set_xlim(0, max(1, len(chart.months) - 1))
    return axes


def _end_labels(
    axes: Axes, ends: list[tuple[str, float, str]], size: tuple[float, float], last: int
) -> None:
    """Labels beside the right end, moved apart where they would overlap."""
    top = axes.get_ylim()[1]
    per_mm = top / (size[1] - TOP_MM - BOTTOM_MM)
    places = spread([value for _, value, _ in ends], LINE_MM * per_mm, 0.5 * LINE_MM * per_mm, top)
    for (words, _, colour), place in zip(ends, places, strict=True):
        axes.annotate(words, (last, place), xytext=(4, 0), textcoords="offset points",
                      va="center", color=colour, annotation_clip=False)  # fmt: skip


def _draw_stack(figure: Figure, chart: Stack, size: tuple[float, float]) -> None:
    places = range(len(chart.months))
    floor = [0.0] * len(places)
    ends = []
    for place, layer in enumerate(chart.layers):
        roof = [below + value for below, value in zip(floor, layer.values, strict=True)]
        words = f"{layer.label} {say(layer.values[-1], chart.unit.partition('/')[0])}"
        ends.append((words, (floor[-1] + roof[-1]) / 2, floor, roof, place))
        floor = roof
    axes = _month_axes(figure, chart, size, max(floor), [end[0] for end in ends], WORDS_MM)
    for _, _, below, above, place in ends:
        axes.fill_between(places, below, above, facecolor=palette.layer_colour(place),
                          edgecolor=palette.PAPER, linewidth=0.4, gid=f"layer-{place}")  # fmt: skip
    _layer_labels(axes, [(words, middle) for words, middle, *_ in ends], size, len(places) - 1)


def _layer_labels(
    axes: Axes, ends: list[tuple[str, float]], size: tuple[float, float], last: int
) -> None:
    """A square in the layer's colour, the words, and a line to the layer."""
    top = axes.get_ylim()[1]
    per_mm = top / (size[1] - TOP_MM - BOTTOM_MM)
    places = spread([at for _, at in ends], LINE_MM * 1.1 * per_mm, LINE_MM * per_mm, top)
    wide = axes.get_position().width * size[0]
    leader, square, text = (
        last * (1.0 + space / wide) for space in (LEADER_MM, SQUARE_MM, WORDS_MM)
    )
    for rank, ((words, at), place) in enumerate(zip(ends, places, strict=True)):
        axes.plot([last, leader], [at, place], color=palette.MUTED, linewidth=0.4, clip_on=False)
        axes.plot([square], [place], marker="s", markersize=4.0, clip_on=False,
                  color=palette.layer_colour(rank))  # fmt: skip
        axes.annotate(words, (text, place), va="center", annotation_clip=False)


def _draw_bars(figure: Figure, chart: Bars, size: tuple[float, float]) -> None:
    left = max((_width_mm(bar.label) for bar in chart.bars), default=0.0) + PAD_MM + 0.5
    right = max((_words_mm(bar) for bar in chart.bars), default=0.0) + PAD_MM
    axes = _axes(figure, chart, size, left, right)
    ends = [value for bar in chart.bars for value in (bar.start, bar.end)]
    axes.set_xlim(min([0.0, *ends]), max([*ends, chart.limit or 0.0, 1e-9]))
    axes.set_ylim(len(chart.bars) - 0.4, -0.6)
    axes.set_yticks(range(len(chart.bars)), [bar.label for bar in chart.bars])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_xticks([])
    axes.axvline(0.0, color=palette.MUTED, linewidth=0.6)
    for place, bar in enumerate(chart.bars):
        _draw_bar(axes, place, bar)
        if place and bar.start > 0.0 and math.isclose(bar.start, chart.bars[place - 1].end):
            axes.plot([bar.start] * 2, [place - 1, place], color=palette.MUTED, linewidth=0.5)
    if chart.limit is not None:
        axes.axvline(chart.limit, color=palette.STANDING, linewidth=1.0, linestyle=(0, (3, 2)))
        axes.annotate(chart.limit_label, (chart.limit, 0), xytext=(-3, 0), va="center",
                      textcoords="offset points", ha="right", color=palette.STANDING)  # fmt: skip


def _draw_bar(axes: Axes, place: int, bar: Bar) -> None:
    """A bar with its words."""
    axes.barh([place], [bar.end - bar.start], left=[bar.start], height=0.62,
              color=palette.TONES[bar.tone], gid=f"bar-{place}")  # fmt: skip
    axes.annotate(bar.words, (max(bar.start, bar.end), place), xytext=(3, 0),
                  textcoords="offset points", va="center", annotation_clip=False,
                  weight="bold" if bar.tone == "total" else "normal")  # fmt: skip
