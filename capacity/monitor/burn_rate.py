"""Alerts on how fast an error budget burns, each judged on a long and a short window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from capacity.availability.service_level import (
    HOURS_PER_30_DAYS,
    budget_burned,
    burn_error_rate,
    detection_min,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from capacity.arrays import Floats

Severity = Literal["page", "ticket"]
SHORT_SHARE = 12  # the short window is this part of the long one


@dataclass(frozen=True)
class BurnAlert:
    """An alert that fires while the error rate of both its windows is above a threshold.

    The long window says that enough of the budget is gone, the short one that it still burns.

    Parameters
    ----------
    severity : {"page", "ticket"}
        Whether it wakes somebody.
    burn : float
        Multiple of the pace that uses the budget up exactly at the end of its period. [1]
    long_h : float
        Length of the long window; the short one is a twelfth of it. [h]

    Raises
    ------
    ValueError
        If the burn rate or the window is not above zero.

    References
    ----------
    .. [1] B. Beyer et al., "The Site Reliability Workbook", chapter 5, table 5-8, 2018.

    Examples
    --------
    >>> page = BurnAlert("page", burn=14.4, long_h=1.0)
    >>> page.short_min, round(page.threshold(0.9995), 4), round(page.budget(), 3)
    (5.0, 0.0072, 0.02)
    """

    severity: Severity
    burn: float
    long_h: float

    def __post_init__(self) -> None:
        """Refuse what never or always fires."""
        if not self.burn > 0.0 or not self.long_h > 0.0:
            raise ValueError(f"burn = {self.burn} and long_h = {self.long_h}: both must be above 0")

    @property
    def short_min(self) -> float:
        """Length of the short window, in minutes."""
        return 60.0 * self.long_h / SHORT_SHARE

    def threshold(self, target: float) -> float:
        """Error rate above which it fires.

        Parameters
        ----------
        target : float
            Availability that is promised. [1]

        Returns
        -------
        float
            Share of failing requests; above 1 it can never fire. [1]
        """
        return burn_error_rate(target, self.burn)

    def budget(self, period_h: float = HOURS_PER_30_DAYS) -> float:
        """Part of the budget that is gone when it fires at its threshold.

        Parameters
        ----------
        period_h : float
            Period of the budget. [h]

        Returns
        -------
        float
            Share of the budget. [1]
        """
        return budget_burned(self.burn, self.long_h, period_h)

    def detection_min(self, target: float, error_rate: float = 1.0) -> float:
        """Time from the start of a fault until it fires.

        Parameters
        ----------
        target : float
            Availability that is promised. [1]
        error_rate : float
            Share of requests that fail from the start on. [1]

        Returns
        -------
        float
            Minutes; infinite where the fault is too small. [min]
        """
        return detection_min(target, self.burn, self.long_h, error_rate)


# Table 5-8 of the workbook: 2 %, 5 % and 10 % of the budget of 30 days.
WORKBOOK_ALERTS = (
    BurnAlert("page", 14.4, 1.0),
    BurnAlert("page", 6.0, 6.0),
    BurnAlert("ticket", 1.0, 72.0),
)


def exhaustion_h(burn: float, used: float = 0.0, period_h: float = HOURS_PER_30_DAYS) -> float:
    """Time until the budget is gone at one pace.

    Parameters
    ----------
    burn : float
        Multiple of the even pace. [1]
    used : float
        Share of the budget that is gone already. [1]
    period_h : float
        Period of the budget. [h]

    Returns
    -------
    float
        Hours; 0 if it is gone, infinite if nothing burns. [h]

    Examples
    --------
    >>> exhaustion_h(14.4), exhaustion_h(2.0, used=0.5)
    (50.0, 180.0)
    """
    left = max(1.0 - used, 0.0) * period_h
    return left / burn if burn > 0.0 else float("inf")


def firing(
    errors: Floats, demand: Floats, step_min: float, alert: BurnAlert, target: float
) -> NDArray[np.bool_]:
    """Whether an alert fires at the end of each step, if all was well before the first.

    Parameters
    ----------
    errors, demand : ndarray
        Failed and all requests of each step, shape (steps, ...). [requests]
    step_min : float
        Length of a step. [min]
    alert : BurnAlert
        What is watched for.
    target : float
        Availability that is promised. [1]

    Returns
    -------
    ndarray of bool
        Shape (steps, ...).

    Raises
    ------
    ValueError
        If the step is longer than the short window.

    Notes
    -----
    Before the first step the demand is taken to be that of the first step, without errors.
    """
    if not 0.0 < step_min <= alert.short_min:
        raise ValueError(f"step_min = {step_min}: allowed above 0 to {alert.short_min:g} [min]")
    threshold = alert.threshold(target)
    above = [
        _windowed(errors, 0.0 * errors[0], steps) > threshold * _windowed(demand, demand[0], steps)
        for steps in (round(60.0 * alert.long_h / step_min), round(alert.short_min / step_min))
    ]
    return np.asarray(above[0] & above[1])


def _windowed(values: Floats, before: Floats, steps: int) -> Floats:
    """Sum over the last steps; those before the first have the value `before`."""
    total = np.cumsum(values, axis=0)
    lagged = np.zeros_like(total)
    lagged[steps:] = total[:-steps]
    missing = np.maximum(steps - 1 - np.arange(len(values)), 0.0)
    return np.asarray(total - lagged + np.multiply.outer(missing, before))
