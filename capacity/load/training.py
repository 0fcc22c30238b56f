"""Background training: the GPUs that learn while the others serve."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Array, Floats

FLOP_PER_PARAMETER_TOKEN = 6.0
SECONDS_PER_MONTH = 30.4375 * 86_400.0


def training_gpus(
    parameters: float,
    tokens_per_month: Array,
    peak_flop_per_s: float,
    utilisation: Array,
    goodput: Array,
) -> Floats:
    """GPUs kept busy by training, on average over a month.

    Parameters
    ----------
    parameters : float
        Parameters active for one token. [1]
    tokens_per_month : float or numpy.ndarray
        Tokens processed by all runs of a month. [tokens/month]
    peak_flop_per_s : float
        Dense 16-bit arithmetic of one GPU. [FLOP/s]
    utilisation : float or numpy.ndarray
        Share of that peak which training reaches. [1]
    goodput : float or numpy.ndarray
        Share of training time not lost to failures. [1]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [GPUs]

    Notes
    -----
    Six operations per parameter and token, forward and backward [1]_. Attention over long
    contexts comes on top and is left out.

    References
    ----------
    .. [1] J. Kaplan et al., "Scaling laws for neural language models", 2020.

    Examples
    --------
    >>> round(float(training_gpus(13e9, 20e9, 312e12, 0.38, 0.9)), 2)
    5.56
    """
    work = FLOP_PER_PARAMETER_TOKEN * parameters * np.asarray(tokens_per_month)
    rate = peak_flop_per_s * np.asarray(utilisation) * np.asarray(goodput)
    return np.asarray(work / (rate * SECONDS_PER_MONTH))
