"""How far the answers of two seeds may lie apart."""

from __future__ import annotations

import math

STANDARD_ERRORS = 3.0 * math.sqrt(2.0)  # of one answer, between the answers of two seeds


def rank_spread(p: float, draws: int) -> float:
    """Distance in probability between the same quantile of two seeds, with near certainty.

    Parameters
    ----------
    p : float
        Probability of the quantile. [1]
    draws : int
        Independent draws of each seed. [1]

    Returns
    -------
    float
        Three standard errors of the difference, and one rank. [1]

    Notes
    -----
    The rank of a quantile among n independent draws has variance n p (1 - p); stratified draws
    have less. It says nothing of the distribution, so it holds for every metric.

    Examples
    --------
    >>> round(rank_spread(0.5, 10_000), 4)
    0.0213
    """
    return STANDARD_ERRORS * math.sqrt(p * (1.0 - p) / draws) + 1.0 / draws
