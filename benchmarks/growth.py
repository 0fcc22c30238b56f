"""Accuracy of the shipped growth parameters on past series: ``python -m benchmarks.growth``.

Two points a year apart are given; the growth in the next 6, 12 and 18 months is asked for. Nothing
is fitted here. Products count equally. The last line is one JSON object of fractions.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.class_parameters import CLASSES, HIGH_GROWTH, class_parameters
from forecast.growth import exponential_growth, linear_growth
from forecast.learn import product_weights
from forecast.origins import HORIZONS, read_origins

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from forecast.origins import Origins
    from forecast.spread import ResidualSpread

    Quantiles = dict[tuple[float, ...], NDArray[np.float64]]
    Predict = Callable[[float], tuple[float, Quantiles]]

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
SAMPLE = (np.arange(400) + 0.5) / 400
BOUNDS = {"cover80": (0.1, 0.9), "cover95": (0.025, 0.975)}
METHODS = {"combination": None, "exponential": exponential_growth, "linear": linear_growth}


def main() -> None:
    """Read the options, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=Path, default=REFERENCE / "growth_series.csv")
    parser.add_argument("--meta", type=Path, default=REFERENCE / "growth_series_meta.csv")
    parser.add_argument("--class", dest="name", choices=CLASSES, default="service")
    parser.add_argument("--json", action="store_true", help="print the JSON object alone")
    options = parser.parse_args()
    result = score_file(options.series, options.meta, options.name)
    if not options.json:
        for method, rows in (("combination", result), *result["baselines"].items()):
            for horizon in map(str, HORIZONS):
                print(f"{method:12} {horizon:>2} months  {rows[horizon]}")
    print(json.dumps(result))


def score_file(series: Path, meta: Path, name: str) -> dict[str, Any]:
    """Scores of the combination by horizon, and of the baselines."""
    origins = read_origins(series, meta, HIGH_GROWTH).of_class(name)
    scores = {
        method: {
            str(horizon): score_horizon(origins, index, predictor(name, method, horizon))
            for index, horizon in enumerate(HORIZONS)
        }
        for method in METHODS
    }
    combination = scores.pop("combination")
    return {**combination, "baselines": scores}


def predictor(name: str, method: str, horizon: int) -> Predict:
    """From last year's log growth to a point forecast and a sample of the log growth ahead."""
    parameters = class_parameters(name)
    curve = METHODS[method] or parameters.log_growth
    spread: ResidualSpread = parameters.spread(HIGH_GROWTH, method)
    errors = {p: spread.quantile(p, horizon) for p in (tuple(SAMPLE), *BOUNDS.values())}

    def predict(growth: float) -> tuple[float, Quantiles]:
        point = float(curve(growth, float(horizon)))
        return point, {p: point + rows[0] for p, rows in errors.items()}

    return predict


def score_horizon(origins: Origins, index: int, predict: Predict) -> dict[str, float]:
    """Product-weighted scores at one horizon."""
    known = origins.where(~np.isnan(origins.ahead[:, index]))
    rows = [
        score_origin(actual, *predict(growth))
        for growth, actual in zip(known.growth, known.ahead[:, index], strict=True)
    ]
    weights = product_weights(known.product)
    table = np.average(np.array(rows).reshape(len(rows), -1), axis=0, weights=weights)
    named = dict(zip(("male", "bias", "crps", *BOUNDS), table.round(4).tolist(), strict=True))
    return {**named, "origins": len(known), "products": len(np.unique(known.product))}


def score_origin(actual: float, point: float, quantiles: Quantiles) -> list[float]:
    """Absolute error, error, CRPS and hits of one forecast, in log units."""
    sample = quantiles[tuple(SAMPLE)]
    hits = [float(low <= actual <= high) for low, high in (quantiles[p] for p in BOUNDS.values())]
    return [abs(point - actual), point - actual, crps(sample, actual), *hits]


def crps(sample: NDArray[np.float64], actual: float) -> float:
    """Continuous ranked probability score of an ascending, equally weighted sample."""
    ranks = 2.0 * np.arange(1, len(sample) + 1) - len(sample) - 1.0
    half_spread = (ranks * sample).sum() / len(sample) ** 2
    return float(np.abs(sample - actual).mean() - half_spread)


if __name__ == "__main__":
    main()
