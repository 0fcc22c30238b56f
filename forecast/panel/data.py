"""A table of many series as arrays, series after series, each in the order of its times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.messages import label, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

__all__ = ["Panel", "RawSeries", "panel_from"]

NO_TIME = np.iinfo(np.int64).min  # as the NaT of times
EXACT = 2.0**53  # whole numbers that a float holds
YEARS = ("0001", "10000")
MISSING = {"", "na", "nan", "null", "none"}
UTC = {"UTC", "Etc/UTC", "GMT", "+00:00", "Z"}
OTHER_ZONE = r"[T ][0-9:.,]+[+-][0-9][0-9]:?([0-9][0-9])?$"
ZERO_ZONE = r"[+-]00:?(00)?$"


@dataclass(frozen=True, eq=False)
class RawSeries:
    """One series as it was given.

    Parameters
    ----------
    number : int
        Place among the series of the panel. [1]
    name : str
        Its unique_id, shortened where it is long.
    times : ndarray of datetime64[us] or int64
        Ascending, perhaps with repetitions or gaps. [steps]
    values : ndarray of float
        Shape of `times`, NaN where none is known. [unit]
    fault : str
        Why it cannot be forecast; empty where nothing is known against it yet.
    """

    number: int
    name: str
    times: NDArray[Any]
    values: NDArray[np.float64]
    fault: str = ""


@dataclass(frozen=True, eq=False)
class Panel:
    """All series.

    Parameters
    ----------
    ids : pyarrow.Array
        The unique_id of each series, ascending.
    starts : ndarray of int
        First row of each series, and the number of rows, shape (series + 1,). [1]
    times : ndarray of datetime64[us] or int64
        One a row. [steps]
    values : ndarray of float
        One a row. [unit]
    faults : mapping of int to str
        Reasons against series, by number.
    remarks : tuple of str
        What was changed on the way.
    """

    ids: pa.Array
    starts: NDArray[np.int64]
    times: NDArray[Any]
    values: NDArray[np.float64]
    faults: Mapping[int, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count of the series."""
        return len(self.ids)

    @property
    def dated(self) -> bool:
        """Whether the times are dates, not counts of steps."""
        return self.times.dtype.kind == "M"

    def series(self, number: int) -> RawSeries:
        """One series.

        Parameters
        ----------
        number : int
            Place among the series. [1]

        Returns
        -------
        RawSeries
            With arrays of its own.
        """
        rows = slice(self.starts[number], self.starts[number + 1])
        name = label(str(self.ids[number].as_py()))
        fault = self.faults.get(number, "")
        return RawSeries(number, name, self.times[rows].copy(), self.values[rows].copy(), fault)


def panel_from(table: pa.Table) -> Panel:
    """Sort the rows of a table into series.

    Parameters
    ----------
    table : pyarrow.Table
        Columns unique_id, y, and ds or t.

    Returns
    -------
    Panel
        Whatever the order of the rows; a bad cell is a reason against its series only.

    Raises
    ------
    ValueError
        If there is no row, or a column as a whole is not what it must be.

    Examples
    --------
    >>> import pyarrow as pa
    >>> columns = {"unique_id": ["b", "a", "b"], "t": [2, 1, 1], "y": [5.0, 7.0, 4.0]}
    >>> panel = panel_from(pa.table(columns))
    >>> panel.ids.to_pylist(), panel.series(1).values.tolist()
    (['a', 'b'], [4.0, 5.0])
    """
    if not table.num_rows:
        raise ValueError("the panel has no row; allowed: one or more")
    ids, codes = _ids(table["unique_id"])
    dated = "ds" in table.column_names
    times, bad_times = _dates(table["ds"]) if dated else _counts(table["t"])
    values, bad_values = _numbers("y", table["y"])
    name = "ds" if dated else "t"
    faults = _faults(codes, bad_values, lambda row: f"y {_cell(table['y'], row)} is no number")
    faults |= _faults(codes, bad_times, lambda row: _time_fault(name, _cell(table[name], row)))
    if ids[-1].as_py() is None:
        faults[len(ids) - 1] = f"{int((codes == len(ids) - 1).sum())} rows have no unique_id"
    order, disordered = _order(codes, times)
    starts = np.searchsorted(codes[order], np.arange(len(ids) + 1))
    remarks = _remarks(table, disordered)
    return Panel(ids, starts, times[order], values[order], faults, remarks)


def _ids(column: pa.ChunkedArray) -> tuple[pa.Array, NDArray[np.int64]]:
    """Names in ascending order, one without name last, and the place of each row among them."""
    import pyarrow as pa  # noqa: PLC0415  (an optional package)
    from pyarrow import compute, types  # noqa: PLC0415

    encoded = column.dictionary_encode().unify_dictionaries().combine_chunks()
    given = encoded.dictionary
    if not (types.is_integer(given.type) or _is_text(given.type)):
        raise ValueError(f"unique_id is {given.type}; allowed: text or whole numbers")
    unique = compute.unique(given)  # a file's own dictionary may repeat itself
    ascending = unique.take(compute.sort_indices(unique))
    place = compute.index_in(given, ascending).to_numpy(zero_copy_only=False)
    codes = np.asarray(encoded.indices.fill_null(len(given)).to_numpy(), np.int64)
    places = np.append(place, len(ascending))[codes]
    used, codes = np.unique(places, return_inverse=True)
    names = pa.concat_arrays([ascending, pa.nulls(1, ascending.type)])
    return names.take(pa.array(used)), codes


def _dates(column: pa.ChunkedArray) -> tuple[NDArray[np.datetime64], Mask]:
    """Times without zone, and where there is none."""
    import pyarrow as pa  # noqa: PLC0415  (an optional package)
    from pyarrow import types  # noqa: PLC0415

    if _is_text(column.type):
        times = _parsed_dates(column)
    elif types.is_date(column.type) or types.is_timestamp(column.type):
        zone = getattr(column.type, "tz", None)
        if zone is not None and zone not in UTC:
            raise ValueError(
                f"ds is in the time zone {label(zone)}; allowed: UTC, or times without a zone. "
                "Hours are even in UTC, days and longer steps in local time: convert to that"
            )
        plain = column.cast(pa.timestamp("us"), safe=False)
        times = np.asarray(plain.to_numpy(), "datetime64[us]")
    else:
        raise ValueError(f"ds is {column.type}; allowed: times, dates, ISO 8601 text; counts in t")
    first, end = (np.datetime64(year, "us") for year in YEARS)
    bad = np.isnat(times) | (times < first) | (times >= end)
    return np.where(bad, np.datetime64("NaT", "us"), times), bad


def _parsed_dates(column: pa.ChunkedArray) -> NDArray[np.datetime64]:
    """Times from ISO 8601 text, NaT for anything else and for other zones than UTC."""
    import pandas as pd  # noqa: PLC0415  (keeps `import forecast` light)
    from pyarrow import compute, string  # noqa: PLC0415

    text = column.cast(string())
    zoned = compute.and_not(
        compute.match_substring_regex(text, OTHER_ZONE),
        compute.match_substring_regex(text, ZERO_ZONE),
    )
    found = pd.to_datetime(text.to_pandas(), format="ISO8601", errors="coerce", utc=True)
    times = np.asarray(found.dt.tz_localize(None), "datetime64[us]")
    elsewhere = np.asarray(zoned.fill_null(False), bool)
    return np.where(elsewhere, np.datetime64("NaT", "us"), times)


def _counts(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], Mask]:
    """Counted steps, and where there is none."""
    numbers, bad = _numbers("t", column)
    bad = bad | ~(np.abs(numbers) < EXACT) | (numbers != np.round(numbers))
    return np.where(bad, NO_TIME, np.where(bad, 0.0, numbers).astype(np.int64)), bad


def _numbers(name: str, column: pa.ChunkedArray) -> tuple[NDArray[np.float64], Mask]:
    """Numbers, NaN where there is none, and where text stands instead."""
    import pyarrow as pa  # noqa: PLC0415  (an optional package)
    from pyarrow import types  # noqa: PLC0415

    kind = column.type
    if _is_text(kind):
        return _parsed_numbers(column.cast(pa.string()))
    decimal_or_number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    if not (decimal_or_number or types.is_null(kind)):
        raise ValueError(f"{name} is {kind}; allowed: numbers")
    numbers = np.array(column.cast(pa.float64(), safe=False).to_numpy(), np.float64)
    return numbers, np.zeros(len(numbers), bool)


def _parsed_numbers(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], Mask]:
    import pandas as pd  # noqa: PLC0415  (keeps `import forecast` light)
    from pyarrow import array, compute  # noqa: PLC0415

    numbers = np.array(pd.to_numeric(column.to_pandas(), errors="coerce"), np.float64)
    words = compute.utf8_lower(compute.utf8_trim_whitespace(column.fill_null("")))
    left_out = np.asarray(compute.is_in(words, array(sorted(MISSING))), bool)
    return numbers, np.isnan(numbers) & ~left_out


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types  # noqa: PLC0415  (an optional package)

    plain = kind.value_type if types.is_dictionary(kind) else kind
    kinds = (types.is_string, types.is_large_string, types.is_string_view)
    return any(is_kind(plain) for is_kind in kinds)


def _faults(codes: NDArray[np.int64], bad: Mask, told: Callable[[int], str]) -> dict[int, str]:
    """Reason against each series that has a bad row, with the first such row."""
    rows = np.flatnonzero(bad)
    series, firsts, counts = np.unique(codes[rows], return_index=True, return_counts=True)
    return {
        int(number): told(int(rows[first])) + (f"; {count} such rows" if count > 1 else "")
        for number, first, count in zip(series, firsts, counts, strict=True)
    }


def _cell(column: pa.ChunkedArray, row: int) -> str:
    return shown(column.slice(row, 1).cast("string")[0].as_py())


def _time_fault(name: str, cell: str) -> str:
    allowed = "ISO 8601 of the years 1 to 9999 without a zone or in UTC"
    return f"{name} {cell} is no time; allowed: {allowed if name == 'ds' else 'whole numbers'}"


def _order(codes: NDArray[np.int64], times: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Order of the rows by series and time, and how many series were not in order of time."""
    order = np.argsort(codes, kind="stable")
    before, after = order[:-1], order[1:]
    falls = (codes[before] == codes[after]) & (times[after] < times[before])
    disordered = len(np.unique(codes[after[falls]]))
    return (np.lexsort((times, codes)) if disordered else order), disordered


def _remarks(table: pa.Table, disordered: int) -> tuple[str, ...]:
    remarks = []
    if disordered:
        remarks.append(f"{disordered} series were not in the order of their times: sorted")
    if "ds" in table.column_names and getattr(table["ds"].type, "tz", None):
        remarks.append("ds is in UTC: read, and written, without its zone")
    if {"ds", "t"} <= set(table.column_names):
        remarks.append("t is not read beside ds")
    return tuple(remarks)
