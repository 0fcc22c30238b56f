from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from capacity.toml_table import MAX_BYTES, TomlTable, read_toml

LONG = 1_000  # characters that a message may have


def table(**values: Any) -> TomlTable:
    return TomlTable(values, "my.toml", [])


def test_a_good_table_has_no_faults() -> None:
    good = table(word="a", number=2, part={"x": 1.5}, rows=[{"y": 1}, {"y": 2}])
    assert good.text("word") == "a"
    assert good.number("number") == 2.0
    assert good.table("part").number("x") == 1.5
    assert [row.number("y") for row in good.tables("rows")] == [1.0, 2.0]
    assert good.faults == []


@pytest.mark.parametrize("value", [True, "12", "1e3", [1], {"a": 1}])
def test_what_is_no_number_is_a_fault_and_no_number(value: Any) -> None:
    bad = table(zones=value)
    assert math.isnan(bad.number("zones"))
    assert len(bad.faults) == 1
    assert bad.faults[0].startswith("my.toml: zones = ")
    assert bad.faults[0].endswith("must be a number")


@pytest.mark.parametrize("value", [True, 5, 1.5, ["a"], {"a": 1}])
def test_what_is_no_text_is_a_fault_and_empty(value: Any) -> None:
    bad = table(name=value)
    assert bad.text("name") == ""
    assert bad.faults[0].startswith("my.toml: name = ")


@pytest.mark.parametrize("value", [True, 5, "x", [{"a": 1}]])
def test_what_is_no_table_is_a_fault_and_empty(value: Any) -> None:
    bad = table(part=value)
    assert bad.table("part").values == {}
    assert bad.faults[0].endswith("must be a table")


@pytest.mark.parametrize("value", [True, 5, "x", {"a": 1}, [1], [{"a": 1}, 2]])
def test_what_is_no_list_of_tables_is_a_fault_and_empty(value: Any) -> None:
    bad = table(part=value)
    assert bad.tables("part") == []
    assert bad.faults[0].endswith("must be a list of tables")


def test_a_default_is_used_where_the_key_is_absent_and_only_there() -> None:
    assert table().text("a", "b") == "b"
    assert table().number("a", 2.5) == 2.5
    assert table(a="").text("a", "b") == ""
    assert table(a=0).number("a", 2.5) == 0.0


def test_a_missing_key_is_a_fault_that_names_it() -> None:
    bad = table()
    bad.text("name")
    bad.number("value")
    assert bad.faults == [
        "my.toml: key 'name' is missing",
        "my.toml: key 'value' is missing",
    ]


def test_faults_of_inner_tables_are_kept_with_their_place() -> None:
    root = table(part={"a": "x"}, rows=[{}, {"y": "z"}])
    root.table("part").number("a")
    root.tables("rows")[1].number("y")
    assert [fault.split(" = ")[0] for fault in root.faults] == [
        "my.toml: part: a",
        "my.toml: rows[1]: y",
    ]


def test_unknown_keys_name_the_nearest() -> None:
    bad = table(zons=2)
    bad.only(("zones", "regions"))
    assert bad.faults == ["my.toml: unknown key 'zons'; nearest: zones"]


def test_a_whole_number_beyond_every_float_is_infinite_not_an_error() -> None:
    assert table(a=10**400).number("a") == math.inf


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("value", ["x" * 100_000, nested(50_000), list(range(100_000))])
def test_a_fault_shows_no_more_than_the_beginning_of_a_value(value: Any) -> None:
    bad = table(zones=value)
    bad.number("zones")
    assert len(bad.faults) == 1
    assert len(bad.faults[0]) < LONG


def test_control_characters_of_a_key_do_not_reach_the_message() -> None:
    bad = table(**{"a\x1b[2J\nb": 1, "c\x1b[2J": "x"})
    bad.only(("a",))
    bad.number("c\x1b[2J")
    assert "\x1b" not in "".join(bad.faults)


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"a = 1\n#" + b"x" * (MAX_BYTES - 7))
    assert read_toml(path).number("a") == 1
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ValueError, match=r"my.toml: larger than 1 MB"):
        read_toml(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = ", "not valid TOML"),
        (b"a = 1\na = 2", "not valid TOML"),
        (b"a = 017", "not valid TOML"),
        (b"a = !!python/name:os.system", "not valid TOML"),
        (b"a = 1" + b"0" * 5000, "not valid TOML"),
        (b"\xff\xfea", "must be UTF-8 text"),
        ("a = 1".encode("utf-16"), "must be UTF-8 text|not valid TOML"),
        (b"a = 1\0", "not valid TOML"),
        (b"\x89PNG\r\n\x1a\n", "must be UTF-8 text|not valid TOML"),
        (b"<!DOCTYPE html>", "not valid TOML"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"{a=" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_toml_is_one_message_that_names_the_file(
    tmp_path: Path, within_seconds: None, content: bytes, message: str
) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^my.toml: ({message})") as caught:
        read_toml(path)
    assert len(str(caught.value)) < LONG


@pytest.mark.parametrize(
    "text",
    ["a" + ".a" * 10_000 + " = 1", "[a" + ".a" * 10_000 + "]", "a = {b" + ".b" * 10_000 + " = 1}"],
    ids=["dotted key", "dotted table", "dotted inline key"],
)
def test_a_key_of_very_many_parts_is_refused(tmp_path: Path, text: str) -> None:
    """Parsing takes time with the square of the parts: a megabyte of them takes hours."""
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^my.toml: "):
        read_toml(path)


def test_a_folder_and_a_missing_file_are_no_files(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(FileNotFoundError, match="no such file"):
            read_toml(path)
