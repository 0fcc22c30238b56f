"""Money and energy of what is in service, a month at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capacity.arrays import Array, Floats

HOURS_PER_MONTH = 730.5


def tiered_usd(amount: Array, tiers: Sequence[tuple[float, float]]) -> Floats:
    """Price of an amount under a falling tariff.

    Parameters
    ----------
    amount : float or numpy.ndarray
        Amount bought in the month, at least 0. [GB]
    tiers : sequence of (float, float)
        Upper end of each tier [GB] and its price [USD/GB], in order; the last end is infinite.

    Returns
    -------
    numpy.ndarray
        Same shape as `amount`. [USD]

    Examples
    --------
    >>> float(tiered_usd(12_000.0, [(10_000.0, 0.09), (float("inf"), 0.085)]))
    1070.0
    """
    amount = np.asarray(amount, dtype=np.float64)
    total, start = np.zeros_like(amount), 0.0
    for end, usd in tiers:
        total += np.clip(amount - start, 0.0, end - start) * usd
        start = end
    return total


def hosted_usd(count: Array, usd_per_hour: Array) -> Floats:
    """Monthly price of machines that run all the time.

    Parameters
    ----------
    count : float or numpy.ndarray
        Machines. [1]
    usd_per_hour : float or numpy.ndarray
        Price of one for an hour. [USD/h]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [USD/month]

    Examples
    --------
    >>> float(hosted_usd(2, 10.0))
    14610.0
    """
    hourly = np.asarray(count) * np.asarray(usd_per_hour)
    return np.asarray(hourly * HOURS_PER_MONTH, dtype=np.float64)


def power_kw(gpus: Array, gpu_w: Array, hosts: Array, host_w: Array, pue: Array) -> Floats:
    """Facility power of GPU servers.

    Parameters
    ----------
    gpus : float or numpy.ndarray
        GPUs in service. [1]
    gpu_w : float or numpy.ndarray
        Mean power of one GPU. [W]
    hosts : float or numpy.ndarray
        Servers that hold them. [1]
    host_w : float or numpy.ndarray
        Power of a server without its GPUs. [W]
    pue : float or numpy.ndarray
        Power usage effectiveness: facility power over machine power. [1]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [kW]

    Examples
    --------
    >>> round(float(power_kw(8, 700, 1, 1200, 1.1)), 2)
    7.48
    """
    machine = np.asarray(gpus) * np.asarray(gpu_w) + np.asarray(hosts) * np.asarray(host_w)
    return np.asarray(machine * np.asarray(pue) / 1e3)


def carbon_t(kw: Array, g_per_kwh: Array) -> Floats:
    """Operational carbon of a month.

    Parameters
    ----------
    kw : float or numpy.ndarray
        Facility power. [kW]
    g_per_kwh : float or numpy.ndarray
        Carbon intensity of the grid. [gCO2e/kWh]

    Returns
    -------
    numpy.ndarray
        Broadcast shape. [tCO2e/month]

    Examples
    --------
    >>> round(float(carbon_t(100.0, 245.0)), 3)
    17.897
    """
    grams = np.asarray(kw) * HOURS_PER_MONTH * np.asarray(g_per_kwh)
    return np.asarray(grams / 1e6, dtype=np.float64)
