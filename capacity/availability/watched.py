"""What a simulated service lost, and the interval that holds its long-run loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import gammaincinv, ndtri, stdtrit

if TYPE_CHECKING:
    from capacity.arrays import Floats

SQUARE = 2.0  # of exponential times: their mean square over the square of their mean


@dataclass(frozen=True)
class Watched:
    """What a simulated service lost.

    Parameters
    ----------
    lost : numpy.ndarray, shape (blocks,)
        Share of requests lost in each of several independent histories. [1]
    years : float
        Length of all of them together. [years]
    outage : float
        What the worst single outage costs on average, of the requests of all histories. [1]
    """

    lost: Floats
    years: float
    outage: float

    def interval(self, level: float = 0.99) -> tuple[float, float]:
        """Interval that holds the long-run loss.

        Parameters
        ----------
        level : float
            Confidence. [1]

        Returns
        -------
        (float, float)
            Ends, the lower one not below 0. [1]

        Notes
        -----
        The loss is a sum over outages, whose number is random: a compound Poisson one. Its
        confidence limits are quantiles of gamma distributions with the mean and the variance of
        what was seen, and for the upper one with one outage more [1]_: the worst, whose weight
        is its mean square over its mean, twice the mean for exponential times. Of many outages
        both are those of Student, by whose quantile the variance is widened; after none at all
        the interval ends at ``-log((1 - level) / 2)`` times that weight.

        References
        ----------
        .. [1] M. P. Fay, E. J. Feuer, Statistics in Medicine 16, 791 (1997).

        Examples
        --------
        >>> import numpy as np
        >>> none = Watched(np.zeros(40), years=50.0, outage=0.001)
        >>> [round(end, 5) for end in none.interval(0.99)]
        [0.0, 0.0106]
        """
        upper = 0.5 + level / 2.0
        mean = float(self.lost.mean())
        widened = float(stdtrit(self.lost.size - 1, upper) / ndtri(upper))
        variance = widened**2 * float(self.lost.var(ddof=1)) / self.lost.size
        unseen = SQUARE * self.outage
        low = _gamma_quantile(1.0 - upper, mean, variance)
        return low, _gamma_quantile(upper, mean + unseen, variance + unseen**2)

    def agrees(self, lost: float, level: float = 0.99) -> bool:
        """Whether the interval holds a computed loss.

        Parameters
        ----------
        lost : float
            Share of requests lost by a formula. [1]
        level : float
            Confidence. [1]

        Returns
        -------
        bool
            True also at the ends.

        Examples
        --------
        >>> import numpy as np
        >>> watched = Watched(np.array([0.001, 0.002, 0.003]), years=30.0, outage=1e-5)
        >>> watched.agrees(0.002), watched.agrees(0.02)
        (True, False)
        """
        low, high = self.interval(level)
        return low <= lost <= high


def _gamma_quantile(share: float, mean: float, variance: float) -> float:
    """Quantile of the gamma distribution with a mean and a variance."""
    if not variance:
        return mean
    return float(gammaincinv(mean**2 / variance, share)) * variance / mean
