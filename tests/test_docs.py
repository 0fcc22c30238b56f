"""The documents say what the code says, and every public name is documented."""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import pkgutil
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from numpydoc.docscrape import ClassDoc, FunctionDoc
from numpydoc.validate import validate

import capacity
import forecast

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CODES = SETTINGS["tool"]["numpydoc_validation"]["checks"]
MARKDOWN = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
# Named or counted things: their parameters are numbers without a unit.
UNITLESS = {"months", "seed", "start", "absorbing", "binding", "default"}
UNITLESS_MODULES = {
    "capacity.commands.backtesting",
    "capacity.cli",
    "capacity.commands.plans",
    "capacity.commands.forecast",
    "capacity.commands.learning",
    "capacity.numbers",
    "capacity.commands.questions",
    "capacity.report.marks",
    "capacity.report.placing",
    "capacity.toml_table",
}


# --- the public names -------------------------------------------------------------------------


def _modules() -> list[ModuleType]:
    names = [
        found.name
        for package in (forecast, capacity)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return [importlib.import_module(name) for name in names]


def _public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Public classes and functions of a module with their public methods and properties."""
    for name, item in vars(module).items():
        ours = getattr(item, "__module__", None) == module.__name__
        if name.startswith("_") or not ours or not (inspect.isclass(item) or callable(item)):
            continue
        yield f"{module.__name__}.{name}", item
        for member, value in vars(item).items() if inspect.isclass(item) else ():
            told = inspect.isroutine(value) or isinstance(value, property)
            if told and not member.startswith("_"):
                yield f"{module.__name__}.{name}.{member}", value


def _fields_speak_for_themselves(item: Any) -> bool:
    """Protocols and enumerations have no parameters; named tuples and levers list them beside."""
    if not inspect.isclass(item):
        return False
    is_tuple = issubclass(item, tuple) and hasattr(item, "_fields")
    is_protocol = getattr(item, "_is_protocol", False)
    has_bases = item.__name__ in {"Policy", "Buying"}
    return is_tuple or is_protocol or issubclass(item, enum.Enum) or has_bases


def test_every_public_name_is_documented() -> None:
    faults = []
    for module in _modules():
        assert module.__doc__ or module.__name__ == "capacity.report", module.__name__
        for name, item in _public(module):
            checks = set(CODES) - ({"PR01"} if _fields_speak_for_themselves(item) else set())
            faults += [
                f"{name}: {text}" for code, text in validate(name)["errors"] if code in checks
            ]
    assert not faults, "\n".join(faults)


def _documented(item: Any) -> list[Any]:
    """Parameters and returns of a numpydoc docstring."""
    if inspect.isclass(item):
        return list(ClassDoc(item, config={"show_class_members": False})["Parameters"])
    item = getattr(item, "__func__", item)
    if not inspect.isroutine(item):
        return []
    doc = FunctionDoc(item)
    return [*doc["Parameters"], *doc["Returns"]]


def test_every_number_has_a_unit() -> None:
    bare = []
    for module in _modules():
        if module.__name__ in UNITLESS_MODULES:
            continue
        for name, item in _public(module):
            for entry in _documented(item):
                kind, text = entry.type or entry.name, " ".join(entry.desc)
                number = re.search(r"\b(float|int|ndarray|array_like)\b", kind)
                other = re.search(r"str|bool|datetime|None", kind)
                if number and not other and entry.name not in UNITLESS:
                    known = "[" in text or "unit" in text.lower()
                    bare += [] if known else [f"{name}: {entry.name or 'returns'}"]
    assert not bare, "\n".join(bare)


def _raises(function: ast.FunctionDef) -> bool:
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise) and node.exc is not None:
            return True
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def _raising(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Name and docstring of what raises; a constructor is documented at its class."""
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for item in members:
            if not isinstance(item, ast.FunctionDef) or not _raises(item):
                continue
            made = item.name in {"__init__", "__post_init__"}
            owner = node if made else item
            private = item.name.startswith("_") or getattr(node, "name", "_").startswith("_")
            if made or not private:
                yield item.name, ast.get_docstring(owner) or ""


def test_whatever_raises_says_so() -> None:
    silent = []
    for package in ("forecast", "capacity"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            silent += [
                f"{path.relative_to(ROOT)}: {name}"
                for name, text in _raising(tree)
                if "Raises\n------" not in text
            ]
    assert not silent, "\n".join(silent)


# --- the documents ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["inputs.md", "policy.md", "metrics.md", "buying.md"])
def test_reference_table_equals_the_code(page: str) -> None:
    pages = runpy.run_path(str(DOCS / "tables.py"))["PAGES"]
    assert (DOCS / page).read_text(encoding="utf-8") == pages[page](), "run `make docs`"


def _glossary() -> list[list[str]]:
    lines = (DOCS / "nomenclature.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in rows if row[0] != "term" and not set(row[0]) <= set("-: ")]


def test_glossary_defines_the_words_of_the_field() -> None:
    rows = _glossary()
    terms = [row[0] for row in rows]
    assert len(terms) == len(set(terms))
    assert [row[0] for row in rows if len(row) != 5 or not row[2]] == []
    assert {
        "origin", "horizon", "level", "quantile", "sample path", "baseline", "override", "lever",
        "offered load", "service level", "latency headroom", "TTFT", "TPOT", "replica",
        "tensor parallelism", "error budget", "shortfall",
    } <= set(terms)  # fmt: skip


def test_glossary_names_exist_in_the_code() -> None:
    files = [path for name in ("forecast", "capacity") for path in (ROOT / name).rglob("*.py")]
    data = sorted((ROOT / "data").glob("*.csv"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*files, *data])
    known = set(re.findall(r"\w+", text))
    names = {name for row in _glossary() for name in re.findall(r"`(?:\w+\.)?(\w+)`", row[1])}
    assert names - known == set()


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.name)
def test_links_to_files_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    local = [link for link in links if not re.match(r"https?:|mailto:", link)]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_decisions_say_what_they_cost() -> None:
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    for path in decisions:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "What it costs", "What would change our mind"]


def test_version_is_the_same_everywhere() -> None:
    version = SETTINGS["project"]["version"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = changes.split("\n## ")[1]
    assert latest.startswith(version)
    headings = re.findall(r"^### (.+)$", latest, re.MULTILINE)
    assert headings == ["Added", "Changed", "Fixed", "Removed", "Results that change"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


# --- the README -------------------------------------------------------------------------------


def _blocks(language: str) -> list[str]:
    text = README.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _commands(program: str) -> list[list[str]]:
    lines = [line for block in _blocks(r"\w*") for line in block.splitlines()]
    lines = [line.removeprefix("$ ").strip() for line in lines]
    words = [shlex.split(line, comments=True) for line in lines if line.startswith(f"{program} ")]
    return [line[1:] for line in words]


def test_readme_make_targets_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    used = {word for line in _commands("make") for word in line if "=" not in word}
    assert {"plan", "test"} <= used
    assert used <= targets


def test_readme_commands_exist(capsys: pytest.CaptureFixture[str]) -> None:
    cli = importlib.import_module("capacity.cli")
    commands = _commands("fleetcast")
    assert commands
    for command, *rest in commands:
        with pytest.raises(SystemExit) as stop:
            cli.main([command, "--help"])
        assert stop.value.code == 0
        told = capsys.readouterr().out
        assert [word for word in rest if word.startswith("--") and word not in told] == []


@pytest.mark.slow
def test_readme_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "users.csv").write_text("date,value\n2025-01,1000\n2025-12,3100\n", "utf-8")
    blocks = _blocks("python")
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})


@pytest.mark.parametrize("facade", [forecast, capacity], ids=["forecast", "capacity"])
def test_facade_delivers_no_module_in_place_of_a_name(facade: ModuleType) -> None:
    _modules()  # a module that was imported must not hide the function of the same name
    assert 0 < len(facade.__all__) <= 17
    delivered = {name: getattr(facade, name) for name in facade.__all__}
    assert [name for name, item in delivered.items() if isinstance(item, ModuleType)] == []
