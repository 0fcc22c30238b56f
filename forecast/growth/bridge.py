"""The months between two reported values: a reconstruction, not a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecast.draws import bridge_scores, named_stream
from forecast.growth.class_parameters import learned_parameters
from forecast.growth.sampling import FEWEST_PATHS
from forecast.paths import Forecast

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecast.history import History

__all__ = ["default_volatility", "gaps", "reconstruct"]


def default_volatility() -> float:
    """Return the monthly log volatility of services between reported values.

    Returns
    -------
    float
        As learned from regularly reported services after growth of 2x or more. [1]

    Examples
    --------
    >>> bool(0.05 < default_volatility() < 0.3)
    True
    """
    return float(learned_parameters()["bridge_volatility"])


def reconstruct(
    history: History,
    paths: int,
    seed: int,
    shocks: NDArray[np.float64] | None = None,
    volatility: float | None = None,
) -> Forecast:
    """Sample paths from the first to the last reported month.

    Parameters
    ----------
    history : History
        Reported values.
    paths : int
        Number of sample paths, at least 2. [1]
    seed : int
        Seed of the random stream that is named after the history. [1]
    shocks : ndarray of float, optional
        Independent standard normal numbers, one for each step from month to month, shape
        (paths, steps); drawn if left out. [1]
    volatility : float, optional
        Monthly log volatility between reported values, at least 0; learned from services if left
        out. [1]

    Returns
    -------
    Forecast
        Reported months hold the reported value in every path. The months between follow a straight
        line in log with the noise of a Brownian bridge; a cumulative quantity never falls.

    Raises
    ------
    ValueError
        If paths, seed, shocks or volatility are not as described.

    Examples
    --------
    >>> from forecast.history import History
    >>> users = History.from_points("users", {"2022-01": 100, "2022-03": 400}, kind="cumulative")
    >>> past = reconstruct(users, paths=1_001, seed=7)
    >>> past.kinds, past.quantile(0.5).round(6).tolist()
    (('reported', 'reconstructed', 'reported'), [100.0, 200.0, 400.0])
    """
    volatility = default_volatility() if volatility is None else volatility
    if not 0.0 <= volatility < np.inf:
        raise ValueError(f"volatility must be finite and at least 0, got {volatility!r}")
    edges = gaps(history)
    normals = _normals(history, paths, seed, shocks)
    levels = np.log(history.values)
    values = np.empty((paths, edges[-1] + 1))
    values[:, edges] = history.values
    for left in range(len(edges) - 1):
        first, last = edges[left], edges[left + 1]
        if last > first + 1:
            between = _between(levels[left : left + 2], normals[:, first:last], volatility)
            if history.kind == "cumulative":
                between = _rising(between, float(levels[left]), float(levels[left + 1]))
            values[:, first + 1 : last] = np.exp(between)
    reported = np.isin(np.arange(edges[-1] + 1), edges)
    return Forecast(
        name=history.name,
        unit=history.unit,
        months=history.months[0] + np.arange(edges[-1] + 1),
        values=values,
        kinds=tuple("reported" if known else "reconstructed" for known in reported),
        origin=history.origin,
        model="log-linear bridge",
        seed=seed,
        notes=_notes(history, reported, volatility),
    )


def gaps(history: History) -> NDArray[np.int64]:
    """Months since the first reported one.

    Parameters
    ----------
    history : History
        Reported values.

    Returns
    -------
    ndarray of int
        Shape (points,), starting at 0. [months]

    Examples
    --------
    >>> from forecast.history import History
    >>> users = History.from_points("users", {"2022-01": 1, "2022-12": 2}, kind="cumulative")
    >>> gaps(users).tolist()
    [0, 11]
    """
    return np.asarray((history.months - history.months[0]).astype(np.int64))


def _normals(
    history: History, paths: int, seed: int, shocks: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Independent normal numbers for each step, given or drawn, shape (paths, steps)."""
    if isinstance(paths, bool) or not isinstance(paths, int | np.integer) or paths < FEWEST_PATHS:
        raise ValueError(f"paths must be a whole number of at least {FEWEST_PATHS}, got {paths!r}")
    steps = int(gaps(history)[-1])
    if shocks is None:
        stream = named_stream(seed, f"{history.name} between reports")
        return stream.standard_normal((steps, paths)).T
    if shocks.shape != (paths, steps) or not np.isfinite(shocks).all():
        raise ValueError(
            f"shocks have shape {shocks.shape}; allowed: finite numbers, shape {(paths, steps)}"
        )
    return shocks


def _between(
    ends: NDArray[np.float64], normals: NDArray[np.float64], volatility: float
) -> NDArray[np.float64]:
    """Log values strictly between two reported ones, shape (paths, steps - 1)."""
    steps = normals.shape[1]
    share = np.arange(1, steps) / steps
    sd = volatility * np.sqrt(steps * share * (1.0 - share))
    line = ends[0] + share * (ends[1] - ends[0])
    return np.asarray(line + sd * bridge_scores(normals))


def _rising(levels: NDArray[np.float64], lowest: float, highest: float) -> NDArray[np.float64]:
    """Rising log values between both ends.

    The running maximum lies too high and the running minimum from the other end too low by about
    as much; their mean rises as well.
    """
    inside = np.clip(levels, lowest, highest)
    from_left = np.maximum.accumulate(inside, axis=1)
    from_right = np.minimum.accumulate(inside[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((from_left + from_right) / 2.0)


def _notes(history: History, reported: NDArray[np.bool_], volatility: float) -> tuple[str, ...]:
    count = int((~reported).sum())
    if not count:
        return ()
    return (
        f"{history.name}: {count} months between reported values are reconstructed, a straight "
        f"line in log with a monthly volatility of {volatility:.2f}",
    )
