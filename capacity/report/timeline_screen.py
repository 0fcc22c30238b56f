"""Timelines on screen: the same data as on paper, as Plotly figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capacity.report import palette
from capacity.report.screen import figure_of, titled
from capacity.report.timelines import Curve, Phase, Stretch, Timeline

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT, ROW_PX = 300, 13
TONES = {"told": palette.STANDING, "chosen": palette.FAN, "limit": palette.CLAIM}


def timeline_screen(chart: Timeline, *, dark: bool = False) -> Figure:
    """Draw a timeline for a browser.

    Parameters
    ----------
    chart : Timeline
        What to show.
    dark : bool
        Whether the page around it is dark.

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
    bands = [_band(chart, band) for band in chart.bands]
    curves = [_curve(chart, curve) for curve in chart.curves]
    return figure_of([*bands, *curves], _layout(chart), dark=dark)


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
        "title": titled(chart.title),
        "height": HEIGHT,
        "margin": {"l": 10, "r": 20, "t": 72, "b": 74},
        "hovermode": "x unified",
        "xaxis": {**axis, "title": {"text": "minutes since the change"}},
        "yaxis": {**axis, "title": {"text": chart.unit}, "showgrid": True,
                  "gridcolor": palette.GRID, "range": [0.0, 1.04 * chart.top]},
        "showlegend": len(chart.curves) > 1,
        "legend": {"orientation": "h", "y": -0.42, "yanchor": "top", "x": 0.0},
        "annotations": [_name(place, phase) for place, phase in enumerate(chart.phases)],
        "meta": {"alt": chart.alt},
    }  # fmt: skip


def _name(place: int, phase: Phase) -> dict[str, Any]:
    """Name of a phase above the lines; neighbours on two rows, because some are short."""
    return {
        "x": phase.start, "xanchor": "left", "text": phase.label, "showarrow": False,
        "y": 1.0, "yref": "paper", "yanchor": "bottom", "yshift": ROW_PX * (place % 2),
        "font": {"color": palette.MUTED, "size": 11},
    }  # fmt: skip
