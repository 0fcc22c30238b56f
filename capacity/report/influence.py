"""Which uncertain input moves which headline figure, by rank correlation over the draws."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Floats
from capacity.outcome import CapacityPlan

MOVED = ("gpus", "cost", "storage_pb", "peak_gbit_s")
NOISE = 4.0  # standard errors of a rank correlation


def influence(plan: CapacityPlan) -> dict[str, tuple[str, float]]:
    """The headline figure that each input moves most in the last month.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict of str to (str, float)
        By input: the metric, and their rank correlation, between -1 and 1; no metric and 0 where
        the input moves none. [1]

    Notes
    -----
    The inputs are drawn again from the plan's seed, so each draw meets its own outcome. Up to
    four standard errors of a rank correlation, 4 / sqrt(draws), counts as noise.
    """
    targets = np.stack([ranks(plan.draws[name][:, -1]) for name in MOVED])
    draws = targets.shape[1]
    found = {}
    for name, values in plan.scenario.draw(draws, plan.seed).items():
        sways = targets @ ranks(values[:, 0]) / draws
        best = int(np.abs(sways).argmax())
        heard = abs(float(sways[best])) > NOISE / np.sqrt(draws)
        found[name] = (MOVED[best], float(sways[best])) if heard else ("", 0.0)
    return found


def demand_sway(plan: CapacityPlan) -> float:
    """Rank correlation of daily queries with the GPUs needed in the last month.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    float
        Between -1 and 1. [1]
    """
    places = (ranks(plan.draws[name][:, -1]) for name in ("daily_queries", "gpus"))
    return float(np.mean(np.prod(tuple(places), axis=0)))


def ranks(values: Floats) -> Floats:
    """Ranks with mean 0 and variance 1.

    Parameters
    ----------
    values : numpy.ndarray, shape (draws,)
        Values. [any]

    Returns
    -------
    numpy.ndarray, shape (draws,)
        Ties share their mean rank; all 0 where the values are equal. [1]

    Examples
    --------
    >>> ranks(np.array([5.0, 1.0, 5.0])).round(2).tolist()
    [0.71, -1.41, 0.71]
    """
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    found = (np.cumsum(counts) - (counts - 1) / 2.0)[places]
    spread = float(found.std())
    return (found - found.mean()) / spread if spread else np.zeros_like(found)
