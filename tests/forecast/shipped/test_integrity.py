"""A copy of the shipped data is damaged in one place; the damage must be named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from forecast.shipped.integrity import problems
from forecast.shipped.manifest import write_manifest
from forecast.shipped.place import MANIFEST, data_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy of the shipped data with a fresh manifest."""
    return write_manifest(Path(shutil.copytree(data_folder(), tmp_path / "data"))).parent


Edit = Callable[[str, str, str], list[str]]


@pytest.fixture
def damage(folder: Path) -> Edit:
    def edit(name: str, old: str, new: str) -> list[str]:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return problems(folder)

    return edit


def line_of(name: str, text: str) -> int:
    lines = (data_folder() / name).read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, start=1) if text in line)


def test_a_sound_copy_has_no_problems(folder: Path) -> None:
    assert problems(folder) == []


CELLS = [
    ("prices.csv", "on-demand,32.7726,", "on-demand,abc,", "value", "expected a number"),
    ("prices.csv", "on-demand,32.7726,", "on-demand,nan,", "value", "finite"),
    ("prices.csv", ",2020-11,2025-05,us-east-1,AWS EC2 on", ",2020-13,2025-05,us-east-1,AWS EC2 on",
     "valid_from", "YYYY-MM"),
    ("prices.csv", "on-demand,32.7726,", "barter,32.7726,", "term", "not one of on-demand"),
    ("prices.csv", ",p4d.24xlarge,gpu-node,AWS,on-demand,32", ",p4x,gpu-node,AWS,on-demand,32",
     "item", "does not occur in instances.csv"),
    ("instances.csv", "p4d.24xlarge,AWS,A100-SXM-40,8,", "p4d.24xlarge,AWS,A101,8,",
     "accelerator", "does not occur in accelerators.csv:name"),
    ("instances.csv", "p4d.24xlarge,AWS,A100-SXM-40,8,", "p4d.24xlarge,AWS,A100-SXM-40,8.5,",
     "gpus", "whole number"),
    ("instances.csv", "4600,2023-07,", "4600,2021-07,", "purchasable_from", "release, 2022-10"),
    ("efficiency.csv", "H100-SXM,fp8,", "H100-SXM,fp16,", "dtype", "occurs twice"),
    ("facts.csv", "1.7,1.66,2.06", "1.7,1.76,2.06", "low", "1.76 is above value = 1.7"),
    ("claims.csv", "users_2022_12,", "users_2022_01,", "id", "must be unique"),
    ("claims.csv", "2022-01,exactly,the reported case,2023,low", "2022-01,exactly,,2023,low",
     "source", "is empty"),
    ("claims.csv", "2022-01,exactly,the reported case,2023,low",
     "2022-01,exactly,the reported case,2023,sure", "confidence", "not one of high, medium, low"),
    ("claims.csv", "2022-01,exactly,the reported case,2023,low",
     "2022-01,exactly,the reported case,last year,low", "as_of", "YYYY-MM-DD"),
    ("outcomes.csv", "2024-06-20,high", "2024-02-30,high", "as_of", "YYYY-MM-DD"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "column", "fault"), CELLS)
def test_a_bad_cell_is_named_with_file_line_and_column(
    damage: Edit, name: str, old: str, new: str, column: str, fault: str
) -> None:
    place = f"{name}, line {line_of(name, old)}, column {column}"
    assert any(place in line and fault in line for line in damage(name, old, new))


def test_a_range_beyond_its_bounds_is_named(folder: Path) -> None:
    path = folder / "assumptions.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("name,")) + 1
    cells = lines[first].split(",")
    cells[lines[first - 1].split(",").index("high")] = "1e99"
    lines[first] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")
    place = f"assumptions.csv, line {first + 1}, column high: 1e+99 is above maximum"
    assert any(line.startswith(place) for line in problems(folder))


def test_a_changed_byte_breaks_the_hash(damage: Edit) -> None:
    found = damage("claims.csv", "120,000 registered", "120,001 registered")
    assert found == [f"claims.csv: content differs from its sha256 in {MANIFEST}"]


def test_a_profile_whose_mean_is_not_one_is_named(damage: Edit) -> None:
    found = damage("profiles.csv", "conv_weekday,0,0.890849", "conv_weekday,0,0.900849")
    assert any("profile azure2024_conv_weekday: the mean must be 1" in line for line in found)


def test_a_profile_without_an_hour_is_named(damage: Edit) -> None:
    found = damage("profiles.csv", "conv_weekday,5,", "conv_weekday,25,")
    assert any("hours must run from 0 to 23" in line for line in found)


def test_overlapping_prices_are_named(damage: Edit) -> None:
    found = damage("prices.csv", ",2020-11,2025-05,", ",2020-11,2025-06,")
    assert any("overlaps the period that ends in 2025-06" in line for line in found)


def test_a_period_that_runs_backwards_is_named(damage: Edit) -> None:
    found = damage("prices.csv", ",2020-11,2025-05,", ",2020-11,2019-05,")
    assert any("2019-05 is before valid_from 2020-11" in line for line in found)


def test_a_price_before_the_node_existed_is_named(damage: Edit) -> None:
    found = damage("prices.csv", ",2020-11,2025-05,", ",2020-10,2025-05,")
    assert any("before p4d.24xlarge could be rented, 2020-11" in line for line in found)


def test_lost_and_added_rows_are_counted(folder: Path) -> None:
    path = folder / "claims.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    rows = len(lines) - 1 - sum(line.startswith("#") for line in lines)
    expected = f"claims.csv: {rows - 1} rows, but {MANIFEST} says {rows}"
    assert expected in problems(folder)


@pytest.mark.parametrize("name", ["prices.csv", "profiles.csv", "instances.csv", "claims.csv"])
def test_a_renamed_column_is_reported_and_nothing_crashes(folder: Path, name: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",source,", ",origin,", 1), encoding="utf-8")
    found = problems(folder)
    assert f"{name}: has no column source" in found
    assert any(line.startswith(f"{name}: columns ") for line in found)


def test_unlisted_and_missing_files_are_named(folder: Path) -> None:
    (folder / "extra.csv").write_text("# E\na\n1\n", encoding="utf-8")
    (folder / "facts.csv").unlink()
    assert problems(folder) == [
        f"facts.csv: listed in {MANIFEST}, but there is no such file",
        f"extra.csv: not listed in {MANIFEST}",
    ]


def test_all_faults_are_found_at_once(folder: Path, damage: Edit) -> None:
    (folder / "facts.csv").write_bytes(b"\xff\xfe\x00")
    (folder / "reliability.csv").write_text("# R\na,b\n1\n", encoding="utf-8")
    found = damage("claims.csv", "users_2022_12,", "users_2022_01,")
    for name in ("facts.csv", "reliability.csv", "claims.csv"):
        assert any(line.startswith(name) for line in found)


def test_a_missing_manifest_is_the_only_problem(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    assert len(problems(folder)) == 1


def test_a_column_without_meaning_or_unit_is_named(damage: Edit) -> None:
    found = damage(
        MANIFEST,
        'type = "number", unit = "GiB", meaning = "usable memory"',
        'type = "numbr", unit = "", meaning = ""',
    )
    assert any("column memory_gib: has no meaning" in line for line in found)
    assert any("got 'numbr'" in line for line in found)
