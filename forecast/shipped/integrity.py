"""Everything that can be wrong with the shipped data, found at once.

The manifest says what each column may hold; the laws that no single column can express (ranges,
periods, profiles) are functions of their own below.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from forecast.shipped.manifest import manifest_entry, read_manifest
from forecast.shipped.place import MANIFEST, data_files, data_folder
from forecast.shipped.schema import NUMERIC, TYPES, Column, Entry
from forecast.shipped.tables import Row, Table, read_table

EVIDENCE = ("unit", "source", "as_of", "confidence")
PROFILE_HOURS = (24, 168)
OPEN_END = "9999-12"
ROUNDING = 1e-9


def problems(folder: Path | None = None) -> list[str]:
    """All faults of a data folder.

    Parameters
    ----------
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    list of str
        One line per fault, with file and, where it applies, line and column; empty: all is well.

    Examples
    --------
    >>> [line for line in problems() if line.startswith("prices.csv")]
    []
    """
    root = data_folder() if folder is None else folder
    try:
        manifest = read_manifest(root)
    except ValueError as error:
        return [str(error)]
    found = list(_listing(manifest, set(data_files(root))))
    tables: dict[str, Table] = {}
    for name in sorted(manifest.keys() & set(data_files(root))):
        try:
            found += _entry_faults(name, manifest[name], manifest_entry(name, root))
            if name.endswith(".csv"):
                tables[name] = read_table(name, root)
        except ValueError as error:
            found.append(str(error))
    for name, table in tables.items():
        found += _table_faults(table, manifest[name], tables)
    return found


def _listing(manifest: Mapping[str, Entry], present: set[str]) -> Iterator[str]:
    """Compare the files that are listed with those that are there."""
    for name in sorted(manifest.keys() - present):
        yield f"{name}: listed in {MANIFEST}, but there is no such file"
    for name in sorted(present - manifest.keys()):
        yield f"{name}: not listed in {MANIFEST}"


def _entry_faults(name: str, listed: Entry, actual: Entry) -> Iterator[str]:
    """Compare rows, columns and hash of a file with the manifest."""
    if not listed.title:
        yield f"{name}: has no title; write one as its first comment line"
    if listed.rows != actual.rows:
        yield f"{name}: {actual.rows} rows, but {MANIFEST} says {listed.rows}"
    given, expected = ([column.name for column in e.columns] for e in (actual, listed))
    if given != expected:
        yield f"{name}: columns {', '.join(given)}, but {MANIFEST} says {', '.join(expected)}"
    if listed.sha256 != actual.sha256:
        yield f"{name}: content differs from its sha256 in {MANIFEST}"


def _table_faults(table: Table, entry: Entry, tables: Mapping[str, Table]) -> Iterator[str]:
    """Faults of one table: its columns, then the laws between them."""
    for name in EVIDENCE:
        if name not in table.columns:
            yield f"{table.file}: has no column {name}"
    for column in entry.columns:
        yield from _description_faults(table.file, column)
        if column.name in table.columns:
            yield from _column_faults(table, column, tables)
    if table.columns == tuple(column.name for column in entry.columns):
        for law in (_ranges, _periods, *LAWS.get(table.file, ())):
            yield from law(table, tables)


def _description_faults(file: str, column: Column) -> Iterator[str]:
    """Check that a column is described in full."""
    where = f"{MANIFEST}, {file}, column {column.name}"
    if column.type not in TYPES:
        yield f"{where}: type must be one of {', '.join(TYPES)}, got {column.type!r}"
    if not column.meaning:
        yield f"{where}: has no meaning; write it there"
    if column.type in NUMERIC and not column.unit:
        yield f"{where}: has no unit; write it there"


def _column_faults(table: Table, column: Column, tables: Mapping[str, Table]) -> Iterator[str]:
    """Check that every cell of a column is what the manifest allows."""
    counts = Counter(row.text(column.name) for row in table.rows)
    targets = _targets(column, tables)
    for row in table.rows:
        cell, place = row.text(column.name), row.place(column.name)
        if not cell:
            if not column.optional:
                yield f"{place}: is empty"
            continue
        yield from _type_faults(row, column)
        if column.unique and counts[cell] > 1:
            yield f"{place}: {cell!r} occurs {counts[cell]} times, must be unique"
        if column.allowed and cell not in column.allowed:
            yield f"{place}: {cell!r} is not one of {', '.join(column.allowed)}"
        if targets is not None and cell not in targets:
            yield f"{place}: {cell!r} does not occur in {column.refers_to}"


def _targets(column: Column, tables: Mapping[str, Table]) -> set[str] | None:
    """Values that a referring column may take; None where it refers to nothing readable."""
    file, _, name = column.refers_to.partition(":")
    return {row.cells.get(name, "") for row in tables[file].rows} if file in tables else None


def _type_faults(row: Row, column: Column) -> Iterator[str]:
    """Check that a filled cell parses as its type."""
    place, cell = row.place(column.name), row.text(column.name)
    try:
        if column.type in NUMERIC:
            value = row.number(column.name)
            if column.type == "integer" and value != int(value):
                yield f"{place}: expected a whole number, got {cell!r}"
        elif column.type == "month":
            row.month(column.name)
    except ValueError as error:
        yield str(error)
    if column.type == "date" and not _is_date(cell):
        yield f"{place}: a date is YYYY, YYYY-MM or YYYY-MM-DD, got {cell!r}"


def _is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day of the calendar."""
    completed = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
    try:
        return datetime.date.fromisoformat(completed).isoformat() == completed
    except ValueError:
        return False


def _number(row: Row, column: str) -> float | None:
    """Read a number; None where it is absent, empty or broken, which others report."""
    try:
        return row.optional_number(column) if column in row.cells else None
    except ValueError:
        return None


def _ranges(table: Table, _tables: Mapping[str, Table]) -> Iterator[str]:
    """Check that bounds and best value are in order."""
    middle = "value" if "value" in table.columns else "mid"
    order = ("minimum", "low", middle, "high", "maximum")
    for row in table.rows:
        filled = [(c, v) for c in order if (v := _number(row, c)) is not None]
        for (lower, a), (upper, b) in pairwise(filled):
            if a > b:
                yield f"{row.place(lower)}: {a:g} is above {upper} = {b:g}"


def _periods(table: Table, _tables: Mapping[str, Table]) -> Iterator[str]:
    """Check that the periods of one subject run forward and do not overlap."""
    if not {"valid_from", "valid_to"} <= set(table.columns):
        return
    subject = [name for name in ("item", "accelerator", "term") if name in table.columns]
    groups: dict[tuple[str, ...], list[tuple[str, str, Row]]] = defaultdict(list)
    for row in table.rows:
        start, end = row.text("valid_from"), row.text("valid_to") or OPEN_END
        groups[tuple(row.text(name) for name in subject)].append((start, end, row))
        if end < start:
            yield f"{row.place('valid_to')}: {end} is before valid_from {start}"
    for periods in groups.values():
        ordered = sorted(periods, key=lambda period: period[:2])
        for (_, end, _), (start, _, row) in pairwise(ordered):
            if start <= end:
                yield f"{row.place('valid_from')}: overlaps the period that ends in {end}"


def _pairs(table: Table, _tables: Mapping[str, Table]) -> Iterator[str]:
    """Check that no accelerator has two efficiencies for one number type."""
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        pair = (row.text("accelerator"), row.text("dtype"))
        if pair in seen:
            yield f"{row.place('dtype')}: {' '.join(pair)} occurs twice"
        seen.add(pair)


def _node_prices(table: Table, tables: Mapping[str, Table]) -> Iterator[str]:
    """Check that a node price is of a known instance and not older than it."""
    launch = _lookup(tables, "instances.csv", "purchasable_from")
    for row in table.rows:
        item = row.text("item")
        if row.text("kind") != "gpu-node":
            continue
        if item not in launch:
            yield f"{row.place('item')}: {item!r} does not occur in instances.csv:name"
        elif row.text("valid_from") < launch[item]:
            yield f"{row.place('valid_from')}: before {item} could be rented, {launch[item]}"


def _launches(table: Table, tables: Mapping[str, Table]) -> Iterator[str]:
    """Check that no instance is older than the accelerator inside."""
    released = _lookup(tables, "accelerators.csv", "released")
    for row in table.rows:
        since = released.get(row.text("accelerator"), "")
        if row.text("purchasable_from") < since:
            yield f"{row.place('purchasable_from')}: before the accelerator's release, {since}"


def _lookup(tables: Mapping[str, Table], file: str, column: str) -> dict[str, str]:
    """Values of a column by the table's name column; empty where the table cannot be read."""
    rows = tables[file].rows if file in tables else ()
    return {row.cells.get("name", ""): row.cells.get(column, "") for row in rows}


def _profile_means(table: Table, _tables: Mapping[str, Table]) -> Iterator[str]:
    """Check that each profile has all hours of a day or week, once, and mean one."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        groups[row.text("profile_id")].append(row)
    for name, rows in groups.items():
        where = f"{rows[0].place('value')}, profile {name}"
        hours = [row.text("hour") for row in rows]
        if len(hours) not in PROFILE_HOURS or hours != [str(h) for h in range(len(hours))]:
            yield f"{where}: hours must run from 0 to 23 or 0 to 167, in order"
        values = [v for row in rows if (v := _number(row, "value")) is not None]
        mean = sum(values) / len(rows)
        if min(values, default=0.0) < 0 or abs(mean - 1.0) > ROUNDING:
            yield f"{where}: the mean must be 1 and no value negative, got mean {mean:.9g}"


Law = Callable[[Table, Mapping[str, Table]], Iterator[str]]
LAWS: Mapping[str, tuple[Law, ...]] = {
    "efficiency.csv": (_pairs,),
    "prices.csv": (_node_prices,),
    "instances.csv": (_launches,),
    "profiles.csv": (_profile_means,),
}
