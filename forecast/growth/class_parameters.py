"""Learned growth of a reference class: from last year's growth to the growth ahead."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.growth.curves import bass_growth, gompertz_growth
from forecast.growth.spread import ResidualSpread, interpolate_horizons
from forecast.shipped.place import data_path, nearest

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
    innovation, imitation : float
        Bass coefficients p and q. [1/year]
    horizons : ndarray of float
        Horizons of the learned tables, shape (horizons,). [months]
    intercept, slope : ndarray of float
        Linear regression of growth ahead on growth of last year, shape (horizons,). [1]
    products, origins : tuple of int
        Products and origins behind each horizon. [1]
    residuals : mapping of str to ResidualSpread
        Log errors of "combination", "exponential" and "linear", already widened.
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
    innovation: float
    imitation: float
    horizons: NDArray[np.float64]
    intercept: NDArray[np.float64]
    slope: NDArray[np.float64]
    products: tuple[int, ...]
    origins: tuple[int, ...]
    residuals: Mapping[str, ResidualSpread]
    persistence: float

    def components(self, growth: float, months: ArrayLike) -> dict[str, NDArray[np.float64]]:
        """Log growth ahead by each of the three learned rules.

        Parameters
        ----------
        growth : float
            Log growth of the last twelve months. [1]
        months : array_like
            Horizons, at least 0. [months]

        Returns
        -------
        dict of str to ndarray of float
            Log growth for "Gompertz", "Bass" and "regression", shape of `months`. [1]

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
        ahead = {
            "Gompertz": gompertz_growth(learned, months, self.cap_multiple),
            "Bass": bass_growth(learned, months, self.innovation, self.imitation),
            "regression": intercept + slope * learned,
        }
        return {name: values * (growth / learned) for name, values in ahead.items()}

    def log_growth(self, growth: float, months: ArrayLike) -> NDArray[np.float64]:
        """Log growth ahead: the mean of the three rules.

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
        """
        ahead = self.components(growth, months)
        return np.asarray(sum(ahead.values()) / len(ahead))

    def spread(self, growth: float, method: str = "combination") -> ResidualSpread:
        """Log errors to expect after the given growth.

        Parameters
        ----------
        growth : float
            Log growth of the last twelve months. [1]
        method : str
            "combination", "exponential" or "linear".

        Returns
        -------
        ResidualSpread
            Learned errors; for calm histories narrowed in proportion, to 40 % at least, as
            measured on calm origins of the same products.

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
        learned = self.residuals[method]
        if share == 1.0:
            return learned
        return ResidualSpread(learned.horizons, learned.levels, share * learned.quantiles)


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
        innovation=table["innovation"],
        imitation=table["imitation"],
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
