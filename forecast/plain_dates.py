"""Dates without a time zone: a month is a month of the calendar, wherever it was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["plain_dates"]

DAY = len("2022-01-01")


def plain_dates(dates: Any) -> NDArray[np.datetime64]:
    """Copy of dates as days.

    Parameters
    ----------
    dates : array_like of datetime64, date or str
        Such as ``2022-01`` or ``2022-01-31``.

    Returns
    -------
    ndarray of datetime64[D]
        Shape of `dates`.

    Raises
    ------
    ValueError
        If a date has a time zone: shifted to another one, the first of a month lies in the month
        before.

    Examples
    --------
    >>> plain_dates(["2022-01", "2022-02-28"])
    array(['2022-01-01', '2022-02-28'], dtype='datetime64[D]')
    """
    zoned = [date for date in _objects(dates) if _has_zone(date)]
    if zoned or getattr(getattr(dates, "dtype", None), "tz", None) is not None:
        given = f"date {zoned[0]}" if zoned else f"dates in {dates.dtype.tz}"
        raise ValueError(f"{given}; allowed: dates without a time zone")
    return np.array(dates, dtype="datetime64[D]")


def _objects(dates: Any) -> list[Any]:
    """Elements that are not yet numbers."""
    if isinstance(dates, list | tuple):
        return list(dates)
    return list(dates) if getattr(dates, "dtype", None) == np.dtype(object) else []


def _has_zone(date: Any) -> bool:
    if isinstance(date, str):
        return any(sign in date[DAY:] for sign in "+-Z")
    return getattr(date, "tzinfo", None) is not None
