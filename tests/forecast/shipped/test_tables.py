from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast.shipped.tables import Row, parse_month, read_table


def write(folder: Path, text: str) -> str:
    (folder / "x.csv").write_text(text, encoding="utf-8")
    return "x.csv"


def test_comments_header_and_line_numbers_are_kept_apart(tmp_path: Path) -> None:
    name = write(tmp_path, '# Title.\n# More.\na, b\n1,"x, #y"\n2,z\n')
    table = read_table(name, tmp_path)
    assert (table.title, table.comments, table.columns) == (
        "Title.",
        ("Title.", "More."),
        ("a", "b"),
    )
    assert [(row.line, row.text("b")) for row in table.rows] == [(4, "x, #y"), (5, "z")]


def test_all_ragged_rows_are_named_at_once(tmp_path: Path) -> None:
    name = write(tmp_path, "# T\na,b\n1\n1,2\n1,2,3\n\n")
    message = r"x.csv: 2 columns expected, but line 3 has 1; line 5 has 3; line 6 has 0"
    with pytest.raises(ValueError, match=message):
        read_table(name, tmp_path)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n"])
def test_a_table_without_header_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="no header row"):
        read_table(write(tmp_path, text), tmp_path)


def test_bytes_that_are_no_text_are_refused_with_the_file_name(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,b\n\xff\xfe,1\n")
    with pytest.raises(ValueError, match=r"x.csv: not UTF-8 text"):
        read_table("x.csv", tmp_path)


def test_an_endless_cell_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"x.csv, line 2: field larger"):
        read_table(write(tmp_path, "a\n" + "x" * 200_000), tmp_path)


@pytest.mark.parametrize("cell", ["", "abc", "nan", "inf", "1,000"])
def test_a_cell_that_is_no_finite_number_is_named(cell: str) -> None:
    with pytest.raises(ValueError, match=r"prices.csv, line 7, column value"):
        Row("prices.csv", 7, {"value": cell}).number("value")


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="no column 'vlaue'; nearest: value"):
        Row("prices.csv", 7, {"value": "1"}).text("vlaue")


@pytest.mark.parametrize("text", ["2022", "2022-13", "2022-1", "2022-01-05", "22-01-1", "NaT"])
def test_only_year_and_month_make_a_month(text: str) -> None:
    with pytest.raises(ValueError, match="a month is written YYYY-MM"):
        parse_month(text)


def test_a_month_knows_its_neighbours() -> None:
    assert parse_month("2022-12") + 1 == np.datetime64("2023-01", "M")


def test_a_broken_month_is_named_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"a.csv, line 3, column released: a month"):
        Row("a.csv", 3, {"released": "soon"}).month("released")
