"""Stored bytes month by month: what arrives, how long it is kept, how often it is copied."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Array, Floats

DAYS_PER_MONTH = 30.4375
BYTES_PER_PB = 1e15


def kept(arrivals: Floats, retention_months: int) -> Floats:
    """Amount in store at each month's end when everything is dropped after a fixed time.

    Parameters
    ----------
    arrivals : numpy.ndarray, shape (..., months)
        Amount that arrives in each month. [any]
    retention_months : int
        Months for which it is kept, at least 1. [months]

    Returns
    -------
    numpy.ndarray
        Same shape: sum of the last `retention_months` arrivals. [as arrivals]

    Raises
    ------
    ValueError
        If the retention is below one month.

    Examples
    --------
    >>> kept(np.array([1.0, 2.0, 3.0, 4.0]), retention_months=2).tolist()
    [1.0, 3.0, 5.0, 7.0]
    """
    if retention_months < 1:
        raise ValueError(f"retention must be at least 1 month, got {retention_months}")
    total = np.cumsum(arrivals, axis=-1)
    if retention_months >= arrivals.shape[-1]:
        return total
    total[..., retention_months:] -= np.cumsum(arrivals, axis=-1)[..., :-retention_months]
    return total


def conversation_bytes(
    daily_queries: Floats, tokens: Array, bytes_per_token: Array, metadata_bytes: Array
) -> Floats:
    """Bytes of conversation written in each month.

    Parameters
    ----------
    daily_queries : numpy.ndarray, shape (draws, months)
        Queries per day. [queries/day]
    tokens : float or numpy.ndarray
        New tokens of a turn: message and reply. [tokens/query]
    bytes_per_token : float or numpy.ndarray
        Stored bytes per token. [bytes/token]
    metadata_bytes : float or numpy.ndarray
        Bytes kept beside the text of a turn. [bytes/query]

    Returns
    -------
    numpy.ndarray
        Shape of `daily_queries`. [bytes/month]

    Examples
    --------
    >>> conversation_bytes(np.array([1000.0]), 300.0, 4.0, 800.0).tolist()
    [60875000.0]
    """
    turn = np.asarray(tokens) * np.asarray(bytes_per_token) + np.asarray(metadata_bytes)
    return np.asarray(daily_queries * DAYS_PER_MONTH * turn)


def checkpoint_bytes(parameters: float, bytes_per_parameter: Array, checkpoints: Array) -> Floats:
    """Bytes of model checkpoints written in each month.

    Parameters
    ----------
    parameters : float
        Parameters of the model. [1]
    bytes_per_parameter : float or numpy.ndarray
        Weights and optimiser state. [bytes/parameter]
    checkpoints : float or numpy.ndarray
        Checkpoints kept from a month's training. [checkpoints/month]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [bytes/month]

    Examples
    --------
    >>> float(checkpoint_bytes(176e9, 14.0, 1.0)) / 1e12
    2.464
    """
    return np.asarray(parameters * np.asarray(bytes_per_parameter) * np.asarray(checkpoints))
