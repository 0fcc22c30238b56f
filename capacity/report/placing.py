"""Where ticks and labels go, so that none is cut off and no two overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence

from capacity.numbers import plain

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STEPS = (1, 2, 3, 6, 12, 24, 60)
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as possible to those wanted, at least a gap apart.

    Parameters
    ----------
    wanted : sequence of float
        Places, in any unit.
    gap : float
        Smallest distance between two places, above 0.
    low, high : float
        Range to stay in; it is left only where it is too short for all.

    Returns
    -------
    list of float
        In the order given.

    Examples
    --------
    >>> spread([5.0, 5.5, 9.0], gap=2.0, low=0.0, high=10.0)
    [4.25, 6.25, 9.0]
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    groups: list[tuple[float, list[int]]] = []
    for place in order:
        groups.append((wanted[place], [place]))
        while len(groups) > 1 and _touch(groups[-2], groups[-1], gap):
            groups[-2:] = [_joined(groups[-2], groups[-1], wanted)]
    placed = {
        place: centre + (rank - (len(members) - 1) / 2) * gap
        for centre, members in groups
        for rank, place in enumerate(members)
    }
    return _inside([placed[place] for place in range(len(wanted))], order, gap, (low, high))


def value_ticks(top: float, count: int = 4) -> list[float]:
    """Round values from 0 to at least the highest.

    Parameters
    ----------
    top : float
        Highest value to show.
    count : int
        Steps wanted. [1]

    Returns
    -------
    list of float
        Evenly spaced; 0 and 1 where nothing is above 0.

    Examples
    --------
    >>> value_ticks(28e6)
    [0.0, 10000000.0, 20000000.0, 30000000.0]
    """
    if not top > 0.0:
        return [0.0, 1.0]
    size = 10.0 ** math.floor(math.log10(top / count))
    step = next(nice * size for nice in NICE if nice * size >= 0.999 * top / count)
    return [step * place for place in range(math.ceil(top / step - 1e-9) + 1)]


def value_words(value: float, unit: str) -> str:
    """Words for a tick: the number in its scale, with a sign for dollars and percent.

    Parameters
    ----------
    value : float
        A round value, in `unit`.
    unit : str
        The chart's unit.

    Returns
    -------
    str
        Without the unit, which stands in the title.

    Examples
    --------
    >>> value_words(20e6, "users"), value_words(500_000, "USD/month"), value_words(2.5, "PB")
    ('20 M', '$0.5 M', '2.5')
    """
    sign = "$" if unit.startswith("USD") else ""
    if abs(value) >= 1e5:  # noqa: PLR2004  from here in millions
        return f"{sign}{value / 1e6:g} M" if abs(value) < 1e9 else f"{sign}{plain(value)}"  # noqa: PLR2004
    return sign + plain(value)


def month_ticks(months: Sequence[str], most: int = 6) -> list[tuple[int, str]]:
    """Months to name on an axis.

    Parameters
    ----------
    months : sequence of str
        As YYYY-MM, consecutive.
    most : int
        Largest number of names. [1]

    Returns
    -------
    list of (int, str)
        Place and words; on full years, halves or quarters where they fit. The year stands at each
        January, and at the first name unless the next one has it.

    Examples
    --------
    >>> month_ticks([f"2022-{month:02d}" for month in range(1, 13)], most=4)
    [(0, 'Jan 2022'), (3, 'Apr'), (6, 'Jul'), (9, 'Oct')]
    """
    step = next((step for step in STEPS if len(months) <= step * most), STEPS[-1])
    chosen = [place for place, month in enumerate(months) if _number(month) % step == 0] or [0]
    januaries = [place for place in chosen if months[place].endswith("-01")]
    next_has_it = bool(januaries) and januaries[:1] == chosen[1:2]
    told = {*januaries} if next_has_it else {chosen[0], *januaries}
    return [(place, _tick_words(months[place], year=place in told)) for place in chosen]


def _tick_words(month: str, *, year: bool) -> str:
    return month_words(month) if year else MONTHS[int(month[5:7]) - 1]


def month_words(month: object) -> str:
    """Month in words, shortened to three letters.

    Parameters
    ----------
    month : object
        Prints as YYYY-MM or a longer date.

    Returns
    -------
    str
        Such as ``Jun 2024``.

    Examples
    --------
    >>> month_words("2024-06")
    'Jun 2024'
    """
    year, number = str(month).split("-")[:2]
    return f"{MONTHS[int(number) - 1]} {year}"


def _number(month: str) -> int:
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1


def _touch(one: tuple[float, list[int]], other: tuple[float, list[int]], gap: float) -> bool:
    reach = gap * (len(one[1]) + len(other[1])) / 2
    return other[0] - one[0] < reach


def _joined(
    one: tuple[float, list[int]], other: tuple[float, list[int]], wanted: Sequence[float]
) -> tuple[float, list[int]]:
    members = one[1] + other[1]
    return sum(wanted[place] for place in members) / len(members), members


def _inside(
    places: list[float], order: Sequence[int], gap: float, ends: tuple[float, float]
) -> list[float]:
    """Push up what lies below the range, then down what lies above."""
    low, high = ends
    for rank, place in enumerate(order):
        places[place] = max(places[place], low + rank * gap)
    for rank, place in enumerate(reversed(order)):
        places[place] = min(places[place], high - rank * gap)
    return places
