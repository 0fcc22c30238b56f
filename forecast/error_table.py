"""How far everyday forecasts were off on past series: quantiles of errors by kind of series."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.quantile_network import LEVELS, MIDDLE
from forecast.shipped import data_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["ErrorTable", "error_table", "learned_errors"]

SHIPPED = "everyday.toml"
COMMON = "month"  # for steps without a table of their own
TINY = 1e-9
WIDTH = 0.8  # share of errors whose growth with the horizon counts


@dataclass(frozen=True, eq=False)
class ErrorTable:
    """Errors of one kind of series.

    Parameters
    ----------
    trust : float
        Exponent of the expected over the typical error: 0 where a fit cannot tell calm series from
        wild ones, 1 where it can. [1]
    growth : float
        Exponent of the horizon with which errors grow beyond what was expected. [1]
    quantiles : ndarray of float
        Quantiles, at the levels of the networks, of log errors one step ahead over the error that
        the fit expects; the median is 0. [1]
    stretch : ndarray of float
        Factor for the mean of these quantiles and those of the networks, by level. [1]
    typical : float
        One-step error that the fit of a series in the middle expects. [1]
    """

    trust: float
    growth: float
    quantiles: Floats
    stretch: Floats
    typical: float

    def offsets(self, expected: Floats, networks: Floats | None) -> Floats:
        """Distances of the quantiles to the middle of a forecast.

        Parameters
        ----------
        expected : ndarray of float
            Size of the log error that the fit expects, shape (horizon,). [1]
        networks : ndarray of float or None
            Distances according to the networks, shape (levels, horizon). [1]

        Returns
        -------
        ndarray of float
            Log distances, shape (levels, horizon), ascending along the levels. [1]
        """
        steps = np.arange(1.0, len(expected) + 1.0)
        size = self.typical * (expected / self.typical) ** self.trust * steps**self.growth
        offsets = np.outer(self.quantiles, size)
        if networks is not None:
            offsets = self.stretch[:, None] * (offsets + networks) / 2.0
        return np.asarray(np.sort(offsets, axis=0))


def error_table(step: str) -> ErrorTable:
    """Shipped errors of series with a given step.

    Parameters
    ----------
    step : str
        Name of the step; one that has no table of its own gets that of months.

    Returns
    -------
    ErrorTable
        Learned on series that the models had not seen.

    Examples
    --------
    >>> table = error_table("month")
    >>> bool((np.diff(table.offsets(np.full(3, 0.1), None), axis=0) > 0).all())
    True
    """
    tables = _shipped()
    found = tables.get(step, tables[COMMON])
    return ErrorTable(
        trust=found["trust"],
        growth=found["growth"],
        quantiles=np.array(found["quantiles"]),
        stretch=np.array(found["stretch"]),
        typical=found["typical"],
    )


def learned_errors(errors: Floats, expected: Floats, networks: Floats | None) -> ErrorTable:
    """Errors of one kind of series from forecasts and what came.

    Parameters
    ----------
    errors : ndarray of float
        Log errors, shape (forecasts, horizon). [1]
    expected : ndarray of float
        Size of the errors that each fit expected, shape (forecasts, horizon). [1]
    networks : ndarray of float or None
        Distances according to the networks, shape (forecasts, levels, horizon). [1]

    Returns
    -------
    ErrorTable
        Pooled over all forecasts and horizons.
    """
    steps = np.arange(1.0, errors.shape[1] + 1.0)
    expected = np.maximum(expected, TINY)
    typical = float(np.median(expected[:, 0]))
    trust = _trust(errors[:, 0], expected[:, 0])
    size = typical * (expected / typical) ** trust
    width = np.quantile(np.abs(errors) / size, WIDTH, axis=0)
    growth = max(float(np.polyfit(np.log(steps), np.log(width), 1)[0]), 0.0)
    size = size * steps**growth
    quantiles = np.quantile(errors / size, LEVELS.astype(float))
    quantiles -= quantiles[MIDDLE]
    stretch = np.ones(len(LEVELS))
    if networks is not None:
        stretch = _stretch(errors, (quantiles[None, :, None] * size[:, None, :] + networks) / 2.0)
    return ErrorTable(trust, growth, quantiles, stretch, typical)


def _trust(errors: Floats, expected: Floats) -> float:
    """Slope of the logarithm of the errors' size against that of the expected size."""
    seen = np.log(np.maximum(np.abs(errors), TINY))
    off = np.log(expected) - np.log(expected).mean()
    return float(np.clip(off @ seen / max(float(off @ off), TINY), 0.0, 1.0))


def _stretch(errors: Floats, offsets: Floats) -> Floats:
    """Factors that make each central interval hold as much as it says."""
    stretch = np.ones(len(LEVELS))
    for level in range(MIDDLE):
        low, high = offsets[:, level], offsets[:, -1 - level]
        reached = np.maximum(errors / np.minimum(low, -TINY), errors / np.maximum(high, TINY))
        inside = 1.0 - 2.0 * float(LEVELS[level])
        stretch[[level, -1 - level]] = np.quantile(reached, inside)
    return stretch


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Any]:
    return tomllib.loads(data_path(SHIPPED).read_text(encoding="utf-8"))
