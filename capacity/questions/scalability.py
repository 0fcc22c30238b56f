"""How throughput grows with machines when they wait for one another: Gunther's law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from capacity.arrays import Floats


@dataclass(frozen=True)
class Scalability:
    """Universal scalability law.

    Parameters
    ----------
    contention : float
        Share of work that only one machine can do at a time. [1]
    crosstalk : float
        Cost of agreement per pair of machines. [1]
    single : float
        Throughput of one machine. [1/time]

    References
    ----------
    .. [1] N. Gunther, *Guerrilla Capacity Planning*, Springer (2007), ch. 4.

    Examples
    --------
    >>> law = Scalability(contention=0.02671591, crosstalk=7.690945e-4, single=995.6486)
    >>> int(law.peak), round(float(law.throughput(35)), 1)
    (35, 12341.7)
    """

    contention: float
    crosstalk: float
    single: float = 1.0

    def throughput(self, machines: ArrayLike) -> Floats:
        """Throughput of so many machines.

        Parameters
        ----------
        machines : array_like
            Machines. [1]

        Returns
        -------
        ndarray
            Same shape. [1/time]
        """
        n = np.asarray(machines, dtype=np.float64)
        loss = self.contention * (n - 1.0) + self.crosstalk * n * (n - 1.0)
        return np.asarray(self.single * n / (1.0 + loss))

    @property
    def peak(self) -> float:
        """Number of machines beyond which more of them do less [1]."""
        if self.crosstalk == 0.0:
            return float("inf")
        return float(np.sqrt((1.0 - self.contention) / self.crosstalk))


def fit_scalability(machines: ArrayLike, throughput: ArrayLike) -> Scalability:
    """Least-squares fit of the law to measured throughput.

    Parameters
    ----------
    machines : array_like, shape (n,)
        Machines, or concurrent users. [1]
    throughput : array_like, shape (n,)
        Measured throughput. [1/time]

    Returns
    -------
    Scalability
        Fitted law.

    Raises
    ------
    ValueError
        If there are fewer than three measurements.

    Examples
    --------
    >>> law = Scalability(contention=0.03, crosstalk=0.001, single=50.0)
    >>> fitted = fit_scalability(range(1, 20), law.throughput(range(1, 20)))
    >>> round(fitted.contention, 6), round(fitted.crosstalk, 6), round(fitted.single, 4)
    (0.03, 0.001, 50.0)
    """
    from scipy.optimize import least_squares  # noqa: PLC0415  (slow to import)

    n = np.asarray(machines, dtype=np.float64)
    x = np.asarray(throughput, dtype=np.float64)
    if n.size < 3:  # noqa: PLR2004  (three unknowns)
        raise ValueError(f"at least three measurements are needed, got {n.size}")

    def misfit(parameters: Floats) -> Floats:
        modelled = Scalability(*parameters.tolist()).throughput(n)
        return np.asarray((modelled - x) / x.max())

    scale = float(np.median(x / n))
    start, size = np.array([0.01, 1e-4, scale]), np.array([0.1, 1e-2, scale])
    found = least_squares(misfit, start, x_scale=size, xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return Scalability(*found.x.tolist())


def contention_for_ratio(machines: float, load_ratio: float, machine_ratio: float) -> float:
    """Contention at which a load ratio takes exactly a given ratio of machines.

    Parameters
    ----------
    machines : float
        Machines before growth. [1]
    load_ratio : float
        Throughput after growth over before. [1]
    machine_ratio : float
        Machines after growth over before; at least `load_ratio`. [1]

    Returns
    -------
    float
        Contention of a law without crosstalk. [1]

    Raises
    ------
    ValueError
        If the machines grow less than the load.

    Examples
    --------
    >>> round(contention_for_ratio(48, load_ratio=10, machine_ratio=100), 5)
    0.00208
    """
    if machine_ratio < load_ratio:
        raise ValueError(f"machine_ratio must be at least {load_ratio}, got {machine_ratio}")
    extra = machine_ratio - load_ratio
    return extra / ((load_ratio - 1.0) * machine_ratio * machines + extra)
