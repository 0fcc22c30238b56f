"""Learned growth of a reference class: from last year's growth to the growth ahead."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.growth.curves import gompertz_growth
from forecast.growth.spread import ResidualSpread, interpolate_horizons
from forecast.shipped.place import data_path, nearest
from forecast.volatility import volatility_factor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["CLASSES", "HIGH_GROWTH", "ClassParameters", "class_parameters", "learned_parameters"]

CLASSES = ("service", "developer", "all")
HIGH_GROWTH = float(np.log(2.0))
CALM_SPREAD = 0.4


@dataclass(frozen=True, eq=False)
class ClassParameters:
    """Growth curve and errors learned from the products of one class.

    Parameters
    ----------
    name : str
        Name of the class.
    cap_multiple : float
        Gompertz saturation as a multiple of today's level. [1]
    volatility : float
        Typical monthly log volatility of the year before an origin, above 0; nan where no product
        is reported often enough. [1]
    horizons : ndarray of float
        Horizons of the learned tables, shape (horizons,). [months]
    intercept, slope : ndarray of float
        Line of log growth ahead over the logarithm of last year's, shape (horizons,). [1]
    products, origins : tuple of int
        Products and origins behind each horizon. [1]
    residuals : mapping of str to ResidualSpread
        Log errors of "combination", "exponential" and "linear", already widened; "standardised" are
        those of the combination after a year of typical volatility.
    persistence : float
        Exponent a: errors at horizons h1 <= h2 have correlation ``(h1 / h2) ** a``. [1]

    Examples
    --------
    >>> service = class_parameters("service")
    >>> bool(0.9 < service.log_growth(growth=1.8, months=18) < 1.5)
    True
    """

    name: str
    cap_multiple: float
    volatility: float
    horizons: NDArray[np.float64]
    intercept: NDArray[np.float64]
    slope: NDArray[np.float64]
    products: tuple[int, ...]
    origins: tuple[int, ...]
    residuals: Mapping[str, ResidualSpread]
    persistence: float

    def log_growth(self, growth: float, months: ArrayLike) -> NDArray[np.float64]:
        """Log growth ahead: the mean of a Gompertz curve and of the learned line.

        Parameters
        ----------
        growth : float
            Log growth of the last twelve months. [1]
        months : array_like
            Horizons, at least 0. [months]

        Returns
        -------
        ndarray of float
            Log growth from today to each horizon, shape of `months`. [1]

        Raises
        ------
        ValueError
            If growth is not finite or a horizon is negative.

        Notes
        -----
        The class was learned where the last year brought growth of 2x or more. Below that, the
        growth ahead at exactly 2x is scaled in proportion to last year's log growth, which on calm
        origins of the same products errs about as much as the constant exponential.
        """
        learned = max(growth, HIGH_GROWTH)
        months = np.asarray(months, dtype=np.float64)
        intercept = interpolate_horizons(self.horizons, self.intercept, months)
        slope = interpolate_horizons(self.horizons, self.slope, months)
        line = intercept + slope * np.log(learned)
        curve = gompertz_growth(learned, months, self.cap_multiple)
        return np.asarray((curve + line) / 2.0 * (growth / learned))

    def spread(
        self, growth: float, method: str = "combination", volatility: float = float("nan")
    ) -> ResidualSpread:
        """Log errors to expect after the given year.

        Parameters
        ----------
        growth : float
            Log growth of the last twelve months. [1]
        method : str
            "combination", "exponential" or "linear".
        volatility : float
            Monthly log volatility of the last twelve months; nan where it is not known. [1]

        Returns
        -------
        ResidualSpread
            Errors of the combination grow with the root of the volatility. Where that is not known
            they are those of steady and unsteady products alike, times the root of last year's
            growth over a doubling, 63 % to 100 %: calm years are the steadier ones. The other two
            err by what they carry on: after a calm year in proportion less, down to 40 %.

        Raises
        ------
        ValueError
            If the method has no learned errors.
        """
        if method not in self.residuals:
            raise ValueError(
                f"no errors of {method!r} were learned; {nearest(method, self.residuals)}"
            )
        share = float(np.clip(abs(growth) / HIGH_GROWTH, CALM_SPREAD, 1.0))
        if method != "combination":
            return self.residuals[method].scaled(share)
        if np.isnan(volatility):
            return self.residuals[method].scaled(share**0.5)
        factor = float(volatility_factor(volatility, self.volatility))
        return self.residuals["standardised"].scaled(factor)


@lru_cache(maxsize=1)
def learned_parameters() -> dict[str, Any]:
    """Contents of the shipped ``reference_class.toml``.

    Returns
    -------
    dict
        Tables and values as written by the learner; do not change them.

    Raises
    ------
    OSError
        If the shipped file cannot be read.

    Examples
    --------
    >>> learned_parameters()["horizons"]
    [6, 12, 18]
    """
    with data_path("reference_class.toml").open("rb") as file:
        return tomllib.load(file)


def class_parameters(name: str, learned: Mapping[str, Any] | None = None) -> ClassParameters:
    """Parameters of one reference class.

    Parameters
    ----------
    name : str
        "service", "developer" or "all".
    learned : mapping, optional
        What the learner returned; the shipped parameters if left out.

    Returns
    -------
    ClassParameters
        Curve and widened errors.

    Raises
    ------
    ValueError
        If the class is unknown.

    Examples
    --------
    >>> class_parameters("service").products
    (14, 14, 13)
    """
    if name not in CLASSES:
        raise ValueError(f"unknown reference class {name!r}; {nearest(name, CLASSES)}")
    learned = learned_parameters() if learned is None else learned
    table = learned["classes"][name]
    horizons, levels = np.array(learned["horizons"], float), np.array(learned["levels"], float)
    return ClassParameters(
        name=name,
        cap_multiple=table["cap_multiple"],
        volatility=table["volatility"],
        horizons=horizons,
        intercept=np.array(table["intercept"]),
        slope=np.array(table["slope"]),
        products=tuple(table["products"]),
        origins=tuple(table["origins"]),
        residuals={
            method: ResidualSpread(horizons, levels, np.array(rows)).widened(learned["widening"])
            for method, rows in table["residuals"].items()
        },
        persistence=table["persistence"],
    )
