"""The project installs the same way everywhere: no address, no machine, no heavy start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "plotly", "prophet", "typst", "xlsxwriter")
MAX_KB, MAX_DATA_KB = 500, 1000
UNLOCKED = {"panel-dask", "panel-ray"}  # large, and a cluster has versions of its own
# Written in pieces, so that this file passes its own test.
REGISTRIES = "|".join(
    ["py" + r"pi\.org", "python" + "hosted", "simple" + "/index", "--index" + "-url"]
)
MACHINES = (
    r"(?<![\w.:/~-])/(?:"
    + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers", "opt"])
    + ")/"
)


def _requirements() -> list[str]:
    project = SETTINGS["project"]
    extras = project["optional-dependencies"]
    locked = [line for extra in extras.keys() - UNLOCKED for line in extras[extra]]
    return [*project["dependencies"], *locked, *SETTINGS["dependency-groups"]["dev"]]


def _project_files() -> list[Path]:
    """Files of the project, as git sees them, or all but the installed ones without git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        ignored = {".venv", "out", "build", "dist", "__pycache__"}
        found = [path for path in ROOT.rglob("*") if path.is_file()]
        return [path for path in found if not ignored & set(path.relative_to(ROOT).parts)]
    return [ROOT / name for name in told.stdout.splitlines() if (ROOT / name).is_file()]


def test_lock_names_no_address() -> None:
    assert re.findall(r"https?:|file:|@ |^-|/", LOCK, re.MULTILINE) == []


def test_every_line_of_the_lock_has_a_version_and_hashes() -> None:
    entries = re.split(r"\n(?=\w)", LOCK.strip())
    assert len(entries) > len(_requirements())
    assert all(re.match(r"[\w.-]+==\S+", entry) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_every_requirement_has_a_lower_bound_and_a_locked_version() -> None:
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", LOCK, re.M)}
    for requirement in _requirements():
        match = re.fullmatch(r"([\w-]+)>=[\d.]+", requirement)
        assert match, requirement
        assert match[1].lower() in locked, "run `make lock`"


def test_the_clusters_have_the_same_bounds_as_extras_and_as_a_group() -> None:
    extras = SETTINGS["project"]["optional-dependencies"]
    asked = {line for name in UNLOCKED for line in extras[name]} - set(extras["panel"])
    assert asked == set(SETTINGS["dependency-groups"]["clusters"])


def test_core_install_is_lean() -> None:
    core = " ".join(SETTINGS["project"]["dependencies"])
    assert not re.search("prophet|plotly|streamlit|statsmodels", core)


@pytest.mark.parametrize(
    "target", ["plan", "app", "test", "check", "docs", "lock", "install", "clean"]
)
def test_makefile_has_the_target(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_makefile_installs_what_is_locked() -> None:
    assert "$(INSTALLED): requirements.lock pyproject.toml" in MAKEFILE
    assert "--require-hashes -r requirements.lock" in MAKEFILE
    assert "export OPENBLAS_NUM_THREADS := 1" in MAKEFILE


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from capacity.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert "plan" in told.stdout
    assert told.stdout.splitlines()[-1] == "heavy: []"


def test_no_file_names_a_registry_or_a_machine() -> None:
    pattern = re.compile(f"{REGISTRIES}|{MACHINES}")
    named = []
    for path in _project_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        named += [f"{path.relative_to(ROOT)}: {found}" for found in set(pattern.findall(text))]
    assert not named, "\n".join(named)


def test_no_file_is_large() -> None:
    sizes = {path: path.stat().st_size / 1024 for path in _project_files()}
    data = ROOT / "data"
    most = {path: MAX_DATA_KB if path.is_relative_to(data) else MAX_KB for path in sizes}
    assert [path for path, size in sizes.items() if size > most[path]] == []


def test_outputs_are_ignored() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".venv/", "out/", "build/", "dist/", "__pycache__/"} <= set(ignored)
