"""Facts with a date: where one comes from, and in which months it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from forecast.shipped.tables import Row, parse_month


class Provenance(NamedTuple):
    """Where a fact comes from: publication, date, and high, medium or low confidence.

    Examples
    --------
    >>> Provenance("data sheet", "2026-11", "high").as_of
    '2026-11'
    """

    source: str = "given by the user"
    as_of: str = ""
    confidence: str = ""


GIVEN = Provenance()


@dataclass(frozen=True)
class Period:
    """The months in which a dated row holds, both ends included.

    Parameters
    ----------
    first : numpy.datetime64
        First month.
    last : numpy.datetime64 or None
        Last month; None where no end is known.

    Examples
    --------
    >>> Period(parse_month("2025-06"), None).holds_in(parse_month("2025-05"))
    False
    >>> str(Period(parse_month("2023-07"), parse_month("2025-05")))
    '2023-07 to 2025-05'
    """

    first: np.datetime64
    last: np.datetime64 | None

    def holds_in(self, month: np.datetime64) -> bool:
        """Whether a month lies inside.

        Parameters
        ----------
        month : numpy.datetime64
            Of unit month.

        Returns
        -------
        bool
            True from the first to the last month.

        Examples
        --------
        >>> Period(parse_month("2023-07"), parse_month("2025-05")).holds_in(parse_month("2025-05"))
        True
        """
        return bool(self.first <= month and (self.last is None or month <= self.last))

    def __str__(self) -> str:
        return f"{self.first} onwards" if self.last is None else f"{self.first} to {self.last}"


@dataclass(frozen=True)
class LeadTime:
    """Weeks from order to a running node, for orders placed in a period.

    Parameters
    ----------
    accelerator : str
        What the node holds.
    low, mid, high : float
        Range and best value. [weeks]
    period : Period
        Months of the order.
    provenance : Provenance
        Source, date and confidence.

    Examples
    --------
    >>> LeadTime("H100-SXM", 8.0, 10.0, 12.0, Period(as_month("2024-05"), None), GIVEN).mid
    10.0
    """

    accelerator: str
    low: float
    mid: float
    high: float
    period: Period
    provenance: Provenance


def as_month(month: str | np.datetime64) -> np.datetime64:
    """Month given as text or as a date.

    Parameters
    ----------
    month : str or numpy.datetime64
        Such as ``2022-06``, or a date within the month.

    Returns
    -------
    numpy.datetime64
        Of unit month.

    Raises
    ------
    ValueError
        If a text is not of the form ``YYYY-MM``.

    Examples
    --------
    >>> as_month(np.datetime64("2022-06-17"))
    np.datetime64('2022-06')
    """
    return parse_month(month) if isinstance(month, str) else month.astype("datetime64[M]")


def provenance_of(row: Row) -> Provenance:
    """Provenance in a row's ``source``, ``as_of`` and ``confidence``.

    Parameters
    ----------
    row : Row
        Any row of a shipped table.

    Returns
    -------
    Provenance
        Source, date and confidence.

    Examples
    --------
    >>> from forecast.shipped.tables import read_table
    >>> provenance_of(read_table("prices.csv").rows[0]).confidence
    'high'
    """
    return Provenance(row.text("source"), row.text("as_of"), row.text("confidence"))


def period_of(row: Row) -> Period:
    """Period in a row's ``valid_from`` and ``valid_to``.

    Parameters
    ----------
    row : Row
        Row of a dated table.

    Returns
    -------
    Period
        Open where ``valid_to`` is empty.

    Examples
    --------
    >>> from forecast.shipped.tables import read_table
    >>> str(period_of(read_table("prices.csv").rows[0]))
    '2020-11 to 2025-05'
    """
    last = row.month("valid_to") if row.text("valid_to") else None
    return Period(row.month("valid_from"), last)
