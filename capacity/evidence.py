"""What a reader can check: how a replica runs, and published figures beside ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats, Months
from capacity.fleet.sizing import Traffic
from capacity.scenarios.parts import CrossCheck
from capacity.serving.latency import Binding, ServingPoint

BINDINGS = {
    Binding.WEIGHTS: "memory for the weights",
    Binding.MEMORY: "memory for the KV cache",
    Binding.BATCH: "the largest batch of the engine",
    Binding.TPOT: "time per output token",
    Binding.TTFT: "time to first token",
}


@dataclass(frozen=True)
class Serving:
    """How one replica of the chosen option runs, in the median draw.

    Parameters
    ----------
    batch : float
        Requests served at once. [1]
    ttft_s, tpot_s : float
        Time to first token and per output token. [s]
    tokens_per_s : float
        Output tokens of the replica. [tokens/s]
    binding : str
        What keeps the batch from being larger.
    missed : float
        Share of draws in which even a batch of one misses a latency target. [1]
    """

    batch: float
    ttft_s: float
    tpot_s: float
    tokens_per_s: float
    binding: str
    missed: float


@dataclass(frozen=True)
class Check:
    """A published figure beside ours.

    Parameters
    ----------
    published : CrossCheck
        What was published, for when, in which sense, and where.
    low, mid, high : float
        Our 5th, 50th and 95th percentile, in the metric's unit.
    agrees : bool
        Whether our 90 % interval holds the figure, or reaches the stated side of it.
    """

    published: CrossCheck
    low: float
    mid: float
    high: float
    agrees: bool


def serving_summary(point: ServingPoint, traffic: Traffic) -> Serving:
    """Medians over the draws of a serving point, on the engine in use.

    Parameters
    ----------
    point : ServingPoint
        Arrays of shape (draws, 1), in the time of the serving model.
    traffic : Traffic
        With the speed of the engine.

    Returns
    -------
    Serving
        In real time.
    """
    codes, counts = np.unique(point.binding, return_counts=True)
    return Serving(
        batch=float(np.median(point.concurrency)),
        ttft_s=float(np.median(point.ttft_s / traffic.speed)),
        tpot_s=float(np.median(point.tpot_s / traffic.speed)),
        tokens_per_s=float(np.median(point.tokens_per_s * traffic.speed)),
        binding=BINDINGS[Binding(int(codes[counts.argmax()]))],
        missed=float(np.mean(point.concurrency == 0)),
    )


def cross_check(published: CrossCheck, draws: Mapping[str, Floats], months: Months) -> Check:
    """Compare one published figure with the draws of its month.

    Parameters
    ----------
    published : CrossCheck
        The figure.
    draws : mapping of str to numpy.ndarray, shape (draws, months)
        Metrics of the plan.
    months : numpy.ndarray, shape (months,)
        Months of the plan.

    Returns
    -------
    Check
        With our interval.

    Raises
    ------
    ValueError
        If the month lies outside the plan.
    """
    column = np.flatnonzero(months == np.datetime64(published.month, "M"))
    if not column.size:
        raise ValueError(
            f"cross check of {published.metric}: month {published.month} lies outside "
            f"{months[0]} to {months[-1]}"
        )
    low, mid, high = np.quantile(draws[published.metric][:, column[0]], (0.05, 0.5, 0.95))
    agrees = {
        "about": low <= published.value <= high,
        "over": high > published.value,
        "under": low < published.value,
    }
    return Check(published, float(low), float(mid), float(high), bool(agrees[published.comparator]))
