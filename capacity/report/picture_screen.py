"""Pictures of boxes on screen: the same data as on paper, as Plotly figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capacity.report import palette
from capacity.report.marks import Picture
from capacity.report.picture_svg import FILLS
from capacity.report.screen import FONT, in_dark

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT = 330


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
    import plotly.graph_objects as go  # noqa: PLC0415  slow to import

    figure = go.Figure()
    for box in picture.boxes:
        framed = box.tone == "frame"
        figure.add_shape(
            type="rect", x0=box.x, y0=box.y, x1=box.x + box.width, y1=box.y + box.height,
            fillcolor=FILLS[box.tone], line={"color": palette.MUTED, "width": 1}, layer="below",
        )  # fmt: skip
        figure.add_annotation(
            x=box.x + box.width / 2, y=box.y + box.height * (1.0 if framed else 0.5),
            text=box.label.replace("\n", "<br>"), showarrow=False,
            yanchor="top" if framed else "middle", font={"size": 11, "color": palette.INK},
        )  # fmt: skip
    hidden = {"visible": False, "range": [0, 100], "fixedrange": True}
    figure.update_layout(
        template="none", title={"text": picture.title, "x": 0.0, "xanchor": "left"}, font=FONT,
        paper_bgcolor=palette.PAPER, plot_bgcolor=palette.PAPER, height=HEIGHT,
        margin={"l": 5, "r": 5, "t": 45, "b": 5}, xaxis=hidden, yaxis=hidden,
        meta={"alt": picture.alt},
    )  # fmt: skip
    return go.Figure(in_dark(figure.to_plotly_json())) if dark else figure
