"""Detectors that judge a stream value by value, each by one textbook rule."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from capacity.monitor.detection import ALARM, check_settings, checked, score
from capacity.monitor.exhaustion import FEWEST, time_until
from capacity.monitor.outliers import CUTOFF, robust_z

LEARNED = 30  # values before a level and a spread are trusted
SMALLEST = 1e-9  # of what must be above 0


class Standardiser:
    """Running level and spread, weighted towards the recent past.

    Parameters
    ----------
    memory : float
        Mean age of what is remembered. [values]

    Raises
    ------
    ValueError
        If a setting is too small to work with.
    """

    def __init__(self, memory: float) -> None:
        check_settings(1, memory=memory)
        self.weight, self.seen = 1.0 / memory, 0
        self.mean, self.variance = 0.0, 0.0

    def update(self, value: float) -> float:
        """Distance of a value from the level before it, which then moves towards it.

        Parameters
        ----------
        value : float
            The next one, in any unit.

        Returns
        -------
        float
            In standard deviations; 0 while there is no spread or too little was seen. [1]
        """
        self.seen += 1
        weight = max(self.weight, 1.0 / self.seen)
        away = value - self.mean
        known = self.seen > LEARNED and self.variance > 0.0
        distance = away / math.sqrt(self.variance) if known else 0.0
        self.mean += weight * away
        self.variance = (1.0 - weight) * (self.variance + weight * away * away)
        return distance


class Cusum:
    """Tabular CUSUM of both sides on a standardised stream; it starts anew after an alarm.

    Parameters
    ----------
    reference : float
        Half of the shift to be found, in standard deviations. [1]
    interval : float
        Decision interval, in standard deviations. [1]
    memory : float
        Mean age of the past that gives level and spread. [values]

    Raises
    ------
    ValueError
        If a setting is too small to work with.

    Examples
    --------
    >>> import itertools
    >>> from capacity.monitor.detection import alarms, watch
    >>> noisy = [*itertools.islice(itertools.cycle([0.0, 1.0, -1.0]), 300), 4.0, 4.0]
    >>> alarms(watch(Cusum(), noisy))
    [301]
    """

    def __init__(self, reference: float = 0.5, interval: float = 5.0, memory: float = 1000.0):
        check_settings(0, reference=reference)
        check_settings(SMALLEST, interval=interval)
        self.reference, self.interval = reference, interval
        self.standard = Standardiser(memory)
        self.high = self.low = 0.0

    def update(self, value: float) -> float:
        """Score by the larger of the two sums.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            Half at the decision interval. [1]
        """
        z = self.standard.update(checked(value))
        self.high = max(0.0, self.high + z - self.reference)
        self.low = max(0.0, self.low - z - self.reference)
        found = score(max(self.high, self.low), self.interval)
        if found >= ALARM:
            self.high = self.low = 0.0
        return found


class Ewma:
    """Exponentially weighted moving average of a standardised stream.

    Parameters
    ----------
    weight : float
        Weight of the newest value. [1]
    limit : float
        In standard deviations of the average. [1]
    memory : float
        Mean age of the past that gives level and spread. [values]

    Raises
    ------
    ValueError
        If a setting is too small to work with.

    Examples
    --------
    >>> import itertools
    >>> from capacity.monitor.detection import alarms, watch
    >>> noisy = [*itertools.islice(itertools.cycle([0.0, 1.0, -1.0]), 300), 4.0, 4.0]
    >>> alarms(watch(Ewma(), noisy))
    [301]
    """

    def __init__(self, weight: float = 0.2, limit: float = 2.962, memory: float = 1000.0):
        check_settings(SMALLEST, weight=weight, limit=limit)
        self.weight, self.standard, self.average = weight, Standardiser(memory), 0.0
        self.limit = limit * math.sqrt(weight / (2.0 - weight))

    def update(self, value: float) -> float:
        """Score by the distance of the average from the level.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            Half at the control limit. [1]
        """
        z = self.standard.update(checked(value))
        self.average += self.weight * (z - self.average)
        return score(abs(self.average), self.limit)


class RobustZ:
    """Distance from the median of a window, over its median absolute deviation.

    Parameters
    ----------
    window : int
        Values that are remembered. [1]
    limit : float
        Distance that counts as an outlier. [1]

    Raises
    ------
    ValueError
        If a setting is too small to work with.

    Examples
    --------
    >>> from capacity.monitor.detection import alarms, watch
    >>> alarms(watch(RobustZ(), [*range(10)] * 10 + [100.0]))
    [100]
    """

    def __init__(self, window: int = 500, limit: float = CUTOFF) -> None:
        check_settings(LEARNED, window=window)
        check_settings(SMALLEST, limit=limit)
        self.past: deque[float] = deque(maxlen=window)
        self.limit = limit

    def update(self, value: float) -> float:
        """Score by the distance from the values before.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            Half at the limit; 0 while too little was seen. [1]
        """
        new, known = checked(value), len(self.past) >= LEARNED
        distance = abs(robust_z(new, self.past)) if known else 0.0
        self.past.append(new)
        return score(distance, self.limit)


class SeasonalResidual:
    """Robust distance of what is left of a value after that of one season ago.

    Parameters
    ----------
    period : int
        Values in a season, such as a day. [1]
    window : int
        Residuals that are remembered. [1]
    limit : float
        Distance that counts as an outlier. [1]

    Raises
    ------
    ValueError
        If a setting is too small to work with.

    Examples
    --------
    >>> from capacity.monitor.detection import alarms, watch
    >>> day = [0.0, 5.0, 9.0, 5.1]
    >>> alarms(watch(SeasonalResidual(period=4), [*day * 20, 0.0, 9.0]))
    [81]
    """

    def __init__(self, period: int, window: int = 500, limit: float = CUTOFF) -> None:
        check_settings(1, period=period)
        self.season: deque[float] = deque(maxlen=period)
        self.residual = RobustZ(window, limit)

    def update(self, value: float) -> float:
        """Score by the change since one season ago.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            Half at the limit; 0 in the first season. [1]
        """
        new, full = checked(value), len(self.season) == self.season.maxlen
        found = self.residual.update(new - self.season[0]) if full else 0.0
        self.season.append(new)
        return found


class Exhaustion:
    """Straight line through the recent past, and when it reaches the limit of a resource.

    Parameters
    ----------
    limit : float
        Value at which the resource is gone, in the unit of the stream.
    ahead : float
        An alarm is raised where no more than this is left. [values]
    window : int
        Values the line goes through. [1]

    Raises
    ------
    ValueError
        If a setting is too small to work with.

    Examples
    --------
    >>> from capacity.monitor.detection import alarms, watch
    >>> free = Exhaustion(limit=0.0, ahead=24.0, window=6)
    >>> alarms(watch(free, [100.0 - hour for hour in range(100)]))
    [76]
    """

    def __init__(self, limit: float, ahead: float, window: int = 360) -> None:
        check_settings(SMALLEST, ahead=ahead)
        check_settings(FEWEST, window=window)
        self.limit, self.ahead, self.window = limit, ahead, window
        self.past: deque[float] = deque(maxlen=window)

    def update(self, value: float) -> float:
        """Score by the time that is left on the line.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            Half where `ahead` is left, 1 where nothing is. [1]
        """
        self.past.append(checked(value))
        if len(self.past) < self.window:
            return 0.0
        left = time_until(np.arange(len(self.past)), self.past, self.limit)
        return self.ahead / (self.ahead + left) if left else 1.0
