"""The notebook runs from a clean kernel, and stays a tour."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path

import nbformat
import pytest

TOUR = Path(__file__).parents[1] / "notebooks" / "tour.ipynb"


def test_the_tour_has_under_twenty_cells_and_no_stored_output() -> None:
    cells = nbformat.read(TOUR, as_version=4).cells
    assert len(cells) < 20
    assert not any(cell.get("outputs") for cell in cells)


@pytest.mark.slow
def test_the_tour_runs_from_history_to_pdf() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the kernel client warns on its own account
        from nbclient import NotebookClient  # noqa: PLC0415

        notebook = nbformat.read(TOUR, as_version=4)
        asyncio.run(NotebookClient(notebook, timeout=300).async_execute())
    assert "plan.pdf" in notebook.cells[-1].outputs[0]["data"]["text/plain"]
