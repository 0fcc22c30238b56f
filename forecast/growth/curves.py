"""Growth curves written as log growth ahead, given the log growth of the last twelve months.

Every function answers the same question: a quantity grew by ``exp(growth)`` in the last twelve
months; by which log factor does the curve let it grow in the next `months` months? Two reported
points fix a curve once its saturation is given. All arguments broadcast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "exponential_growth",
    "gompertz_growth",
    "linear_growth",
    "logistic_growth",
]

YEAR = 12.0


def exponential_growth(growth: ArrayLike, months: ArrayLike) -> NDArray[np.float64]:
    """Log growth ahead when the monthly rate of last year is kept.

    Parameters
    ----------
    growth : array_like
        Log growth of the last twelve months. [1]
    months : array_like
        Horizon, at least 0. [months]

    Returns
    -------
    ndarray of float
        Log growth from today to the horizon, shape of the broadcast arguments. [1]

    Raises
    ------
    ValueError
        If an argument is not finite or a horizon is negative.

    Examples
    --------
    >>> float(exponential_growth(growth=0.8, months=18))
    1.2
    """
    growth, months = _checked(growth, months, allow_decline=True)
    return growth * months / YEAR


def linear_growth(growth: ArrayLike, months: ArrayLike) -> NDArray[np.float64]:
    """Log growth ahead when each month adds as much as the average month of last year.

    Parameters
    ----------
    growth : array_like
        Log growth of the last twelve months. [1]
    months : array_like
        Horizon, at least 0. [months]

    Returns
    -------
    ndarray of float
        Log growth from today to the horizon, shape of the broadcast arguments; minus infinity
        once a decline has reached zero. [1]

    Raises
    ------
    ValueError
        If an argument is not finite or a horizon is negative.

    Examples
    --------
    >>> round(float(np.exp(linear_growth(growth=np.log(5.0), months=18))), 3)
    2.2
    """
    growth, months = _checked(growth, months, allow_decline=True)
    level = 1.0 - np.expm1(-growth) * months / YEAR
    ahead = np.full(level.shape, -np.inf)
    np.log(level, out=ahead, where=level > 0.0)
    return ahead


def logistic_growth(
    growth: ArrayLike, months: ArrayLike, cap_multiple: ArrayLike
) -> NDArray[np.float64]:
    """Log growth ahead on a logistic curve through both points.

    Parameters
    ----------
    growth : array_like
        Log growth of the last twelve months, at least 0. [1]
    months : array_like
        Horizon, at least 0. [months]
    cap_multiple : array_like
        Saturation level as a multiple of today's level, above 1. [1]

    Returns
    -------
    ndarray of float
        Log growth from today to the horizon, below ``log(cap_multiple)``. [1]

    Raises
    ------
    ValueError
        If an argument is not finite, growth or horizon is negative, or the cap is not above 1.

    Notes
    -----
    With ``y = K / (1 + a exp(-r t))`` and ``K = m y(0)``, last year's growth gives the monthly
    rate ``r = log((m exp(g) - 1) / (m - 1)) / 12``.

    References
    ----------
    .. [1] P.-F. Verhulst, Notice sur la loi que la population suit dans son accroissement, 1838.

    Examples
    --------
    >>> round(float(np.exp(logistic_growth(np.log(5.0), months=18, cap_multiple=5.0))), 3)
    3.93
    """
    growth, months = _checked(growth, months)
    cap = _above("cap_multiple", cap_multiple, 1.0)
    rate = (np.log(cap - np.exp(-growth)) + growth - np.log(cap - 1.0)) / YEAR
    return np.asarray(np.log(cap) - np.log1p((cap - 1.0) * np.exp(-rate * months)))


def gompertz_growth(
    growth: ArrayLike, months: ArrayLike, cap_multiple: ArrayLike
) -> NDArray[np.float64]:
    """Log growth ahead on a Gompertz curve through both points.

    Parameters
    ----------
    growth : array_like
        Log growth of the last twelve months, at least 0. [1]
    months : array_like
        Horizon, at least 0. [months]
    cap_multiple : array_like
        Saturation level as a multiple of today's level, above 1. [1]

    Returns
    -------
    ndarray of float
        Log growth from today to the horizon, below ``log(cap_multiple)``. [1]

    Raises
    ------
    ValueError
        If an argument is not finite, growth or horizon is negative, or the cap is not above 1.

    Notes
    -----
    The log distance to the cap shrinks by the same factor each month. With ``M = log(m)`` today
    and ``M + g`` a year ago, ``G(h) = M (1 - (1 + g / M) ** (-h / 12))``.

    References
    ----------
    .. [1] B. Gompertz, On the nature of the function expressive of the law of human mortality,
       Phil. Trans. R. Soc. 115, 1825.

    Examples
    --------
    >>> round(float(np.exp(gompertz_growth(np.log(5.0), months=18, cap_multiple=7.0))), 3)
    3.184
    """
    growth, months = _checked(growth, months)
    distance = np.log(_above("cap_multiple", cap_multiple, 1.0))
    return np.asarray(-distance * np.expm1(-np.log1p(growth / distance) * months / YEAR))


def _checked(
    growth: ArrayLike, months: ArrayLike, *, allow_decline: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    growth, months = np.broadcast_arrays(
        np.asarray(growth, dtype=np.float64), np.asarray(months, dtype=np.float64)
    )
    if not (np.isfinite(growth).all() and np.isfinite(months).all()):
        raise ValueError("growth and months must be finite numbers")
    if (months < 0.0).any():
        raise ValueError(f"months must be at least 0, got {months.min():g}")
    if not allow_decline and (growth < 0.0).any():
        raise ValueError(
            f"growth must be at least 0 on a saturating curve, got {growth.min():g}; "
            "a decline needs exponential_growth"
        )
    return growth, months


def _above(name: str, value: ArrayLike, bound: float) -> NDArray[np.float64]:
    checked = np.asarray(value, dtype=np.float64)
    if not (np.isfinite(checked) & (checked > bound)).all():
        raise ValueError(f"{name} must be finite and above {bound:g}, got {value!r}")
    return checked
