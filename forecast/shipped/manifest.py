"""The manifest of the shipped data: what each file holds, column by column, and its fingerprint.

``MANIFEST.toml`` is the only place that says what a column means, in which unit, and what may stand
in it. Rewriting it keeps those words and renews row counts and hashes.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

from forecast.shipped.place import MANIFEST, data_files, data_folder
from forecast.shipped.schema import COMMON, Column, Entry
from forecast.shipped.tables import Table, read_table

HEADER = """\
# Every file in this folder: title, rows, SHA-256, and for a table each column with type, unit and
# meaning. `fleetcast check-data` compares it with the files; `fleetcast check-data --write` renews
# rows and hashes and adds new columns, whose unit and meaning are then to be written here by hand.
# Rows of a TOML file are its top-level tables, those of an npz file its arrays.
"""


def read_manifest(folder: Path | None = None) -> dict[str, Entry]:
    """Read the manifest.

    Parameters
    ----------
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    dict of str to Entry
        By file name relative to the folder.

    Raises
    ------
    ValueError
        If the manifest is missing, is not TOML, or an entry has unknown or missing fields.

    Examples
    --------
    >>> "prices.csv" in read_manifest()
    True
    """
    path = (data_folder() if folder is None else folder) / MANIFEST
    if not path.is_file():
        raise ValueError(f"{MANIFEST} is missing; write it with: fleetcast check-data --write")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _entry(fields) for name, fields in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{MANIFEST} cannot be read: {error}") from error


def manifest_entry(name: str, folder: Path | None = None, known: Entry | None = None) -> Entry:
    """Describe one file as it is now.

    Parameters
    ----------
    name : str
        File name relative to the folder.
    folder : Path, optional
        Another data folder; the shipped one if left out.
    known : Entry, optional
        Earlier entry whose units and meanings are kept.

    Returns
    -------
    Entry
        With rows and hash of the present file. A column that neither `known` nor the common
        columns describe has a guessed type and an empty meaning.

    Raises
    ------
    ValueError
        If the file cannot be read.

    Examples
    --------
    >>> manifest_entry("profiles.csv").columns[1].type
    'integer'
    """
    root = data_folder() if folder is None else folder
    content = (root / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if not name.endswith(".csv"):
        title, rows = _title_and_tables(name, content)
        return Entry(title or (known.title if known else ""), rows, digest)
    table = read_table(name, root)
    described = {column.name: column for column in known.columns} if known else {}
    columns = tuple(
        described.get(column) or COMMON.get(column) or Column(column, _guess_type(table, column))
        for column in table.columns
    )
    return Entry(table.title, len(table.rows), digest, columns)


def write_manifest(folder: Path | None = None) -> Path:
    """Rewrite the manifest: new rows and hashes, old units and meanings.

    Parameters
    ----------
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    Path
        The manifest. Files that are gone are dropped from it.

    Raises
    ------
    ValueError
        If a file or the present manifest cannot be read; nothing is written then.
    """
    root = data_folder() if folder is None else folder
    known = read_manifest(root) if (root / MANIFEST).is_file() else {}
    entries = {name: manifest_entry(name, root, known.get(name)) for name in data_files(root)}
    path = root / MANIFEST
    path.write_text(render(entries), encoding="utf-8")
    return path


def render(entries: Mapping[str, Entry]) -> str:
    """Manifest as TOML text.

    Parameters
    ----------
    entries : Mapping of str to Entry
        By file name.

    Returns
    -------
    str
        Sorted by file name, one line per column.

    Examples
    --------
    >>> print(render({"a.csv": Entry("A", 2, "00", (Column("x", "number", "m", "length"),))})
    ...       .removeprefix(HEADER).strip())
    ["a.csv"]
    title = "A"
    rows = 2
    sha256 = "00"
    columns = [
      { name = "x", type = "number", unit = "m", meaning = "length" },
    ]
    """
    blocks = [HEADER]
    for name in sorted(entries):
        entry = entries[name]
        lines = [
            f"[{_quote(name)}]",
            f"title = {_quote(entry.title)}",
            f"rows = {entry.rows}",
            f"sha256 = {_quote(entry.sha256)}",
        ]
        if entry.columns:
            lines += ["columns = [", *(f"  {_render_column(c)}," for c in entry.columns), "]"]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _title_and_tables(name: str, raw: bytes) -> tuple[str, int]:
    """Title of a TOML or JSON file, and its number of top-level tables; for npz the arrays."""
    if name.endswith(".npz"):
        return "", _count_arrays(name, raw)
    try:
        text = raw.decode("utf-8")
        content = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}: {error}") from error
    tables = sum(isinstance(value, dict) or _is_table_array(value) for value in content.values())
    first = text.partition("\n")[0]
    told = content.get("description", content.get("title", ""))
    described = first.lstrip("# ") if first.startswith("#") else told
    return str(described).strip(), tables


def _count_arrays(name: str, raw: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return len(archive.namelist())
    except zipfile.BadZipFile as error:
        raise ValueError(f"{name}: {error}") from error


def _is_table_array(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _entry(fields: Mapping[str, object]) -> Entry:
    """Build an entry from its TOML table; a wrong field raises TypeError or KeyError."""
    listed = fields.get("columns", [])
    if not isinstance(listed, list):
        raise TypeError(f"columns must be a list, got {listed!r}")
    columns = [Column(**{**item, "allowed": tuple(item.get("allowed", ()))}) for item in listed]
    rows = fields["rows"]
    if not isinstance(rows, int):
        raise TypeError(f"rows must be a whole number, got {rows!r}")
    return Entry(str(fields["title"]), rows, str(fields["sha256"]), tuple(columns))


def _render_column(column: Column) -> str:
    """Inline table of a column; what is at its default is left out after `meaning`."""
    fields = [f"{key} = {_quote(getattr(column, key))}" for key in ("name", "type")]
    fields += [f"{key} = {_quote(getattr(column, key))}" for key in ("unit", "meaning")]
    fields += [f"{key} = true" for key in ("optional", "unique") if getattr(column, key)]
    if column.allowed:
        fields.append(f"allowed = [{', '.join(map(_quote, column.allowed))}]")
    if column.refers_to:
        fields.append(f"refers_to = {_quote(column.refers_to)}")
    return "{ " + ", ".join(fields) + " }"


def _quote(text: str) -> str:
    """TOML basic string: JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _guess_type(table: Table, column: str) -> str:
    """Integer or number where all filled cells are one, else text."""
    cells = [row.text(column) for row in table.rows if row.text(column)]
    if cells and all(cell.lstrip("-").isdigit() for cell in cells):
        return "integer"
    return "number" if cells and all(map(_is_number, cells)) else "text"


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
