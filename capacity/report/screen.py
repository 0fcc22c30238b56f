"""Charts on screen: the same data as on paper, as Plotly figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capacity.report import palette
from capacity.report.marks import Bars, Chart, Fan, Stack

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FONT = {"family": "DejaVu Sans, Arial, sans-serif", "size": 12, "color": palette.INK}
HEIGHT, BAR_PX, FRAME_PX = 360, 26, 90
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
    content = {
        "data": traces,
        "layout": {"template": "none", "dragmode": False, **layout, **still},
    }
    return go.Figure(_in_dark(content) if dark else content)


def _in_dark(item: Any) -> Any:
    """Figure with every light colour changed for its dark one."""
    if isinstance(item, dict):
        return {key: _in_dark(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_in_dark(value) for value in item]
    return palette.DARK.get(item, item) if isinstance(item, str) else item


def _layout(chart: Chart) -> dict[str, Any]:
    axis = {"showgrid": False, "zeroline": False, "linecolor": palette.GRID, "automargin": True}
    bars = isinstance(chart, Bars)
    values = {**axis, "title": {"text": chart.unit}, "showgrid": True,
              "gridcolor": palette.GRID, "rangemode": "tozero"}  # fmt: skip
    if isinstance(chart, Bars):
        values["range"] = _bar_range(chart)
    other = {**axis, "autorange": "reversed"} if bars else axis
    return {
        "title": {"text": chart.title, "x": 0.0, "xanchor": "left"},
        "font": FONT,
        "paper_bgcolor": palette.PAPER,
        "plot_bgcolor": palette.PAPER,
        "height": FRAME_PX + BAR_PX * len(chart.bars) if isinstance(chart, Bars) else HEIGHT,
        "margin": {"l": 10, "r": 20, "t": 45, "b": 35},
        "showlegend": not bars,
        "legend": {"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0.0,
                   "xanchor": "left", "traceorder": "normal"},
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
    traces = []
    for band in chart.bands:
        for start, end, solid in chart.segments:
            if solid or band is chart.bands[0]:
                traces.append(_band(chart, (start, end), band.level, solid=solid))
    for start, end, solid in chart.segments:
        traces.append(_median(chart, (start, end), solid=solid))
    traces += _ends(chart)
    for line in chart.lines:
        traces.append(_series(
            chart, line.label, line.values, {"color": palette.STANDING, "width": 2, "shape": "hv"}
        ))  # fmt: skip
    traces += [_mark(chart, kind) for kind in ("reported", "claim")]
    return [trace for trace in traces if trace["x"]]


def _band(chart: Fan, ends: tuple[int, int], level: float, *, solid: bool) -> dict[str, Any]:
    """Closed outline of a band between two months; no hover, the ends carry it."""
    band = next(item for item in chart.bands if item.level == level)
    here = slice(ends[0], ends[1] + 1)
    months = list(chart.months[here])
    look = {"fillcolor": palette.BANDS[level]} if solid else {
        "fillcolor": palette.RECONSTRUCTED,
        "fillpattern": {"shape": "/", "fgcolor": palette.HATCH, "bgcolor": palette.RECONSTRUCTED,
                        "size": 5, "solidity": 0.2},
    }  # fmt: skip
    return {
        "type": "scatter", "mode": "lines", "fill": "toself", "hoverinfo": "skip",
        "name": f"{band.label} of the draws" if solid else "reconstruction",
        "showlegend": True, "line": {"width": 0},
        "x": months + months[::-1],
        "y": [*band.low[here], *band.high[here][::-1]],
        **look,
    }  # fmt: skip


def _median(chart: Fan, ends: tuple[int, int], *, solid: bool) -> dict[str, Any]:
    here = slice(ends[0], ends[1] + 1)
    look = {"color": palette.FAN, "width": 2, "dash": "solid" if solid else "dash"}
    words = "median" if solid else "median, reconstructed"
    trace = _series(chart, words, chart.median[here], look)
    return {**trace, "x": list(chart.months[here]), "showlegend": solid}


def _ends(chart: Fan) -> list[dict[str, Any]]:
    """Invisible lines at the ends of the bands, so that hovering names them."""
    rows = []
    for band in chart.bands:
        tail = round((1.0 - band.level) / 2 * 100)
        rows += [(f"{100 - tail} %", band.high), (f"{tail} %", band.low)]
    clear = {"width": 0, "color": palette.MUTED}
    return [{**_series(chart, words, values, clear), "showlegend": False} for words, values in rows]


def _series(
    chart: Fan | Stack, name: str, values: tuple[float, ...], line: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines" if len(chart.months) > 1 else "markers",
        "name": name, "line": line, "marker": {"color": line["color"], "size": 9},
        "x": list(chart.months), "y": list(values),
        "hovertemplate": f"%{{y:,.4~g}} {chart.unit}",
    }  # fmt: skip


def _mark(chart: Fan, kind: str) -> dict[str, Any]:
    marks = [mark for mark in chart.marks if mark.kind == kind]
    claim = kind == "claim"
    return {
        "type": "scatter", "mode": "markers", "name": "published" if claim else "reported",
        "x": [mark.month for mark in marks], "y": [mark.value for mark in marks],
        "text": [", ".join(filter(None, (mark.label, mark.place))) for mark in marks],
        "hovertemplate": f"%{{y:,.4~g}} {chart.unit} %{{text}}",
        "marker": {"symbol": "diamond" if claim else "circle", "size": 9,
                   "color": palette.CLAIM if claim else palette.REPORTED},
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
    """The line across all bars, with its words."""
    if chart.limit is None:
        return {}
    across = {"xref": "x", "yref": "y domain"}
    line = {"color": palette.STANDING, "dash": "dash"}
    return {
        "shapes": [{"type": "line", "x0": chart.limit, "x1": chart.limit, "y0": 0, "y1": 1,
                    "line": line, **across}],
        "annotations": [{"x": chart.limit, "y": 1, "text": chart.limit_label, "xanchor": "left",
                         "yanchor": "top", "showarrow": False, **across}],
    }  # fmt: skip


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
        # What stands in brackets has no room on a phone; it is said when hovering.
        "text": [bar.words.partition(" (")[0] for bar in chart.bars], "textposition": "outside",
        "customdata": [bar.words for bar in chart.bars],
        "cliponaxis": False,
        "marker": {"color": [palette.TONES[bar.tone] for bar in chart.bars]},
        "hovertemplate": f"%{{y}}: %{{customdata}} [{chart.unit}]<extra></extra>",
    }]  # fmt: skip
