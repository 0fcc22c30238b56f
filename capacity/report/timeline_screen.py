"""Timelines on screen: the same data as on paper, as Plotly figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capacity.report import palette
from capacity.report.screen import FONT, HEIGHT
from capacity.report.timelines import Curve, Stretch, Timeline

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TONES = {"told": palette.STANDING, "chosen": palette.FAN, "limit": palette.CLAIM}


def timeline_screen(chart: Timeline) -> Figure:
    """Draw a timeline for a browser.

    Parameters
    ----------
    chart : Timeline
        What to show.

    Returns
    -------
    plotly.graph_objects.Figure
        With its own template and colours; the unit stands at the axis and in every hover text.

    Examples
    --------
    >>> chart = Timeline("g", "Goodput", "%", "alt", (0.0, 1.0), (Curve("a", (0.0, 1.0)),))
    >>> timeline_screen(chart).data[0].y
    (0.0, 1.0)
    """
    import plotly.graph_objects as go  # noqa: PLC0415  slow to import

    bands = [_band(chart, band) for band in chart.bands]
    figure = go.Figure([*bands, *(_curve(chart, curve) for curve in chart.curves)])
    figure.update_layout(_layout(chart))
    for phase in chart.phases:
        figure.add_vrect(x0=phase.start, x1=phase.end, line_width=0, opacity=0.0,
                         annotation_text=phase.label, annotation_position="top left")  # fmt: skip
    return figure


def _curve(chart: Timeline, curve: Curve) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "name": curve.label,
        "x": list(chart.minutes), "y": list(curve.values),
        "line": {"color": TONES[curve.tone], "width": 2,
                 "dash": "dash" if curve.tone == "limit" else "solid"},
        "hovertemplate": f"%{{y:,.4~g}} {chart.unit}",
    }  # fmt: skip


def _band(chart: Timeline, band: Stretch) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "fill": "toself", "hoverinfo": "skip",
        "name": band.label, "line": {"width": 0}, "fillcolor": palette.BANDS[0.9],
        "x": [*chart.minutes, *chart.minutes[::-1]], "y": [*band.low, *band.high[::-1]],
    }  # fmt: skip


def _layout(chart: Timeline) -> dict[str, Any]:
    axis = {"showgrid": False, "zeroline": False, "linecolor": palette.GRID, "automargin": True}
    return {
        "template": "none",
        "title": {"text": chart.title, "x": 0.0, "xanchor": "left"},
        "font": FONT,
        "height": HEIGHT,
        "margin": {"l": 10, "r": 20, "t": 45, "b": 35},
        "hovermode": "x unified",
        "xaxis": {**axis, "title": {"text": "minutes since the change"}},
        "yaxis": {**axis, "title": {"text": chart.unit}, "showgrid": True,
                  "gridcolor": palette.GRID, "range": [0.0, 1.04 * chart.top]},
        "meta": {"alt": chart.alt},
    }  # fmt: skip
