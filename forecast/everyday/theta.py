"""Dynamic optimised Theta: exponential smoothing plus a share of the line through the past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Theta", "fit_theta"]

SMOOTHING = np.linspace(0.1, 0.99, 60)
WARM_UP = 3  # values that decide the start; their errors do not count
TINY = 1e-12


class Line(NamedTuple):
    """Least-squares lines through the first 1, 2, 3, ... values."""

    intercept: Floats
    slope: Floats
    mean: Floats


@dataclass(frozen=True, eq=False)
class Theta:
    """Theta model fitted to values without a season.

    Parameters
    ----------
    smoothing : float
        Share of an error that enters the level. [1]
    weight : float
        Share of the line's trend that is carried on: 1 - 1/theta. [1]
    level : float
        Smoothed level after the last value. [unit]
    line : tuple of float
        Intercept, slope and mean of the line through all values. [unit]
    count : int
        Number of values. [1]
    errors : ndarray of float
        One-step errors of the last values. [unit]

    References
    ----------
    .. [1] J. A. Fiorucci, T. R. Pellegrini, F. Louzada, F. Petropoulos and A. B. Koehler, Models
       for optimising the theta method and their relationship to state space models, International
       Journal of Forecasting 32(4), 2016.
    """

    smoothing: float
    weight: float
    level: float
    line: tuple[float, float, float]
    count: int
    errors: Floats

    def forecast(self, horizon: int) -> Floats:
        """Continue the series; the line is drawn anew through each value forecast.

        Parameters
        ----------
        horizon : int
            Steps ahead. [steps]

        Returns
        -------
        ndarray of float
            Shape (horizon,). [unit]
        """
        ahead, level = np.empty(horizon), self.level
        intercept, slope, mean = self.line
        for step in range(horizon):
            known = self.count + step
            left = (1.0 - self.smoothing) ** known
            grown = (1.0 - left * (1.0 - self.smoothing)) / self.smoothing
            value = level + self.weight * (left * intercept + grown * slope)
            level += self.smoothing * (value - level)
            slope = ((known - 1) * slope + 6.0 * (value - mean) / (known + 1)) / (known + 2)
            mean += (value - mean) / (known + 1)
            intercept = mean - (known + 2) / 2.0 * slope
            ahead[step] = value
        return ahead


def fit_theta(values: Floats) -> Theta:
    """Fit the dynamic optimised Theta model by least squares.

    Parameters
    ----------
    values : ndarray of float
        Three or more values at even steps, without a season. [unit]

    Returns
    -------
    Theta
        The fitted model.

    Notes
    -----
    For a given smoothing constant the errors are linear in the start level and in the weight of
    the line, so a grid of constants and a 2 by 2 system for each replace a numerical optimiser.

    Examples
    --------
    >>> fit_theta(10.0 + 2.0 * np.arange(20.0)).forecast(2).round(1).tolist()
    [50.0, 52.0]
    """
    line = _lines(values)
    ages = np.arange(1, len(values))[:, None]
    decay = 1.0 - SMOOTHING
    start = decay**ages
    trend = line.intercept[:-1, None] * start
    trend += line.slope[:-1, None] * (1.0 - start * decay) / SMOOTHING
    level = _smoothed(values)
    counted = slice(min(WARM_UP, len(values) - 2) - 1, None)
    target = (values[1:, None] - level[:-1])[counted]
    weight, first = _least_squares(start[counted], trend[counted], target)
    errors = target - weight * trend[counted] - first * start[counted]
    best = int((errors**2).sum(axis=0).argmin())
    return Theta(
        smoothing=float(SMOOTHING[best]),
        weight=float(weight[best]),
        level=float(level[-1, best] + decay[best] ** len(values) * first[best]),
        line=(float(line.intercept[-1]), float(line.slope[-1]), float(line.mean[-1])),
        count=len(values),
        errors=errors[:, best],
    )


def _lines(values: Floats) -> Line:
    count = np.arange(1.0, len(values) + 1)
    total, moment = np.cumsum(values), np.cumsum(count * values)
    spread = np.maximum(count * (count**2 - 1.0) / 12.0, TINY)
    slope = np.where(count > 1.0, (moment - (count + 1.0) / 2.0 * total) / spread, 0.0)
    mean = total / count
    return Line(mean - (count + 1.0) / 2.0 * slope, slope, mean)


def _smoothed(values: Floats) -> Floats:
    """Smoothed levels from a start at zero, a column for each smoothing constant."""
    level = np.empty((len(values), len(SMOOTHING)))
    state = np.zeros(len(SMOOTHING))
    for step, value in enumerate(values):
        state = state + SMOOTHING * (value - state)
        level[step] = state
    return level


def _least_squares(start: Floats, trend: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Weight within 0 to 1 and first level that fit best, for each smoothing constant."""
    ss, st = (start**2).sum(axis=0) + TINY, (start * trend).sum(axis=0)
    tt = (trend**2).sum(axis=0) + TINY
    sy, ty = (start * target).sum(axis=0), (trend * target).sum(axis=0)
    determinant = ss * tt - st**2
    solvable = determinant > 1e-9 * ss * tt
    free = np.where(solvable, ss * ty - st * sy, 0.0) / np.where(solvable, determinant, 1.0)
    weight = np.clip(free, 0.0, 1.0)
    return weight, (sy - weight * st) / ss
