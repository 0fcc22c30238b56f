"""The wheel alone is enough: installed in a fresh environment, run from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("forecast", "capacity")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, and an empty folder to run in."""

    bin: Path
    folder: Path

    def run(self, *command: str) -> str:
        program, *arguments = command
        told = subprocess.run(
            [str(self.bin / program), *arguments],
            cwd=self.folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout


def _environment() -> dict[str, str]:
    """This process's environment without what would lead back to the checkout."""
    dropped = {"PYTHONPATH", "PYTHONHOME", "COVERAGE_PROCESS_START"}
    return {name: value for name, value in os.environ.items() if name not in dropped}


def _build(kind: str, source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, env=_environment(), check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("fresh environment")
    venv.create(home / "venv", with_pip=True)
    binaries = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(binaries / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    arguments = ["--no-deps", "--no-index", str(wheel)]
    subprocess.run([*pip, *arguments], env=_environment(), check=True, capture_output=True)
    _lend_libraries(home / "venv")
    folder = home / "elsewhere"
    folder.mkdir()
    return Installed(binaries, folder)


def _lend_libraries(environment: Path) -> None:
    """Let the environment see our third-party packages, so that no network is needed.

    Path files of the lent folder are not read, so an editable install of the checkout stays
    invisible.
    """
    scheme = {"base": str(environment), "platbase": str(environment)}
    site = Path(sysconfig.get_path("purelib", vars=scheme))
    lent = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    (site / "lent.pth").write_text("\n".join(sorted(lent)), encoding="utf-8")


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_the_data_as_they_are(wheel: Path) -> None:
    files = [path for path in (ROOT / "data").rglob("*") if path.is_file()]
    files = [path for path in files if not path.name.startswith(".")]
    ours = {path.relative_to(ROOT / "data").as_posix(): path.read_bytes() for path in files}
    prefix = "forecast/_data/"
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(prefix)]
        shipped = {name.removeprefix(prefix): archive.read(name) for name in names}
    assert shipped == ours


def test_wheel_holds_every_source_file(wheel: Path) -> None:
    kinds = (".py", ".typed", ".typ", ".json")
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*")]
    ours = {path.relative_to(ROOT).as_posix() for path in files if path.suffix in kinds}
    assert ours <= _names(wheel)


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in _names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_wheel_from_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    archive = _build("sdist", ROOT, tmp_path / "sdist")
    careful: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(archive) as content:  # Python before 3.11.4 has no filters
        content.extractall(tmp_path / "source", **careful)
    (source,) = (tmp_path / "source").iterdir()
    assert _names(_build("wheel", source, tmp_path / "again")) == _names(wheel)


def test_installed_packages_are_those_of_the_wheel(installed: Installed) -> None:
    code = "import forecast, capacity; print(forecast.__file__); print(capacity.__file__)"
    lines = installed.run("python", "-c", code).splitlines()
    home = installed.bin.parent.resolve()
    assert [home in Path(line).resolve().parents for line in lines] == [True, True]


def test_installed_command_tells_its_commands(installed: Installed) -> None:
    assert "check-data" in installed.run("fleetcast", "--help")


def test_installed_data_are_sound(installed: Installed) -> None:
    installed.run("fleetcast", "check-data")


def test_installed_command_writes_a_plan(installed: Installed) -> None:
    told = installed.run("fleetcast", "plan", "--draws", "200", "--out", "my plan")
    assert "GPUs" in told
    written = {path.name: path for path in (installed.folder / "my plan").iterdir()}
    assert {"plan.csv", "plan.xlsx", "plan.json", "plan.pdf"} <= set(written)
    assert written["plan.pdf"].read_bytes().startswith(b"%PDF-")
    assert written["plan.xlsx"].read_bytes().startswith(b"PK")
    assert len(written["plan.csv"].read_text(encoding="utf-8").splitlines()) > 100
