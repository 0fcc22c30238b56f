"""What it is worth to measure an input before buying: a better purchase, draw by draw."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Floats

CLASSES = 20


def purchase_loss(need: Floats, confidence: float) -> Floats:
    """Mean loss of buying the quantile of a need, in idle machines.

    Parameters
    ----------
    need : numpy.ndarray, shape (..., draws)
        Machines needed. [machines]
    confidence : float
        Quantile that is bought; a machine short is taken to cost ``p / (1 - p)`` idle ones, the
        ratio at which this quantile is the best purchase. [1]

    Returns
    -------
    numpy.ndarray, shape (...)
        [idle machines]

    References
    ----------
    .. [1] K. Arrow, T. Harris and J. Marschak, Optimal inventory policy, Econometrica 19(3), 1951.

    Examples
    --------
    >>> purchase_loss(np.array([8.0, 8.0, 8.0, 8.0]), 0.9).item()
    0.0
    """
    bought = np.quantile(need, confidence, axis=-1, method="inverted_cdf", keepdims=True)
    idle, short = np.maximum(bought - need, 0.0), np.maximum(need - bought, 0.0)
    return np.asarray((idle + confidence / (1.0 - confidence) * short).mean(axis=-1))


def worth_of_measuring(
    scores: Floats, need: Floats, confidence: float, classes: int = CLASSES
) -> Floats:
    """Loss that is saved by knowing an input before buying.

    Parameters
    ----------
    scores : numpy.ndarray, shape (draws, inputs)
        Draws of the inputs; only their order counts. [any]
    need : numpy.ndarray, shape (draws,)
        Machines needed in the same draws. [machines]
    confidence : float
        Quantile that is bought. [1]
    classes : int
        Classes of equally many draws within which an input counts as known. [1]

    Returns
    -------
    numpy.ndarray, shape (inputs,)
        Expected value of partial perfect information, at least 0. What an input without any
        bearing seems to save, because a quantile is fitted to fewer draws, is taken off.
        [idle machines]

    Examples
    --------
    >>> z = np.random.default_rng(2).standard_normal((8_000, 2))
    >>> saved = worth_of_measuring(z, 100.0 + 10.0 * z[:, 0], 0.9)
    >>> bool(saved[0] > 15.0), bool(saved[1] < 0.5)
    (True, True)
    """
    draws = len(need) // classes * classes
    every = float(purchase_loss(need, confidence))

    def saved(order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> float:
        known = need[order][:draws].reshape(classes, -1)
        return every - float(purchase_loss(known, confidence).mean())

    by_chance = saved(np.arange(len(need)))
    orders = np.argsort(scores, axis=0, kind="stable").T
    return np.array([max(0.0, saved(order) - by_chance) for order in orders])
