from __future__ import annotations

from pathlib import Path

import pytest

from forecast.shipped.place import MANIFEST, data_files, data_folder, data_path, nearest


def test_the_folder_holds_the_manifest() -> None:
    assert (data_folder() / MANIFEST).is_file()


def test_files_are_listed_with_subfolders_but_without_manifest_and_hidden_files(
    tmp_path: Path,
) -> None:
    (tmp_path / "scenarios").mkdir()
    for name in ("b.csv", "scenarios/a.toml", ".hidden", MANIFEST):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert data_files(tmp_path) == ("b.csv", "scenarios/a.toml")


def test_an_unknown_file_names_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r"unknown data file 'price.csv'; nearest: prices.csv"):
        data_path("price.csv")


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/hostname", "scenarios", ""])
def test_no_path_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="unknown data file"):
        data_path(name)


def test_a_word_like_nothing_known_gets_the_whole_list() -> None:
    assert nearest("qqq", ("zones", "regions")) == "known: regions, zones"
