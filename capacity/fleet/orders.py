"""Orders: how many nodes stand in each month, and when each lot must be ordered."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats, Ints, Months

LeadTimes = Callable[[np.datetime64], float | None]


@dataclass(frozen=True)
class Order:
    """One lot of nodes.

    Parameters
    ----------
    nodes : int
        Nodes in the lot. [nodes]
    purpose : str
        ``"serving"`` or ``"training"``.
    in_service : numpy.datetime64
        First month in which they stand.
    order_by : datetime.date
        Last day to order them.
    lead_time_weeks : float
        Weeks from order to service. [weeks]
    past : bool
        Whether that day lies before the plan is made: the lot should already stand, or is late.

    Examples
    --------
    >>> day = datetime.date(2023, 4, 22)
    >>> Order(6, "serving", np.datetime64("2023-07"), day, 10, past=False).nodes
    6
    """

    nodes: int
    purpose: str
    in_service: np.datetime64
    order_by: datetime.date
    lead_time_weeks: float
    past: bool


def standing(need: Floats, order_months: int) -> Ints:
    """Nodes that stand in each month when every order covers the months up to the next.

    Parameters
    ----------
    need : numpy.ndarray, shape (months,)
        Nodes that must stand. [nodes]
    order_months : int
        Months that one order covers. [months]

    Returns
    -------
    numpy.ndarray, shape (months,)
        Never below the need, never falling. [nodes]

    Examples
    --------
    >>> standing(np.array([1.0, 2.2, 2.0, 5.0]), order_months=2).tolist()
    [3, 3, 5, 5]
    """
    starts = np.arange(0, len(need), order_months)
    highest = np.maximum.accumulate(np.maximum.reduceat(np.ceil(need), starts))
    return np.repeat(highest, order_months)[: len(need)].astype(np.int64)


def order_date(month: np.datetime64, weeks: LeadTimes) -> datetime.date:
    """Last day on which an order still arrives for the first of a month.

    Parameters
    ----------
    month : numpy.datetime64
        Month in which the nodes must stand.
    weeks : callable
        Lead time of an order placed in a given month; none where it cannot be placed. [weeks]

    Returns
    -------
    datetime.date
        The day.

    Raises
    ------
    ValueError
        If no order of the five years before would arrive in time.

    Examples
    --------
    >>> order_date(np.datetime64("2023-07"), lambda month: 10.0)
    datetime.date(2023, 4, 22)
    """
    start = first_day(month)
    for back in range(60):
        placed = month - back
        lead = weeks(placed)
        if lead is None:
            continue
        day = start - datetime.timedelta(weeks=lead)
        if day >= first_day(placed):
            return min(day, first_day(placed + 1) - datetime.timedelta(days=1))
    raise ValueError(f"no order of the five years before {month} would arrive in time")


def place_orders(
    nodes: Ints,
    months: Months,
    purpose: str,
    weeks: LeadTimes,
    today: datetime.date,
) -> tuple[Order, ...]:
    """Orders that make the given nodes stand.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (months,)
        Nodes that stand, never falling. [nodes]
    months : numpy.ndarray, shape (months,)
        Their months.
    purpose : str
        ``"serving"`` or ``"training"``.
    weeks : callable
        Lead time of an order placed in a given month. [weeks]
    today : datetime.date
        Day on which the plan is made.

    Returns
    -------
    tuple of Order
        In order of service, one for each month with new nodes.

    Examples
    --------
    >>> months = np.array(["2023-06", "2023-07"], dtype="datetime64[M]")
    >>> today = datetime.date(2022, 12, 31)
    >>> lots = place_orders(np.array([2, 5]), months, "serving", lambda month: 10.0, today)
    >>> [(lot.nodes, str(lot.in_service)) for lot in lots]
    [(2, '2023-06'), (3, '2023-07')]
    """
    lots = []
    for month, new in zip(months, np.diff(nodes, prepend=0), strict=True):
        if new > 0:
            day = order_date(month, weeks)
            lead = (first_day(month) - day).days / 7
            lots.append(Order(int(new), purpose, month, day, lead, past=day <= today))
    return tuple(lots)


def first_day(month: np.datetime64) -> datetime.date:
    """First day of a month.

    Parameters
    ----------
    month : numpy.datetime64
        Of unit month.

    Returns
    -------
    datetime.date
        The day.

    Examples
    --------
    >>> first_day(np.datetime64("2023-07"))
    datetime.date(2023, 7, 1)
    """
    day: datetime.date = month.astype("datetime64[D]").item()
    return day
