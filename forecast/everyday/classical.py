"""Classical forecast of a positive series: mean of Theta and exponential smoothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from forecast.everyday.exponential_smoothing import smooth
from forecast.everyday.seasonal_adjustment import seasonal_path
from forecast.everyday.theta import fit_theta

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecast.everyday.exponential_smoothing import Form, Smoothed

    Floats = NDArray[np.float64]

__all__ = ["Classical", "classical"]

FEWEST = 4  # values below which nothing is fitted
RECENT = 240  # values that exponential smoothing reads
SEASONS_READ = 21  # daily and weekly shapes are taken from this many of the shortest season
LONGEST_SMOOTHED = 12  # longer seasons are adjusted for, not smoothed
FORMS: tuple[Form, ...] = ("level", "trend", "damped")
LOG_FORMS: tuple[Form, ...] = ("level", "damped")  # a trend of logarithms would grow without end
NEAR = np.ones(5) / 5.0
FARTHEST = 40.0  # log distance to the values seen that no forecast leaves
LOWEST = 0.05  # share of the lowest value below which no point forecast goes


class Classical(NamedTuple):
    """Classical forecast.

    Parameters
    ----------
    middle : ndarray of float
        Shape (horizon,). [unit]
    error : ndarray of float
        Size of the log error to expect, shape (horizon,). [1]
    """

    middle: Floats
    error: Floats


def classical(values: Floats, seasons: tuple[int, ...], horizon: int) -> Classical:
    """Mean of dynamic optimised Theta and of exponential smoothing.

    Parameters
    ----------
    values : ndarray of float
        Values above 0 at even steps, of the order of 1. [unit]
    seasons : tuple of int
        Lengths of the seasons, the shortest first. [steps]
    horizon : int
        Steps ahead. [steps]

    Returns
    -------
    Classical
        For fewer than four values the last value, with errors of the size of the largest step.

    Examples
    --------
    >>> classical(np.tile([1.0, 2.0, 3.0, 2.0], 8), (4,), 3).middle.round(2).tolist()
    [1.0, 2.0, 3.0]
    """
    if len(values) < FEWEST:
        largest = np.abs(np.diff(np.log(values), prepend=np.log(values[0]))).max()
        return Classical(np.full(horizon, values[-1]), largest * np.sqrt(np.arange(1, horizon + 1)))
    if len(seasons) > 1:
        values = values[-max(SEASONS_READ * seasons[0], 3 * seasons[-1]) :]
    factors = seasonal_path(values, seasons, horizon)
    adjusted, ahead = values / factors[: len(values)], factors[len(values) :]
    theta = fit_theta(adjusted)
    recent = adjusted[-RECENT:]
    if seasons[0] == 1:
        smoothed = _straight_smoothing(recent, horizon)
    else:
        logs = np.log(values[-RECENT:])
        smoothed = np.exp(_log_smoothing(logs, np.log(recent), np.log(ahead), seasons[0]))
    middle = (theta.forecast(horizon) * ahead + smoothed) / 2.0
    fitted = adjusted[-len(theta.errors) :] - theta.errors
    floor = LOWEST * values.min()
    errors = np.log(adjusted[-len(fitted) :] / np.maximum(fitted, floor))
    # Of each error the level keeps a share, which stays in all later steps.
    grown = np.sqrt(1.0 + np.arange(horizon) * theta.smoothing**2)
    return Classical(np.maximum(middle, floor), np.abs(errors).mean() * grown)


def _straight_smoothing(values: Floats, horizon: int) -> Floats:
    """Mean over the forms, with errors relative to the level near them."""
    near = np.convolve(np.pad(values, 2, mode="edge"), NEAR, mode="valid")
    forms = FORMS if len(values) > FEWEST else FORMS[:1]
    found = [smooth(values, horizon, form, weights=1.0 / near).forecast for form in forms]
    return np.asarray(np.mean(found, axis=0))


def _log_smoothing(logs: Floats, adjusted: Floats, ahead: Floats, season: int) -> Floats:
    """Mean over the forms, with a season that evolves where the criterion prefers it."""
    horizon, level = len(ahead), logs.mean()
    if 1 < season <= LONGEST_SMOOTHED and len(logs) > 2 * season + FEWEST:
        fixed = [smooth(logs - level, horizon, form) for form in LOG_FORMS]
        evolving = [smooth(logs - level, horizon, form, season) for form in LOG_FORMS]
        curve = level + np.mean([found.forecast for found in min(fixed, evolving, key=_best)], 0)
    else:
        plain = [smooth(adjusted - level, horizon, form) for form in LOG_FORMS]
        curve = level + np.mean([found.forecast for found in plain], axis=0) + ahead
    span = min(np.ptp(logs), FARTHEST)
    return np.asarray(np.clip(curve, logs.min() - span, logs.max() + span))


def _best(found: list[Smoothed]) -> float:
    return min(form.criterion for form in found)
