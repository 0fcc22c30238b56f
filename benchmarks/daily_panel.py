"""Panels of days and weeks: ``python -m benchmarks.daily_panel KIND --out PARQUET``.

KIND day or week simulates 300 series: a random walk, a season, noise, and, in some of them, a level
shift, a second season, holidays that cut values, and missing values. KIND hours adds the hourly
M4 series of --data up to days; the last 14 of at most 42 days are to be forecast. The file is for
`benchmarks.panel`. Nothing was chosen by what the model does on these series.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SERIES = 300
SEED = 1
HOURS = Path(__file__).parents[2] / "shared" / "benchmarks" / "m4_hourly.parquet"
# Values to fit, values to be forecast, steps in a season, in a second one, frequency.
SHAPES = {"day": (120, 28, 7, 365, "D"), "week": (160, 13, 52, 26, "W")}
DAYS_AHEAD = 14


def main() -> None:
    """Write one panel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=[*SHAPES, "hours"])
    parser.add_argument("--data", type=Path, default=HOURS)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    panel = days_of(options.data) if options.kind == "hours" else simulated(options.kind)
    panel.to_parquet(options.out)


def simulated(kind: str, count: int = SERIES) -> pd.DataFrame:
    """Panel of simulated series; the same every time."""
    import pandas as pd  # noqa: PLC0415

    rng = np.random.default_rng(SEED)
    past, ahead, season, _, frequency = SHAPES[kind]
    parts = []
    for number in range(count):
        values = one_series(rng, kind)
        values[1 : past - 1][rng.random(past - 2) < 0.05] = np.nan
        parts.append(rows(f"{kind}{number}", values, ahead, season, frequency))
    return pd.concat(parts)


def one_series(rng: np.random.Generator, kind: str) -> Floats:
    """Values of one series, fitted and to be forecast."""
    past, ahead, season, second, _ = SHAPES[kind]
    steps = np.arange(past + ahead)
    logs = 5.0 + np.cumsum(rng.normal(0.0, rng.choice([0.0, 0.01, 0.03]), len(steps)))
    profile = rng.normal(0.0, 0.2, season)
    if season > SHAPES["day"][2]:  # a year goes up and down smoothly
        profile = np.cumsum(profile) / 2.0
        profile -= np.linspace(profile[0], profile[-1], season)
    logs += profile[steps % season]
    logs += rng.choice([0.0, 0.1]) * np.sin(2.0 * np.pi * (steps / second + rng.random()))
    logs += rng.normal(0.0, rng.uniform(0.02, 0.15), len(steps))
    if rng.random() < 0.3:
        logs[rng.integers(past // 4, past - season // 2) :] += rng.normal(0.0, 0.5)
    holidays = rng.random(len(steps)) < 0.02
    logs[holidays] -= rng.exponential(0.5, holidays.sum())
    return np.exp(logs)


def days_of(hours: Path) -> pd.DataFrame:
    """Sums of whole days of hourly series."""
    import pandas as pd  # noqa: PLC0415

    table = pd.read_parquet(hours).sort_values(["unique_id", "t"], kind="stable")
    parts = []
    for name, group in table.groupby("unique_id", sort=False):
        values = group["y"].to_numpy(dtype=np.float64)
        days = values[len(values) % 24 :].reshape(-1, 24).sum(axis=1)
        parts.append(rows(str(name), days, DAYS_AHEAD, 7, "D"))
    return pd.concat(parts)


def rows(name: str, values: Floats, ahead: int, season: int, frequency: str) -> pd.DataFrame:
    """Rows of one series."""
    import pandas as pd  # noqa: PLC0415

    steps = np.arange(len(values))
    split = np.where(steps < len(values) - ahead, "train", "test")
    fixed = {"horizon": ahead, "seasonality": season, "freq": frequency}
    return pd.DataFrame({"unique_id": name, "t": steps, "y": values, "split": split, **fixed})


if __name__ == "__main__":
    main()
