"""A small fleet, good and bad series together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


def series(name, values, start="2026-01-01", freq="D"):
    ds = pd.date_range(start, periods=len(values), freq=freq)
    return pd.DataFrame({"unique_id": name, "ds": ds, "y": np.asarray(values, float)})


@pytest.fixture(scope="session")
def fleet():
    """Seven good series and three bad ones."""
    rng = np.random.default_rng(7)
    good = [series(f"region-{n}", rng.gamma(4.0, 20.0, 30 + n)) for n in range(6)]
    hours = series("region-hours", rng.normal(size=100), freq="h")
    twice = pd.concat([series("twice", [1.0, 2.0, 3.0])] * 2)
    bad = [twice, series("one", [1.0]), series("huge", [1.0, 1e300, 2.0])]
    return pd.concat([*good, hours, *bad], ignore_index=True)
