"""Scores of forecasts, one name for each from the literature.

Arrays only. Errors of points (`mase`, `smape`, `mean_absolute_log_error`, `log_bias`) are means
over the last axis. Scores of distributions (`pinball_loss`, `crps`, `interval_score`,
`weighted_interval_score`) are given for each actual value; take the mean afterwards, weighted as
the question demands. Lower is better, but for `log_bias` and `coverage`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "Coverage",
    "coverage",
    "crps",
    "crps_integral",
    "interval_score",
    "log_bias",
    "mase",
    "mean_absolute_log_error",
    "owa",
    "pinball_loss",
    "smape",
    "weighted_interval_score",
]

MEDIAN = 0.5
TWO_ERRORS = 2.0


class Coverage(NamedTuple):
    """Share of actual values inside their intervals.

    Attributes
    ----------
    share : float
        Values inside, bounds included. [1]
    level : float
        What the intervals promised. [1]
    error : float
        Binomial standard deviation of the share if the promise is true. [1]
    n : int
        Values. [1]
    """

    share: float
    level: float
    error: float
    n: int

    @property
    def kept(self) -> bool:
        """Whether the share lies within two binomial errors of the promise."""
        return abs(self.share - self.level) <= TWO_ERRORS * self.error


def mase(actual: ArrayLike, predicted: ArrayLike, training: ArrayLike, season: int = 1) -> Floats:
    """Mean absolute scaled error (Hyndman and Koehler 2006).

    Parameters
    ----------
    actual, predicted : array_like
        Values after the origin, shape (..., horizons). [unit]
    training : array_like
        Values up to the origin, shape (..., points), more than `season`. [unit]
    season : int
        Lag of the seasonal naive forecast whose mean error inside the training is the scale. [1]

    Returns
    -------
    ndarray of float
        Mean absolute error over that scale, shape (...). [1]

    Raises
    ------
    ValueError
        If shapes disagree, a value is not finite, or the training is too short or constant.

    Examples
    --------
    Errors 2 and 1; the training moves by 1, 4 and 1: 1.5 over 2.

    >>> float(mase([12.0, 9.0], [10.0, 10.0], training=[5.0, 6.0, 10.0, 9.0]))
    0.75
    """
    actual, predicted = _alike(actual=actual, predicted=predicted)
    past = np.asarray(training, dtype=np.float64)
    if season < 1 or past.ndim < 1 or past.shape[-1] <= season or not np.isfinite(past).all():
        raise ValueError(
            f"training has shape {past.shape}, season is {season}; allowed: finite values, more "
            "than one season of them"
        )
    scale = np.abs(past[..., season:] - past[..., :-season]).mean(axis=-1)
    if not (scale > 0.0).all():
        raise ValueError(f"training does not change over {season} steps: there is no scale")
    return np.asarray(np.abs(actual - predicted).mean(axis=-1) / scale)


def smape(actual: ArrayLike, predicted: ArrayLike) -> Floats:
    """Symmetric mean absolute percentage error of the M3 and M4 competitions, as a fraction.

    Parameters
    ----------
    actual, predicted : array_like
        Shape (..., horizons). [unit]

    Returns
    -------
    ndarray of float
        Mean of ``2 |a - p| / (|a| + |p|)``, where both are zero 0, shape (...). [1]

    Raises
    ------
    ValueError
        If shapes disagree or a value is not finite.

    Examples
    --------
    Twice 2 over 8 and twice 4 over 16 are both a half; twice 1 over 10 is a fifth.

    >>> round(float(smape([5.0, 6.0, 4.5], [3.0, 10.0, 5.5])), 6)
    0.4
    """
    actual, predicted = _alike(actual=actual, predicted=predicted)
    total = np.abs(actual) + np.abs(predicted)
    parts = np.divide(np.abs(actual - predicted), total, out=np.zeros(total.shape), where=total > 0)
    return np.asarray(2.0 * parts.mean(axis=-1))


def owa(smape_: float, mase_: float, naive_smape: float, naive_mase: float) -> float:
    """Overall weighted average of the M4 competition.

    Parameters
    ----------
    smape_, mase_ : float
        Errors of the forecast. [1]
    naive_smape, naive_mase : float
        Errors of the naive forecast on the same values, above 0. [1]

    Returns
    -------
    float
        Mean of both ratios; below 1 is better than naive. [1]

    Raises
    ------
    ValueError
        If an error of the naive forecast is not above 0.

    Examples
    --------
    >>> owa(0.12, 0.9, naive_smape=0.16, naive_mase=1.2), owa(0.12, 0.9, 0.15, 1.5)
    (0.75, 0.7)
    """
    if not (naive_smape > 0.0 and naive_mase > 0.0):
        raise ValueError(f"naive errors are {naive_smape!r} and {naive_mase!r}; allowed: above 0")
    return float((smape_ / naive_smape + mase_ / naive_mase) / 2.0)


def mean_absolute_log_error(actual: ArrayLike, predicted: ArrayLike) -> Floats:
    """Mean absolute logarithm of predicted over actual.

    Parameters
    ----------
    actual, predicted : array_like
        Above 0, shape (..., horizons). [unit]

    Returns
    -------
    ndarray of float
        Shape (...); 0.4 is a factor of 1.5. [1]

    Raises
    ------
    ValueError
        If shapes disagree or a value is not finite and above 0.

    Examples
    --------
    >>> round(float(mean_absolute_log_error([2.0, 10.0], [8.0, 5.0])) / float(np.log(2.0)), 6)
    1.5
    """
    return np.asarray(np.abs(_log_ratio(actual, predicted)).mean(axis=-1))


def log_bias(actual: ArrayLike, predicted: ArrayLike) -> Floats:
    """Mean logarithm of predicted over actual: above 0 is too high.

    Parameters
    ----------
    actual, predicted : array_like
        Above 0, shape (..., horizons). [unit]

    Returns
    -------
    ndarray of float
        Shape (...). [1]

    Raises
    ------
    ValueError
        If shapes disagree or a value is not finite and above 0.

    Examples
    --------
    >>> round(float(log_bias([2.0, 10.0], [8.0, 5.0])) / float(np.log(2.0)), 6)
    0.5
    """
    return np.asarray(_log_ratio(actual, predicted).mean(axis=-1))


def pinball_loss(actual: ArrayLike, quantiles: ArrayLike, levels: ArrayLike) -> Floats:
    """Pinball (quantile) loss (Koenker and Bassett 1978).

    Parameters
    ----------
    actual : array_like
        Shape (...). [unit]
    quantiles : array_like
        Predicted quantiles, shape (..., levels). [unit]
    levels : array_like
        Probabilities strictly between 0 and 1, shape (levels,). [1]

    Returns
    -------
    ndarray of float
        ``level (a - q)`` where the actual value is above, ``(1 - level) (q - a)`` where it is
        below, shape (..., levels). [unit]

    Raises
    ------
    ValueError
        If shapes disagree, a value is not finite or a level no probability.

    Examples
    --------
    The actual 7 is 4 above the first quantile and 2 below the second.

    >>> pinball_loss(7.0, [3.0, 9.0], [0.2, 0.7]).round(6).tolist()
    [0.8, 0.6]
    """
    actual, quantiles = _beside(actual, quantiles, "quantiles")
    p = _probabilities(levels)
    if quantiles.shape[-1:] != p.shape:
        raise ValueError(
            f"quantiles have shape {quantiles.shape}, levels {p.shape}; allowed: alike"
        )
    above = actual[..., None] - quantiles
    return np.asarray(np.maximum(p * above, (p - 1.0) * above))


def crps(actual: ArrayLike, samples: ArrayLike) -> Floats:
    """Continuous ranked probability score of equally likely samples, by ranks.

    Parameters
    ----------
    actual : array_like
        Shape (...). [unit]
    samples : array_like
        In any order, shape (..., samples). [unit]

    Returns
    -------
    ndarray of float
        ``E|X - a| - E|X - X'| / 2``, shape (...); of a single sample the absolute error. [unit]

    Raises
    ------
    ValueError
        If shapes disagree or a value is not finite.

    References
    ----------
    .. [1] T. Gneiting and A. Raftery, Strictly proper scoring rules, prediction, and estimation,
       Journal of the American Statistical Association 102(477), 2007.

    Examples
    --------
    Distances to 4 are 3, 1 and 5, mean 3; distances in pairs 2, 6 and 8 twice over nine, half 16/9.

    >>> round(float(crps(4.0, [1.0, 3.0, 9.0])), 6) == round(3.0 - 16.0 / 9.0, 6)
    True
    """
    actual, samples = _beside(actual, samples, "samples")
    count = samples.shape[-1]
    ranks = 2.0 * np.arange(1, count + 1) - count - 1.0
    half_spread = (ranks * np.sort(samples, axis=-1)).sum(axis=-1) / count**2
    return np.asarray(np.abs(samples - actual[..., None]).mean(axis=-1) - half_spread)


def crps_integral(actual: ArrayLike, samples: ArrayLike) -> Floats:
    """Continuous ranked probability score as the integral of its definition.

    Parameters
    ----------
    actual : array_like
        Shape (...). [unit]
    samples : array_like
        In any order, shape (..., samples). [unit]

    Returns
    -------
    ndarray of float
        Integral of the squared distance between the distribution of the samples and the step at
        the actual value, shape (...): the same as `crps`. [unit]

    Raises
    ------
    ValueError
        If shapes disagree or a value is not finite.

    Examples
    --------
    Shares 1/3 over a width of 2, 2/3 over 1, and 1/3 missing over 5: 2/9 + 4/9 + 5/9.

    >>> round(float(crps_integral(4.0, [1.0, 3.0, 9.0])), 6) == round(11.0 / 9.0, 6)
    True
    """
    actual, samples = _beside(actual, samples, "samples")
    points = np.sort(np.concatenate([samples, actual[..., None]], axis=-1), axis=-1)
    left = points[..., :-1]
    below = (samples[..., None, :] <= left[..., :, None]).mean(axis=-1)
    return np.asarray(((below - (actual[..., None] <= left)) ** 2 * np.diff(points)).sum(axis=-1))


def interval_score(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike, level: float) -> Floats:
    """Interval (Winkler) score of central intervals.

    Parameters
    ----------
    actual, lower, upper : array_like
        Shape (...). [unit]
    level : float
        Probability inside, strictly between 0 and 1. [1]

    Returns
    -------
    ndarray of float
        Width, and for a miss ``2 / (1 - level)`` times its distance, shape (...). [unit]

    Raises
    ------
    ValueError
        If shapes disagree, a value is not finite, bounds are crossed or the level is none.

    Examples
    --------
    Widths 3 and 5; the second value lies 2 above, times 2 / 0.2.

    >>> interval_score([4.0, 9.0], [2.0, 2.0], [5.0, 7.0], level=0.8).round(6).tolist()
    [3.0, 25.0]
    """
    (inside,) = _probabilities([level])
    actual, lower, upper = _alike(actual=actual, lower=lower, upper=upper)
    if (lower > upper).any():
        raise ValueError("a lower bound lies above its upper bound")
    miss = np.maximum(lower - actual, 0.0) + np.maximum(actual - upper, 0.0)
    return np.asarray(upper - lower + 2.0 / (1.0 - inside) * miss)


def weighted_interval_score(actual: ArrayLike, quantiles: ArrayLike, levels: ArrayLike) -> Floats:
    """Weighted interval score (Bracher et al. 2021).

    Parameters
    ----------
    actual : array_like
        Shape (...). [unit]
    quantiles : array_like
        Predicted quantiles, never falling along the last axis, shape (..., levels). [unit]
    levels : array_like
        Ascending probabilities, symmetric around 0.5 and with it, shape (levels,). [1]

    Returns
    -------
    ndarray of float
        Mean of the error of the median and of the interval scores, each with half of the
        probability outside as its weight, shape (...): twice the mean pinball loss. [unit]

    Raises
    ------
    ValueError
        If shapes disagree, levels are not as described or quantiles cross.

    Examples
    --------
    Half of the median's error 3 is 1.5; the interval's width 4 and miss 1 give (4 + 4 * 1) / 4.

    >>> float(weighted_interval_score(7.0, [2.0, 4.0, 6.0], [0.25, 0.5, 0.75])) == 3.5 / 1.5
    True
    """
    actual, quantiles = _beside(actual, quantiles, "quantiles")
    p = _probabilities(levels)
    pairs = len(p) // 2
    if len(p) % 2 == 0 or not np.allclose(p + p[::-1], 1.0) or (np.diff(p) <= 0.0).any():
        raise ValueError(f"levels are {p.tolist()}; allowed: ascending, symmetric around 0.5")
    if quantiles.shape[-1] != len(p):
        raise ValueError(
            f"quantiles have shape {quantiles.shape}, levels {p.shape}; allowed: alike"
        )
    total = np.abs(actual - quantiles[..., pairs]) / 2.0
    for k in range(pairs):
        lower, upper = quantiles[..., k], quantiles[..., -1 - k]
        total = total + p[k] * interval_score(actual, lower, upper, 1.0 - 2.0 * float(p[k]))
    return np.asarray(total / (pairs + MEDIAN))


def coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike, level: float) -> Coverage:
    """Share of actual values inside their intervals, with its binomial error.

    Parameters
    ----------
    actual, lower, upper : array_like
        Shape (...), at least one value. [unit]
    level : float
        Probability that the intervals promise, strictly between 0 and 1. [1]

    Returns
    -------
    Coverage
        Share, level, binomial error and count. Forecasts from overlapping pasts are not
        independent: then the true error is larger.

    Raises
    ------
    ValueError
        If shapes disagree, there is no value, one is not finite, or the level is none.

    Examples
    --------
    >>> found = coverage([1.0, 4.0, 8.0], [0.0, 5.0, 6.0], [2.0, 7.0, 9.0], level=0.8)
    >>> round(found.share, 3), round(found.error, 3), found.kept
    (0.667, 0.231, True)
    """
    (promised,) = _probabilities([level])
    actual, lower, upper = _alike(actual=actual, lower=lower, upper=upper)
    if not actual.size:
        raise ValueError(f"actual has shape {actual.shape}; allowed: at least one value")
    share = float(((lower <= actual) & (actual <= upper)).mean())
    error = float(np.sqrt(promised * (1.0 - promised) / actual.size))
    return Coverage(share, float(promised), error, actual.size)


def _alike(**given: ArrayLike) -> list[Floats]:
    """Finite arrays of one shape."""
    arrays = [np.asarray(values, dtype=np.float64) for values in given.values()]
    if len({array.shape for array in arrays}) > 1:
        shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(given, arrays, strict=True))
        raise ValueError(f"shapes disagree: {shapes}; allowed: one shape")
    for name, array in zip(given, arrays, strict=True):
        if not np.isfinite(array).all():
            raise ValueError(f"{name} of shape {array.shape} holds a value that is not finite")
    return arrays


def _beside(actual: ArrayLike, several: ArrayLike, name: str) -> tuple[Floats, Floats]:
    """Actual values, and finite arrays with one axis more."""
    one, more = np.asarray(actual, dtype=np.float64), np.asarray(several, dtype=np.float64)
    if more.ndim != one.ndim + 1 or more.shape[:-1] != one.shape or not more.shape[-1]:
        raise ValueError(
            f"shapes disagree: actual {one.shape}, {name} {more.shape}; allowed: one axis more"
        )
    if not (np.isfinite(one).all() and np.isfinite(more).all()):
        raise ValueError(f"actual {one.shape} or {name} {more.shape} hold a value not finite")
    return one, more


def _log_ratio(actual: ArrayLike, predicted: ArrayLike) -> Floats:
    actual, predicted = _alike(actual=actual, predicted=predicted)
    if not ((actual > 0.0).all() and (predicted > 0.0).all()):
        raise ValueError("actual and predicted values must be above 0 to be compared by ratio")
    return np.asarray(np.log(predicted / actual))


def _probabilities(levels: ArrayLike) -> Floats:
    p = np.asarray(levels, dtype=np.float64)
    if p.ndim != 1 or not ((p > 0.0) & (p < 1.0)).all():
        raise ValueError(f"levels are {p.tolist()}; allowed: strictly between 0 and 1")
    return p
