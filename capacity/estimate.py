"""An uncertain quantity: three numbers, the probability they enclose, and where they come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from forecast.draws import stratify
from forecast.messages import shown

Basis = Literal["measured", "calibrated", "assumed"]
BELOW_ONE = float(np.nextafter(1.0, 0.0))  # far in the tail a logistic rounds to 1
LONGEST_TAIL = 600.0  # in log units: a low level stretches the tails beyond every float
BASES: tuple[Basis, ...] = ("measured", "calibrated", "assumed")


@dataclass(frozen=True)
class Estimate:
    """A quantity known as low, mid and high, with its unit and source.

    The distribution is a two-piece normal on the log scale (on the logit scale for a share), so
    `mid` is the median and exactly (1 - level) / 2 of the mass lies beyond either end.

    Parameters
    ----------
    low, mid, high : float
        Ends and median, in `unit`; all equal if the quantity is certain.
    level : float
        Probability that the quantity lies between `low` and `high`. [1]
    unit : str
        Unit of the three numbers; ``"share"`` keeps every draw between 0 and 1.
    source : str
        Where the numbers come from.
    as_of : str
        Date of the source.
    basis : {"measured", "calibrated", "assumed"}
        How far the numbers can be trusted.

    Raises
    ------
    ValueError
        If the numbers are not finite, not ordered, not positive, or the level not inside (0, 1).

    Examples
    --------
    >>> from forecast.draws import named_stream
    >>> tokens = Estimate(109, 210, 441, unit="tokens", source="published traces")
    >>> draws = tokens.draw(20_000, named_stream(7, "reply_tokens"))
    >>> round(float(((draws > 109) & (draws < 441)).mean()), 3)
    0.9
    """

    low: float
    mid: float
    high: float
    level: float = 0.9
    unit: str = "1"
    source: str = ""
    as_of: str = ""
    basis: Basis = "assumed"

    def __post_init__(self) -> None:
        """Refuse what cannot be a distribution."""
        for name in ("low", "mid", "high"):
            object.__setattr__(self, name, _finite(name, getattr(self, name)))
        numbers = (self.low, self.mid, self.high)
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"low <= mid <= high must hold, got {numbers}")
        if not isinstance(self.level, int | float) or not 0 < self.level < 1:
            raise ValueError(f"level must lie between 0 and 1, got {shown(self.level)}")
        if not self.certain:
            self._check_scale(numbers)

    def _check_scale(self, numbers: tuple[float, float, float]) -> None:
        if self.low <= 0:
            raise ValueError(f"an uncertain quantity must be above 0, got low = {self.low}")
        if self.unit == "share" and self.high >= 1:
            raise ValueError(f"an uncertain share must be below 1, got high = {self.high}")
        if self.mid in (self.low, self.high):
            raise ValueError(f"low, mid and high must all differ or all be equal, got {numbers}")

    @property
    def certain(self) -> bool:
        """Whether the three numbers are one."""
        return self.low == self.mid == self.high

    @classmethod
    def exactly(cls, value: float, unit: str = "1", source: str = "") -> Estimate:
        """Quantity without uncertainty.

        Parameters
        ----------
        value : float
            The value, in `unit`.
        unit : str
            Its unit.
        source : str
            Where it comes from.

        Returns
        -------
        Estimate
            With all three numbers equal.

        Examples
        --------
        >>> Estimate.exactly(0.95, "share").certain
        True
        """
        return cls(value, value, value, unit=unit, source=source)

    def draw(self, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Stratified draws of the quantity.

        Parameters
        ----------
        draws : int
            Number of draws. [1]
        rng : numpy.random.Generator
            The stream of this input.

        Returns
        -------
        numpy.ndarray
            Shape (draws,), in `unit`.

        Examples
        --------
        >>> from forecast.draws import named_stream
        >>> Estimate.exactly(3.0).draw(2, named_stream(7, "x")).tolist()
        [3.0, 3.0]
        """
        if self.certain:
            return np.full(draws, self.mid)
        return self.at_normal(stratify(rng.standard_normal((draws, 1)))[:, 0])

    def at_normal(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Value at standard normal scores, so that inputs can be correlated.

        Parameters
        ----------
        z : numpy.ndarray
            Standard normal scores, any shape. [1]

        Returns
        -------
        numpy.ndarray
            Same shape, in `unit`.

        Examples
        --------
        >>> Estimate(50, 100, 400).at_normal(np.array([0.0])).tolist()
        [100.0]
        """
        if self.certain:
            return np.full(z.shape, self.mid)
        scale = logit if self.unit == "share" else np.log
        low, mid, high = (float(scale(number)) for number in (self.low, self.mid, self.high))
        edge = float(ndtri(0.5 + self.level / 2))
        slope = np.where(z < 0, (mid - low) / edge, (high - mid) / edge)
        if self.unit == "share":
            return np.asarray(np.minimum(expit(mid + slope * z), BELOW_ONE), dtype=np.float64)
        powers = np.clip(slope * z, -LONGEST_TAIL, LONGEST_TAIL)
        return np.asarray(self.mid * np.exp(powers), dtype=np.float64)


def _finite(name: str, value: object) -> float:
    """Value as a float; text, truth values and numbers beyond every float are refused."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise ValueError(f"{name} = {shown(value)}: must be a finite number")
