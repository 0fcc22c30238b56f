"""Pictures of boxes on screen: the same data as on paper, as Plotly figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capacity.report import palette
from capacity.report.marks import Box, Picture
from capacity.report.picture_svg import FILLS
from capacity.report.screen import figure_of, titled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT, WIDTH = 330, 560
LARGEST, SMALLEST, SIGN = 11, 7, 0.6  # size of words, and width of a sign as a share of it
HIDDEN = {"visible": False, "range": [0, 100], "fixedrange": True}


def picture_screen(picture: Picture, *, dark: bool = False) -> Figure:
    """Draw a picture for a browser.

    Parameters
    ----------
    picture : Picture
        What to show.
    dark : bool
        Whether the page around it is dark.

    Returns
    -------
    plotly.graph_objects.Figure
        Rectangles with their words.

    Examples
    --------
    >>> from capacity.report.marks import Box
    >>> figure = picture_screen(Picture("p", "Title", "alt", (Box(0, 0, 50, 50, "zone"),)))
    >>> figure.layout.annotations[0].text
    'zone'
    """
    layout = {
        "title": titled(picture.title),
        "height": HEIGHT,
        "margin": {"l": 5, "r": 5, "t": 45, "b": 5},
        "xaxis": HIDDEN,
        "yaxis": HIDDEN,
        "meta": {"alt": picture.alt},
        "shapes": [_frame(box) for box in picture.boxes],
        "annotations": [_words(box) for box in picture.boxes],
    }
    return figure_of([], layout, dark=dark)


def _frame(box: Box) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": box.x,
        "y0": box.y,
        "x1": box.x + box.width,
        "y1": box.y + box.height,
        "fillcolor": FILLS[box.tone],
        "line": {"color": palette.MUTED, "width": 1},
        "layer": "below",
    }


def _fitting(box: Box) -> float:
    """Size at which the longest line of a box stays inside it on a page of usual width. [px]"""
    longest = max(map(len, box.label.split("\n")))
    room = box.width / 100 * WIDTH
    return float(min(LARGEST, max(SMALLEST, room / (SIGN * longest))))


def _words(box: Box) -> dict[str, Any]:
    framed = box.tone == "frame"
    return {
        "x": box.x + box.width / 2,
        "y": box.y + box.height * (1.0 if framed else 0.5),
        "text": box.label.replace("\n", "<br>"),
        "showarrow": False,
        "yanchor": "top" if framed else "middle",
        "font": {"size": _fitting(box), "color": palette.INK},
    }
