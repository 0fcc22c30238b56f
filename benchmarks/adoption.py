"""Accuracy on adoption curves: ``python -m benchmarks.adoption [--write FILE]``.

Reads the growth series (columns series_id, date, value, frequency) and their groups: monthly,
quarterly and yearly ones of which half the steps or more are known. From each origin that the
everyday model takes for an adoption curve, the next 18 months, 6 quarters or 3 years are forecast.
Products count equally. The route's errors are learned from the other products alone; its form and
its thresholds were chosen after a look at all of them. Naive, drift, Theta and exponential
smoothing get the spread of a random walk. MASE is in mean steps of the past; pinball loss is of
logarithms, at seven levels. With --write the shipped file is learned from all products.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from forecast.everyday.adoption import STEADY, STEPS_A_YEAR
from forecast.everyday.ensemble import Everyday, FittedEveryday
from forecast.everyday.exponential_smoothing import smooth
from forecast.everyday.quantile_network import LEVELS
from forecast.everyday.theta import fit_theta
from forecast.growth.learning import product_weights, weighted_quantile
from forecast.scores import pinball_loss
from forecast.series import Series

Floats = NDArray[np.float64]
Method = Callable[["Case"], Floats]
REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
STEPS = {"monthly": "month", "quarterly": "quarter", "annual": "year"}
AHEAD = {"month": 18, "quarter": 6, "year": 3}
FIRST = {"month": 13, "quarter": 5, "year": 5}
SPACING = {"month": 3, "quarter": 1, "year": 1}
SCORED = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
HEADER = """\
# Growth of adoption curves beyond the line of the last half year.
#
# Class: calibrated. As of: 2026-11-23.
# Learned from published growth series (users, payments, downloads, stars) by
# `python -m benchmarks.adoption --write`: {products} products, {origins} origins; products count
# equally. shares: log growth over that of the line in the square root, less 1, times the root of
# steadiness over 4, at levels 0.01 0.025 0.05 0.1 0.2 0.35 0.5 0.65 0.8 0.9 0.95 0.975 0.99. [1]

"""


@dataclass(frozen=True, eq=False)
class Case:
    """A part of a series that is an adoption curve, and what came after it, gaps as NaN."""

    product: str
    kind: str
    series: Series
    fitted: FittedEveryday
    came: Floats

    @property
    def values(self) -> Floats:
        """The part without gaps. [unit]"""
        return self.fitted.past.back(self.fitted.past.values)

    @property
    def shares(self) -> Floats:
        """What the route would have had to learn from this case alone. [1]"""
        curve = self.fitted.adoption
        assert curve is not None
        grown = np.log(self.came / self.values[-1]) / curve.growth(len(self.came)) - 1.0
        return (grown * np.sqrt(curve.steadiness / STEADY))[~np.isnan(grown)]


def main() -> None:
    """Read the options, score or learn, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=REFERENCE)
    parser.add_argument("--write", type=Path, help="learn the shipped file and write it here")
    options = parser.parse_args()
    cases = list(read_cases(options.data))
    if options.write:
        options.write.write_text(learned_file(cases), encoding="utf-8")
        return
    result = score_all(cases)
    for kind, rows in result.items():
        for name, row in rows.items():
            print(f"{kind:18} {name:22} " + "  ".join(f"{k} {v:.3f}" for k, v in row.items()))
    print(json.dumps(result))


def read_cases(folder: Path) -> Iterator[Case]:
    """Every origin from which the everyday model follows an adoption curve."""
    import pandas as pd  # noqa: PLC0415

    table = pd.read_csv(folder / "growth_series.csv")
    meta = pd.read_csv(folder / "growth_series_meta.csv").set_index("series_id")
    model = Everyday()
    for name, rows in table[table["frequency"].isin(STEPS)].groupby("series_id"):
        step = STEPS[rows["frequency"].iloc[0]]
        values = on_grid(rows["date"].to_numpy(dtype="datetime64[M]"), rows["value"], step)
        if np.isnan(values).mean() > 0.5:
            continue
        group, broad = meta.loc[name, ["group", "broad"]]
        for origin in range(FIRST[step], len(values), SPACING[step]):
            past, came = values[:origin], values[origin : origin + AHEAD[step]]
            if np.isnan(past[-1]) or np.isnan(came).all():
                continue
            series = Series(str(name), np.datetime64("1970-01"), past, step)  # type: ignore[arg-type]
            fitted = model.fit(series)
            if fitted.adoption is not None:
                yield Case(group, f"{step} {broad}", series, fitted, came)


def on_grid(months: NDArray[np.datetime64], values: Any, step: str) -> Floats:
    """Values at even steps, NaN where none is known."""
    places = (months - months[0]).astype(int) // (12 // STEPS_A_YEAR[step])
    grid = np.full(places[-1] + 1, np.nan)
    grid[places] = values
    return grid


def learned(cases: list[Case], levels: Floats) -> Floats:
    """Quantiles of the shares, products counting equally."""
    shares = np.concatenate([case.shares for case in cases])
    products = np.concatenate([np.full(len(case.shares), case.product) for case in cases])
    return weighted_quantile(shares, product_weights(products), levels)


def learned_file(cases: list[Case]) -> str:
    """Text of the shipped file."""
    shares = learned(cases, LEVELS.astype(np.float64)).round(4).tolist()
    products = len({case.product for case in cases})
    return HEADER.format(products=products, origins=len(cases)) + f"shares = {shares}\n"


def score_all(cases: list[Case]) -> dict[str, dict[str, dict[str, float]]]:
    """Scores of each method, over all products and by kind of series."""
    methods: dict[str, Method] = {
        "naive": lambda case: walk(case, np.full(len(case.came), case.values[-1])),
        "drift": lambda case: walk(case, drift(case)),
        "Theta": lambda case: walk(case, theta(case)),
        "exponential smoothing": lambda case: walk(case, smoothed(case)),
        "everyday ensemble": lambda case: replace(case.fitted, adoption=None).quantiles(
            len(case.came), SCORED
        ),
        "adoption curve": route_without(cases),
    }
    rows: dict[str, dict[str, dict[str, list[list[float]]]]] = {}
    for name, method in methods.items():
        for case in cases:
            found = score(case, method(case))
            for kind in ("all", case.kind):
                kinds = rows.setdefault(kind, {}).setdefault(name, {})
                kinds.setdefault(case.product, []).append(found)
    keys = ("MALE", "bias", "MASE", "pinball", "cover80", "cover95")
    return {
        kind: {
            name: dict(zip(keys, by_product(products), strict=True)) | {"n": len(products)}
            for name, products in methods_of.items()
        }
        for kind, methods_of in rows.items()
    }


def by_product(products: dict[str, list[list[float]]]) -> list[float]:
    means = [np.mean(found, axis=0) for found in products.values()]
    return [round(float(value), 4) for value in np.mean(means, axis=0)]


def route_without(cases: list[Case]) -> Method:
    """The route with shares that were learned from all other products."""
    names = {case.product for case in cases}
    shares = {name: learned([c for c in cases if c.product != name], SCORED) for name in names}

    def method(case: Case) -> Floats:
        curve = case.fitted.adoption
        assert curve is not None
        growth = curve.offsets(len(case.came), shares[case.product])
        return case.fitted.past.back(curve.values(growth))

    return method


def walk(case: Case, middle: Floats) -> Floats:
    """Normal quantiles of a random walk, with the steps of the past."""
    from scipy.stats import norm  # noqa: PLC0415

    size = np.sqrt((np.diff(case.values) ** 2).mean() * np.arange(1, len(middle) + 1))
    return np.asarray(middle + np.outer(norm.ppf(SCORED), size))


def drift(case: Case) -> Floats:
    """The mean step of the whole past again and again."""
    steps = np.arange(1, len(case.came) + 1)
    return np.asarray(case.values[-1] + np.diff(case.values).mean() * steps)


def theta(case: Case) -> Floats:
    size = case.values.mean()
    return np.asarray(fit_theta(case.values / size).forecast(len(case.came)) * size)


def smoothed(case: Case) -> Floats:
    """Mean over level, trend and damped trend."""
    size = case.values.mean()
    near = np.convolve(np.pad(case.values / size, 2, mode="edge"), np.ones(5) / 5.0, mode="valid")
    forms = ("level", "trend", "damped")
    found = [
        smooth(case.values / size, len(case.came), form, weights=1.0 / near).forecast  # type: ignore[arg-type]
        for form in forms
    ]
    return np.asarray(np.mean(found, axis=0) * size)


def score(case: Case, quantiles: Floats) -> list[float]:
    """MALE, bias, MASE, pinball, coverage of 80 and of 95 %."""
    known = ~np.isnan(case.came)
    came, found = case.came[known], quantiles[:, known]
    logs = np.log(np.maximum(found, 1e-3 * case.values[-1]))
    error = np.log(came) - logs[3]
    scale = np.abs(np.diff(case.values)).mean()
    return [
        float(np.abs(error).mean()),
        float(-error.mean()),
        float(np.abs(came - found[3]).mean() / scale),
        float(pinball_loss(np.log(came), logs.T, SCORED).mean()),
        float(((came >= found[1]) & (came <= found[5])).mean()),
        float(((came >= found[0]) & (came <= found[6])).mean()),
    ]


if __name__ == "__main__":
    main()
