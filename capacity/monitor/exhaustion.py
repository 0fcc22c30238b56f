"""When a resource runs out: by the straight line of an alert rule, or over forecast paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats

FEWEST = 2  # samples of a line


def predict_linear(
    times: ArrayLike, values: ArrayLike, ahead: float, now: float | None = None
) -> float:
    """Value of a least-squares line some time from now, as the query language of Prometheus has it.

    Parameters
    ----------
    times : array_like, shape (samples,)
        When the samples were taken. [s]
    values : array_like, shape (samples,)
        The samples, in any unit.
    ahead : float
        How far ahead. [s]
    now : float, optional
        From when on; the last sample if left out. [s]

    Returns
    -------
    float
        In the unit of the values.

    Raises
    ------
    ValueError
        If there are fewer than two samples, or all of one time.

    Examples
    --------
    >>> predict_linear([0.0, 60.0, 120.0], [100.0, 94.0, 88.0], ahead=600.0)
    28.0
    """
    slope, here = _line(times, values, now)
    return here + slope * ahead


def time_until(
    times: ArrayLike, values: ArrayLike, limit: float = 0.0, now: float | None = None
) -> float:
    """Time until the least-squares line reaches a limit.

    Parameters
    ----------
    times : array_like, shape (samples,)
        When the samples were taken. [s]
    values : array_like, shape (samples,)
        The samples, in any unit.
    limit : float
        Value at which the resource is gone, in the unit of the values.
    now : float, optional
        From when on; the last sample if left out. [s]

    Returns
    -------
    float
        Infinite where the line leads away from the limit, 0 where it is there already. [s]

    Raises
    ------
    ValueError
        If there are fewer than two samples, or all of one time.

    Examples
    --------
    >>> time_until([0.0, 60.0, 120.0], [100.0, 94.0, 88.0])
    880.0
    """
    first = float(np.asarray(values, dtype=np.float64)[0])
    slope, here = _line(times, values, now)
    if here == limit or (first - limit) * (here - limit) < 0.0:
        return 0.0
    ahead = (limit - here) / slope if slope else -1.0
    return ahead if ahead > 0.0 else float("inf")


def _line(times: ArrayLike, values: ArrayLike, now: float | None) -> tuple[float, float]:
    """Slope, and value now."""
    t, y = np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if len(t) < FEWEST or t.max() == t.min():
        raise ValueError(f"a line needs samples of two times, got {len(t)} samples")
    apart = t - t.mean()
    slope = float(apart @ (y - y.mean()) / (apart @ apart))
    here = float(t[-1]) if now is None else now
    return slope, float(y.mean()) + slope * (here - float(t.mean()))


def first_crossing(times: ArrayLike, paths: Floats, limit: ArrayLike) -> Floats:
    """When each path of a forecast first reaches what there is of a resource.

    Parameters
    ----------
    times : array_like, shape (periods,)
        Ends of the periods, rising, in any unit of time.
    paths : ndarray, shape (draws, periods)
        Use of the resource, in any unit.
    limit : array_like
        What there is, broadcast to the paths, in their unit.

    Returns
    -------
    ndarray, shape (draws,)
        Straight between periods; infinite for a path that stays below. In the unit of time.

    Notes
    -----
    Quantiles of it are a distribution of the time left; take them with ``method="higher"``, so that
    none lies between a time and never.

    Examples
    --------
    >>> paths = np.array([[1.0, 2.0, 4.0], [1.0, 1.0, 1.0], [5.0, 6.0, 7.0]])
    >>> first_crossing([0.0, 1.0, 2.0], paths, limit=3.0)
    array([1.5, inf, 0. ])
    """
    t = np.asarray(times, dtype=np.float64)
    over = paths - np.asarray(limit, dtype=np.float64)
    reached = over >= 0.0
    at = np.where(reached.any(axis=1), reached.argmax(axis=1), -1)
    before, rows = np.maximum(at - 1, 0), np.arange(len(paths))
    low, high = over[rows, before], over[rows, at]
    share = np.divide(-low, high - low, out=np.ones_like(low), where=high > low)
    between = t[before] + np.clip(share, 0.0, 1.0) * (t[at] - t[before])
    return np.where(at < 0, np.inf, between)
