"""Several files are written together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.whole_files import write_whole


def test_files_are_written_and_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    written = write_whole({tmp_path / "a": b"new", tmp_path / "deep" / "b": b"2"})
    assert [path.read_bytes() for path in written] == [b"new", b"2"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a", "b"]


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError, match="is a folder"):
        write_whole({tmp_path / "a": b"new", tmp_path / "b": b"2"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
