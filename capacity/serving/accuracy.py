"""How far predictions of the serving model lie from measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from capacity.arrays import Floats

ENOUGH = 18  # numbers: their range holds the next one with probability 17 / 19, about 90 %
RESAMPLES = 1_000
SEED = 7


@dataclass(frozen=True)
class Accuracy:
    """Errors of one set of predictions; an error is predicted over measured speed, minus one.

    Parameters
    ----------
    n : int
        Predictions. [1]
    groups : int
        Groups among them: models on cards. [1]
    median, p90 : float
        Quantiles of the absolute error. [1]
    bias : float
        Median error; above 0 where the model is too fast. [1]
    cover90 : float
        Share of the measurements inside the 90 % interval. [1]
    """

    n: int
    groups: int
    median: float
    p90: float
    bias: float
    cover90: float


def accuracy(
    log_errors: Floats, groups: Sequence[str], interval: tuple[ArrayLike, ArrayLike]
) -> Accuracy:
    """Sum up errors.

    Parameters
    ----------
    log_errors : ndarray
        Log of predicted over measured speed, at least one. [1]
    groups : sequence of str
        Group of each.
    interval : tuple of array_like
        Low and high factor of the 90 % interval, for all or for each. [1]

    Returns
    -------
    Accuracy
        Rounded to four decimals.

    Examples
    --------
    >>> found = accuracy(np.log([1.1, 0.8, 1.0]), ["a", "a", "b"], (0.85, 1.15))
    >>> found.median, found.bias, round(found.cover90, 2)
    (0.1, 0.0, 0.67)
    """
    error = np.expm1(log_errors)
    measured = np.exp(-log_errors)
    low, high = np.asarray(interval[0]), np.asarray(interval[1])
    inside = (measured >= low) & (measured <= high)
    return Accuracy(
        n=len(log_errors),
        groups=len(set(groups)),
        median=_rounded(np.median(np.abs(error))),
        p90=_rounded(np.quantile(np.abs(error), 0.9)),
        bias=_rounded(np.median(error)),
        cover90=_rounded(np.mean(inside)),
    )


def next_quantiles(values: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles for an error like those at hand that has not come yet.

    Parameters
    ----------
    values : ndarray
        At least one log error. [1]
    levels : sequence of float
        Probabilities. [1]

    Returns
    -------
    ndarray
        Of 18 numbers or more, the next one falls below the k-th smallest with probability
        k / (n + 1). Fewer, whose range would not reach the 5 % and 95 % quantiles, cannot tell
        bias from scatter: it is taken as normal around 0 (Student's t of their root mean
        square). [1]

    Examples
    --------
    >>> next_quantiles(np.arange(1.0, 20.0), (0.05, 0.5, 0.95)).tolist()
    [1.0, 10.0, 19.0]
    >>> next_quantiles(np.array([-0.1, 0.1, 0.1, -0.1]), (0.05, 0.5, 0.95)).round(2).tolist()
    [-0.21, 0.0, 0.21]
    """
    from scipy.special import stdtrit  # noqa: PLC0415  heavy

    n = values.size
    if n >= ENOUGH:
        return np.asarray(np.quantile(values, levels, method="weibull"))
    return np.asarray(np.sqrt(np.mean(values**2)) * stdtrit(n, np.asarray(levels)))


def group_bootstrap(
    log_errors: Floats, groups: Sequence[str], rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """95 % intervals of median and 90th percentile when whole groups are drawn again.

    Parameters
    ----------
    log_errors : ndarray
        Log of predicted over measured speed, at least one. [1]
    groups : sequence of str
        Group of each.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    dict of str to tuple
        ``median`` and ``p90``, each low and high. [1]
    """
    error = np.abs(np.expm1(log_errors))
    names = np.asarray(groups)
    parts = [error[names == name] for name in np.unique(names)]
    drawn = [
        np.concatenate([parts[i] for i in rng.integers(len(parts), size=len(parts))])
        for _ in range(RESAMPLES if len(parts) > 1 else 1)
    ]
    found = {
        "median": [np.median(part) for part in drawn],
        "p90": [np.quantile(part, 0.9) for part in drawn],
    }
    return {
        name: (_rounded(np.quantile(values, 0.025)), _rounded(np.quantile(values, 0.975)))
        for name, values in found.items()
    }


def _rounded(value: float | np.floating) -> float:
    return round(float(value), 4)
