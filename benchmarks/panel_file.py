"""Reading a panel: series with a part to fit and a part to be forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.series import Series

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from forecast.series import Step

NEEDED = ("unique_id", "y", "split", "horizon", "seasonality", "freq")
STEPS: dict[str, Step] = {
    "h": "hour", "d": "day", "b": "day", "w": "week", "m": "month", "q": "quarter", "y": "year",
    "a": "year",
}  # fmt: skip
START = np.datetime64("1970-01-01")


@dataclass(frozen=True, eq=False)
class Case:
    """A series and what came after it.

    The season is the one that the file names, for the scores; a year of one season has none.
    """

    series: Series
    came: NDArray[np.float64]
    season: int

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the part to fit, gaps filled on straight lines."""
        known, steps = self.series.known, np.arange(len(self.series.values))
        return np.interp(steps, steps[known], self.series.values[known])


def read_panel(path: Path, sample: int | None = None) -> list[Case]:
    """Cases of a parquet file, all or a sample that does not depend on the run."""
    import pandas as pd  # noqa: PLC0415

    table = pd.read_parquet(path)
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(missing)}; allowed: {', '.join(NEEDED)}")
    names = table["unique_id"].unique()
    if sample is not None and sample < len(names):
        chosen = np.random.default_rng(1).choice(len(names), sample, replace=False)
        table = table[table["unique_id"].isin(names[np.sort(chosen)])]
    order = "t" if "t" in table.columns else "ds"
    groups = table.sort_values(order, kind="stable").groupby("unique_id", sort=False)
    return [_case(str(name), group) for name, group in groups]


def step_of(frequency: str) -> Step:
    """Step that a frequency such as MS, QS-JAN, W-SUN or h means."""
    first = frequency.strip().lower()[:1]
    if first not in STEPS:
        raise ValueError(f"freq {frequency!r}; allowed: one that begins with {', '.join(STEPS)}")
    return STEPS[first]


def _case(name: str, group: Any) -> Case:
    values = group["y"].to_numpy(dtype=np.float64)
    train = (group["split"] == "train").to_numpy()
    step = step_of(str(group["freq"].iloc[0]))
    season = max(int(group["seasonality"].iloc[0]), 1)
    fitted = values[train]
    known = np.flatnonzero(~np.isnan(fitted))
    fitted = fitted[known[0] : known[-1] + 1] if len(known) else fitted
    return Case(Series(name, START, fitted, step, season), values[~train], season)
