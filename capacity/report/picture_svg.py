"""Pictures of boxes as SVG with real text, the same bytes on every run."""

from __future__ import annotations

import io

from capacity.report import palette
from capacity.report.marks import Picture
from capacity.report.svg import MM, STYLE, TEXT_PT, TITLE_PT, TOP_MM

FILLS = {"frame": palette.PAPER, "part": palette.GRID, "total": palette.BANDS[0.8]}
SMALLEST_PT = 4.6
LETTER_MM_PER_PT = 0.22  # mean width of a letter


def picture_svg(picture: Picture, size: tuple[float, float]) -> str:
    """Draw a picture.

    Parameters
    ----------
    picture : Picture
        What to show.
    size : (float, float)
        Width and height. [mm]

    Returns
    -------
    str
        An SVG document without date.

    Examples
    --------
    >>> from capacity.report.marks import Box
    >>> picture = Picture("p", "Title", "alt", (Box(0, 0, 50, 50, "zone"),))
    >>> picture_svg(picture, (80, 40)).count("zone")
    1
    """
    import matplotlib as mpl  # noqa: PLC0415  slow to import
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    width, height = size
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width * MM, height * MM))
        figure.text(0.4 / width, 1.0 - 2.9 / height, picture.title, fontsize=TITLE_PT,
                    weight="bold", va="center")  # fmt: skip
        axes = figure.add_axes((0.003, 0.01, 0.994, (height - TOP_MM) / height))
        axes.set(xlim=(0, 100), ylim=(0, 100))
        axes.set_axis_off()
        for box in picture.boxes:
            axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, linewidth=0.6,
                           facecolor=FILLS[box.tone], edgecolor=palette.MUTED,
                           clip_on=False))  # fmt: skip
            framed = box.tone == "frame"
            top = box.y + box.height * (1.0 if framed else 0.5)
            axes.annotate(box.label, (box.x + box.width / 2, top), xytext=(0, -2 * framed),
                          textcoords="offset points", ha="center",
                          va="top" if framed else "center", linespacing=1.1,
                          fontsize=_points(box.label, box.width / 100 * width))  # fmt: skip
        file = io.StringIO()
        figure.savefig(
            file, format="svg", metadata={"Date": None, "Creator": None, "Title": picture.title}
        )
    return file.getvalue()


def _points(label: str, width_mm: float) -> float:
    """Size at which the longest line of a label fits into a box. [pt]"""
    longest = max(len(line) for line in label.split("\n"))
    return max(SMALLEST_PT, min(TEXT_PT, width_mm / max(1, longest) / LETTER_MM_PER_PT))
