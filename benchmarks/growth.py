"""Accuracy of the growth parameters on past series: ``python -m benchmarks.growth``.

The last year is given; the growth in the next 1 to 24 months is asked for. The parameters were
learned at 6, 12 and 18 months: those between are interpolated, those after extrapolated. Products
count equally. The last line is one JSON object of fractions: the shipped parameters, under
"baselines" two rules that learn nothing, and under "leave_one_product_out" each product of the file
under curve and errors learned from the others alone. Where the file is the one that the shipped
parameters were learned from, only the latter says how they do on a product they have not seen.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.growth.class_parameters import CLASSES, HIGH_GROWTH, class_parameters
from forecast.growth.curves import exponential_growth, linear_growth
from forecast.growth.learning import learn_classes, product_weights
from forecast.growth.origins import read_origins
from forecast.scores import crps

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from forecast.growth.class_parameters import ClassParameters
    from forecast.growth.origins import Origins

    Quantiles = dict[tuple[float, ...], NDArray[np.float64]]
    Predict = Callable[[float, float], tuple[float, Quantiles]]

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
SAMPLE = (np.arange(400) + 0.5) / 400
FEWEST_PRODUCTS = 4  # a class is learned from three or more
BOUNDS = {"cover80": (0.1, 0.9), "cover95": (0.025, 0.975)}
ASKED = (1, 3, 6, 9, 12, 15, 18, 21, 24)
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
        unseen = "leave_one_product_out"
        tables = {"combination": result, **result["baselines"], unseen: result[unseen]}
        for method, rows in tables.items():
            for horizon in map(str, ASKED if rows else ()):
                print(f"{method:21} {horizon:>2} months  {rows[horizon]}")
    print(json.dumps(result))


def score_file(series: Path, meta: Path, name: str) -> dict[str, Any]:
    """Scores of the combination by horizon, and of the baselines."""
    origins = read_origins(series, meta, HIGH_GROWTH, ASKED).of_class(name)
    scores = {
        method: {
            str(horizon): score_horizon(origins, index, predictor(name, method, horizon))
            for index, horizon in enumerate(ASKED)
        }
        for method in METHODS
    }
    combination = scores.pop("combination")
    unseen = score_unseen(read_origins(series, meta, HIGH_GROWTH).of_class(name), origins, name)
    return {**combination, "baselines": scores, "leave_one_product_out": unseen}


def score_unseen(
    teaching: Origins, origins: Origins, name: str
) -> dict[str, dict[str, float]] | None:
    """Scores by horizon, each product under what is learned from the others; None for too few."""
    products = [len(np.unique(teaching.product[~np.isnan(ahead)])) for ahead in teaching.ahead.T]
    if min(products) < FEWEST_PRODUCTS:
        return None
    learned = {
        str(product): learned_without(teaching, str(product), name)
        for product in np.unique(origins.product)
    }
    scores = {}
    for index, horizon in enumerate(ASKED):
        predictors = {
            product: predictor(name, "combination", horizon, parameters)
            for product, parameters in learned.items()
        }
        scores[str(horizon)] = score_horizon(origins, index, predictors)
    return scores


def learned_without(origins: Origins, product: str, name: str) -> ClassParameters:
    """Parameters of a class, errors included, from all products but one."""
    others = origins.where(origins.product != product)
    return class_parameters(name, learn_classes(others, (name,)))


def predictor(
    name: str, method: str, horizon: int, parameters: ClassParameters | None = None
) -> Predict:
    """From last year's log growth and volatility to a point forecast and a sample around it."""
    parameters = parameters or class_parameters(name)
    curve = METHODS[method] or parameters.log_growth

    def predict(growth: float, volatility: float) -> tuple[float, Quantiles]:
        point = float(curve(growth, float(horizon)))
        spread = parameters.spread(growth, method, volatility)
        probabilities = (tuple(SAMPLE), *BOUNDS.values())
        return point, {p: point + spread.quantile(p, horizon)[0] for p in probabilities}

    return predict


def score_horizon(
    origins: Origins, index: int, predict: Predict | dict[str, Predict]
) -> dict[str, float]:
    """Product-weighted scores at one horizon, by one predictor or by one for each product."""
    known = origins.where(~np.isnan(origins.ahead[:, index]))
    rows = [
        score_origin(actual, *(predict[product] if isinstance(predict, dict) else predict)(*before))
        for product, actual, *before in zip(
            known.product, known.ahead[:, index], known.growth, known.volatility, strict=True
        )
    ]
    weights = product_weights(known.product)
    table = np.average(np.array(rows).reshape(len(rows), -1), axis=0, weights=weights)
    named = dict(zip(("male", "bias", "crps", *BOUNDS), table.round(4).tolist(), strict=True))
    return {**named, "origins": len(known), "products": len(np.unique(known.product))}


def score_origin(actual: float, point: float, quantiles: Quantiles) -> list[float]:
    """Absolute error, error, CRPS and hits of one forecast, in log units."""
    sample = quantiles[tuple(SAMPLE)]
    hits = [float(low <= actual <= high) for low, high in (quantiles[p] for p in BOUNDS.values())]
    return [abs(point - actual), point - actual, float(crps(actual, sample)), *hits]


if __name__ == "__main__":
    main()
