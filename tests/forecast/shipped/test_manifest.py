from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.shipped.manifest import manifest_entry, read_manifest, render, write_manifest
from forecast.shipped.place import MANIFEST
from forecast.shipped.schema import TYPES, Column, Entry

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
COLUMNS = st.builds(
    Column,
    name=WORDS,
    type=st.sampled_from(TYPES),
    unit=WORDS,
    meaning=WORDS,
    optional=st.booleans(),
    unique=st.booleans(),
    allowed=st.lists(WORDS, max_size=3).map(tuple),
    refers_to=WORDS,
)
ENTRIES = st.builds(Entry, WORDS, st.integers(0, 10**6), WORDS, st.lists(COLUMNS).map(tuple))


@given(st.dictionaries(WORDS, ENTRIES, max_size=3))
def test_any_manifest_survives_writing_and_reading(entries: dict[str, Entry]) -> None:
    rendered = tomllib.loads(render(entries))
    assert rendered.keys() == entries.keys()
    for name, entry in entries.items():
        columns = [dict(fields) for fields in rendered[name].get("columns", [])]
        again = [Column(**{**f, "allowed": tuple(f.get("allowed", ()))}) for f in columns]
        assert tuple(again) == entry.columns
        assert (rendered[name]["title"], rendered[name]["rows"]) == (entry.title, entry.rows)


def test_rewriting_keeps_words_and_renews_hashes(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("# A\nlength,source\n1.5,x\n", encoding="utf-8")
    described = Entry("A", 0, "", (Column("length", "number", "m", "how long"),))
    (tmp_path / MANIFEST).write_text(render({"a.csv": described}), encoding="utf-8")
    entry = read_manifest(write_manifest(tmp_path).parent)["a.csv"]
    assert entry.columns[0] == described.columns[0]
    assert entry.columns[1].meaning.startswith("publication")
    assert entry.sha256 == hashlib.sha256(table.read_bytes()).hexdigest()
    assert entry.rows == 1


def test_files_that_are_gone_leave_the_manifest(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(render({"gone.csv": Entry("G", 0, "")}), encoding="utf-8")
    assert read_manifest(write_manifest(tmp_path).parent) == {}


def test_new_columns_get_a_type_and_wait_for_a_meaning(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("# A\nn,x,w\n1,1.5,a\n-2,,b\n", encoding="utf-8")
    columns = manifest_entry("a.csv", tmp_path).columns
    assert [c.type for c in columns] == ["integer", "number", "text"]
    assert not any(c.meaning for c in columns)


def test_rows_of_a_toml_file_are_its_tables(tmp_path: Path) -> None:
    text = "# Title.\nx = 1\n[a]\n[b.c]\n[[d]]\n[[d]]\n"
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    entry = manifest_entry("s.toml", tmp_path)
    assert (entry.title, entry.rows, entry.columns) == ("Title.", 3, ())


def test_rows_of_an_npz_file_are_its_arrays_and_its_title_is_kept(tmp_path: Path) -> None:
    np.savez(tmp_path / "n.npz", a=np.zeros(2), b=np.ones(3))
    entry = manifest_entry("n.npz", tmp_path, Entry("Weights.", 0, ""))
    assert (entry.title, entry.rows, entry.columns) == ("Weights.", 2, ())
    (tmp_path / "n.npz").write_bytes(b"x")
    with pytest.raises(ValueError, match=r"n.npz: "):
        manifest_entry("n.npz", tmp_path)


def test_a_description_titles_a_toml_file_without_comment(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('description = "D."\n', encoding="utf-8")
    assert manifest_entry("s.toml", tmp_path).title == "D."


@pytest.mark.parametrize(
    "text",
    ["[a", '["a.csv"]\nrows = 1\n', '["a.csv"]\ntitle="t"\nrows="1"\nsha256=""\n', "a = 1\n"],
)
def test_a_broken_manifest_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"MANIFEST.toml cannot be read"):
        read_manifest(tmp_path)


def test_a_missing_manifest_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"fleetcast check-data --write"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"[x", b"\xff"])
def test_a_broken_toml_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.toml").write_bytes(content)
    with pytest.raises(ValueError, match=r"s.toml: "):
        manifest_entry("s.toml", tmp_path)
