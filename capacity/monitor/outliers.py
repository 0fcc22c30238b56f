"""How far a value lies from a sample, in units that outliers of the sample do not move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

CUTOFF = 3.5  # of Iglewicz and Hoaglin
MAD_OF_NORMAL = 0.6745  # third quartile of the standard normal distribution, as they print it
MEAN_OF_NORMAL = 0.7979  # mean absolute value of a standard normal number


def robust_z(value: float, sample: ArrayLike) -> float:
    """Distance of a value from the median, over the median absolute deviation.

    Parameters
    ----------
    value : float
        The value, in any unit.
    sample : array_like
        What it is compared with, in the same unit.

    Returns
    -------
    float
        In standard deviations of a normal sample; an outlier is beyond 3.5 on either side. [1]

    Raises
    ------
    ValueError
        If the sample is empty.

    Notes
    -----
    Where more than half of the sample is one number, the median deviation is 0 and the mean
    deviation stands in; where all of it is, any other value is infinitely far away.

    References
    ----------
    .. [1] B. Iglewicz and D. C. Hoaglin, "How to detect and handle outliers", 1993.

    Examples
    --------
    >>> round(robust_z(10, [1, 1, 2, 2, 3, 3, 2]), 3), robust_z(2, [1, 1, 1])
    (5.396, inf)
    """
    known = np.asarray(sample, dtype=np.float64)
    if known.size == 0:
        raise ValueError("the sample must not be empty")
    middle = float(np.median(known))
    apart = np.abs(known - middle)
    away = value - middle
    if away == 0.0:
        return 0.0
    for spread, of_normal in ((np.median(apart), MAD_OF_NORMAL), (apart.mean(), MEAN_OF_NORMAL)):
        if spread > 0.0:
            return float(of_normal * away / spread)
    return float(np.copysign(np.inf, away))
