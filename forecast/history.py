"""A reported history: what was counted, when, in which unit, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from forecast.history_csv import DATE, faults_error, read_rows
from forecast.history_points import HistoryKind, point_faults
from forecast.messages import MOST_FAULTS, label
from forecast.plain_dates import plain_dates
from forecast.volatility import last_year_volatility

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["History", "HistoryKind"]

MONTHS_PER_YEAR = 12
FASTEST_LOG = 138.0  # a factor of 1e60 in a year


@dataclass(frozen=True, eq=False)
class History:
    """Two or more values of one quantity, at most one a month, in the order of time.

    Parameters
    ----------
    name : str
        Name of the quantity; it also names the random stream of its forecast.
    dates : ndarray of datetime64[D]
        Dates without time zone, ascending, each in another month, 1990 to 2100; with three or
        more dates the distance in months is constant.
    values : ndarray of float
        Values from 1e-160 to 1e160, shape of `dates`. [unit]
    kind : {"cumulative", "active", "flow"}
        Cumulative counts never fall (registered users); active counts may (monthly users); flows
        are amounts per time (queries a day).
    unit : str
        Unit of `values`.
    source : str
        Who reported them.

    Raises
    ------
    ValueError
        With every fault: fewer than two points, a value that is not finite, above 0 and of a
        usual size, dates that are repeated, unordered, irregular, in a time zone or outside 1990
        to 2100, growth by more than 1e60 in a year, a cumulative value that
        falls, an unknown kind, an empty name.

    Examples
    --------
    >>> users = History.from_points(
    ...     "users", {"2022-01": 120_000, "2022-12": 620_000}, kind="cumulative", unit="users"
    ... )
    >>> str(users.origin), round(users.yearly_growth, 4)
    ('2022-12', 1.7915)
    """

    name: str
    dates: NDArray[np.datetime64]
    values: NDArray[np.float64]
    kind: HistoryKind = "flow"
    unit: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Copy the arrays, make them read-only and check everything."""
        copies = {
            "dates": plain_dates(self.dates),
            "values": np.array(self.values, dtype=np.float64),
        }
        for name, array in copies.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        faults = _label_faults(self)
        if not faults:
            places = [str(date) for date in self.dates]
            faults = point_faults(self.dates, self.values, self.kind, places)
        if not faults:
            faults = _growth_faults(self)
        if faults:
            raise faults_error(f"history {self.name!r}", faults)

    @classmethod
    def from_points(
        cls,
        name: str,
        points: Mapping[str, float],
        *,
        kind: HistoryKind,
        unit: str = "",
        source: str = "",
    ) -> History:
        """History from dates and values typed by hand.

        Parameters
        ----------
        name : str
            Name of the quantity.
        points : mapping of str to float
            Value for each date ``YYYY-MM`` or ``YYYY-MM-DD``, in the order of time. [unit]
        kind : {"cumulative", "active", "flow"}
            What is counted.
        unit : str
            Unit of the values.
        source : str
            Who reported them.

        Returns
        -------
        History
            The checked history.

        Raises
        ------
        ValueError
            If a date cannot be read, or for any fault that `History` refuses.

        Examples
        --------
        >>> History.from_points("queries", {"2022-01": 250e3, "2022-12": 1.8e6}, kind="flow").months
        array(['2022-01', '2022-12'], dtype='datetime64[M]')
        """
        odd = [label(str(date)) for date in points if not DATE.fullmatch(str(date))]
        if odd:  # numpy would read "today" as a date
            more = f" and {len(odd) - MOST_FAULTS} more" if len(odd) > MOST_FAULTS else ""
            given = ", ".join(odd[:MOST_FAULTS]) + more
            raise ValueError(f"history {name!r}: dates {given}; allowed: YYYY-MM or YYYY-MM-DD")
        try:
            dates = np.array(list(points), dtype="datetime64[D]")
        except ValueError as error:
            given = ", ".join(str(date) for date in points)
            raise ValueError(
                f"history {name!r}: dates {given}; allowed: YYYY-MM or YYYY-MM-DD"
            ) from error
        values = np.array(list(points.values()), dtype=np.float64)
        return cls(name, dates, values, kind, unit, source)

    @classmethod
    def from_csv(
        cls,
        path: str | Path,
        *,
        name: str = "",
        kind: HistoryKind = "flow",
        unit: str = "",
        source: str = "",
    ) -> History:
        r"""History from a CSV file with the header ``date,value``.

        Parameters
        ----------
        path : str or pathlib.Path
            A regular UTF-8 file of at most 10 MB (10,000,000 bytes).
        name : str
            Name of the quantity; the name of the file without its suffix if empty.
        kind : {"cumulative", "active", "flow"}
            What is counted.
        unit : str
            Unit of the values.
        source : str
            Who reported them; the name of the file if empty.

        Returns
        -------
        History
            The checked history.

        Raises
        ------
        ValueError
            If the file cannot be read as a history; the message names file, line, what was found
            and what is allowed, for all faults at once.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "users.csv")
        ...     _ = path.write_text("date,value\n2022-01,120000\n2022-12,620000\n")
        ...     History.from_csv(path, kind="cumulative", unit="users").name
        'users'
        """
        path = Path(path)
        rows, faults = read_rows(path)
        dates = np.array([row.date for row in rows], dtype="datetime64[D]")
        values = np.array([row.value for row in rows], dtype=np.float64)
        places = [row.place for row in rows]
        faults += point_faults(dates, values, kind, places, subject=path.name)
        if faults:
            raise faults_error(str(path), faults)
        return cls(name or path.stem, dates, values, kind, unit, source or path.name)

    @property
    def months(self) -> NDArray[np.datetime64]:
        """Months of the values, shape (points,), datetime64[M]."""
        return self.dates.astype("datetime64[M]")

    @property
    def origin(self) -> np.datetime64:
        """Month of the last value, datetime64[M]: a forecast starts in the month after."""
        month: np.datetime64 = self.months[-1]
        return month

    @property
    def yearly_growth(self) -> float:
        """Log growth of the last twelve months.

        The window starts at the last value that is at least twelve months old, or at the first
        value if the history is shorter; its log growth is scaled to twelve months. [1]
        """
        ages = (self.origin - self.months).astype(int)
        start = max(int(np.searchsorted(-ages, -MONTHS_PER_YEAR, side="right")) - 1, 0)
        growth = np.log(self.values[-1]) - np.log(self.values[start])
        return float(growth * MONTHS_PER_YEAR / ages[start])

    @property
    def volatility(self) -> float:
        """Monthly log volatility of the last twelve months around the line between their ends.

        nan where the year has fewer than four values, or these span less than eight months. [1]
        """
        months = (self.months - self.months[0]).astype(np.float64)
        return last_year_volatility(months, np.log(self.values))


def _label_faults(history: History) -> list[str]:
    faults = []
    if not history.name.strip():
        faults.append("name is empty; allowed: any text")
    if history.kind not in get_args(HistoryKind):
        faults.append(f"kind {history.kind!r}; allowed: {', '.join(get_args(HistoryKind))}")
    return faults


def _growth_faults(history: History) -> list[str]:
    """Growth that no forecast can carry on."""
    growth = history.yearly_growth
    if abs(growth) <= FASTEST_LOG:
        return []
    return [f"log growth of {growth:.0f} in a year; allowed: -{FASTEST_LOG:g} to {FASTEST_LOG:g}"]
