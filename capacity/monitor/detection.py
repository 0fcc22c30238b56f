"""What all detectors have in common: one value in, one score out, and when it is an alarm."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from capacity.arrays import Floats

ALARM = 0.5  # score at which a statistic stands at its limit
QUIET = 100  # values after an alarm in which none is raised again
LARGEST = 1e100  # so that squares stay finite


class Detector(Protocol):
    """Whatever takes one value after the other and says how unusual each is."""

    def update(self, value: float) -> float:
        """Take the next value and score it by what came before.

        Parameters
        ----------
        value : float
            Finite, in any unit.

        Returns
        -------
        float
            From 0, as always, to 1; at `ALARM` and above it is an alarm. [1]
        """


def score(statistic: float, limit: float) -> float:
    """A statistic on the common scale of all detectors.

    Parameters
    ----------
    statistic : float
        At least 0. [1]
    limit : float
        At which an alarm is raised, above 0. [1]

    Returns
    -------
    float
        Half at the limit, near 1 far above it. [1]

    Examples
    --------
    >>> score(3.0, limit=3.0), score(9.0, limit=3.0), score(math.inf, limit=3.0)
    (0.5, 0.75, 1.0)
    """
    return 1.0 if math.isinf(statistic) else statistic / (statistic + limit)


def watch(detector: Detector, values: Iterable[float]) -> Floats:
    """Scores of a whole series.

    Parameters
    ----------
    detector : Detector
        Fresh or in use; it goes on from where it stands.
    values : iterable of float
        In order, in any unit.

    Returns
    -------
    ndarray
        One for each value. [1]
    """
    return np.array([detector.update(value) for value in values], dtype=np.float64)


def alarms(scores: Floats, limit: float = ALARM, quiet: int = QUIET) -> list[int]:
    """Places at which somebody is told: the first of each run of high scores.

    Parameters
    ----------
    scores : ndarray
        One for each value. [1]
    limit : float
        Score from which on it is an alarm. [1]
    quiet : int
        Values after an alarm in which none is raised again. [1]

    Returns
    -------
    list of int
        In order. [1]

    Examples
    --------
    >>> alarms(np.array([0.1, 0.6, 0.7, 0.2, 0.9]), quiet=2)
    [1, 4]
    """
    raised: list[int] = []
    for place in np.flatnonzero(scores >= limit).tolist():
        if not raised or place - raised[-1] > quiet:
            raised.append(place)
    return raised


def checked(value: float) -> float:
    """The value, if a detector can compute with it.

    Parameters
    ----------
    value : float
        From outside, in any unit.

    Returns
    -------
    float
        The same, in its unit.

    Raises
    ------
    ValueError
        If it is not finite, or beyond 1e100.
    """
    if not abs(value) <= LARGEST:
        raise ValueError(f"value = {value}: must be a number between -1e100 and 1e100")
    return float(value)


def check_settings(least: float, **settings: float) -> None:
    """Refuse settings with which a detector could never work.

    Parameters
    ----------
    least : float
        Smallest number allowed, in the unit of the settings.
    **settings : float
        By name, each in its own unit.

    Raises
    ------
    ValueError
        Naming the first setting that is smaller, or no number.

    Examples
    --------
    >>> check_settings(1, period=0)
    Traceback (most recent call last):
    ValueError: period = 0: must be at least 1
    """
    for name, value in settings.items():
        if not value >= least:
            raise ValueError(f"{name} = {value}: must be at least {least}")
