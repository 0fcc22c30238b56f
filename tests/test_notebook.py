"""The notebooks run from a clean kernel, and stay short."""

from __future__ import annotations

import asyncio
import re
import warnings
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
TOUR, GROWTH = NOTEBOOKS / "tour.ipynb", NOTEBOOKS / "growth-evidence.ipynb"


@pytest.fixture(autouse=True)
def own_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that this process imported may have named a backend that draws nothing inline."""
    monkeypatch.delenv("MPLBACKEND", raising=False)


def executed(path: Path) -> nbformat.NotebookNode:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the kernel client warns on its own account
        from nbclient import NotebookClient  # noqa: PLC0415

        notebook = nbformat.read(path, as_version=4)
        asyncio.run(NotebookClient(notebook, timeout=300).async_execute())
    return notebook


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_has_under_twenty_cells_and_no_stored_output(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert len(cells) < 20
    assert not any(cell.get("outputs") for cell in cells)


@pytest.mark.slow
def test_the_tour_runs_from_history_to_pdf() -> None:
    notebook = executed(TOUR)
    assert "plan.pdf" in notebook.cells[-1].outputs[0]["data"]["text/plain"]


@pytest.mark.slow
def test_the_growth_evidence_runs_on_shipped_data_and_shows_what_it_says() -> None:
    outputs = [output for cell in executed(GROWTH).cells for output in cell.get("outputs", [])]
    told = "".join(output.get("text", "") for output in outputs)
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 4
    errors = dict(re.findall(r"^(.+?) +error ([0-9.]+)", told, re.MULTILINE))
    assert (
        float(errors["learned"]) < float(errors["linear"]) < float(errors["constant exponential"])
    )
    assert "constant does NOT beat" in told
    (kept,) = re.findall(r"by ([0-9.]+) of last year's log growth", told)
    assert 0.3 < float(kept) < 1.2
