"""Files of a panel: Parquet or CSV in, Parquet out, hostile until proven otherwise."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast.messages import disarmed, label
from forecast.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "MAX_ROWS",
    "arrow",
    "file_hash",
    "read_table",
    "wanted",
    "write_table",
]

COLUMNS = ("unique_id", "ds", "t", "y")
MAX_BYTES = 1_000_000_000
MAX_ROWS = 20_000_000
SUFFIXES = (".parquet", ".csv")
LONGEST_REASON = 200
MOST_SHOWN = 10


def read_table(path: Path) -> pa.Table:
    """Columns of a panel as they stand in a file.

    Parameters
    ----------
    path : pathlib.Path
        A regular file ``.parquet`` or ``.csv`` of at most 1 GB and 20 million rows.

    Returns
    -------
    pyarrow.Table
        Those of the columns unique_id, ds, t and y that are there.

    Raises
    ------
    ImportError
        If the `pyarrow` package is not installed.
    ValueError
        If the file is missing, too large, or not what its name says.
    """
    arrow()
    _check_file(path)
    from pyarrow import ArrowException  # noqa: PLC0415  (an optional package)

    try:
        table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path)
        table.validate(full=True)  # a damaged file may point outside its own dictionary
    except (ArrowException, OSError) as error:
        reason = disarmed(" ".join(str(error).split()))[:LONGEST_REASON]
        raise ValueError(
            f"{path}: not to be read as {path.suffix.lower()[1:]}: {reason}; allowed: a whole "
            "Parquet file, or UTF-8 text with commas and the same columns in each line"
        ) from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return table


def wanted(names: Sequence[str]) -> list[str]:
    """Columns of a panel among those that are there.

    Parameters
    ----------
    names : sequence of str
        Names of all columns.

    Returns
    -------
    list of str
        unique_id, y, and one or both of ds and t.

    Raises
    ------
    ValueError
        If one of them is missing or stands there twice.

    Examples
    --------
    >>> wanted(["region", "y", "ds", "unique_id"])
    ['unique_id', 'ds', 'y']
    """
    found = [name for name in COLUMNS if name in names]
    twice = [name for name in found if list(names).count(name) > 1]
    if twice:
        raise ValueError(f"column {twice[0]} stands there twice; allowed: once")
    if not {"unique_id", "y"} < set(found):
        given = ", ".join(label(str(name)) for name in list(names)[:MOST_SHOWN])
        raise ValueError(f"columns {given}; allowed: unique_id, y, and ds or t")
    return found


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table whole or not at all; the same table gives the same bytes.

    Parameters
    ----------
    table : pyarrow.Table
        Any.
    path : pathlib.Path
        A file ``.parquet``, replaced where it exists.
    """
    from pyarrow import BufferOutputStream, parquet  # noqa: PLC0415  (an optional package)

    sink = BufferOutputStream()
    parquet.write_table(table.combine_chunks(), sink, compression="zstd")
    write_whole({path: sink.getvalue().to_pybytes()})


def file_hash(path: Path) -> str:
    """SHA-256 of a file.

    Parameters
    ----------
    path : pathlib.Path
        An existing file.

    Returns
    -------
    str
        Hexadecimal digest.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def arrow() -> Any:
    """Package `pyarrow`, which not every installation has.

    Returns
    -------
    module
        `pyarrow`.

    Raises
    ------
    ImportError
        If it is missing, with what to install.
    """
    try:
        import pyarrow  # noqa: PLC0415  (an optional package)
    except ImportError as error:
        raise ImportError(
            "panels need the package 'pyarrow': pip install 'fleetcast[panel]'"
        ) from error
    return pyarrow


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise ValueError(f"{path}: no such regular file; allowed: {' or '.join(SUFFIXES)}")
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path}: unknown kind of file; allowed: {' or '.join(SUFFIXES)}")
    if not 0 < (size := path.stat().st_size) <= MAX_BYTES:
        raise ValueError(f"{path}: {size:,} bytes; allowed: 1 to {MAX_BYTES:,}")


def _read_parquet(path: Path) -> pa.Table:
    """Wanted columns; the number of rows is checked before any of them is read."""
    from pyarrow import parquet  # noqa: PLC0415  (an optional package)

    with parquet.ParquetFile(path) as file:
        names = wanted(file.schema_arrow.names)
        if file.metadata.num_rows > MAX_ROWS:
            raise ValueError(f"{file.metadata.num_rows:,} rows; allowed: {MAX_ROWS:,}")
    with parquet.ParquetFile(path, read_dictionary=["unique_id"]) as file:
        return file.read(columns=names)


def _read_csv(path: Path) -> pa.Table:
    from pyarrow import csv, string  # noqa: PLC0415  (an optional package)

    with csv.open_csv(path) as start:
        names = wanted(start.schema.names)
    options = csv.ConvertOptions(include_columns=names, column_types={"unique_id": string()})
    table = csv.read_csv(path, convert_options=options)
    if table.num_rows > MAX_ROWS:
        raise ValueError(f"{table.num_rows:,} rows; allowed: {MAX_ROWS:,}")
    return table
