"""Shares of a variance: first-order indices from given draws, Shapley effects of a surface."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from capacity.arrays import Floats
from capacity.questions.surface import Surface

PER_CLASS, FEWEST_CLASSES, MOST_CLASSES = 50, 4, 200
MOST_INPUTS = 12  # 4,096 sets of them


def first_order(scores: Floats, values: Floats) -> Floats:
    """First-order Sobol index of every input, from joint draws as they are.

    Parameters
    ----------
    scores : numpy.ndarray, shape (draws, inputs)
        Draws of the inputs; only their order counts. [any]
    values : numpy.ndarray, shape (draws,)
        Output in the same draws. [any]

    Returns
    -------
    numpy.ndarray, shape (inputs,)
        Share of the variance that the mean given the input explains, the noise of the means
        taken off, at least 0. For correlated inputs shares overlap and may add up to more than
        one. [1]

    Raises
    ------
    ValueError
        If there are fewer than 200 draws.

    Notes
    -----
    Each input is cut into classes of equally many draws, fifty or more.

    References
    ----------
    .. [1] E. Plischke, E. Borgonovo and C. L. Smith, Global sensitivity measures from given
       data, European Journal of Operational Research 226(3), 2013.

    Examples
    --------
    >>> z = np.random.default_rng(1).standard_normal((20_000, 2))
    >>> found = first_order(z, 3.0 * z[:, 0] + 4.0 * z[:, 1])
    >>> bool(np.allclose(found, [0.36, 0.64], atol=0.02))
    True
    """
    draws = len(values)
    bins = min(MOST_CLASSES, draws // PER_CLASS)
    if bins < FEWEST_CLASSES:
        raise ValueError(
            f"{draws} draws are too few for shares of a variance; "
            f"allowed from {FEWEST_CLASSES * PER_CLASS}"
        )
    total = float(np.sum((values - values.mean()) ** 2))
    if total == 0.0:
        return np.zeros(scores.shape[1])
    edges = np.linspace(0, draws, bins + 1).astype(int)[:-1]
    counts = np.diff(np.append(edges, draws))
    ordered = values[np.argsort(scores, axis=0, kind="stable")]
    means = np.add.reduceat(ordered, edges, axis=0) / counts[:, np.newaxis]
    within = total - np.sum(counts[:, np.newaxis] * (means - values.mean()) ** 2, axis=0)
    return np.asarray(np.maximum(0.0, 1.0 - (draws - 1) / (draws - bins) * within / total))


def shapley_effects(surface: Surface) -> Floats:
    """Variance of a surface, shared fairly between inputs that may be correlated.

    Parameters
    ----------
    surface : Surface
        Of at most 12 inputs.

    Returns
    -------
    numpy.ndarray, shape (inputs,)
        Mean of what an input adds to the variance explained by those before it, over all orders;
        their sum is the variance of the surface. [unit of the output, squared]

    Raises
    ------
    ValueError
        If there are too many inputs.

    References
    ----------
    .. [1] A. B. Owen, Sobol' indices and Shapley value, SIAM/ASA Journal on Uncertainty
       Quantification 2(1), 2014.
    .. [2] B. Iooss and C. Prieur, Shapley effects for sensitivity analysis with correlated
       inputs, International Journal for Uncertainty Quantification 9(5), 2019.

    Examples
    --------
    >>> tied = Surface(np.array([1.0, 0.0]), np.zeros((2, 2)), np.array([[1.0, 0.8], [0.8, 1.0]]))
    >>> shapley_effects(tied).round(2).tolist()
    [0.68, 0.32]
    """
    inputs = len(surface.linear)
    if inputs > MOST_INPUTS:
        raise ValueError(f"Shapley effects of {inputs} inputs: allowed up to {MOST_INPUTS}")
    explained = {
        known: surface.variance(list(known))
        for size in range(inputs + 1)
        for known in combinations(range(inputs), size)
    }
    effects = np.zeros(inputs)
    for known, before in explained.items():
        for item in set(range(inputs)) - set(known):
            after = explained[tuple(sorted((*known, item)))]
            effects[item] += (after - before) / (inputs * comb(inputs - 1, len(known)))
    return effects


def total_effects(surface: Surface) -> Floats:
    """Variance that is left while one input is the only one unknown.

    Parameters
    ----------
    surface : Surface
        Of any number of inputs.

    Returns
    -------
    numpy.ndarray, shape (inputs,)
        Interactions included. [unit of the output, squared]

    Examples
    --------
    >>> flat = Surface(np.array([3.0, 4.0]), np.zeros((2, 2)), np.eye(2))
    >>> total_effects(flat).tolist()
    [9.0, 16.0]
    """
    every = range(len(surface.linear))
    whole = surface.variance()
    return np.array([whole - surface.variance([k for k in every if k != one]) for one in every])
