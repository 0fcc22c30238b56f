"""Random numbers of the forecasts: named streams, stratified normal scores, correlated metrics.

A *score* is a standard normal number that says how high a path stands among all paths in one
month. Scores are stratified: in each month the paths hold the midpoints of equally likely strata,
so that the quantiles of a forecast carry almost no sampling noise.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["bridge_scores", "correlate", "named_stream", "path_scores", "stratify"]


def named_stream(seed: int, name: str) -> np.random.Generator:
    """Random generator that depends on a seed and a name, and on nothing else.

    Parameters
    ----------
    seed : int
        Seed chosen by the user, at least 0. [1]
    name : str
        Name of the uncertain quantity.

    Returns
    -------
    numpy.random.Generator
        A fresh generator.

    Raises
    ------
    ValueError
        If the seed is negative or no whole number.

    Examples
    --------
    >>> a, b = named_stream(7, "users"), named_stream(7, "users")
    >>> bool(a.random() == b.random())
    True
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, got {seed!r}")
    return np.random.default_rng([int(seed), zlib.crc32(name.encode())])


def stratify(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Replace each column by normal scores of the same ranks.

    Parameters
    ----------
    values : ndarray of float
        Any numbers without ties, shape (paths, months). [1]

    Returns
    -------
    ndarray of float
        Standard normal scores, shape (paths, months): each column holds the midpoints of `paths`
        equally likely strata, in the order of `values`. [1]

    Examples
    --------
    >>> stratify(np.array([[5.0], [1.0], [3.0]])).round(3).ravel().tolist()
    [0.967, -0.967, 0.0]
    """
    order = np.argsort(values, axis=0)
    scores = np.empty(values.shape)
    np.put_along_axis(scores, order, _strata(len(values))[:, None], axis=0)
    return scores


@lru_cache(maxsize=16)
def _strata(paths: int) -> NDArray[np.float64]:
    """Midpoints of `paths` equally likely strata as ascending normal scores."""
    from scipy.special import ndtri  # noqa: PLC0415  (keeps `import forecast` light)

    scores: NDArray[np.float64] = ndtri((np.arange(paths) + 0.5) / paths)
    scores.setflags(write=False)
    return scores


def correlate(
    leader: NDArray[np.float64], own: NDArray[np.float64], correlation: float
) -> NDArray[np.float64]:
    """Make normal numbers follow a leader with the given correlation.

    Parameters
    ----------
    leader, own : ndarray of float
        Independent standard normal numbers of the same shape. [1]
    correlation : float
        Wanted correlation with `leader`, -1 to 1. [1]

    Returns
    -------
    ndarray of float
        Standard normal numbers, shape of `own`. [1]

    Raises
    ------
    ValueError
        If the correlation lies outside -1 to 1.

    Examples
    --------
    >>> float(correlate(np.array(1.0), np.array(0.5), 0.6))
    1.0
    """
    if not -1.0 <= correlation <= 1.0:
        raise ValueError(f"correlation must lie between -1 and 1, got {correlation!r}")
    return np.asarray(correlation * leader + np.sqrt(1.0 - correlation**2) * own)


def path_scores(increments: NDArray[np.float64], persistence: float) -> NDArray[np.float64]:
    """Scores that move slowly from month to month, from independent normal numbers.

    Parameters
    ----------
    increments : ndarray of float
        Independent standard normal numbers, shape (paths, months). [1]
    persistence : float
        Exponent a above 0: the scores of months h1 <= h2 have correlation ``(h1 / h2) ** a``;
        0.5 is Brownian motion, a smaller exponent keeps a path's rank for longer. [1]

    Returns
    -------
    ndarray of float
        Stratified standard normal scores, shape (paths, months). [1]

    Raises
    ------
    ValueError
        If `persistence` is not above 0.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> scores = path_scores(rng.standard_normal((4_000, 18)), persistence=0.5)
    >>> bool(abs(np.corrcoef(scores[:, 7], scores[:, 17])[0, 1] - (8 / 18) ** 0.5) < 0.03)
    True
    """
    if not persistence > 0.0:
        raise ValueError(f"persistence must be above 0, got {persistence!r}")
    clock = np.arange(increments.shape[1] + 1.0) ** (2.0 * persistence)
    walk = np.cumsum(increments * np.sqrt(np.diff(clock)), axis=1)
    return stratify(walk)


def bridge_scores(increments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of a Brownian bridge at the months between two reported ones.

    Parameters
    ----------
    increments : ndarray of float
        Independent standard normal numbers, one for each step, shape (paths, steps). [1]

    Returns
    -------
    ndarray of float
        Stratified standard normal scores, shape (paths, steps - 1). [1]

    Examples
    --------
    >>> bridge_scores(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])).round(3).ravel().tolist()
    [0.967, -0.967, 0.0]
    """
    steps = increments.shape[1]
    walk = np.cumsum(increments, axis=1)
    bridge = walk[:, :-1] - walk[:, -1:] * np.arange(1, steps) / steps
    return stratify(bridge)
