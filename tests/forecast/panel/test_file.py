"""Files are read as they are, or refused with one clear message; the output is written whole."""

from __future__ import annotations

import builtins
import hashlib
import random

import pyarrow as pa
import pytest
from pyarrow import parquet

from forecast.panel import file
from forecast.panel.file import file_hash, read_table, write_table
from forecast.panel.run import read_panel

COLUMNS = {"unique_id": ["a", "a"], "t": [1, 2], "y": [1.5, 2.5]}


@pytest.fixture
def written(tmp_path):
    """Parquet file with one column more than is wanted."""
    path = tmp_path / "in.parquet"
    parquet.write_table(pa.table({**COLUMNS, "region": ["x", "x"]}), path)
    return path


def test_only_the_wanted_columns_are_read(written):
    table = read_table(written)
    assert table.column_names == ["unique_id", "t", "y"]
    assert table["y"].to_pylist() == COLUMNS["y"]


def test_parquet_and_csv_read_the_same(written, fleet, tmp_path):
    fleet.to_parquet(tmp_path / "fleet.parquet")
    fleet.to_csv(tmp_path / "fleet.csv", index=False)
    one, other = (read_panel(tmp_path / f"fleet.{kind}") for kind in ("parquet", "csv"))
    assert one.ids.to_pylist() == other.ids.to_pylist()
    assert one.times.tolist() == other.times.tolist()
    assert one.values.tolist() == other.values.tolist()


def test_numbers_in_text_ids_keep_their_zeros(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("unique_id,t,y\n007,1,3\n007,2,4\n", encoding="utf-8-sig")
    assert read_table(path)["unique_id"].to_pylist() == ["007", "007"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", b"", "0 bytes"),
        ("in.txt", b"unique_id,t,y\n", "unknown kind of file; allowed: .parquet or .csv"),
        ("in.parquet", b"unique_id,t,y\n", "not to be read as parquet"),
        ("in.csv", b"unique_id;t;y\na;1;2\n", "columns unique_id;t;y; allowed: unique_id, y"),
        ("in.csv", b"unique_id,y\na,1\n", "and ds or t"),
        ("in.csv", b"unique_id,t,y,y\na,1,2,3\n", "column y stands there twice"),
        ("in.csv", b"unique_id,t,y\na,1\n", "not to be read as csv"),
        ("in.csv", b"unique_id,t,y\n\xff\xfe,1,2\n", "not to be read as csv"),
        ("in.csv", b"\x1b[2J,t,y\na,1,2\n", r"columns '\\x1b\[2J'"),
        ("in.csv", b"unique_id,t,y\n", "has no row"),
    ],
)
def test_a_hostile_file_gives_one_message_with_its_name(name, content, message, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as refused:
        read_panel(path)
    assert str(path) in str(refused.value)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.parquet"):
        with pytest.raises(ValueError, match="no such regular file"):
            read_table(path)


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_BYTES"])
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_too_much_is_refused(limit, kind, written, tmp_path, monkeypatch):
    path = tmp_path / f"in.{kind}"
    if kind == "csv":
        path.write_text("unique_id,t,y\na,1,1.5\na,2,2.5\n", encoding="utf-8")
    monkeypatch.setattr(file, limit, 1)
    with pytest.raises(ValueError, match=r"allowed: (1 to )?1$"):
        read_table(path)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(seed, fleet, tmp_path):
    chance = random.Random(seed)
    path = tmp_path / ("in.csv" if seed % 2 else "in.parquet")
    (fleet.to_csv(path, index=False) if seed % 2 else fleet.to_parquet(path))
    content = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 5)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
    assert _told(path).startswith((str(path), "series"))


def _told(path):
    try:
        return f"series {len(read_panel(path))}"
    except ValueError as refused:
        return str(refused)


def test_the_same_table_gives_the_same_bytes_however_it_is_cut(tmp_path):
    table = pa.table(COLUMNS)
    write_table(table, tmp_path / "one.parquet")
    write_table(pa.concat_tables([table[:1], table[1:]]), tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.parquet", "two.parquet"]


def test_the_hash_is_that_of_the_bytes(written):
    assert file_hash(written) == hashlib.sha256(written.read_bytes()).hexdigest()


def test_a_missing_package_is_named_with_its_extra(written, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "pyarrow":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'fleetcast\[panel\]'"):
        read_table(written)
