"""Pages are views: they hold no formula, no price, no default."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "capacity" / "pages").glob("*.py"))
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
COMPUTING = {"numpy", "scipy", "math", "statistics", "pandas"}
WIDEST = 12  # digits of a percentage, columns of a row, places of a list


def faults(text: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ARITHMETIC):
            found.append(f"line {node.lineno}: arithmetic")
        if isinstance(node, ast.Constant) and _is_a_figure(node.value):
            found.append(f"line {node.lineno}: the figure {node.value}")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
            wrong = {name.partition(".")[0] for name in modules} & COMPUTING
            found += [f"line {node.lineno}: imports {name}" for name in wrong]
    return found


def _is_a_figure(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, float | complex) or (isinstance(value, int) and value > WIDEST)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_computes_nothing(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    ["x = users * 2", "x = 1.5", "x += 1", "import numpy", "from math import log", "price = 20000"],
)
def test_checker_sees_a_formula(text: str) -> None:
    assert faults(text)


def test_entry_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 40
