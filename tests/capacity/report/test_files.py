from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from capacity.auditing import Finding
from capacity.availability.designing import DesignStudy
from capacity.outcome import CapacityPlan, Infeasible
from capacity.report import files
from capacity.report.files import NAMES, write, write_json, write_text
from forecast.whole_files import write_whole

Findings = tuple[Finding, ...]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_are_written(
    short_plan: CapacityPlan, findings: Findings, tmp_path: Path
) -> None:
    told: list[str] = []
    paths = write(short_plan, findings, tmp_path / "new" / "folder", progress=told.append)
    assert [path.name for path in paths] == told == list(NAMES)
    assert set(contents(tmp_path / "new" / "folder")) == set(NAMES)


def test_json_and_pdf_are_of_one_study_of_redundancy(
    short_plan: CapacityPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[object] = []

    def note(_plan: object, _findings: object, study: object) -> bytes:
        handed.append(study)
        return b""

    for maker in ("to_json", "to_pdf"):
        monkeypatch.setattr(files, maker, note)
    write(short_plan, (), tmp_path)
    assert handed[0] is handed[1]
    assert isinstance(handed[0], DesignStudy)


def test_a_second_run_writes_the_same_bytes(
    short_plan: CapacityPlan, findings: Findings, tmp_path: Path
) -> None:
    write(short_plan, findings, tmp_path / "a")
    write(short_plan, findings, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def fails(*_: object) -> bytes:
    raise ValueError("no ink")


@pytest.mark.parametrize("maker", ["to_csv", "to_xlsx", "to_json", "to_pdf", "dump_scenario"])
def test_a_failing_writer_leaves_the_folder_as_it_was(
    short_plan: CapacityPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maker: str
) -> None:
    (tmp_path / "plan.csv").write_text("old")
    for other in ("to_csv", "to_xlsx", "to_json", "to_pdf", "dump_scenario"):
        monkeypatch.setattr(files, other, lambda *_: "new")
    monkeypatch.setattr(files, maker, fails)
    with pytest.raises(ValueError, match="no ink"):
        write(short_plan, (), tmp_path)
    assert contents(tmp_path) == {"plan.csv": b"old"}


def test_a_full_disk_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if "b" in path.name:
            raise OSError(28, "No space left on device")
        return original(path, data)

    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert contents(tmp_path) == {"a": b"old"}


def test_a_folder_in_the_way_is_named_and_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError, match="is a folder"):
        write_whole({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert (tmp_path / "a").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_line_ends_are_kept(tmp_path: Path) -> None:
    write_text(tmp_path / "deep" / "x.csv", "a\r\nb\n")
    assert (tmp_path / "deep" / "x.csv").read_bytes() == b"a\r\nb\n"


@pytest.mark.parametrize("name", ["csv", "json", "xlsx", "pdf"])
def test_each_writer_writes_its_file(
    short_plan: CapacityPlan, findings: Findings, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"mine.{name}"
    writers: dict[str, Callable[[], None]] = {
        "csv": lambda: files.write_csv(short_plan, path),
        "json": lambda: files.write_json(short_plan, path, findings),
        "xlsx": lambda: files.write_xlsx(short_plan, findings, path),
        "pdf": lambda: files.write_pdf(short_plan, findings, path),
    }
    writers[name]()
    assert list(contents(tmp_path)) == [path.name]


def test_an_infeasible_outcome_can_be_written(infeasible: Infeasible, tmp_path: Path) -> None:
    write_json(infeasible, tmp_path / "none.json")
    assert '"kind": "infeasible"' in (tmp_path / "none.json").read_text()
