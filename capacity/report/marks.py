"""What a chart shows, without saying how it is drawn: series, bands, marks, labels, units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

Values = tuple[float, ...]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Band:
    """Interval that holds a share of the draws in each month.

    Parameters
    ----------
    level : float
        Share inside. [1]
    low, high : tuple of float
        Ends in each month, in the chart's unit.
    """

    level: float
    low: Values
    high: Values

    @property
    def label(self) -> str:
        """Level in percent."""
        return f"{self.level:.0%}".replace("%", " %")


@dataclass(frozen=True)
class Line:
    """Series of a figure that is decided, drawn as steps.

    Parameters
    ----------
    label : str
        Words beside the line.
    values : tuple of float
        One value a month, in the chart's unit.
    """

    label: str
    values: Values


@dataclass(frozen=True)
class Mark:
    """A single figure that somebody reported, or something that happens.

    Parameters
    ----------
    month : str
        As YYYY-MM.
    value : float
        In the chart's unit.
    kind : str
        ``"reported"`` for history, ``"claim"`` for a projection or a published figure,
        ``"event"`` for an event ahead, on the median of its first month.
    label, place : str
        Words beside the mark, and its place among the draws, or how long it lasts; empty for none.
    """

    month: str
    value: float
    kind: str
    label: str = ""
    place: str = ""


@dataclass(frozen=True)
class Fan:
    """Median and bands of one metric over the months.

    Parameters
    ----------
    name : str
        Identification.
    title, unit, alt : str
        Words above the chart, unit of its values, description for those who cannot see it.
    months, kinds : tuple of str
        Months as YYYY-MM; reported, reconstructed or forecast for each.
    median : tuple of float
        Middle of the draws in each month.
    bands : tuple of Band
        Widest first.
    lines : tuple of Line
        Decisions.
    marks : tuple of Mark
        Reported points, claims and events.
    """

    name: str
    title: str
    unit: str
    alt: str
    months: tuple[str, ...]
    kinds: tuple[str, ...]
    median: Values
    bands: tuple[Band, ...]
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def reconstructed(self) -> tuple[int, int] | None:
        """First and last place of the path between reported points; None if there is none."""
        places = [place for place, kind in enumerate(self.kinds) if kind == "reconstructed"]
        if not places:
            return None
        return max(0, places[0] - 1), min(len(self.kinds) - 1, places[-1] + 1)

    @property
    def forecast(self) -> tuple[int, int] | None:
        """First and last place of the forecast, with the month it starts from; None if none."""
        places = [place for place, kind in enumerate(self.kinds) if kind == "forecast"]
        return (max(0, places[0] - 1), places[-1]) if places else None

    @property
    def segments(self) -> tuple[tuple[int, int, bool], ...]:
        """First and last place of each part, and whether it is drawn solid: a forecast or fact."""
        last, path = len(self.months) - 1, self.reconstructed
        if path is None:
            return ((0, last, True),)
        parts = ((0, path[0], True), (*path, False), (path[1], last, True))
        return tuple(part for part in parts if part[1] > part[0])

    def widened(self) -> Fan:
        """The same chart with its last month twice, so that a single one has a width to draw.

        Returns
        -------
        Fan
            One place longer.
        """
        return replace(
            self,
            months=_twice(self.months),
            kinds=_twice(self.kinds),
            median=_twice(self.median),
            bands=tuple(
                Band(band.level, _twice(band.low), _twice(band.high)) for band in self.bands
            ),
            lines=tuple(Line(line.label, _twice(line.values)) for line in self.lines),
        )


@dataclass(frozen=True)
class Layer:
    """One part of a sum.

    Parameters
    ----------
    label : str
        Words beside it.
    values : tuple of float
        One value a month, in the chart's unit.
    """

    label: str
    values: Values


@dataclass(frozen=True)
class Stack:
    """Parts of a sum over the months.

    Parameters
    ----------
    name, title, unit, alt : str
        As in `Fan`.
    months, kinds : tuple of str
        As in `Fan`.
    layers : tuple of Layer
        From the bottom up.
    """

    name: str
    title: str
    unit: str
    alt: str
    months: tuple[str, ...]
    kinds: tuple[str, ...]
    layers: tuple[Layer, ...]

    def widened(self) -> Stack:
        """The same chart with its last month twice, so that a single one has a width to draw.

        Returns
        -------
        Stack
            One place longer.
        """
        layers = tuple(Layer(layer.label, _twice(layer.values)) for layer in self.layers)
        return replace(self, months=_twice(self.months), kinds=_twice(self.kinds), layers=layers)


@dataclass(frozen=True)
class Bar:
    """One bar from a start to an end.

    Parameters
    ----------
    label : str
        Words at the axis.
    start, end : float
        Where it begins and ends, in the chart's unit.
    words : str
        Printed beside it.
    tone : str
        ``"part"``, ``"total"``, ``"left"`` for what remains, ``"over"`` for what exceeds.
    """

    label: str
    start: float
    end: float
    words: str
    tone: str = "part"


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, the first on top.

    Parameters
    ----------
    name, title, unit, alt : str
        As in `Fan`.
    bars : tuple of Bar
        From the top down.
    limit : float or None
        A line across all bars, in the chart's unit.
    limit_label : str
        Words beside that line.
    """

    name: str
    title: str
    unit: str
    alt: str
    bars: tuple[Bar, ...]
    limit: float | None = None
    limit_label: str = ""


@dataclass(frozen=True)
class Box:
    """A named rectangle of a picture.

    Parameters
    ----------
    x, y, width, height : float
        Place of its lower left corner and size, in hundredths of the picture's width and height.
    label : str
        Words inside: in the middle, or at the top where the box holds others.
    tone : str
        ``"frame"`` for a box that holds others, ``"part"`` or ``"total"``.
    """

    x: float
    y: float
    width: float
    height: float
    label: str
    tone: str = "part"


@dataclass(frozen=True)
class Picture:
    """Rectangles in rectangles.

    Parameters
    ----------
    name, title, alt : str
        As in `Fan`.
    boxes : tuple of Box
        Those that hold others first.
    """

    name: str
    title: str
    alt: str
    boxes: tuple[Box, ...]


Chart = Fan | Stack | Bars


def _twice(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return (*items, items[-1])
