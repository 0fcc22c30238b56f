"""An incident followed step by step, for many parameter draws at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats
from capacity.outage.fluid import time_below
from capacity.outage.incident import PARAMETERS, Incident
from capacity.outage.pool_run import PoolRun
from forecast.draws import named_stream

MOST_STEPS = 20_000
MOST_STATES = 40_000_000  # draws times steps, so that the books stay far below a gigabyte
FULL, DEGRADED = 0.05, 0.95  # shares of the normal goodput


@dataclass(frozen=True)
class Replay:
    """What happened, draw by draw.

    Parameters
    ----------
    incident : Incident
        What was followed.
    times : ndarray
        Ends of the steps, shape (steps,). [min]
    goodput : ndarray
        Users served over users that arrive, shape (steps, draws). [1]
    up : ndarray
        Share of nodes that serve, shape (steps, draws). [1]
    backlog : ndarray
        Work in front of the nodes and before them, shape (steps, draws). [requests]
    load : ndarray
        Requests in service over places of the nodes that are up, shape (steps, draws). [1]
    cool, warm, hot : ndarray
        Coldest, mean and hottest node, shape (steps, draws); without steps for over ten draws. [°C]
    lost, demand : ndarray
        Users that got nothing, and users that came, shape (draws,). [requests]
    trips : ndarray
        Thermal shutdowns, shape (draws,). [1]
    ordered : ndarray
        When everything was taken offline; not-a-number if never, shape (draws,). [min]
    imbalance : float
        Largest error of the books at any time. [requests]
    """

    incident: Incident
    times: Floats
    goodput: Floats
    up: Floats
    backlog: Floats
    load: Floats
    cool: Floats
    warm: Floats
    hot: Floats
    lost: Floats
    demand: Floats
    trips: Floats
    ordered: Floats
    imbalance: float

    @property
    def full_outage(self) -> Floats:
        """Minutes with less than 5 % of the normal goodput, shape (draws,)."""
        return time_below(self.times, self.goodput, FULL)

    @property
    def degraded(self) -> Floats:
        """Minutes with less than 95 % of the normal goodput, shape (draws,)."""
        return time_below(self.times, self.goodput, DEGRADED)

    @property
    def lost_capacity(self) -> Floats:
        """Minutes of normal service that were missing, shape (draws,)."""
        missing = np.maximum(1.0 - self.goodput, 0.0)
        return np.asarray(missing.sum(axis=0) * (self.times[1] - self.times[0]))


def middle(incident: Incident) -> dict[str, Floats]:
    """Parameters at their middle values, as one draw.

    Parameters
    ----------
    incident : Incident
        Any incident.

    Returns
    -------
    dict of str to ndarray
        Shape (1,), in the units of `PARAMETERS`.
    """
    return {name: np.array([incident.parameters[name].mid]) for name in PARAMETERS}


def parameter_draws(incident: Incident, draws: int, seed: int) -> dict[str, Floats]:
    """Joint draws of all parameters, one named stream each.

    Parameters
    ----------
    incident : Incident
        Any incident.
    draws : int
        How many. [1]
    seed : int
        Of all streams.

    Returns
    -------
    dict of str to ndarray
        Shape (draws,), in the units of `PARAMETERS`, cut at their bounds.
    """
    return {
        name: np.clip(
            incident.parameters[name].draw(draws, named_stream(seed, f"outage {name}")),
            allowed.low,
            allowed.high,
        )
        for name, allowed in PARAMETERS.items()
    }


def replay(incident: Incident, parameters: Mapping[str, Floats], seed: int = 7) -> Replay:
    """Follow an incident.

    Parameters
    ----------
    incident : Incident
        What to follow.
    parameters : mapping of str to ndarray
        Every parameter, shape (draws,).
    seed : int
        Of the deviations between nodes; replays of one seed share them.

    Returns
    -------
    Replay
        Series and totals of every draw.

    Raises
    ------
    ValueError
        If steps, or draws times steps, are more than are allowed.

    Notes
    -----
    All nodes of a cell carry the same load. Work of a node that trips goes back in front of the
    nodes that are left; without any, it waits.
    """
    steps = _steps(incident, len(parameters["requests"]))
    run = PoolRun(incident, parameters, seed)
    for place in range(steps):
        run.step(place)
    return Replay(incident, imbalance=run.imbalance, **run.result())


def _steps(incident: Incident, draws: int) -> int:
    steps = incident.horizon / incident.step
    if not 2 <= steps <= MOST_STEPS:  # noqa: PLR2004  a line needs two points
        raise ValueError(f"horizon / step = {steps:g} steps: allowed 2 to {MOST_STEPS:,}")
    if steps * draws > MOST_STATES:
        allowed = int(MOST_STATES / steps)
        raise ValueError(f"draws = {draws:,}: allowed are {allowed:,} with {steps:,.0f} steps")
    return round(steps)
