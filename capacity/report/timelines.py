"""Charts over the minutes of an incident in neutral form: lines, a band, events."""

from __future__ import annotations

from dataclasses import dataclass

Values = tuple[float, ...]


@dataclass(frozen=True)
class Curve:
    """One series over the minutes.

    Parameters
    ----------
    label : str
        Words beside it.
    values : tuple of float
        In the chart's unit.
    tone : str
        ``"told"``, ``"chosen"`` or ``"limit"``.
    """

    label: str
    values: Values
    tone: str = "told"


@dataclass(frozen=True)
class Stretch:
    """A band between two series.

    Parameters
    ----------
    label : str
        Words beside it.
    low, high : tuple of float
        Ends, in the chart's unit.
    """

    label: str
    low: Values
    high: Values


@dataclass(frozen=True)
class Phase:
    """A named part of an incident.

    Parameters
    ----------
    label : str
        Short words.
    start, end : float
        Since the change. [min]
    """

    label: str
    start: float
    end: float


@dataclass(frozen=True)
class Timeline:
    """Series over the minutes of an incident.

    Parameters
    ----------
    name, title, unit, alt : str
        Identification, words above the chart, unit of the values, description for those who
        cannot see it.
    minutes : tuple of float
        Since the change, ascending. [min]
    curves : tuple of Curve
        The lines.
    bands : tuple of Stretch
        Behind the lines.
    phases : tuple of Phase
        Named along the top.
    top : float
        Highest value of the axis, in the chart's unit.
    """

    name: str
    title: str
    unit: str
    alt: str
    minutes: Values
    curves: tuple[Curve, ...]
    bands: tuple[Stretch, ...] = ()
    phases: tuple[Phase, ...] = ()
    top: float = 1.0
