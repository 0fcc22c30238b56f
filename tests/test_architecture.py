"""The rings of docs/architecture.md hold in the code, and the checker sees a violation."""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = ("forecast", "capacity")
SHAPELESS = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)$")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MAX_FUNCTION, MAX_FILE = 50, 500


@dataclass(frozen=True)
class Import:
    """One import: what, and whether it happens when the importing module is imported."""

    target: str
    at_once: bool
    for_types: bool


@dataclass(frozen=True)
class Module:
    name: str
    tree: ast.Module
    lines: int
    imports: tuple[Import, ...]


@dataclass(frozen=True)
class Rules:
    """Rings by module, imports that may close a circle, heavy libraries and who may import them."""

    rings: dict[str, int]
    twice: tuple[str, ...] = ()
    doors: frozenset[tuple[str, str]] = frozenset()
    libraries: dict[str, tuple[set[int], set[str]]] = field(default_factory=dict)


# --- reading the document ---------------------------------------------------------------------


def read_rules(document: str) -> Rules:
    rings: dict[str, int] = {}
    libraries, twice, doors = {}, [], set()
    for line in document.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.match(r"\| \d \w+", line):
            for package, cell in zip(PACKAGES, cells[1:], strict=True):
                for name in re.findall(r"`([\w.]+)`", cell):
                    full = f"{package}.{name}".removesuffix(".__init__")
                    twice += [full] if full in rings else []
                    rings[full] = int(cells[0][0])
        elif re.match(r"\| `\w+` \| [\d, ]*\|", line):
            allowed = {int(digit) for digit in re.findall(r"\d", cells[1])}
            libraries[cells[0].strip("`")] = (allowed, set(re.findall(r"`([\w.]+)`", cells[2])))
        elif re.match(r"\| `[\w.]+` \| `[\w.]+` \|", line):
            doors.add((cells[0].strip("`"), cells[1].strip("`")))
    return Rules(rings, tuple(twice), frozenset(doors), libraries)


# --- reading the code -------------------------------------------------------------------------


def read_modules(root: Path) -> dict[str, Module]:
    files = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    trees = {_dotted(path, root): path.read_text(encoding="utf-8") for path in files}
    return {
        name: Module(name, tree, len(text.splitlines()), tuple(_imports(tree, set(trees))))
        for name, text in trees.items()
        for tree in [ast.parse(text)]
    }


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _imports(tree: ast.Module, known: set[str]) -> Iterator[Import]:
    waiting: list[tuple[ast.AST, bool, bool]] = [(tree, True, False)]
    while waiting:
        node, at_once, for_types = waiting.pop()
        for target in _targets(node, known):
            yield Import(target, at_once, for_types)
        inside = at_once and not isinstance(node, FUNCTIONS)
        types_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in ast.iter_child_nodes(node):
            in_body = types_only and child in node.body
            waiting.append((child, inside, for_types or in_body))


def _targets(node: ast.AST, known: set[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        below = [f"{node.module}.{alias.name}" for alias in node.names]
        return [name if name in known else str(node.module) for name in below]
    return []


def _edges(module: Module, modules: dict[str, Module]) -> set[str]:
    """Modules of ours that it imports.

    A façade also delivers what it names for type checkers; and whoever imports a part of a
    package runs the package's own imports first.
    """
    facade = module.name in PACKAGES
    named = {item.target for item in module.imports if facade or not item.for_types}
    found = {name for name in named if name in modules}
    parents = {name.rpartition(".")[0] for name in found} - {*PACKAGES, ""}
    outside = {name for name in parents if not f"{module.name}.".startswith(f"{name}.")}
    return found | {name for name in outside if _runs_imports(modules[name], modules)}


def _runs_imports(package: Module, modules: dict[str, Module]) -> bool:
    return any(
        item.at_once and not item.for_types and item.target in modules for item in package.imports
    )


# --- the rules --------------------------------------------------------------------------------


def ring_faults(modules: dict[str, Module], rules: Rules) -> list[str]:
    rings = rules.rings
    faults = [f"{name} stands in two rings" for name in rules.twice]
    faults += [
        f"{name} has no ring in docs/architecture.md" for name in modules if name not in rings
    ]
    faults += [f"{name} has a ring but no file" for name in rings if name not in modules]
    for module in modules.values():
        for target in sorted(_edges(module, modules)):
            if rings.get(target, 0) > rings.get(module.name, 9):
                faults.append(f"{module.name} imports {target} of a higher ring")
    return faults


def direction_faults(modules: dict[str, Module], rules: Rules) -> list[str]:
    del rules
    faults = []
    for module in modules.values():
        package = module.name.partition(".")[0]
        for target in sorted(_edges(module, modules)):
            if package == "forecast" and target.startswith("capacity"):
                faults.append(f"{module.name} imports {target}: forecast must not know capacity")
            if target == package:
                faults.append(f"{module.name} imports from its own façade {package}")
    return faults


def cycle_faults(modules: dict[str, Module], rules: Rules) -> list[str]:
    graph = {}
    for name, module in modules.items():
        first = {item.target for item in module.imports if item.at_once and not item.for_types}
        opened = {target for source, target in rules.doors if source == name} - first
        graph[name] = _edges(module, modules) - opened - {name}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return ["import cycle: " + " -> ".join(error.args[1])]
    return []


def folder_faults(modules: dict[str, Module], rules: Rules) -> list[str]:
    """Folders below a package that import each other, over any number of steps."""
    graph: dict[str, set[str]] = {}
    for name, module in modules.items():
        targets = {_folder(target) for target in _edges(module, modules)} - {_folder(name), None}
        opened = {_folder(target) for source, target in rules.doors if source == name}
        if (home := _folder(name)) is not None:
            graph.setdefault(home, set()).update(targets - opened)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return ["folders import each other: " + " -> ".join(error.args[1])]
    return []


def _folder(name: str) -> str | None:
    parts = name.split(".")
    return ".".join(parts[:2]) if len(parts) > 2 else None


def library_faults(modules: dict[str, Module], rules: Rules) -> list[str]:
    faults = []
    for module in modules.values():
        ring = rules.rings.get(module.name, -1)
        for item in module.imports:
            library = item.target.partition(".")[0]
            allowed, homes = rules.libraries.get(library, ({ring}, {module.name}))
            if item.for_types or module.name in homes:
                continue
            if ring not in allowed:
                faults.append(f"{module.name} must not import {library}")
            elif item.at_once:
                faults.append(f"{module.name} must import {library} inside a function")
    return faults


def name_faults(modules: dict[str, Module], rules: Rules) -> list[str]:
    del rules
    names = [(name, name.rpartition(".")[2]) for name in modules]
    return [f"{name} says nothing of its content" for name, last in names if SHAPELESS.search(last)]


def size_faults(modules: dict[str, Module], rules: Rules) -> list[str]:
    del rules
    faults = [
        f"{module.name} has {module.lines} lines"
        for module in modules.values()
        if module.lines > MAX_FILE
    ]
    for name, lines in function_lines(modules):
        if lines > MAX_FUNCTION:
            faults.append(f"{name} has {lines} lines")
    return faults


def function_lines(modules: dict[str, Module]) -> Iterator[tuple[str, int]]:
    for module in modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, FUNCTIONS):
                doc = node.body[0] if ast.get_docstring(node) is not None else None
                documented = 0 if doc is None else (doc.end_lineno or 0) - doc.lineno + 1
                lines = (node.end_lineno or 0) - node.lineno + 1 - documented
                yield f"{module.name}.{node.name}", lines


Check = Callable[[dict[str, Module], Rules], list[str]]
CHECKS: tuple[Check, ...] = (
    ring_faults, direction_faults, cycle_faults, folder_faults, library_faults,
    name_faults, size_faults,
)  # fmt: skip


# --- the tests --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    return read_modules(ROOT)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_code_keeps_the_rule(check: Check, modules: dict[str, Module]) -> None:
    faults = check(modules, read_rules(DOCUMENT))
    assert not faults, "\n".join(faults)


def test_functions_and_files_are_small(modules: dict[str, Module]) -> None:
    functions = [lines for _, lines in function_lines(modules)]
    files = [module.lines for module in modules.values()]
    assert median(functions) <= 8
    assert quantiles(functions, n=10)[-1] <= 25
    assert quantiles(files, n=10)[-1] <= 300


def test_every_module_has_a_test_of_its_name(modules: dict[str, Module]) -> None:
    missing = [
        f"{name}: no {places[0].relative_to(ROOT)}"
        for name, module in modules.items()
        if any(isinstance(node, (*FUNCTIONS, ast.ClassDef)) for node in module.tree.body)
        for places in [_test_files(name)]
        if name not in PACKAGES and not any(place.is_file() for place in places)
    ]
    assert not missing, "\n".join(missing)


def _test_files(name: str) -> list[Path]:
    """Where the test of a module may lie: beside the others of its folder, or of its kind."""
    package, *between, stem = name.split(".") if "." in name else (name, name)
    tests = ROOT / "tests"
    folders = [tests.joinpath(package, *between), tests.joinpath(*between), tests / "shells"]
    return [folder / f"test_{stem}.py" for folder in folders]


PLANTED = {
    "capacity.formula has no ring in docs": {"capacity/formula.py": ""},
    "forecast.gone has a ring but no file": {},
    "forecast.history imports forecast.paths of a higher ring": {
        "forecast/history.py": "def late():\n    from forecast.paths import Forecast\n"
    },
    "forecast.paths imports capacity.planning: forecast must not know capacity": {
        "forecast/paths.py": "import capacity.planning\n"
    },
    "capacity.planning imports from its own façade capacity": {
        "capacity/planning.py": "from capacity import Scenario\n"
    },
    "capacity.planning -> capacity.headline": {
        "capacity/planning.py": "from capacity import headline\n",
        "capacity/headline.py": "def text():\n    from capacity.planning import plan\n",
    },
    "capacity.planning -> capacity.door": {  # a door must be an import inside a function
        "capacity/planning.py": "from capacity import door\n",
        "capacity/door.py": "from capacity import planning\n",
    },
    "capacity.planning imports capacity.report of a higher ring": {
        "capacity/report/__init__.py": "from capacity.report.pdf import to_pdf\n",
        "capacity/planning.py": "from capacity.report.text import console\n",
        "capacity/report/text.py": "",
    },
    "folders import each other: capacity.": {
        "capacity/fleet/order.py": "from capacity.load.peak import minute\n",
        "capacity/load/peak.py": "",
        "capacity/load/mean.py": "def late():\n    from capacity.fleet.order import lots\n",
    },
    "capacity.planning must not import matplotlib": {
        "capacity/planning.py": "def draw():\n    import matplotlib.pyplot\n"
    },
    "capacity.report.pdf must import matplotlib inside a function": {
        "capacity/report/pdf.py": "from matplotlib import pyplot\n"
    },
    "capacity.report.pdf must not import streamlit": {
        "capacity/report/pdf.py": "import streamlit\n"
    },
    "capacity.money_utils says nothing of its content": {"capacity/money_utils.py": ""},
    "capacity.planning.long has 51 lines": {
        "capacity/planning.py": "def long():\n" + "    1\n" * 50
    },
    "capacity.planning has 501 lines": {"capacity/planning.py": "1\n" * 501},
}
SMALL = """
| ring | forecast | capacity |
|---|---|---|
| 0 values | `history` | |
| 2 models | `__init__` `paths` `gone` | |
| 1 formulas | | `report.text` |
| 3 decision | | `__init__` `planning` `headline` |
| 4 report | | `report.__init__` `report.pdf` |

| from | opens | for |
|---|---|---|
| `capacity.planning` | `capacity.door` | |

| library | rings | modules made for it |
|---|---|---|
| `matplotlib` | 4, 5 | |
| `streamlit` | 5 | |
"""


@pytest.mark.parametrize("fault", PLANTED)
def test_checker_catches_a_planted_violation(fault: str, tmp_path: Path) -> None:
    for name in ("forecast/paths", "forecast/history", "capacity/planning", "capacity/report/pdf"):
        _write(tmp_path / f"{name}.py", "")
    for name, text in PLANTED[fault].items():
        _write(tmp_path / name, text)
    modules, rules = read_modules(tmp_path), read_rules(SMALL)
    assert any(fault in found for check in CHECKS for found in check(modules, rules))


def test_checker_lets_a_named_door_close_a_circle(tmp_path: Path) -> None:
    _write(tmp_path / "capacity/planning.py", "def open():\n    from capacity import door\n")
    _write(tmp_path / "capacity/door.py", "from capacity.planning import plan\n")
    modules, rules = read_modules(tmp_path), read_rules(SMALL)
    assert cycle_faults(modules, rules) == []
    assert cycle_faults(modules, Rules(rules.rings)) != []


def test_checker_leaves_imports_for_types_alone(tmp_path: Path) -> None:
    text = "if TYPE_CHECKING:\n    from forecast.paths import Forecast\n    import matplotlib\n"
    _write(tmp_path / "forecast/history.py", text)
    _write(tmp_path / "forecast/paths.py", "import forecast.history\n")
    modules, rules = read_modules(tmp_path), read_rules(SMALL)
    for check in (direction_faults, cycle_faults, library_faults):
        assert check(modules, rules) == []
    assert not [fault for fault in ring_faults(modules, rules) if "higher" in fault]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(text, encoding="utf-8")
