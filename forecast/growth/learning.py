"""Learning the parameters of the reference classes from past series.

Two rules turn last year's log growth into the log growth ahead: a Gompertz curve whose cap is a
multiple of today's level, one for all horizons, and for each horizon a straight line over the
logarithm of last year's log growth. Both have the least mean absolute log error, and their mean is
the forecast. Products count equally, whatever their origins. The errors are those of the forecasts
of each product by parameters learned without it, as they are and over a factor for how unsteady
the year before was.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.growth.class_parameters import CLASSES, HIGH_GROWTH
from forecast.growth.curves import exponential_growth, gompertz_growth, linear_growth
from forecast.growth.origins import HORIZONS, Origins, read_origins
from forecast.volatility import volatility_factor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["learn", "learn_classes", "product_weights", "weighted_quantile"]

CAPS = np.exp(np.arange(np.log(1.05), np.log(60.0), 0.02))
LEVELS = (0.01, *(k / 40 for k in range(1, 40)), 0.99)
MEDIAN = 0.5
WIDENING = 1.25
BRIDGE_SD_HALFWAY = np.sqrt(3.0)  # of a bridge over 12 months, in units of its monthly sd
WITHIN_ONE_SD = 0.6827
LEAST_VOLATILITY = 1e-4
CENTRED = ("combination", "standardised")
# No more than two products report both quantities, so this is an assumption, not an estimate.
USERS_QUERIES = {"low": 0.4, "mid": 0.75, "high": 0.9}


def learn(series_csv: Path, meta_csv: Path) -> dict[str, Any]:
    """Parameters of every reference class.

    Parameters
    ----------
    series_csv : pathlib.Path
        Columns series_id, date (YYYY-MM-DD) and value.
    meta_csv : pathlib.Path
        Columns series_id, frequency, group (product), broad (class) and may_commit.

    Returns
    -------
    dict
        What `forecast.growth.class_parameters` reads; numbers are rounded as they are written.

    Raises
    ------
    ValueError
        If a file is not as described, a class has fewer than three products, or no service is
        reported every month or quarter.
    """
    origins = read_origins(series_csv, meta_csv, HIGH_GROWTH)
    learned = learn_classes(origins, CLASSES)
    classes = learned.pop("classes")
    return {
        **learned,
        "bridge_volatility": _bridge_volatility(origins.of_class("service")),
        "users_queries_correlation": dict(USERS_QUERIES),
        "classes": classes,
        "analogs": _analogs(origins.of_class("service")),
    }


def learn_classes(origins: Origins, names: Sequence[str]) -> dict[str, Any]:
    """Curves and errors of some classes, for `forecast.growth.class_parameters`.

    Parameters
    ----------
    origins : Origins
        Past growth.
    names : sequence of str
        Classes to learn.

    Returns
    -------
    dict
        Horizons [months], levels, widening and the table of each class.

    Raises
    ------
    ValueError
        If a class has fewer than three products.
    """
    return {
        "horizons": list(HORIZONS),
        "levels": [round(level, 6) for level in LEVELS],
        "widening": WIDENING,
        "classes": {name: _learn_class(name, origins.of_class(name)) for name in names},
    }


def product_weights(products: NDArray[np.str_]) -> NDArray[np.float64]:
    """Weights that let every product count once.

    Parameters
    ----------
    products : ndarray of str
        Product of each origin, shape (origins,).

    Returns
    -------
    ndarray of float
        One over the number of origins of the product, shape (origins,). [1]

    Examples
    --------
    >>> product_weights(np.array(["a", "a", "b"])).tolist()
    [0.5, 0.5, 1.0]
    """
    _, inverse, counts = np.unique(products, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[inverse])


def weighted_quantile(
    values: NDArray[np.float64], weights: NDArray[np.float64], p: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Quantiles of weighted values, interpolated between the midpoints of the weights.

    Parameters
    ----------
    values, weights : ndarray of float
        Values [1] and their weights above 0 [1], shape (n,).
    p : ndarray of float
        Probabilities, shape (probabilities,). [1]

    Returns
    -------
    ndarray of float
        Shape (probabilities,). [1]

    Examples
    --------
    >>> weighted_quantile(np.array([3.0, 1.0]), np.array([1.0, 3.0]), np.array([0.625])).tolist()
    [2.0]
    """
    order = np.argsort(values, kind="stable")
    middle = np.cumsum(weights[order]) - weights[order] / 2.0
    return np.interp(p, middle / weights.sum(), values[order])


def _learn_class(name: str, origins: Origins) -> dict[str, Any]:
    products = np.unique(origins.product)
    if len(products) < 3:  # noqa: PLR2004
        raise ValueError(f"class {name!r}: {len(products)} products; allowed: at least 3")
    cap, lines = _fit(origins)
    typical = _typical_volatility(origins)
    errors = _residuals(origins, products)
    factor = volatility_factor(origins.volatility, typical)[:, None]
    errors["standardised"] = errors["combination"] / factor
    counted = [~np.isnan(column) for column in origins.ahead.T]
    return {
        "products": [len(np.unique(origins.product[known])) for known in counted],
        "origins": [int(known.sum()) for known in counted],
        "cap_multiple": round(cap, 4),
        "volatility": typical,
        "intercept": lines[:, 0].round(4).tolist(),
        "slope": lines[:, 1].round(4).tolist(),
        "error": _mean_errors(errors["combination"], origins.product),
        "persistence": _persistence(errors["standardised"], origins.product),
        "residuals": {
            method: _quantiles(table, origins.product, centred=method in CENTRED)
            for method, table in errors.items()
        },
    }


def _typical_volatility(origins: Origins) -> float:
    """Median volatility of the year before, rounded as it is written; nan if none is known."""
    known = ~np.isnan(origins.volatility)
    if not known.any():
        return float("nan")
    weights = product_weights(origins.product[known])
    (typical,) = weighted_quantile(origins.volatility[known], weights, np.array([MEDIAN]))
    return max(round(float(typical), 4), LEAST_VOLATILITY)


def _fit(origins: Origins) -> tuple[float, NDArray[np.float64]]:
    """Cap, and lines of shape (horizons, 2), of least mean absolute log error."""
    losses = np.zeros(len(CAPS))
    lines = np.empty((len(HORIZONS), 2))
    for index, (horizon, ahead) in enumerate(zip(HORIZONS, origins.ahead.T, strict=True)):
        known = ~np.isnan(ahead)
        growth, actual = origins.growth[known], ahead[known]
        weights = product_weights(origins.product[known])
        caps = gompertz_growth(growth, horizon, CAPS[:, None])
        losses += np.abs(caps - actual) @ weights / weights.sum()
        lines[index] = _line(np.log(growth), actual, weights)
    return float(CAPS[losses.argmin()]), lines


def _line(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, float]:
    """Intercept and slope of least absolute deviations; the slope is never below 0.

    Some best line passes through two of the points, or through one if it is flat.
    """
    first, second = np.triu_indices(len(x), 1)
    apart = x[first] != x[second]
    first, second = first[apart], second[apart]
    rising = np.maximum((y[second] - y[first]) / (x[second] - x[first]), 0.0)
    slope = np.concatenate([np.zeros(len(x)), rising])
    intercept = np.concatenate([y, y[first] - rising * x[first]])
    best = (np.abs(intercept[:, None] + slope[:, None] * x - y) @ weights).argmin()
    return float(intercept[best]), float(slope[best])


def _residuals(origins: Origins, products: NDArray[np.str_]) -> dict[str, NDArray[np.float64]]:
    """Actual minus predicted log growth, shape (origins, horizons), by method.

    The combination predicts each product with parameters learned from the others.
    """
    horizons, growth = np.array(HORIZONS, float), origins.growth[:, None]
    combination = np.empty(origins.ahead.shape)
    for product in products:
        own = origins.product == product
        cap, lines = _fit(origins.where(~own))
        line = lines[:, 0] + lines[:, 1] * np.log(growth[own])
        combination[own] = (gompertz_growth(growth[own], horizons, cap) + line) / 2.0
    predicted = {
        "combination": combination,
        "exponential": exponential_growth(growth, horizons),
        "linear": linear_growth(growth, horizons),
    }
    return {method: origins.ahead - ahead for method, ahead in predicted.items()}


def _mean_errors(errors: NDArray[np.float64], product: NDArray[np.str_]) -> list[float]:
    """Mean absolute log error at each horizon, products counting equally."""
    known = ~np.isnan(errors)
    return [
        round(float(np.average(np.abs(column[row]), weights=product_weights(product[row]))), 4)
        for column, row in zip(errors.T, known.T, strict=True)
    ]


def _quantiles(
    errors: NDArray[np.float64], product: NDArray[np.str_], *, centred: bool
) -> list[list[float]]:
    """Error quantiles, one row for each horizon, relative to the median if centred.

    Fewer products are known at longer horizons, so that a quantile may come nearer to the median by
    chance; its distance from the median is never let shrink. The errors of the combination are
    centred: their median of a few hundredths is noise, while that of a baseline is its bias.
    """
    measured = np.array(
        [
            weighted_quantile(column[known], product_weights(product[known]), np.array(LEVELS))
            for column, known in zip(errors.T, ~np.isnan(errors).T, strict=True)
        ]
    )
    median = measured[:, LEVELS.index(MEDIAN), None]
    above = np.maximum.accumulate(measured - median, axis=0)
    below = np.minimum.accumulate(measured - median, axis=0)
    quantiles = np.where(np.array(LEVELS) < MEDIAN, below, above) + (0.0 if centred else median)
    rounded: list[list[float]] = quantiles.round(4).tolist()
    return rounded


def _persistence(errors: NDArray[np.float64], product: NDArray[np.str_]) -> float:
    """Exponent a of ``(h1 / h2) ** a``, fitted to the correlations between horizons."""
    ratios, correlations = [], []
    for first, second in combinations(range(len(HORIZONS)), 2):
        known = ~np.isnan(errors[:, first] + errors[:, second])
        pair = np.cov(
            errors[known, first], errors[known, second], aweights=product_weights(product[known])
        )
        ratios.append(np.log(HORIZONS[first] / HORIZONS[second]))
        correlations.append(pair[0, 1] / np.sqrt(pair[0, 0] * pair[1, 1]))
    logs = np.log(np.clip(correlations, 0.05, 1.0))
    return round(float(np.dot(ratios, logs) / np.dot(ratios, ratios)), 3)


def _bridge_volatility(origins: Origins) -> float:
    """Monthly log volatility that explains how far the middle of a year lies off the line.

    The distance that 68 % stay below stands for one sd: a few launches are far off the line.
    """
    known = ~np.isnan(origins.halfway)
    if not known.any():
        raise ValueError(
            "no service is reported every month or quarter after a year of 2x or more; one at "
            "least must tell how values between two reports stray"
        )
    distance = np.abs(origins.halfway[known])
    weights = product_weights(origins.product[known])
    (one_sd,) = weighted_quantile(distance, weights, np.array([WITHIN_ONE_SD]))
    return round(float(one_sd / BRIDGE_SD_HALFWAY), 4)


def _analogs(origins: Origins) -> list[dict[str, Any]]:
    """Origins whose rows may be shipped, for comparison by eye."""
    last = origins.ahead[:, -1]
    kept = origins.where(origins.may_ship & ~np.isnan(last))
    rows = zip(
        kept.product, kept.month, kept.growth, kept.ahead[:, -1], kept.volatility, strict=True
    )
    return [
        {
            "product": str(product),
            "month": str(month),
            "growth_12": round(float(np.exp(growth)), 3),
            "growth_next_18": round(float(np.exp(ahead)), 3),
            **({} if np.isnan(volatility) else {"volatility": round(float(volatility), 4)}),
        }
        for product, month, growth, ahead, volatility in rows
    ]
