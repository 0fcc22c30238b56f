"""From a central growth path and its errors to a forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecast.draws import named_stream, path_scores
from forecast.paths import Forecast, months_after

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecast.history import History

__all__ = ["growth_forecast", "never_falling", "scores_or_drawn"]

FEWEST_PATHS = 2
PASSES = 4


def scores_or_drawn(
    shocks: NDArray[np.float64] | None,
    shape: tuple[int, int],
    stream: tuple[int, str],
    persistence: float,
) -> NDArray[np.float64]:
    """Scores of the paths: those given, or new ones from the named stream.

    Parameters
    ----------
    shocks : ndarray of float or None
        Standard normal scores. [1]
    shape : tuple of int
        Paths and months. [1], [months]
    stream : tuple of int and str
        Seed and name of the random stream.
    persistence : float
        Exponent of the correlation between months, for new scores. [1]

    Returns
    -------
    ndarray of float
        Shape (paths, months). [1]

    Raises
    ------
    ValueError
        If fewer than 2 paths or 1 month are asked for, or given scores have another shape or are
        not finite.

    Examples
    --------
    >>> scores_or_drawn(None, (4, 2), (7, "users"), persistence=0.3).shape
    (4, 2)
    """
    paths, months = shape
    if isinstance(paths, bool) or not isinstance(paths, int | np.integer) or paths < FEWEST_PATHS:
        raise ValueError(f"paths must be a whole number of at least {FEWEST_PATHS}, got {paths!r}")
    if shocks is None:
        increments = named_stream(*stream).standard_normal((months, paths)).T
        return path_scores(increments, persistence)
    if shocks.shape != shape or not np.isfinite(shocks).all():
        raise ValueError(f"shocks have shape {shocks.shape}; allowed: finite scores, shape {shape}")
    return shocks


def growth_forecast(
    history: History,
    log_growth: NDArray[np.float64],
    *,
    model: str,
    seed: int,
    notes: tuple[str, ...],
) -> Forecast:
    """Forecast from log growth since the last reported value.

    Parameters
    ----------
    history : History
        What the growth starts from.
    log_growth : ndarray of float
        Log growth of each path, shape (paths, months). [1]
    model : str
        Name of the growth model.
    seed : int
        Seed of the random stream. [1]
    notes : tuple of str
        What a reader must know.

    Returns
    -------
    Forecast
        Months after the history. A cumulative quantity stays at or above its last value and never
        falls along a path.

    Examples
    --------
    >>> from forecast.history import History
    >>> users = History.from_points("users", {"2022-01": 1, "2022-12": 2}, kind="cumulative")
    >>> growth = np.log([[0.5, 3.0], [2.0, 1.5]])
    >>> growth_forecast(users, growth, model="by hand", seed=0, notes=()).values.round(6).tolist()
    [[2.0, 6.0], [4.0, 4.0]]
    """
    if history.kind == "cumulative":
        log_growth = never_falling(log_growth)
    months = log_growth.shape[1]
    return Forecast(
        name=history.name,
        unit=history.unit,
        months=months_after(history.origin, months),
        values=history.values[-1] * np.exp(log_growth),
        kinds=("forecast",) * months,
        origin=history.origin,
        model=model,
        seed=seed,
        notes=notes,
    )


def never_falling(log_growth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Paths that start at zero and never fall, with nearly the same distribution in each month.

    Parameters
    ----------
    log_growth : ndarray of float
        Log growth of each path, shape (paths, months). [1]

    Returns
    -------
    ndarray of float
        At least 0 and never falling along a path, shape (paths, months). [1]

    Notes
    -----
    The running maximum of a path alone would lift the upper quantiles: a path that stood high once
    would keep that height. Each pass therefore gives the paths of a month the wanted values again,
    in the order of their running maxima, and takes the running maximum of the result.

    Examples
    --------
    >>> never_falling(np.array([[0.1, 0.4], [0.3, 0.2], [-0.2, 0.3]])).tolist()
    [[0.1, 0.4], [0.3, 0.3], [0.0, 0.3]]
    """
    floored = np.maximum(log_growth, 0.0)
    wanted = np.maximum.accumulate(np.sort(floored, axis=0), axis=1)
    rising = np.maximum.accumulate(floored, axis=1)
    for _ in range(PASSES):
        order = np.argsort(rising, axis=0)
        np.put_along_axis(rising, order, wanted, axis=0)
        rising = np.maximum.accumulate(rising, axis=1)
    return rising
