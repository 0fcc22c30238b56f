"""Traffic: to and from users, between zones and regions, to stores and backups."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Array, Floats

BITS_PER_BYTE = 8.0
BITS_PER_GBIT = 1e9


def gbit_per_s(rate_per_s: Array, bytes_each: Array) -> Floats:
    """Bandwidth of a stream of equal messages.

    Parameters
    ----------
    rate_per_s : float or numpy.ndarray
        Messages per second. [1/s]
    bytes_each : float or numpy.ndarray
        Bytes per message. [bytes]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [Gbit/s]

    Examples
    --------
    >>> float(gbit_per_s(30_000, 250_000))
    60.0
    """
    bits = np.asarray(rate_per_s) * np.asarray(bytes_each) * BITS_PER_BYTE
    return np.asarray(bits / BITS_PER_GBIT, dtype=np.float64)


def history_bytes(messages: Array, message_bytes: Array) -> Floats:
    """Bytes of conversation history fetched for one query.

    Parameters
    ----------
    messages : float or numpy.ndarray
        Past messages fetched. [messages/query]
    message_bytes : float or numpy.ndarray
        Bytes per past message. [bytes]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [bytes/query]

    Examples
    --------
    >>> float(history_bytes(180, 1390))
    250200.0
    """
    return np.asarray(np.asarray(messages) * message_bytes, dtype=np.float64)


def crossing_share(zones: int) -> float:
    """Share of fetches that leave the zone when data and request are placed independently.

    Parameters
    ----------
    zones : int
        Zones in the region, at least 1. [1]

    Returns
    -------
    float
        Between 0 and 1. [1]

    Examples
    --------
    >>> round(crossing_share(3), 4)
    0.6667
    """
    return 1.0 - 1.0 / zones
