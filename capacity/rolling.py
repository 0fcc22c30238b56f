"""Work on a fleet that serves: rolling restarts within the headroom, and scaling with the load."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from capacity.arrays import Floats


class Restart(NamedTuple):
    """A rolling restart: hour of the week [h], duration [h], most nodes at once [nodes]."""

    begin: int
    hours: int
    at_once: int


class ScaledHours(NamedTuple):
    """Node hours of a week at equal service: fixed fleet, scaled after the load, foreseen."""

    fixed: float
    scaled: float
    foreseen: float


def rolling_restart(need: Floats, standing: int, cold_start_h: float) -> Restart | None:
    """Shortest time in which every node can be restarted without missing one.

    Parameters
    ----------
    need : numpy.ndarray, shape (hours,)
        Nodes that the load takes in each hour of a week. [nodes]
    standing : int
        Nodes that stand. [nodes]
    cold_start_h : float
        Time from taking a node out until it serves again. [h]

    Returns
    -------
    Restart or None
        None where no hour leaves a node to spare.

    Raises
    ------
    ValueError
        If the time is not above zero.

    Notes
    -----
    In each hour as many nodes are out at once as the load leaves over; a week follows a week.

    Examples
    --------
    >>> rolling_restart(np.array([10.0, 4.0, 4.0, 10.0]), standing=12, cold_start_h=1.0)
    Restart(begin=1, hours=2, at_once=8)
    """
    if not cold_start_h > 0.0:
        raise ValueError(f"cold_start_h must be above 0, got {cold_start_h}")
    spare = np.maximum(np.floor(standing - need), 0.0)
    if not spare.any():
        return None
    done = np.cumsum(np.tile(spare / cold_start_h, 1 + _weeks(spare, standing, cold_start_h)))
    before = np.concatenate(([0.0], done))[: need.size]
    ends = np.searchsorted(done, before + standing - 1e-9)
    hours = ends - np.arange(need.size) + 1
    begin = int(hours.argmin())
    used = np.take(spare, range(begin, begin + int(hours[begin])), mode="wrap")
    return Restart(begin, int(hours[begin]), int(min(used.max(), standing)))


def scaled_hours(need: Floats, lag_hours: int) -> ScaledHours:
    """Node hours of a fixed fleet, of one that follows the load, and the least that serve.

    Parameters
    ----------
    need : numpy.ndarray, shape (hours,)
        Nodes that the load takes in each hour of a week. [nodes]
    lag_hours : int
        Time from a decision until a node serves, in full hours. [h]

    Returns
    -------
    ScaledHours
        Node hours of the week; a fleet that follows keeps the steepest rise within the lag in
        reserve, one that foresees everything keeps none.

    Raises
    ------
    ValueError
        If the lag is negative.

    Examples
    --------
    >>> scaled_hours(np.array([2.0, 4.0, 8.0, 4.0]), lag_hours=1)
    ScaledHours(fixed=32.0, scaled=30.0, foreseen=18.0)
    """
    if lag_hours < 0:
        raise ValueError(f"lag_hours must not be negative, got {lag_hours}")
    whole = np.ceil(need)
    rises = [np.roll(need, -ahead) - need for ahead in range(lag_hours + 1)]
    reserve = float(np.max(rises))
    scaled = np.minimum(np.ceil(need + reserve), whole.max())
    return ScaledHours(float(whole.max() * need.size), float(scaled.sum()), float(whole.sum()))


def _weeks(spare: Floats, standing: int, cold_start_h: float) -> int:
    """Weeks after which every node was out, whenever the work began."""
    return int(np.ceil(standing * cold_start_h / spare.sum())) + 1
