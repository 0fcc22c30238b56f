"""Temperature of a server under load: rise, lag, slowdown, power limit, shutdown."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Array, Floats

LEAST_DUTY = 0.2  # a power limit leaves a node at least this share of its rate


def steady_rise(load: Array, nominal: Array, exponent: Array) -> Floats:
    """Rise over the inlet that a node would reach under constant load.

    Parameters
    ----------
    load : float or ndarray
        Requests in service over the places of a node, not negative; above 1 it is overfilled. [1]
    nominal : float or ndarray
        Rise with all places taken. [°C]
    exponent : float or ndarray
        Power of the load that the heat follows. [1]

    Returns
    -------
    ndarray
        nominal × load^exponent. [°C]

    Examples
    --------
    >>> float(steady_rise(1.0, 43.0, 0.6))
    43.0
    """
    return np.asarray(nominal * np.power(load, exponent))


def approach(now: Array, target: Array, share: Array) -> Floats:
    """Temperature after a step towards a target that does not change within it.

    Parameters
    ----------
    now, target : float or ndarray
        Temperature at the start, and where it would end. [°C]
    share : float or ndarray
        1 - exp(-step / time constant). [1]

    Returns
    -------
    ndarray
        Exact for a first-order lag. [°C]

    Examples
    --------
    >>> float(approach(20.0, 60.0, 0.5))
    40.0
    """
    return np.asarray(now + (target - now) * share)


def slowdown(temperature: Array, start: Array, shutdown: Array, loss: Array) -> Floats:
    """Share of its rate that a hot node keeps.

    Parameters
    ----------
    temperature : float or ndarray
        Of the node. [°C]
    start, shutdown : float or ndarray
        Where it begins to slow down, and where it shuts down. [°C]
    loss : float or ndarray
        Share of the rate lost just before the shutdown. [1]

    Returns
    -------
    ndarray
        1 below `start`, then falling in a line. [1]

    Examples
    --------
    >>> slowdown(np.array([70.0, 87.0, 91.0]), 83.0, 91.0, 0.35).tolist()
    [1.0, 0.825, 0.65]
    """
    return np.asarray(1.0 - loss * np.clip((temperature - start) / (shutdown - start), 0.0, 1.0))


def duty(temperature: Array, cap: Array, band: float = 4.0) -> Floats:
    """Share of full power that a soft limit leaves.

    Parameters
    ----------
    temperature : float or ndarray
        Of the node. [°C]
    cap : float or ndarray
        Temperature from which power is taken away; infinite: never. [°C]
    band : float
        Width over which the share falls from 1 to the least, above 0. [°C]

    Returns
    -------
    ndarray
        From 1 down to 0.2. [1]

    Examples
    --------
    >>> duty(np.array([75.0, 80.0, 82.0, 95.0]), 80.0).round(3).tolist()
    [1.0, 1.0, 0.6, 0.2]
    """
    over = np.clip((temperature - cap) / band, 0.0, 1.0)
    return np.asarray(1.0 - (1.0 - LEAST_DUTY) * over)


def shutdown_load(margin: Array, nominal: Array, exponent: Array) -> Floats:
    """Constant load under which a node just reaches its shutdown temperature.

    Parameters
    ----------
    margin : float or ndarray
        Shutdown temperature minus the inlet of the node, above 0. [°C]
    nominal : float or ndarray
        Rise with all places taken. [°C]
    exponent : float or ndarray
        Power of the load that the heat follows. [1]

    Returns
    -------
    ndarray
        The strength of the node as a fibre of the bundle. [1]

    Examples
    --------
    >>> float(steady_rise(shutdown_load(68.5, 43.0, 0.6), 43.0, 0.6))
    68.5
    """
    return np.asarray(np.power(np.asarray(margin) / nominal, 1.0 / np.asarray(exponent)))
