"""Histories that several tests share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast.history import History


@pytest.fixture(scope="session")
def users():
    points = {"2022-01": 120_000, "2022-12": 620_000}
    return History.from_points("users", points, kind="cumulative", unit="users")


@pytest.fixture(scope="session")
def queries():
    points = {"2022-01": 250_000, "2022-12": 1_800_000}
    return History.from_points("queries", points, kind="flow", unit="queries/day")


@pytest.fixture(scope="session")
def monthly():
    """Maker of regular histories whose growth slows down, with a little noise."""

    def make(count, kind="flow"):
        steps = np.arange(count)
        months = np.datetime64("2020-01") + steps
        values = 50.0 * np.exp(2.4 * (1.0 - np.exp(-0.06 * steps)) + 0.02 * np.sin(5.0 * steps))
        if kind == "cumulative":
            values = np.maximum.accumulate(values)
        return History("series", months.astype("datetime64[D]"), values, kind, "calls")

    return make


@pytest.fixture(scope="session")
def reference():
    """Folder with the published growth series beside the repository."""
    folder = Path(__file__).parents[3] / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip(f"the growth series are not part of the repository: no folder {folder}")
    return folder
