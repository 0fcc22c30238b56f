"""Nodes switched with the load: ahead of it on a schedule, after it, and with foresight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capacity.availability.schedule import EPSILON, Pool, Schedule, schedule

if TYPE_CHECKING:
    from capacity.arrays import Floats, Ints


class ScaledHours(NamedTuple):
    """Node hours of a week at equal service: fixed fleet, scaled after the load, foreseen."""

    fixed: float
    scaled: float
    foreseen: float


def latency_need(load: Floats, peak_nodes: float, headroom_share: float) -> Floats:
    """Nodes that keep the latency targets at each load, by square-root staffing.

    Parameters
    ----------
    load : numpy.ndarray, shape (hours,)
        Load over that of the busiest hour. [1]
    peak_nodes : float
        Nodes that the busiest hour takes. [nodes]
    headroom_share : float
        Part of them that is there for waiting times only. [1]

    Returns
    -------
    numpy.ndarray, shape (hours,)
        The rest falls with the load, the headroom with its root. [nodes]

    Examples
    --------
    >>> latency_need(np.array([1.0, 0.25]), peak_nodes=100, headroom_share=0.1)
    array([100. ,  27.5])
    """
    nodes = peak_nodes * ((1.0 - headroom_share) * load + headroom_share * load**0.5)
    return np.asarray(nodes.round(9))  # whole nodes stay whole


def scaled_ahead(need: Floats, cold_start_h: float, at_once: int) -> Schedule:
    """Nodes switched on ahead of the load and off after it, in steps, over a week.

    Parameters
    ----------
    need : numpy.ndarray, shape (hours,)
        Nodes that the load takes in each hour. [nodes]
    cold_start_h : float
        From switching a node on until it serves. [h]
    at_once : int
        Most nodes that become ready in one step. [nodes]

    Returns
    -------
    Schedule
        From the quietest hour; the fewest nodes with which no step adds more than it may and
        none is missing. A step lasts a cold start, at most an hour, or as long as nothing changes;
        a cold start of more than an hour begins that much earlier.

    Raises
    ------
    ValueError
        If the time or the number is not above zero.

    Examples
    --------
    >>> found = scaled_ahead(np.array([1.0, 1.0, 4.0, 2.0]), cold_start_h=1.0, at_once=2)
    >>> [(step.serving, step.back) for step in found.steps]
    [(1, 1), (2, 2), (4, 0), (2, 0)]
    """
    if not (cold_start_h > 0.0 and at_once > 0):
        raise ValueError(f"must be above 0: cold_start_h = {cold_start_h}, at_once = {at_once}")
    per_hour = max(1, int(1.0 / cold_start_h + EPSILON))
    begin = int(need.argmin())
    nodes = _ready(np.repeat(np.ceil(np.roll(need, -begin)), per_hour), at_once)
    acts: list[tuple[float, int, int]] = []
    for now, before, after in zip(nodes, np.roll(nodes, 1), np.roll(nodes, -1), strict=True):
        out, back = (int(max(0, before - now)) if acts else 0), int(max(0, after - now))
        if acts and not out and not acts[-1][2]:
            acts[-1] = (acts[-1][0] + 1.0 / per_hour, acts[-1][1], back)
        else:
            acts.append((1.0 / per_hour, out, back))
    return schedule(Pool(int(nodes[0]), need), begin, acts)


def paid_hours(found: Schedule, cold_start_h: float) -> float:
    """Node hours of a schedule, those of nodes that start included.

    Parameters
    ----------
    found : Schedule
        Any schedule.
    cold_start_h : float
        From switching a node on until it serves. [h]

    Returns
    -------
    float
        [node hours]

    Examples
    --------
    >>> paid_hours(scaled_ahead(np.array([1.0, 3.0]), 1.0, 2), cold_start_h=1.0)
    6.0
    """
    return sum(step.hours * step.serving + step.back * cold_start_h for step in found.steps)


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


def _ready(wanted: Floats, at_once: int) -> Ints:
    """Fewest nodes in each slot of a week that never miss one and never rise by more a slot."""
    nodes = wanted.astype(np.int64)
    for slot in [*range(wanted.size - 1, -1, -1)] * 2:
        nodes[slot] = max(nodes[slot], nodes[(slot + 1) % wanted.size] - at_once)
    return nodes
