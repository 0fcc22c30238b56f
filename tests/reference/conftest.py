"""Rows of the reference files, one test each.

`pytest tests/reference --reference DIR` checks the files of another folder with the same
columns. A file that the folder lacks is left out; a row that no test knows fails.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SUFFIX = "_vector"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reference", default=None, help="folder with *_vectors.csv files")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    folder = Path(metafunc.config.getoption("--reference", default=None) or HERE)
    for name in metafunc.fixturenames:
        if name.endswith(SUFFIX):
            file = folder / f"{name.removesuffix(SUFFIX)}_vectors.csv"
            vectors = read_vectors(file) if file.exists() else []
            metafunc.parametrize(name, vectors, ids=[f"{v['id']}-{v['model']}" for v in vectors])


def read_vectors(file: Path) -> list[dict[str, Any]]:
    """Give each row as a dict; numbers are floats, and JSON cells are merged into the row."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [_parsed(row) for row in csv.DictReader(stream)]


def _parsed(row: dict[str, str]) -> dict[str, Any]:
    vector: dict[str, Any] = {key: _number(value) for key, value in row.items() if value != ""}
    for key in ("extra", "inputs"):
        inner = json.loads(row.get(key) or "{}")
        vector |= {name: value for name, value in inner.items() if value != ""}
    return vector


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
