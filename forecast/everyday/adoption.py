"""Adoption curves: steady, fast growth of monthly, quarterly and yearly series, and how it goes on.

A new product's users grow neither by a constant factor nor by a constant number: on published
series the square root of the value comes closest to a straight line. The forecast carries on the
line of the last half year; how far growth fell short of it or beyond it in the past is learned.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from forecast.shipped.place import data_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["STEPS_A_YEAR", "AdoptionCurve", "adoption_curve", "learned_shares"]

SHIPPED = "adoption.toml"
STEPS_A_YEAR = {"month": 12, "quarter": 4, "year": 1}
FEWEST_STEPS = 4  # that the test of steadiness looks at
STEADY = 4.0  # standard errors of the mean step
STEADIEST = 100.0  # a line without noise promises no more than that
FAST = 0.2  # log growth in the last year
FAST_THROUGHOUT = 0.5  # log growth a year over the whole past; economic series have less
YEARS_READ = 0.5  # of which the pace is taken


@dataclass(frozen=True)
class AdoptionCurve:
    """A straight line in the square root of a value, or of its odds below a capacity.

    Parameters
    ----------
    last : float
        Latest value; below a capacity, value / (1 - value / capacity). [unit]
    pace : float
        Growth of the root in one step over the latest root, above 0. [1]
    steadiness : float
        Mean step of the root over its standard error. [1]
    capacity : float
        Bound of the values; infinite where there is none. [unit]
    """

    last: float
    pace: float
    steadiness: float
    capacity: float = np.inf

    def growth(self, horizon: int) -> Floats:
        """Log growth along the line.

        Parameters
        ----------
        horizon : int
            Steps ahead. [steps]

        Returns
        -------
        ndarray of float
            Shape (horizon,), rising. [1]
        """
        return np.asarray(2.0 * np.log1p(self.pace * np.arange(1.0, horizon + 1.0)))

    def offsets(self, horizon: int, shares: Floats) -> Floats:
        """Log growth at each level.

        Parameters
        ----------
        horizon : int
            Steps ahead. [steps]
        shares : ndarray of float
            Quantiles of what growth was beyond the line, as a share of it, at a steadiness just
            enough for the route, shape (levels,). [1]

        Returns
        -------
        ndarray of float
            Shape (levels, horizon). [1]
        """
        scale = np.sqrt(STEADY / min(self.steadiness, STEADIEST))
        return np.outer(1.0 + scale * shares, self.growth(horizon))

    def values(self, growth: Floats) -> Floats:
        """Values after some log growth, always below the capacity.

        Parameters
        ----------
        growth : ndarray of float
            Of the value, or of its odds. [1]

        Returns
        -------
        ndarray of float
            Shape of `growth`. [unit]
        """
        odds = self.last * np.exp(growth)
        return np.asarray(odds / (1.0 + odds / self.capacity))


def adoption_curve(
    values: Floats, step: str, capacity: float = float("inf")
) -> AdoptionCurve | None:
    """Line through an adoption curve; None if the series is none.

    Parameters
    ----------
    values : ndarray of float
        Values without gaps. [unit]
    step : str
        Name of the step; only months, quarters and years are looked at.
    capacity : float
        Bound of the values, such as 100 for a share in percent. [unit]

    Returns
    -------
    AdoptionCurve or None
        None unless all values lie above 0 and below the capacity, log growth was 0.5 a year or
        more over the whole past and 0.2 or more in the last year (four values at least), and the
        mean step of the root in that year is four standard errors above 0: near-monotone growth,
        strong for its noise, of a series that has always grown fast, as the economy does not.

    Examples
    --------
    >>> users = np.array([1.0, 4.0, 9.5, 16.0, 25.0, 36.0])
    >>> curve = adoption_curve(users, "year")
    >>> curve.values(curve.growth(2)).round(1).tolist()
    [49.0, 64.0]
    >>> adoption_curve(np.array([5.0, 4.0, 9.0, 3.0, 8.0, 9.0]), "year") is None
    True
    """
    year = STEPS_A_YEAR.get(step, 0)
    read = max(year, FEWEST_STEPS)
    if not year or len(values) <= read or values.min() <= 0.0 or values.max() >= capacity:
        return None
    odds = values / (1.0 - values / capacity)
    roots = np.sqrt(odds / odds[-1])
    steps = np.diff(roots)
    mean = float(steps[-read:].mean())
    noise = float(steps[-read:].std(ddof=1)) / np.sqrt(read)
    lately, throughout = (-2.0 * np.log(roots[-1 - k]) * year / k for k in (read, len(steps)))
    if lately < FAST or throughout < FAST_THROUGHOUT or mean < STEADY * noise:
        return None
    pace = float(steps[-max(1, round(YEARS_READ * year)) :].mean())
    steadiness = min(mean / max(noise, mean / STEADIEST), STEADIEST)
    return AdoptionCurve(float(odds[-1]), pace, float(steadiness), capacity)


@lru_cache(maxsize=1)
def learned_shares() -> Floats:
    """Shipped quantiles of growth beyond the line, as shares of it.

    Returns
    -------
    ndarray of float
        At the levels of the pooled networks, ascending. [1]

    Examples
    --------
    >>> bool((np.diff(learned_shares()) > 0.0).all())
    True
    """
    text = data_path(SHIPPED).read_text(encoding="utf-8")
    return np.array(tomllib.loads(text)["shares"], dtype=np.float64)
