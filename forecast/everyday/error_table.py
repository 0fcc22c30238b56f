"""How far everyday forecasts were off on past series: quantiles of errors by kind of series."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from forecast.everyday.quantile_network import LEVELS, MIDDLE
from forecast.shipped.place import data_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["ErrorTable", "PastForecasts", "error_table", "learned_errors"]

SHIPPED = "everyday.toml"
COMMON = "month"  # for steps without a table of their own
TINY = 1e-9
WIDTH = 0.8  # share of errors whose growth with the horizon and with short pasts counts
NARROW = 3  # level below the median whose interval has that share
SHORTNESS = np.arange(0.0, 20.05, 0.1)
FEWEST = 4  # values below which a past is not taken for shorter still


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
    shortness : float
        Length of a past whose intervals are e times those of a long one: fits of few values expect
        smaller errors than they make. [steps]
    """

    trust: float
    growth: float
    quantiles: Floats
    stretch: Floats
    typical: float
    shortness: float

    def offsets(self, expected: Floats, networks: Floats | None, count: int) -> Floats:
        """Distances of the quantiles to the middle of a forecast.

        Parameters
        ----------
        expected : ndarray of float
            Size of the log error that the fit expects, shape (horizon,). [1]
        networks : ndarray of float or None
            Distances according to the networks, shape (levels, horizon). [1]
        count : int
            Values of the past. [1]

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
        wider = np.exp(self.shortness / max(count, FEWEST))
        return np.asarray(wider * np.sort(offsets, axis=0))


class PastForecasts(NamedTuple):
    """Forecasts of one kind of series and what came.

    Parameters
    ----------
    errors : ndarray of float
        Log errors, shape (forecasts, horizon). [1]
    expected : ndarray of float
        Size of the errors that each fit expected, shape (forecasts, horizon). [1]
    networks : ndarray of float or None
        Distances according to the networks, shape (forecasts, levels, horizon). [1]
    counts : ndarray of int
        Values of each past, shape (forecasts,). [1]
    whole : ndarray of bool
        False for forecasts from a past that was cut short, shape (forecasts,).
    """

    errors: Floats
    expected: Floats
    networks: Floats | None
    counts: NDArray[np.int64]
    whole: NDArray[np.bool_]


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
    >>> bool((np.diff(table.offsets(np.full(3, 0.1), None, 40), axis=0) > 0).all())
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
        shortness=found["shortness"],
    )


def learned_errors(past: PastForecasts) -> ErrorTable:
    """Errors of one kind of series from forecasts and what came.

    Parameters
    ----------
    past : PastForecasts
        Forecasts from whole pasts, and of the same series from short ones.

    Returns
    -------
    ErrorTable
        Quantiles and stretch from whole pasts, over all horizons; what short ones cost from all.
    """
    errors, whole = past.errors, past.whole
    steps = np.arange(1.0, errors.shape[1] + 1.0)
    expected = np.maximum(past.expected, TINY)
    typical = float(np.median(expected[whole, 0]))
    trust = _trust(errors[:, 0], expected[:, 0], past.counts)
    size = typical * (expected / typical) ** trust
    width = np.quantile(np.abs(errors[whole]) / size[whole], WIDTH, axis=0)
    growth = max(float(np.polyfit(np.log(steps), np.log(width), 1)[0]), 0.0)
    size = size * steps**growth
    offsets = _mean_offsets(_quantiles(errors[whole] / size[whole]), size, past.networks)
    shortness = _shortness(_reached(errors, offsets, NARROW), past.counts)
    wider = np.exp(shortness / past.counts)[:, None]
    quantiles, stretch = _quantiles((errors / size / wider)[whole]), np.ones(len(LEVELS))
    if past.networks is not None:
        offsets = wider[:, None] * _mean_offsets(quantiles, size, past.networks)
        stretch = _stretch(errors[whole], offsets[whole])
    return ErrorTable(trust, growth, quantiles, stretch, typical, shortness)


def _quantiles(relative: Floats) -> Floats:
    """Distances of the quantiles of relative errors to their median."""
    found = np.quantile(relative, LEVELS.astype(float))
    return np.asarray(found - found[MIDDLE])


def _mean_offsets(quantiles: Floats, size: Floats, networks: Floats | None) -> Floats:
    """Offsets of many forecasts, the mean of the learned ones and of the networks'."""
    offsets = quantiles[None, :, None] * size[:, None, :]
    return offsets if networks is None else (offsets + networks) / 2.0


def _trust(errors: Floats, expected: Floats, counts: NDArray[np.int64]) -> float:
    """Slope of the logarithm of the errors' size against that of the expected size."""
    seen = np.log(np.maximum(np.abs(errors), TINY))
    causes = np.stack([np.log(expected), 1.0 / counts, np.ones(len(seen))], axis=1)
    slope = np.linalg.lstsq(causes, seen, rcond=None)[0][0]
    return float(np.clip(slope, 0.0, 1.0))


def _shortness(reached: Floats, counts: NDArray[np.int64]) -> float:
    """Widening for short pasts after which they are left as often as long ones."""
    slopes = []
    for shortness in SHORTNESS:
        shares = reached * np.exp(-shortness / counts)[:, None]
        left = (shares > np.quantile(shares, WIDTH)).mean(axis=1)
        slopes.append(np.cov(left, 1.0 / counts)[0, 1])
    return float(SHORTNESS[np.argmin(np.abs(slopes))])


def _stretch(errors: Floats, offsets: Floats) -> Floats:
    """Factors that make each central interval hold as much as it says."""
    stretch = np.ones(len(LEVELS))
    for level in range(MIDDLE):
        inside = 1.0 - 2.0 * float(LEVELS[level])
        stretch[[level, -1 - level]] = np.quantile(_reached(errors, offsets, level), inside)
    return stretch


def _reached(errors: Floats, offsets: Floats, level: int) -> Floats:
    """Share of the way from the middle to the bound of an interval that each error went."""
    low, high = offsets[:, level], offsets[:, -1 - level]
    return np.maximum(errors / np.minimum(low, -TINY), errors / np.maximum(high, TINY))


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Any]:
    return tomllib.loads(data_path(SHIPPED).read_text(encoding="utf-8"))
