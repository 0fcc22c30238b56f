"""Arithmetic of an availability promise: budgets, burn rates, chains and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


HOURS_PER_YEAR = 8760.0
HOURS_PER_30_DAYS = 720.0
NINES = (0.99, 0.999, 0.9995, 0.9999, 0.99999)  # promises told beside one another


def series_availability(components: ArrayLike) -> float:
    """Availability of a chain that needs every component.

    Parameters
    ----------
    components : array_like
        Availabilities of independent components. [1]

    Returns
    -------
    float
        Their product. [1]

    Examples
    --------
    >>> round(series_availability([0.999, 0.998]), 6)
    0.997002
    """
    return float(np.prod(np.asarray(components, dtype=np.float64)))


def error_budget_min(availability: float, period_h: float = HOURS_PER_30_DAYS) -> float:
    """Downtime that an availability leaves in a period.

    Parameters
    ----------
    availability : float
        Target. [1]
    period_h : float
        Length of the period. [h]

    Returns
    -------
    float
        Minutes down. [min]

    Raises
    ------
    ValueError
        If the availability is outside 0 to 1.

    Examples
    --------
    >>> round(error_budget_min(0.9995), 6), round(error_budget_min(0.9995, HOURS_PER_YEAR), 6)
    (21.6, 262.8)
    """
    if not 0.0 <= availability <= 1.0:
        raise ValueError(f"availability must be between 0 and 1, got {availability}")
    return (1.0 - availability) * period_h * 60.0


def burn_error_rate(availability: float, burn: float) -> float:
    """Share of failing requests at which the error budget burns at a given multiple.

    Parameters
    ----------
    availability : float
        Target. [1]
    burn : float
        Multiple of the pace that uses the budget up exactly at the end of its period. [1]

    Returns
    -------
    float
        Threshold for an alert. [1]

    Examples
    --------
    >>> round(burn_error_rate(0.9995, burn=14.4), 4)
    0.0072
    """
    return burn * (1.0 - availability)


def budget_burned(burn: float, window_h: float, period_h: float = HOURS_PER_30_DAYS) -> float:
    """Share of the error budget that is gone after burning at one pace for some time.

    Parameters
    ----------
    burn : float
        Multiple of the even pace. [1]
    window_h : float
        Time at that pace. [h]
    period_h : float
        Period of the budget. [h]

    Returns
    -------
    float
        Share of the budget; above 1 it is overdrawn. [1]

    Examples
    --------
    >>> round(budget_burned(14.4, window_h=1.0), 3)
    0.02
    """
    return burn * window_h / period_h


def detection_min(availability: float, burn: float, window_h: float, error_rate: float) -> float:
    """Time from the start of a fault until an alert on a window's error rate fires.

    Parameters
    ----------
    availability : float
        Target. [1]
    burn : float
        Multiple of the even pace that the alert watches for. [1]
    window_h : float
        Length of the window. [h]
    error_rate : float
        Share of requests that fail from the start on. [1]

    Returns
    -------
    float
        Minutes; infinite where the fault never fills the window enough. [min]

    Examples
    --------
    >>> round(detection_min(0.9995, burn=14.4, window_h=1.0, error_rate=1.0), 3)
    0.432
    """
    threshold = burn_error_rate(availability, burn)
    if error_rate < threshold:
        return float("inf")
    return 60.0 * window_h * threshold / error_rate


def change_unavailability(
    changes: float,
    failure_share: float,
    repair_h: float,
    period_h: float = HOURS_PER_YEAR,
    exposed_share: float = 1.0,
) -> float:
    """Share of user time lost to changes that fail.

    Parameters
    ----------
    changes : float
        Releases and migrations in the period. [1]
    failure_share : float
        Share of them that break the service. [1]
    repair_h : float
        Time until one is repaired. [h]
    period_h : float
        Length of the period. [h]
    exposed_share : float
        Share of the users who meet a change before it is judged: the canary. [1]

    Returns
    -------
    float
        Share of user time. [1]

    Examples
    --------
    >>> round(change_unavailability(365, 0.05, 0.5) * HOURS_PER_YEAR * 60, 1)
    547.5
    >>> canary = change_unavailability(8, 0.1, 0.5, HOURS_PER_30_DAYS, exposed_share=0.05)
    >>> round(canary * HOURS_PER_30_DAYS * 60, 3)
    1.2
    """
    return changes * failure_share * repair_h * exposed_share / period_h
