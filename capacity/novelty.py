"""The detector for telemetry of any kind: how new the present situation is among all before."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque

import numpy as np

from capacity.detectors import checked, score

WINDOW = 20  # values of a situation
MEMORIES, EVERY = 1000, 4  # situations remembered, and values from one to the next
NEIGHBOUR = 3  # the distance counts from the third nearest on, so that a pair hides nothing
RANKED = 10_000  # distances among which a new one is ranked
# One situation in so many is an alarm. The score on the shared half of the Numenta benchmark hardly
# changes between 60 and 120 (docs/decisions/0016-novelty-detector.md).
LIMIT = 100.0


class Novelty:
    """Conformal anomaly detection on the distance to the nearest situations of the past.

    A situation is the value with mean and standard deviation of the latest `WINDOW`: one unit, so
    that nothing needs a scale. Its distance from the third nearest one remembered is ranked among
    all such distances; where only one in `limit` was as far, an alarm is raised.

    Parameters
    ----------
    limit : float
        Rarity at which an alarm is raised. [1]

    Notes
    -----
    The rank makes the rate of false alarms the same on every stream, whatever its distribution, as
    long as the past is exchangeable with the present [1]_, [2]_.

    References
    ----------
    .. [1] R. Laxhammar and G. Falkman, "Conformal prediction for distribution-independent anomaly
       detection in streaming vessel data", 2010.
    .. [2] E. Burnaev and V. Ishimtsev, "Conformalized density- and distance-based anomaly detection
       in time-series data", 2016.

    Examples
    --------
    >>> from capacity.detectors import alarms, watch
    >>> load = [float(minute % 7) for minute in range(400)]
    >>> alarms(watch(Novelty(), [*load, 20.0]))
    [400]
    """

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit, self.seen = limit, 0
        self.latest: deque[float] = deque(maxlen=WINDOW)
        self.waiting: deque[tuple[float, float, float]] = deque(maxlen=WINDOW)
        self.known = np.empty((MEMORIES, 3))
        self.kept = 0
        self.distances: deque[float] = deque()
        self.ranked: list[float] = []

    def update(self, value: float) -> float:
        """Score by how rare such a distance from the past is.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            Half where one in `limit` is as far; 0 while too little was seen. [1]

        Raises
        ------
        ValueError
            If the value is not finite, or beyond 1e100.
        """
        self.latest.append(checked(value))
        here = self._situation()
        self._remember(here)
        if self.kept < NEIGHBOUR:
            return 0.0
        return score(self._rarity(self._distance(here)) - 1.0, self.limit - 1.0)

    def _situation(self) -> tuple[float, float, float]:
        count = len(self.latest)
        mean = math.fsum(self.latest) / count
        apart = math.fsum((value - mean) ** 2 for value in self.latest)
        return self.latest[-1], mean, math.sqrt(apart / count)

    def _remember(self, here: tuple[float, float, float]) -> None:
        """Keep every so manieth situation, once it shares no value with the present one."""
        if len(self.waiting) == WINDOW and self.seen % EVERY == 0:
            self.known[self.kept % MEMORIES] = self.waiting[0]
            self.kept += 1
        self.waiting.append(here)
        self.seen += 1

    def _distance(self, here: tuple[float, float, float]) -> float:
        apart = self.known[: min(self.kept, MEMORIES)] - here
        squares = np.einsum("ij,ij->i", apart, apart)
        return float(np.partition(squares, NEIGHBOUR - 1)[NEIGHBOUR - 1])

    def _rarity(self, distance: float) -> float:
        """One in how many of the distances so far is as large; this one counts among them."""
        as_far = len(self.ranked) - bisect_left(self.ranked, distance)
        found = (len(self.ranked) + 1.0) / (as_far + 1.0)
        insort(self.ranked, distance)
        self.distances.append(distance)
        if len(self.distances) > RANKED:
            del self.ranked[bisect_left(self.ranked, self.distances.popleft())]
        return found
