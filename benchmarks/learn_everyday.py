"""Learn what the everyday model ships: ``python -m benchmarks.learn_everyday --out DIR``.

The folder --data holds m3_yearly, m3_quarterly, m3_monthly and m4_hourly as parquet
files; their parts to be forecast are not looked at. Series of M3 that also occur in M1 or in the
tourism competition are left out, so that those two stay unseen; the shipped file names them. The
same files give the same two results, byte for byte, on the same version of numpy.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import tomli_w

from benchmarks.panel_file import read_panel
from forecast.everyday.learning import learn_kind
from forecast.everyday.pooled_networks import PooledNetworks
from forecast.shipped.place import data_path

DATA = Path(__file__).parents[2] / "shared" / "benchmarks"
KINDS = {
    "m3_yearly": ("year", 1, 6),
    "m3_quarterly": ("quarter", 4, 8),
    "m3_monthly": ("month", 12, 18),
    "m4_hourly": ("hour", 24, 48),
}
HEADER = """\
# Errors of everyday forecasts by kind of series, and the series that were left out.
#
# Class: calibrated. As of: 2026-11-23.
# Learned from the parts to fit of the M3 competition (Makridakis and Hibon 2000) and of the hourly
# series of the M4 competition (Makridakis et al. 2020) by `python -m benchmarks.learn_everyday`;
# the networks beside it in everyday.npz as well.
# Each series is forecast from two origins by networks that learned from other series.
# typical: median one-step log error. growth: exponent of the horizon beyond that expected. [1]
# shortness: length of a past whose intervals are e times those of a long one. [steps]
# trust: exponent of the expected over the typical error. [1]
# quantiles: of the log error one step ahead over the error that the fit expects. [1]
# stretch: factor for the mean of these and the networks' quantiles. [1]
# Levels: 0.01 0.025 0.05 0.1 0.2 0.35 0.5 0.65 0.8 0.9 0.95 0.975 0.99.
# left_out: series of M3 that share eight values in a row with one of M1 or tourism.

"""


def main() -> None:
    """Learn and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    shipped = tomllib.loads(data_path("everyday.toml").read_text(encoding="utf-8"))
    learn(options.data, options.out, shipped["left_out"])


def learn(data: Path, out: Path, left_out: list[str]) -> None:
    """Write everyday.npz and everyday.toml."""
    members, tables = {}, {}
    for name, (step, season, horizon) in KINDS.items():
        path = data / f"{name}.parquet"
        series = [c.values for c in read_panel(path) if c.series.name not in left_out]
        found = learn_kind(series, (step, season), horizon)
        members.update(found.networks.members)
        tables[step] = {
            "trust": round(found.errors.trust, 4),
            "growth": round(found.errors.growth, 4),
            "typical": round(found.errors.typical, 4),
            "shortness": round(found.errors.shortness, 1),
            "quantiles": found.errors.quantiles.round(4).tolist(),
            "stretch": found.errors.stretch.round(4).tolist(),
        }
        print(f"{name}: {len(series)} series", file=sys.stderr)
    PooledNetworks(members).save(out / "everyday.npz")
    text = HEADER + tomli_w.dumps({"left_out": left_out, **tables})
    (out / "everyday.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
