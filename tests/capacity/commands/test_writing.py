"""What a command writes is whole, and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity.commands.writing import print_or_write, write_files


def test_every_file_is_written_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents: dict[Path, str | bytes] = {
        tmp_path / "new" / "a.csv": "é\r\n",
        tmp_path / "new" / "b.pdf": b"\x00\xff",
    }
    write_files(contents)
    assert (tmp_path / "new" / "a.csv").read_bytes() == "é\r\n".encode()
    assert (tmp_path / "new" / "b.pdf").read_bytes() == b"\x00\xff"
    said = capsys.readouterr()
    assert said.err.splitlines() == [f"wrote {path}" for path in contents]
    assert said.out == ""


def test_where_one_cannot_be_written_none_is_and_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_files({tmp_path / "a.csv": "a", tmp_path / "folder": "b"})
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert capsys.readouterr().err == ""


def test_a_text_goes_to_its_file_or_else_to_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_or_write("one\n", None)
    assert capsys.readouterr().out == "one\n"
    print_or_write("one\n", tmp_path / "rules.yml")
    assert capsys.readouterr().out == ""
    assert (tmp_path / "rules.yml").read_text() == "one\n"
