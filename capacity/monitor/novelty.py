"""The detector for telemetry of any kind: how new the present situation is among all before."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence

import numpy as np

from capacity.monitor.detection import check_settings, checked, score

SHORT, LONG = 5, 20  # values whose level and spread describe a situation
MEMORIES, EVERY = 1000, 4  # situations remembered, and values from one to the next
NEIGHBOUR = 3  # the distance counts from the third nearest on, so that a pair hides nothing
RANKED = 10_000  # distances among which a new one is ranked
# The middle of the range in which the score on the shared half of the Numenta benchmark hardly
# changes, 40 to 90: docs/decisions/0016-novelty-detector.md.
LIMIT = 60.0
LEAST_LIMIT = 1.1  # anything is one in one


class Past:
    """What was seen of one view of a stream, and how far each situation was from all before it.

    Parameters
    ----------
    size : int
        Numbers that describe a situation, all in one unit. [1]

    Examples
    --------
    >>> seen = Past(size=1)
    >>> rarities = [seen.rarity((float(value % 7),)) for value in range(400)]
    >>> round(seen.rarity((20.0,)))
    373
    """

    def __init__(self, size: int) -> None:
        self.known = np.empty((MEMORIES, size))
        self.seen, self.kept = 0, 0
        self.waiting: deque[Sequence[float]] = deque(maxlen=LONG)
        self.distances: deque[float] = deque()
        self.ranked: list[float] = []

    def rarity(self, here: Sequence[float]) -> float:
        """Rank a situation among those before, and remember it.

        Parameters
        ----------
        here : sequence of float
            Numbers of one unit.

        Returns
        -------
        float
            One in how many situations was as far from its past; 1 while too little is known. [1]
        """
        self._remember(here)
        if self.kept < NEIGHBOUR:
            return 1.0
        return self._rank(self._distance(here))

    def _remember(self, here: Sequence[float]) -> None:
        """Keep one situation of every few, once it shares no value with the present one."""
        if len(self.waiting) == LONG and self.seen % EVERY == 0:
            self.known[self.kept % MEMORIES] = self.waiting[0]
            self.kept += 1
        self.waiting.append(here)
        self.seen += 1

    def _distance(self, here: Sequence[float]) -> float:
        apart = self.known[: min(self.kept, MEMORIES)] - here
        squares = np.einsum("ij,ij->i", apart, apart)
        return float(np.partition(squares, NEIGHBOUR - 1)[NEIGHBOUR - 1])

    def _rank(self, distance: float) -> float:
        """One in how many of the distances so far is as large; this one counts among them."""
        as_far = len(self.ranked) - bisect_left(self.ranked, distance)
        found = (len(self.ranked) + 1.0) / (as_far + 1.0)
        insort(self.ranked, distance)
        self.distances.append(distance)
        if len(self.distances) > RANKED:
            del self.ranked[bisect_left(self.ranked, self.distances.popleft())]
        return found


class Novelty:
    """Conformal anomaly detection on the distance to the nearest situations of the past.

    Two views of the stream: the value with its short and long mean, and both means with both
    standard deviations. In each, the distance from the third nearest situation remembered is
    ranked among all such distances. Where the geometric mean of both ranks says that only one
    situation in `limit` was as far, an alarm is raised.

    Parameters
    ----------
    limit : float
        Rarity at which an alarm is raised, above 1. [1]

    Raises
    ------
    ValueError
        If the limit is below 1.1.

    Notes
    -----
    All numbers of a view have one unit, and ranks have none: nothing is set for a stream. As long
    as the past is exchangeable with the present, at most two values in `limit` are false alarms,
    whatever their distribution [1]_, [2]_.

    References
    ----------
    .. [1] R. Laxhammar and G. Falkman, "Conformal prediction for distribution-independent anomaly
       detection in streaming vessel data", 2010.
    .. [2] E. Burnaev and V. Ishimtsev, "Conformalized density- and distance-based anomaly detection
       in time-series data", 2016.

    Examples
    --------
    >>> from capacity.monitor.detection import alarms, watch
    >>> load = [float(minute % 7) for minute in range(400)]
    >>> alarms(watch(Novelty(), [*load, 20.0]))
    [400]
    """

    def __init__(self, limit: float = LIMIT) -> None:
        check_settings(LEAST_LIMIT, limit=limit)
        self.limit = limit
        self.latest: deque[float] = deque(maxlen=LONG)
        self.level, self.spread = Past(size=3), Past(size=4)

    def update(self, value: float) -> float:
        """Score by how rare the situation is.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            Half at the rarity `limit`; 0 while too little was seen. [1]

        Raises
        ------
        ValueError
            If the value is not finite, or beyond 1e100.
        """
        self.latest.append(checked(value))
        known = list(self.latest)
        short, short_spread = _moments(known[-SHORT:])
        long, long_spread = _moments(known)
        rarity = math.sqrt(
            self.level.rarity((value, short, long))
            * self.spread.rarity((short, long, short_spread, long_spread))
        )
        return score(rarity - 1.0, self.limit - 1.0)


def _moments(values: list[float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    mean = math.fsum(values) / len(values)
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
