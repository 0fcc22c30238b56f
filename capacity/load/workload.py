"""From daily queries to the load of the peak minute, in requests and tokens per second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capacity.arrays import Array

SECONDS_PER_DAY = 86_400.0
SECONDS_PER_HOUR = 3_600.0
HOURS_PER_WEEK = 168


def weekday_ratio(weekend_factor: Array) -> NDArray[np.float64]:
    """Queries on a weekday over queries on the mean day of the week.

    Parameters
    ----------
    weekend_factor : float or numpy.ndarray
        Queries on a weekend day over those on a weekday, above 0. [1]

    Returns
    -------
    numpy.ndarray
        Same shape. [1]

    Examples
    --------
    >>> round(float(weekday_ratio(0.57)), 3)
    1.14
    """
    return np.asarray(7.0 / (5.0 + 2.0 * np.asarray(weekend_factor)))


def peak_hour_ratio(
    profile: NDArray[np.float64], weekend_factor: Array, error: Array = 1.0
) -> NDArray[np.float64]:
    """Busiest hour of the week over the mean hour of the week.

    The busiest hour lies on a weekday or on the weekend, whichever is busier. The deviation of
    the peak from the mean is scaled by `error`, never below a flat day.

    Parameters
    ----------
    profile : numpy.ndarray, shape (24,) or (168,)
        Queries in each hour of a day or of a week, which then holds the weekend already. [1]
    weekend_factor : float or numpy.ndarray
        Queries on a weekend day over those on a weekday. [1]
    error : float or numpy.ndarray
        Peak of this service over the peak of the profile. [1]

    Returns
    -------
    numpy.ndarray
        Broadcast shape, at least 1. [1]

    Examples
    --------
    >>> profile = np.array([0.5] * 12 + [1.5] * 12)
    >>> round(float(peak_hour_ratio(profile, weekend_factor=0.8)), 4)
    1.5909
    """
    peak = np.maximum(1.0, profile.max() / profile.mean() * np.asarray(error))
    if profile.size == HOURS_PER_WEEK:
        return np.asarray(peak)
    busiest = weekday_ratio(weekend_factor) * np.maximum(1.0, weekend_factor)
    return np.asarray(busiest * peak)


def weekly_load(profile: NDArray[np.float64], weekend_factor: float) -> NDArray[np.float64]:
    """Load of each hour of a week over that of its busiest hour.

    Parameters
    ----------
    profile : numpy.ndarray, shape (24,) or (168,)
        Queries in each hour of a day or of a week, which then holds the weekend already. [1]
    weekend_factor : float
        Queries on a weekend day over those on a weekday. [1]

    Returns
    -------
    numpy.ndarray, shape (168,)
        From 0 to 1, Monday first. [1]

    Examples
    --------
    >>> weekly_load(np.array([0.5] * 12 + [1.5] * 12), weekend_factor=0.8)[[0, 23, 167]].round(3)
    array([0.333, 1.   , 0.8  ])
    """
    if profile.size != HOURS_PER_WEEK:
        profile = np.concatenate([np.tile(profile, 5), np.tile(profile, 2) * weekend_factor])
    return np.asarray(profile / profile.max())


def mean_rate_per_s(daily_queries: Array) -> NDArray[np.float64]:
    """Mean arrival rate of a day.

    Parameters
    ----------
    daily_queries : float or numpy.ndarray
        Queries per day. [queries/day]

    Returns
    -------
    numpy.ndarray
        Same shape. [requests/s]

    Examples
    --------
    >>> round(float(mean_rate_per_s(1_800_000)), 2)
    20.83
    """
    return np.asarray(daily_queries) / SECONDS_PER_DAY


def serving_time_s(ttft_s: Array, tpot_s: Array, reply_tokens: Array) -> NDArray[np.float64]:
    """Time that a request occupies its place in a batch.

    Parameters
    ----------
    ttft_s : float or numpy.ndarray
        Time to first token. [s]
    tpot_s : float or numpy.ndarray
        Time per output token. [s]
    reply_tokens : float or numpy.ndarray
        Tokens of the reply. [tokens]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [s]

    Examples
    --------
    >>> float(serving_time_s(0.5, 0.05, 200))
    10.5
    """
    decoding = np.asarray(tpot_s) * np.asarray(reply_tokens)
    return np.asarray(np.asarray(ttft_s) + decoding, dtype=np.float64)
