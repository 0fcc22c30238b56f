"""How far everyday forecasts were off on past series: quantiles of errors by kind of series."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from forecast.quantile_network import LEVELS
from forecast.shipped import data_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["ErrorTable", "error_table", "learned_errors"]

SHIPPED = "everyday.toml"
OTHER = "other"
MIDDLE = len(LEVELS) // 2
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class ErrorTable:
    """Errors of one kind of series.

    Parameters
    ----------
    growth : float
        Exponent of the horizon with which errors grow. [1]
    quantiles : ndarray of float
        Quantiles, at the levels of the networks, of log errors one step ahead over the one-step
        error of the fit; the median is 0. [1]
    stretch : ndarray of float
        Factor for the mean of these quantiles and those of the networks, by level. [1]
    typical : float
        One-step error of a series that is too short to tell. [1]
    """

    growth: float
    quantiles: Floats
    stretch: Floats
    typical: float

    def offsets(self, error: float, horizon: int, networks: Floats | None) -> Floats:
        """Distances of the quantiles to the middle of a forecast.

        Parameters
        ----------
        error : float
            One-step log error of the series; NaN if unknown. [1]
        horizon : int
            Steps ahead. [steps]
        networks : ndarray of float or None
            Distances according to the networks, shape (levels, horizon). [1]

        Returns
        -------
        ndarray of float
            Log distances, shape (levels, horizon), ascending along the levels. [1]
        """
        error = self.typical if np.isnan(error) else error
        grown = error * np.arange(1.0, horizon + 1.0) ** self.growth
        offsets = np.outer(self.quantiles, grown)
        if networks is not None:
            offsets = self.stretch[:, None] * (offsets + networks) / 2.0
        return np.asarray(np.sort(offsets, axis=0))


def error_table(step: str) -> ErrorTable:
    """Shipped errors of series with a given step.

    Parameters
    ----------
    step : str
        Name of the step; one that has no table of its own gets the common one.

    Returns
    -------
    ErrorTable
        Learned on series that the models had not seen.

    Examples
    --------
    >>> table = error_table("month")
    >>> bool((np.diff(table.offsets(0.1, 3, None), axis=0) > 0).all())
    True
    """
    tables = _shipped()
    found = tables.get(step, tables[OTHER])
    return ErrorTable(
        growth=found["growth"],
        quantiles=np.array(found["quantiles"]),
        stretch=np.array(found["stretch"]),
        typical=found["typical"],
    )


def learned_errors(errors: Floats, fitted: Floats, networks: Floats | None) -> ErrorTable:
    """Errors of one kind of series from forecasts and what came.

    Parameters
    ----------
    errors : ndarray of float
        Log errors, shape (forecasts, horizon), NaN where unknown. [1]
    fitted : ndarray of float
        One-step error of each fit, shape (forecasts,). [1]
    networks : ndarray of float or None
        Distances according to the networks, shape (forecasts, levels, horizon). [1]

    Returns
    -------
    ErrorTable
        Pooled over all forecasts and horizons.
    """
    steps = np.arange(1.0, errors.shape[1] + 1.0)
    scaled = errors / np.maximum(fitted, TINY)[:, None]
    width = np.nanquantile(np.abs(scaled), 0.8, axis=0)
    growth = max(float(np.polyfit(np.log(steps), np.log(width), 1)[0]), 0.0)
    quantiles = np.nanquantile(scaled / steps**growth, LEVELS.astype(float))
    quantiles -= quantiles[MIDDLE]
    stretch = np.ones(len(LEVELS))
    if networks is not None:
        own = quantiles[None, :, None] * (fitted[:, None] * steps**growth)[:, None, :]
        stretch = _stretch(errors, (own + networks) / 2.0)
    return ErrorTable(growth, quantiles, stretch, float(np.median(fitted)))


def _stretch(errors: Floats, offsets: Floats) -> Floats:
    """Factors that make each central interval hold as much as it says."""
    stretch = np.ones(len(LEVELS))
    for level in range(MIDDLE):
        low, high = offsets[:, level], offsets[:, -1 - level]
        reached = np.maximum(errors / np.minimum(low, -TINY), errors / np.maximum(high, TINY))
        inside = 1.0 - 2.0 * float(LEVELS[level])
        stretch[[level, -1 - level]] = np.nanquantile(reached, inside)
    return stretch


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[str, float | list[float]]]:
    return tomllib.loads(data_path(SHIPPED).read_text(encoding="utf-8"))
