"""What a Prophet fit may be told beside the history: events, holidays, regressors, by month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Months = NDArray[np.datetime64]

__all__ = ["ProphetEvent", "country_events", "event_months", "regressor_columns"]

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
MOST_TOLD = 5
RESERVED = {"ds", "y", "cap", "floor", "trend", "holidays", "yhat", "zeros", "yearly"}


@dataclass(frozen=True)
class ProphetEvent:
    """Something that happened, or will, in certain months.

    Parameters
    ----------
    name : str
        Name; months of one name share one effect.
    months : tuple of str
        When it happens, YYYY-MM, past and future.
    before, after : int
        Months around each that have an effect of the same size, at least 0. [months]

    Raises
    ------
    ValueError
        If a month is none, or the window is negative.

    Examples
    --------
    >>> ProphetEvent("price change", ("2024-03", "2026-03"), after=1).months
    ('2024-03', '2026-03')
    """

    name: str
    months: tuple[str, ...]
    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        """Check name, months and window."""
        if not self.name.strip() or self.name in RESERVED:
            raise ValueError(f"event {self.name!r}; allowed: a name that Prophet does not use")
        odd = [month for month in self.months if not MONTH.fullmatch(month)]
        if odd or not self.months:
            raise ValueError(
                f"event {self.name!r}: months {', '.join(odd) or 'missing'}; allowed: YYYY-MM"
            )
        if min(self.before, self.after) < 0:
            raise ValueError(
                f"event {self.name!r}: window {self.before}, {self.after}; allowed: 0 or more"
            )


def event_months(event: ProphetEvent) -> Months:
    """Months in which an event has an effect.

    Parameters
    ----------
    event : ProphetEvent
        The event.

    Returns
    -------
    ndarray of datetime64[M]
        Ascending, each once.

    Examples
    --------
    >>> event_months(ProphetEvent("launch", ("2025-12",), after=1)).tolist()[-1].isoformat()
    '2026-01-01'
    """
    starts = np.array(event.months, dtype="datetime64[M]")
    return np.unique(starts[:, None] + np.arange(-event.before, event.after + 1))


def country_events(country: str, first: int, last: int) -> tuple[ProphetEvent, ...]:
    """Holidays of a country that move from month to month.

    Parameters
    ----------
    country : str
        Code as in the package `holidays`, such as "DE".
    first, last : int
        Years. [year]

    Returns
    -------
    tuple of ProphetEvent
        In alphabetical order; those that keep to one month are part of the season of the year.

    Raises
    ------
    ValueError
        If the country is unknown.

    Examples
    --------
    >>> moving = country_events("DE", 2020, 2026)  # doctest: +SKIP
    >>> [event.name for event in moving]  # doctest: +SKIP
    ['Good Friday', 'Pentecost Monday']
    """
    import holidays  # noqa: PLC0415  (comes with the optional package prophet)

    try:
        years = range(first, last + 1)
        days = holidays.country_holidays(country, years=years, language="en_US")
    except NotImplementedError as error:
        raise ValueError(
            f"holidays {country!r}: no such country; allowed: a code such as DE, IN or US"
        ) from error
    by_name: dict[str, set[str]] = {}
    for day in days:
        for name in days.get_list(day):
            by_name.setdefault(name, set()).add(f"{day:%Y-%m}")
    return tuple(
        ProphetEvent(name, tuple(sorted(months)))
        for name, months in sorted(by_name.items())
        if len({month[-2:] for month in months}) > 1
    )


def regressor_columns(
    regressors: Mapping[str, Mapping[str, float]], months: Months
) -> dict[str, NDArray[np.float64]]:
    """Values of each regressor in some months.

    Parameters
    ----------
    regressors : mapping of str to mapping of str to float
        Values by name and by month YYYY-MM. [any]
    months : ndarray of datetime64[M]
        Months that are needed.

    Returns
    -------
    dict of str to ndarray of float
        Shape of `months`. [any]

    Raises
    ------
    ValueError
        If a name is one that Prophet uses, or a month is missing or not a finite number.

    Examples
    --------
    >>> months = np.array(["2026-01", "2026-02"], dtype="datetime64[M]")
    >>> regressor_columns({"price": {"2026-01": 10, "2026-02": 12}}, months)["price"].tolist()
    [10.0, 12.0]
    """
    columns = {}
    for name, known in regressors.items():
        if name in RESERVED:
            raise ValueError(f"regressor {name!r}; allowed: a name that Prophet does not use")
        values = np.array([float(known.get(str(month), np.nan)) for month in months])
        lacking = [str(month) for month in months[~np.isfinite(values)]]
        if lacking:
            more = len(lacking) - MOST_TOLD
            told = ", ".join(lacking[:MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
            raise ValueError(
                f"regressor {name!r}: no number for {told}; allowed: one for every month of the "
                "history and of the forecast"
            )
        columns[name] = values
    return columns
