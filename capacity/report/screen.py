"""Charts on screen: the same data as on paper, as Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from capacity.report import palette
from capacity.report.marks import Band, Bar, Bars, Chart, Fan, Stack, Values

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FONT = {"family": "DejaVu Sans, Arial, sans-serif", "size": 12, "color": palette.INK}
HEIGHT, BAR_PX, FRAME_PX = 390, 26, 90
# Margins that need no measuring: a chart is laid out once, not until its words fit.
FIXED = {"l": 62, "r": 20, "t": 45, "b": 110, "autoexpand": False}
WIDEST = 42  # signs of a title in one line
HATCHED = {
    "fillcolor": palette.RECONSTRUCTED,
    "fillpattern": {"shape": "/", "fgcolor": palette.HATCH, "bgcolor": palette.RECONSTRUCTED,
                    "size": 5, "solidity": 0.2},
}  # fmt: skip
MARKS = {  # name, symbol and colour of a figure by its kind
    "reported": ("reported", "circle", palette.REPORTED),
    "claim": ("published", "diamond", palette.CLAIM),
    "event": ("event", "triangle-up", palette.REPORTED),
}
WORDS_SHARE = 0.4  # of the bars' axis that the words beside the longest bar take


def screen(chart: Chart, *, dark: bool = False) -> Figure:
    """Draw a chart for a browser.

    Parameters
    ----------
    chart : Fan, Stack or Bars
        What to show.
    dark : bool
        Whether the page around it is dark.

    Returns
    -------
    plotly.graph_objects.Figure
        With its own template and colours; units stand at the axis and in every hover text.

    Examples
    --------
    >>> from capacity.report.marks import Bar
    >>> figure = screen(Bars("b", "Title", "GPUs", "alt", (Bar("one", 0, 2, "2 GPUs"),)))
    >>> figure.data[0].x
    (2,)
    """
    if isinstance(chart, Bars):
        traces = _bars(chart)
    elif isinstance(chart, Stack):
        traces = _stack(chart)
    else:
        traces = _fan(chart)
    return figure_of(traces, _layout(chart), dark=dark)


def figure_of(traces: list[dict[str, Any]], layout: dict[str, Any], *, dark: bool) -> Figure:
    """Figure from everything it holds, checked by Plotly once.

    Parameters
    ----------
    traces : list of dict
        The data.
    layout : dict
        Everything else, in the colours of paper.
    dark : bool
        Whether the page around it is dark.

    Returns
    -------
    plotly.graph_objects.Figure
        Without a template of Plotly's.
    """
    import plotly.graph_objects as go  # noqa: PLC0415  slow to import

    # No zoom: a finger that drags over a chart scrolls the page, and there is less to draw.
    still = {name: {**layout[name], "fixedrange": True} for name in ("xaxis", "yaxis")}
    look = {"template": "none", "dragmode": False, "font": FONT,
            "paper_bgcolor": palette.PAPER, "plot_bgcolor": palette.PAPER}  # fmt: skip
    content = {"data": traces, "layout": {**look, **layout, **still}}
    return go.Figure(_in_dark(content) if dark else content)


def titled(text: str) -> dict[str, Any]:
    """Title that breaks where a phone has no more room.

    Parameters
    ----------
    text : str
        The words.

    Returns
    -------
    dict
        For the layout.

    Examples
    --------
    >>> titled("Cost")["text"]
    'Cost'
    """
    return {"text": "<br>".join(wrap(text, WIDEST)), "x": 0.0, "xanchor": "left",
            "font": {"size": 15}}  # fmt: skip


def _in_dark(item: Any) -> Any:
    """Figure with every light colour changed for its dark one."""
    if isinstance(item, dict):
        return {key: _in_dark(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_in_dark(value) for value in item]
    return palette.DARK.get(item, item) if isinstance(item, str) else item


def _layout(chart: Chart) -> dict[str, Any]:
    bars = isinstance(chart, Bars)
    axis = {"showgrid": False, "zeroline": False, "linecolor": palette.GRID, "automargin": bars}
    values = {**axis, "title": {"text": chart.unit}, "showgrid": True,
              "gridcolor": palette.GRID, "rangemode": "tozero"}  # fmt: skip
    if isinstance(chart, Bars):
        values["range"] = _bar_range(chart)
    # A category, also where the words are figures such as 99.9.
    other = {**axis, "autorange": "reversed", "type": "category"} if bars else axis
    return {
        "title": titled(chart.title),
        "height": FRAME_PX + BAR_PX * len(chart.bars) if isinstance(chart, Bars) else HEIGHT,
        "margin": {"l": 10, "r": 20, "t": 45, "b": 35} if bars else FIXED,
        "showlegend": not bars,
        "legend": {"orientation": "h", "yref": "container", "y": 0.0, "yanchor": "bottom",
                   "xref": "container", "x": 0.0, "xanchor": "left", "traceorder": "normal",
                   "entrywidth": 0.5, "entrywidthmode": "fraction", "font": {"size": 10}},
        "hovermode": "closest" if bars else "x unified",
        "xaxis": values if bars else other,
        "yaxis": other if bars else values,
        "meta": {"alt": chart.alt},
        **(_limit(chart) if isinstance(chart, Bars) else {}),
        **(_spans(chart) if isinstance(chart, Fan) else {}),
    }  # fmt: skip


def _bar_range(chart: Bars) -> list[float]:
    """Ends of the axis, with room for the words beside the longest bar."""
    ends = [0.0, chart.limit or 0.0, *(end for bar in chart.bars for end in (bar.start, bar.end))]
    low, high = min(ends), max(ends)
    room = WORDS_SHARE * (high - low)
    return [low - room * (low < 0.0), high + room]


def _fan(chart: Fan) -> list[dict[str, Any]]:
    """Few traces, each with all its parts: Plotly's work goes by the trace, not by the point."""
    solid = [(start, end) for start, end, drawn in chart.segments if drawn]
    traces = [_band(chart, band, solid, {"fillcolor": palette.BANDS[band.level]})
              for band in chart.bands]  # fmt: skip
    if chart.reconstructed is not None:
        traces.append(_band(chart, chart.bands[0], [chart.reconstructed], HATCHED))
        traces.append(_median(chart, [chart.reconstructed], "median, reconstructed", "dash"))
    traces += [_median(chart, solid, "median", "solid"), _read(chart)]
    look = {"color": palette.STANDING, "width": 2, "shape": "hv"}
    traces += [_series(chart, line.label, line.values, look) for line in chart.lines]
    traces += [_mark(chart, kind) for kind in MARKS]
    return [trace for trace in traces if trace["x"]]


def _band(
    chart: Fan, band: Band, parts: Sequence[tuple[int, int]], look: dict[str, Any]
) -> dict[str, Any]:
    """Closed outlines of a band between months, with gaps between them; no hover."""
    months: list[str | None] = []
    values: list[float | None] = []
    for start, end in parts:
        here = slice(start, end + 1)
        months += [*chart.months[here], *chart.months[here][::-1], None]
        values += [*band.low[here], *band.high[here][::-1], None]
    return {
        "type": "scatter", "mode": "lines", "fill": "toself", "hoverinfo": "skip",
        "name": "reconstruction" if look is HATCHED else f"{band.label} of the draws",
        "showlegend": True, "line": {"width": 0},
        "x": months[:-1], "y": values[:-1],
        **look,
    }  # fmt: skip


def _median(chart: Fan, parts: Sequence[tuple[int, int]], name: str, dash: str) -> dict[str, Any]:
    months: list[str | None] = []
    values: list[float | None] = []
    for start, end in parts:
        months += [*chart.months[start : end + 1], None]
        values += [*chart.median[start : end + 1], None]
    single = len(chart.months) == 1
    return {
        "type": "scatter", "mode": "markers" if single else "lines", "hoverinfo": "skip",
        "name": name, "showlegend": dash == "solid",
        "line": {"color": palette.FAN, "width": 2, "dash": dash},
        "marker": {"color": palette.FAN, "size": 9},
        "x": months[:-1], "y": values[:-1],
    }  # fmt: skip


def _read(chart: Fan) -> dict[str, Any]:
    """Invisible line over all months that names the median and every band when hovering."""
    ends = [end for band in chart.bands for end in (band.low, band.high)]
    said = [f"%{{y:,.4~g}} {chart.unit}"]
    said += [
        f"{band.label}: %{{customdata[{2 * place}]:,.4~g}} to "
        f"%{{customdata[{2 * place + 1}]:,.4~g}}"
        for place, band in enumerate(chart.bands)
    ]
    return {
        "type": "scatter", "mode": "lines", "name": "median", "showlegend": False,
        "line": {"width": 0, "color": palette.FAN},
        "x": list(chart.months), "y": list(chart.median),
        "customdata": [list(row) for row in zip(*ends, strict=True)],
        "hovertemplate": "<br>".join(said),
    }  # fmt: skip


def _series(chart: Fan | Stack, name: str, values: Values, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines" if len(chart.months) > 1 else "markers",
        "name": name, "line": line, "marker": {"color": line["color"], "size": 9},
        "x": list(chart.months), "y": list(values),
        "hovertemplate": f"%{{y:,.4~g}} {chart.unit}",
    }  # fmt: skip


def _mark(chart: Fan, kind: str) -> dict[str, Any]:
    marks = [mark for mark in chart.marks if mark.kind == kind]
    name, symbol, colour = MARKS[kind]
    return {
        "type": "scatter", "mode": "markers", "name": name,
        "x": [mark.month for mark in marks], "y": [mark.value for mark in marks],
        "text": [escape(", ".join(filter(None, (mark.label, mark.place)))) for mark in marks],
        "hovertemplate": f"%{{y:,.4~g}} {chart.unit} %{{text}}",
        "marker": {"symbol": symbol, "size": 9, "color": colour},
    }  # fmt: skip


def _spans(chart: Fan) -> dict[str, Any]:
    """Names of the reconstructed and of the forecast months along the top."""
    named = ((chart.reconstructed, "reconstruction"), (chart.forecast, "forecast"))
    look = {"yref": "paper", "y": 1.0, "xanchor": "left", "yanchor": "top", "showarrow": False,
            "font": {"color": palette.MUTED, "size": 11}}  # fmt: skip
    return {"annotations": [
        {"x": chart.months[ends[0]], "text": words, **look}
        for ends, words in named if ends is not None
    ]}  # fmt: skip


def _limit(chart: Bars) -> dict[str, Any]:
    """The line across all bars, with its words; those of the bars stand before it."""
    if chart.limit is None:
        return {}
    across = {"xref": "x", "yref": "y domain"}  # its words stand above the bars' own
    line = {"color": palette.STANDING, "dash": "dash"}
    return {
        "shapes": [{"type": "line", "x0": chart.limit, "x1": chart.limit, "y0": 0, "y1": 1,
                    "line": line, **across}],
        "annotations": [{"x": chart.limit, "y": 1, "text": chart.limit_label, "xanchor": "right",
                         "yanchor": "bottom", "showarrow": False, **across},
                        *(_words(*item) for item in enumerate(chart.bars))],
    }  # fmt: skip


def _words(place: int, bar: Bar) -> dict[str, Any]:
    """What is said of a bar, beside its end."""
    return {
        "x": bar.end, "y": place, "text": _shown(bar), "font": {"size": 11},
        "xanchor": "left" if bar.end >= bar.start else "right", "showarrow": False,
        "xshift": 2 if bar.end >= bar.start else -2, "bgcolor": palette.BEHIND_WORDS,
    }  # fmt: skip


def _shown(bar: Bar) -> str:
    """Words of a bar; what stands in brackets has no room on a phone, it is said when hovering."""
    return bar.words.partition(" (")[0]


def _stack(chart: Stack) -> list[dict[str, Any]]:
    return [
        {
            **_series(chart, layer.label, layer.values,
                      {"width": 0.5, "color": palette.layer_colour(place)}),
            "stackgroup": "sum",
            "fillcolor": palette.layer_colour(place),
        }
        for place, layer in enumerate(chart.layers)
    ]  # fmt: skip


def _bars(chart: Bars) -> list[dict[str, Any]]:
    return [{
        "type": "bar", "orientation": "h", "name": chart.title,
        "x": [bar.end - bar.start for bar in chart.bars],
        "y": [bar.label for bar in chart.bars],
        "base": [bar.start for bar in chart.bars],
        "text": None if chart.limit is not None else [_shown(bar) for bar in chart.bars],
        "textposition": "outside", "textfont": {"size": 11},
        "customdata": [bar.words for bar in chart.bars],
        "cliponaxis": False,
        "marker": {"color": [palette.TONES[bar.tone] for bar in chart.bars]},
        "hovertemplate": f"%{{y}}: %{{customdata}} [{chart.unit}]<extra></extra>",
    }]  # fmt: skip
