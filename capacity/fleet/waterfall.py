"""From demand to purchase, one named step at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capacity.arrays import Floats
from capacity.fleet.sizing import Need, Option


@dataclass(frozen=True)
class Step:
    """One step of the waterfall.

    Parameters
    ----------
    name : str
        What the step adds.
    gpus : float
        GPUs after the step. [GPUs]
    """

    name: str
    gpus: float


def waterfall(
    need: Need,
    mean_rate: Floats,
    peak_rate: Floats,
    option: Option,
    regions: int,
    bought: tuple[float, int, int],
) -> tuple[Step, ...]:
    """GPUs in the last month after each step from mean demand to purchase.

    Parameters
    ----------
    need : Need
        Machines needed, draw by draw.
    mean_rate, peak_rate : numpy.ndarray, shape (draws,)
        Arrivals on the mean and in the peak minute of the last month. [requests/s]
    option : Option
        Node type and replica.
    regions : int
        Regions. [1]
    bought : (float, int, int)
        Quantile of the nodes needed that the policy buys, serving nodes and training nodes that
        stand. [nodes]

    Returns
    -------
    tuple of Step
        Steps up to redundancy are medians over the draws; the last ones are the purchase.
    """
    per_slot = (need.service_s / need.batch)[:, 0] * option.replica.gpus
    size = option.instance.gpus
    region = need.region_nodes[:, -1] * size * max(1, regions - 1)
    quantile, serving, training = bought
    steps = (
        ("mean demand", _median(mean_rate * per_slot)),
        ("peak minute", _median(peak_rate * per_slot)),
        ("latency headroom", _median(need.load_gpus[:, -1])),
        ("whole nodes", _median(region.astype(np.float64))),
        ("spares, zones and regions", _median(need.nodes[:, -1] * float(size))),
        ("confidence", quantile * size),
        ("whole orders", float(serving * size)),
        ("background training", float((serving + training) * size)),
    )
    return tuple(Step(name, gpus) for name, gpus in steps)


def _median(values: NDArray[np.floating[Any]]) -> float:
    return float(np.quantile(values, 0.5, method="inverted_cdf"))
