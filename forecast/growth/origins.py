"""Past growth, seen from many origins: what last year's growth was followed by.

An origin is an observation with a value twelve months before it and at least one of the horizons
after it. Values between observations are interpolated in log, inside a bracket that depends on how
often the series was reported.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from forecast.volatility import last_year_volatility

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["HORIZONS", "Origins", "origins_of_series", "read_origins"]

HORIZONS = (6, 12, 18)
SPACING_MONTHS = 2.7
TOLERANCE_MONTHS = 0.8
BRACKET_MONTHS = {"monthly": 3.6, "quarterly": 6.6, "irregular": 9.5, "annual": 12.8}
REGULAR = ("monthly", "quarterly")
MONTH_DAYS = 365.25 / 12
OFFSETS = (-12, -6)
SERIES_COLUMNS = ("series_id", "date", "value")
META_COLUMNS = ("series_id", "frequency", "group", "broad")
COLUMNS: dict[str, type] = {
    "product": np.str_,
    "broad": np.str_,
    "month": np.str_,
    "growth": np.float64,
    "halfway": np.float64,
    "volatility": np.float64,
    "ahead": np.float64,
    "may_ship": np.bool_,
}


class Origin(NamedTuple):
    """One origin; the fields are those of `Origins`."""

    product: str
    broad: str
    growth: float
    halfway: float
    volatility: float
    ahead: NDArray[np.float64]
    month: str
    may_ship: bool


@dataclass(frozen=True, eq=False)
class Origins:
    """Origins of many series, as columns.

    Parameters
    ----------
    product, broad, month : ndarray of str
        Product, class ("service" or "developer") and month of each origin, shape (origins,).
    growth : ndarray of float
        Log growth of the twelve months before, shape (origins,). [1]
    halfway : ndarray of float
        Log distance of the value six months before from the straight line between the two end
        points, shape (origins,); nan for series that were not reported regularly. [1]
    volatility : ndarray of float
        Monthly log volatility of the year before, shape (origins,); nan where too little was
        reported. [1]
    ahead : ndarray of float
        Log growth to each horizon, nan where unknown, shape (origins, horizons). [1]
    may_ship : ndarray of bool
        Whether the rows themselves may be shipped, shape (origins,).

    Examples
    --------
    >>> months = np.arange(37.0)
    >>> found = origins_of_series(months, np.exp(0.1 * months), "monthly")
    >>> len(found), float(round(found[0][0], 3))
    (7, 1.2)
    """

    product: NDArray[np.str_]
    broad: NDArray[np.str_]
    month: NDArray[np.str_]
    growth: NDArray[np.float64]
    halfway: NDArray[np.float64]
    volatility: NDArray[np.float64]
    ahead: NDArray[np.float64]
    may_ship: NDArray[np.bool_]

    def __len__(self) -> int:
        """Count the origins."""
        return len(self.growth)

    def where(self, keep: NDArray[np.bool_]) -> Origins:
        """Keep some of the origins.

        Parameters
        ----------
        keep : ndarray of bool
            Which to keep, shape (origins,).

        Returns
        -------
        Origins
            A copy.
        """
        return Origins(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))

    def of_class(self, name: str) -> Origins:
        """Origins of one class.

        Parameters
        ----------
        name : str
            "service", "developer" or "all".

        Returns
        -------
        Origins
            A copy.
        """
        return self.where((self.broad == name) | (name == "all"))


def read_origins(
    series_csv: Path,
    meta_csv: Path,
    minimum_growth: float,
    horizons: Sequence[int] = HORIZONS,
) -> Origins:
    """Origins of every series of a file.

    Parameters
    ----------
    series_csv : pathlib.Path
        Columns series_id, date (YYYY-MM-DD) and value.
    meta_csv : pathlib.Path
        Columns series_id, frequency, group (product) and broad (class); optionally may_commit.
    minimum_growth : float
        Log growth of the last twelve months below which an origin is left out. [1]
    horizons : sequence of int
        Horizons to look at, ascending, above 0. [months]

    Returns
    -------
    Origins
        In the order of the files.

    Raises
    ------
    ValueError
        If a file, a column, a frequency or a number is not as described.
    """
    meta = {row["series_id"]: row for row in _rows(meta_csv, META_COLUMNS)}
    points = _points(series_csv)
    unknown = sorted(set(points) - set(meta))
    if unknown:
        raise ValueError(f"{meta_csv}: no row for series {', '.join(unknown[:5])}")
    found = [
        origin
        for series, values in points.items()
        for origin in _origins(sorted(values), meta[series], horizons)
        if origin.growth >= minimum_growth
    ]
    columns: dict[str, NDArray[Any]] = {
        name: np.array([getattr(origin, name) for origin in found], dtype=kind)
        for name, kind in COLUMNS.items()
    }
    columns["ahead"] = columns["ahead"].reshape(len(found), len(horizons))
    return Origins(**columns)


def origins_of_series(
    months: NDArray[np.float64],
    values: NDArray[np.float64],
    frequency: str,
    horizons: Sequence[int] = HORIZONS,
) -> list[tuple[float, float, NDArray[np.float64], int, float]]:
    """Origins of one series.

    Parameters
    ----------
    months : ndarray of float
        Time of each observation, ascending. [months]
    values : ndarray of float
        Values above 0, shape of `months`. [unit]
    frequency : str
        "monthly", "quarterly", "irregular" or "annual".
    horizons : sequence of int
        Horizons to look at, ascending, above 0. [months]

    Returns
    -------
    list of tuple
        For each origin log growth before [1], log distance halfway [1], log growth ahead at each
        horizon [1], the index of the observation and the monthly log volatility before [1].

    Raises
    ------
    ValueError
        If the frequency is unknown.
    """
    if frequency not in BRACKET_MONTHS:
        raise ValueError(f"unknown frequency {frequency!r}; known: {', '.join(BRACKET_MONTHS)}")
    levels, last, found = np.log(values), -np.inf, []
    offsets = np.array([*OFFSETS, *horizons])
    for index, month in enumerate(months):
        if month - last < SPACING_MONTHS:
            continue
        around = _levels_at(months, levels, month + offsets, BRACKET_MONTHS[frequency])
        before, middle, ahead = around[0], around[1], around[2:] - levels[index]
        if np.isnan(before) or np.isnan(ahead).all():
            continue
        halfway = middle - (before + levels[index]) / 2.0 if frequency in REGULAR else np.nan
        volatility = last_year_volatility(months[: index + 1], levels[: index + 1])
        found.append((float(levels[index] - before), float(halfway), ahead, index, volatility))
        last = month
    return found


def _points(series_csv: Path) -> dict[str, list[tuple[str, float]]]:
    """Date and value of each observation, by series in the order of the file."""
    points: dict[str, list[tuple[str, float]]] = {}
    for row in _rows(series_csv, SERIES_COLUMNS):
        points.setdefault(row["series_id"], []).append((row["date"], float(row["value"])))
    return points


def _origins(
    points: list[tuple[str, float]], meta: Mapping[str, str], horizons: Sequence[int]
) -> Iterator[Origin]:
    dates = np.array([date for date, _ in points], dtype="datetime64[D]")
    months = (dates - np.datetime64("2000-01-01")).astype(float) / MONTH_DAYS
    values = np.array([value for _, value in points])
    if not (np.isfinite(values) & (values > 0.0)).all():
        raise ValueError(f"series {meta['series_id']}: every value must be finite and above 0")
    twice = dates[1:][dates[1:] == dates[:-1]]
    if twice.size:
        raise ValueError(f"series {meta['series_id']}: {twice[0]} is given twice")
    found = origins_of_series(months, values, meta["frequency"], horizons)
    for growth, halfway, ahead, index, volatility in found:
        yield Origin(
            product=meta["group"],
            broad=meta["broad"],
            growth=growth,
            halfway=halfway,
            volatility=volatility,
            ahead=ahead,
            month=str(dates[index].astype("datetime64[M]")),
            may_ship=meta.get("may_commit") == "yes",
        )


def _levels_at(
    months: NDArray[np.float64],
    levels: NDArray[np.float64],
    wanted: NDArray[np.float64],
    bracket: float,
) -> NDArray[np.float64]:
    """Log levels at the wanted times: the nearest observation, or a bracketed interpolation."""
    right = np.clip(np.searchsorted(months, wanted), 1, len(months) - 1)
    left = right - 1
    inside = (months[0] <= wanted) & (wanted <= months[-1])
    near = np.where(wanted - months[left] <= months[right] - wanted, left, right)
    between = np.interp(wanted, months, levels)
    known = inside & (months[right] - months[left] <= bracket)
    exact = np.abs(months[near] - wanted) <= TOLERANCE_MONTHS
    return np.where(exact, levels[near], np.where(known, between, np.nan))


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a CSV file that has at least the given columns."""
    if not path.is_file():
        raise ValueError(f"{path}: no such file")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(line for line in file if not line.startswith("#"))
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path}: columns {', '.join(missing)} are missing")
        return list(reader)
