"""Long-run and transient state probabilities of continuous-time Markov chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats


def birth_death(births: ArrayLike, deaths: ArrayLike) -> Floats:
    """Long-run probabilities of a birth-death chain, in log space.

    Parameters
    ----------
    births : array_like, shape (n,)
        Rate from state i to i + 1, above 0. [1/time]
    deaths : array_like, shape (n,)
        Rate from state i + 1 to i, above 0. [1/time]

    Returns
    -------
    ndarray, shape (n + 1,)
        Probability of each state. [1]

    Raises
    ------
    ValueError
        If a rate is not above zero.

    Examples
    --------
    >>> (15 * birth_death([1, 1, 1], [2, 2, 2])).round(6)
    array([8., 4., 2., 1.])
    """
    up, down = np.asarray(births, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    if not np.all(up > 0.0) or not np.all(down > 0.0):
        raise ValueError("births and deaths must be above 0")
    logs = np.concatenate(([0.0], np.cumsum(np.log(up) - np.log(down))))
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def generator(states: int, rates: dict[tuple[int, int], float]) -> Floats:
    """Build the generator matrix from the rates between pairs of states.

    Parameters
    ----------
    states : int
        Number of states. [1]
    rates : dict
        Rate by (from, to). [1/time]

    Returns
    -------
    ndarray, shape (states, states)
        Rates off the diagonal, rows that sum to zero. [1/time]

    Examples
    --------
    >>> generator(2, {(0, 1): 0.5})
    array([[-0.5,  0.5],
           [ 0. ,  0. ]])
    """
    q = np.zeros((states, states))
    for (source, target), rate in rates.items():
        q[source, target] += rate
    q[np.diag_indices(states)] -= q.sum(axis=1)
    return q


def stationary(rates: Floats) -> Floats:
    """Long-run probabilities of an irreducible chain.

    Parameters
    ----------
    rates : ndarray, shape (n, n)
        Generator. [1/time]

    Returns
    -------
    ndarray, shape (n,)
        Probability of each state. [1]

    Notes
    -----
    Grassmann-Taksar-Heyman elimination: it never subtracts, so small probabilities keep
    their digits.

    Examples
    --------
    >>> stationary(generator(2, {(0, 1): 1.0, (1, 0): 3.0}))
    array([0.75, 0.25])
    """
    p = np.array(rates, dtype=np.float64)
    n = p.shape[0]
    for k in range(n - 1, 0, -1):
        p[:k, k] /= p[k, :k].sum()
        p[:k, :k] += np.outer(p[:k, k], p[k, :k])
    weights = np.zeros(n)
    weights[0] = 1.0
    for k in range(1, n):
        weights[k] = weights[:k] @ p[:k, k]
    return np.asarray(weights / weights.sum())


def transient(rates: Floats, start: int, time: float) -> Floats:
    """Probabilities of the states after some time.

    Parameters
    ----------
    rates : ndarray, shape (n, n)
        Generator. [1/time]
    start : int
        State at time 0.
    time : float
        Time elapsed. [time]

    Returns
    -------
    ndarray, shape (n,)
        Probability of each state. [1]

    Notes
    -----
    Uniformization: a Poisson number of steps of a chain in discrete time, a sum of positive
    terms only, so that a loss probability of 1e-16 is right in all digits.

    Examples
    --------
    >>> transient(generator(2, {(0, 1): 0.1}), start=0, time=10.0).round(4)
    array([0.3679, 0.6321])
    """
    pace = float(-np.diag(rates).min())
    if pace * time == 0.0:
        return np.asarray(np.eye(rates.shape[0])[start])
    step = rates / pace
    step[np.diag_indices(step.shape[0])] = _staying(rates, pace)
    state = np.eye(rates.shape[0])[start]
    total = np.zeros_like(state)
    for weight in _poisson_weights(pace * time):
        total += weight * state
        state = state @ step
    return np.asarray(total)


def mean_time_to(rates: Floats, start: int, absorbing: tuple[int, ...]) -> float:
    """Mean time until one of some states is entered.

    Parameters
    ----------
    rates : ndarray, shape (n, n)
        Generator. [1/time]
    start : int
        State at time 0, not absorbing.
    absorbing : tuple of int
        States that end the walk.

    Returns
    -------
    float
        Mean time. [time]

    Examples
    --------
    >>> round(mean_time_to(generator(2, {(0, 1): 0.25, (1, 0): 9.0}), 0, absorbing=(1,)), 9)
    4.0
    """
    kept = [i for i in range(rates.shape[0]) if i not in absorbing]
    times = np.linalg.solve(rates[np.ix_(kept, kept)], -np.ones(len(kept)))
    return float(times[kept.index(start)])


def _staying(rates: Floats, pace: float) -> Floats:
    """Probability of staying in each state during a step, without rounding below zero."""
    return np.asarray(np.maximum(1.0 + np.diag(rates) / pace, 0.0))


def _poisson_weights(mean: float) -> Floats:
    """Poisson probabilities from 0 to where the rest is negligible, in log space."""
    last = int(mean + 12.0 * np.sqrt(mean) + 60.0)
    steps = np.arange(last + 1.0)
    return np.asarray(np.exp(steps * np.log(mean) - mean - gammaln(steps + 1.0)))
