"""Windows of logarithms, relative to the latest season: what a pooled network sees and learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["UNIT", "fewest_values", "last_window", "training_windows"]

UNIT = 0.1  # log units that the network sees as 1
FARTHEST = 30.0  # e cubed: a factor of 20 to the recent level; what lies beyond is drawn there
FEWEST = 4  # values before the first origin


def last_window(logs: Floats, window: int, season: int) -> tuple[Floats, float]:
    """What a network sees at the end of a series.

    Parameters
    ----------
    logs : ndarray of float
        Logarithms of the values. [1]
    window : int
        Length; a shorter series is continued backwards with its first value. [steps]
    season : int
        Steps over which the level is averaged. [steps]

    Returns
    -------
    tuple of ndarray and float
        Distances to the level, shape (window,), in tenths of a log unit, and the level. [1]

    Examples
    --------
    >>> seen, level = last_window(np.array([1.0, 1.1, 1.3]), window=4, season=1)
    >>> seen.round(6).tolist(), level
    ([-3.0, -3.0, -2.0, 0.0], 1.3)
    """
    seen = np.concatenate([np.full(max(window - len(logs), 0), logs[0]), logs[-window:]])
    level = float(seen[-season:].mean())
    return np.clip((seen - level) / UNIT, -FARTHEST, FARTHEST), level


def fewest_values(season: int) -> int:
    """Values of the shortest series that has a window to learn from.

    Parameters
    ----------
    season : int
        Steps over which the level is averaged. [steps]

    Returns
    -------
    int
        A season and one value before the first origin, at least four, and one after it. [1]

    Examples
    --------
    >>> fewest_values(12), len(training_windows(np.zeros(14), 18, 12, 24)[0])
    (14, 1)
    """
    return max(season + 1, FEWEST) + 1


def training_windows(
    logs: Floats, window: int, season: int, reach: int, stride: int = 1
) -> tuple[Floats, Floats]:
    """Windows of a series with what came after each.

    Parameters
    ----------
    logs : ndarray of float
        Logarithms of the values. [1]
    window : int
        Length of a window. [steps]
    season : int
        Steps over which the level is averaged. [steps]
    reach : int
        Steps that are learned after each window. [steps]
    stride : int
        Steps between two origins, counted from the end. [steps]

    Returns
    -------
    tuple of ndarray
        Windows, shape (origins, window), and targets, shape (origins, reach), NaN past the end of
        the series; none for a series that is too short. [1]

    Examples
    --------
    >>> seen, ahead = training_windows(np.linspace(0.0, 0.5, 6), window=2, season=1, reach=2)
    >>> ahead.round(6).tolist()
    [[1.0, nan], [1.0, 2.0]]
    """
    padded = np.concatenate([np.full(window, logs[0]), logs, np.full(reach, np.nan)])
    both = np.lib.stride_tricks.sliding_window_view(padded, window + reach)
    origins = np.arange(len(logs) - 1, fewest_values(season) - 2, -stride)
    seen, ahead = both[origins, :window], both[origins, window:]
    level = seen[:, -season:].mean(axis=1, keepdims=True)
    return tuple(np.clip((part - level) / UNIT, -FARTHEST, FARTHEST) for part in (seen, ahead))
