"""Repairable groups: limited repair crews, standby units, and failover that may not work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.queueing.markov import birth_death, generator, mean_time_to, stationary

if TYPE_CHECKING:
    from capacity.arrays import Floats


@dataclass(frozen=True)
class RepairedPool:
    """Long-run behaviour of equal machines that share repair crews.

    Parameters
    ----------
    failed : ndarray, shape (n + 1,)
        Probability of 0, 1, ... failed machines. [1]
    need : int
        Machines that must be up. [1]
    failure_rate : float
        Failures per machine and unit of time. [1/time]
    """

    failed: Floats
    need: int
    failure_rate: float

    @property
    def unavailability(self) -> float:
        """Share of time that too few machines are up [1]."""
        spare = self.failed.size - 1 - self.need
        return float(self.failed[spare + 1 :].sum())

    @property
    def mean_up(self) -> float:
        """Machines up [1]."""
        return float(self.failed @ np.arange(self.failed.size - 1, -1, -1))

    @property
    def failure_frequency(self) -> float:
        """Times that the pool falls below its need, per unit of time [1/time]."""
        last_good = self.failed[self.failed.size - 1 - self.need]
        return float(last_good * self.need * self.failure_rate)

    @property
    def mean_down_time(self) -> float:
        """Length of such a time [time]."""
        return self.unavailability / self.failure_frequency


def repaired_pool(
    machines: int, need: int, crews: int, failure_rate: float, repair_rate: float
) -> RepairedPool:
    """Pool of machines of which at most `crews` are under repair at once.

    Parameters
    ----------
    machines : int
        Machines installed. [1]
    need : int
        Machines that must be up. [1]
    crews : int
        Repairs at once. [1]
    failure_rate : float
        Failures per machine that is up, per unit of time. [1/time]
    repair_rate : float
        Repairs that a crew finishes per unit of time. [1/time]

    Returns
    -------
    RepairedPool
        Long-run behaviour. States count failed machines, so 10,000 machines are no problem.

    Raises
    ------
    ValueError
        If a need is outside 1 to the machines, there is no crew, or a rate is not positive.

    Examples
    --------
    >>> pool = repaired_pool(128, need=120, crews=4, failure_rate=1 / 3692, repair_rate=1 / 24)
    >>> f"{pool.unavailability:.2e}"
    '3.15e-06'
    """
    if not 1 <= need <= machines:
        raise ValueError(f"need must be from 1 to machines = {machines}, got {need}")
    if crews < 1:
        raise ValueError(f"crews must be at least 1, got {crews}")
    up = np.arange(machines, 0, -1)
    repairs = np.minimum(np.arange(1, machines + 1), crews) * repair_rate
    return RepairedPool(birth_death(up * failure_rate, repairs), need, failure_rate)


@dataclass(frozen=True)
class Standby:
    """Units of which some work and the others wait.

    Parameters
    ----------
    units : int
        Units in all. [1]
    need : int
        Units that must work. [1]
    crews : int
        Repairs at once. [1]
    failure_rate : float
        Failures of a working unit per unit of time. [1/time]
    repair_rate : float
        Repairs per crew and unit of time. [1/time]
    dormancy : float
        Failure rate of a waiting unit over that of a working one: 0 is cold standby. [1]
    switching : float
        Probability that a waiting unit takes over when called; if it does not, the group is
        down until the next repair. [1]

    Raises
    ------
    ValueError
        If the need exceeds the units, there is no crew, or a probability is out of range.

    Examples
    --------
    >>> pair = Standby(2, need=1, crews=2, failure_rate=0.01, repair_rate=0.5, switching=0.9)
    >>> round(1.0 - pair.unavailability, 6)
    0.997863
    """

    units: int
    need: int
    crews: int
    failure_rate: float
    repair_rate: float
    dormancy: float = 0.0
    switching: float = 1.0

    def __post_init__(self) -> None:
        """Refuse groups that cannot work."""
        if not 1 <= self.need <= self.units:
            raise ValueError(f"need must be from 1 to units = {self.units}, got {self.need}")
        if self.crews < 1:
            raise ValueError(f"crews must be at least 1, got {self.crews}")
        for name in ("dormancy", "switching"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be between 0 and 1, got {getattr(self, name)}")

    @property
    def spares(self) -> int:
        """Units beyond the need [1]."""
        return self.units - self.need

    @property
    def unavailability(self) -> float:
        """Share of time that too few units work [1]."""
        return float(stationary(self._generator())[self.spares + 1 :].sum())

    def _generator(self) -> Floats:
        """Rates between the states 0, 1, ... failed, then 1, 2, ... failed and one not switched."""
        rates: dict[tuple[int, int], float] = {}
        for failed in range(self.units + 1):
            working = min(self.need, self.units - failed)
            idle = self.units - failed - working
            breaks = working * self.failure_rate
            if idle:
                dormant = idle * self.dormancy * self.failure_rate
                rates[failed, failed + 1] = breaks * self.switching + dormant
                rates[failed, self.units + failed + 1] = breaks * (1.0 - self.switching)
            elif working:
                rates[failed, failed + 1] = breaks
        for failed in range(1, self.units + 1):
            rates[failed, failed - 1] = min(failed, self.crews) * self.repair_rate
        for failed in range(1, self.spares + 1):
            stuck = self.units + failed
            rates[stuck, failed - 1] = min(failed, self.crews) * self.repair_rate
        return generator(self.units + self.spares + 1, rates)


@dataclass(frozen=True)
class FailoverPair:
    """Two nodes, of which the second takes over after a reconfiguration, if all goes well.

    Parameters
    ----------
    failure_rate : float
        Failures of a node. [1/h]
    repair_rate : float
        Repairs. [1/h]
    coverage : float
        Share of failures that only a reconfiguration follows; a reboot follows the rest. [1]
    reconfiguration_h : float
        Time to fail over. [h]
    reboot_h : float
        Time to restart the pair. [h]

    References
    ----------
    .. [1] D. Heimann, N. Mittal, K. Trivedi, Advances in Computers 31, 175 (1990).

    Examples
    --------
    >>> pair = FailoverPair(1 / 5000, 1 / 4, 0.9, reconfiguration_h=30 / 3600, reboot_h=1 / 6)
    >>> f"{pair.unavailability:.3e}", int(pair.mtbf_h)
    ('1.093e-05', 24857)
    """

    failure_rate: float
    repair_rate: float
    coverage: float
    reconfiguration_h: float
    reboot_h: float

    @property
    def states(self) -> Floats:
        """Probability of both up, reconfiguring, rebooting, one up, none up [1]."""
        return stationary(self._generator())

    @property
    def unavailability(self) -> float:
        """Share of time in reconfiguration, reboot, or without a node [1]."""
        return float(self.states[[1, 2, 4]].sum())

    @property
    def mtbf_h(self) -> float:
        """Mean time from both up to a reboot or the loss of both nodes [h]."""
        return mean_time_to(self._generator(), start=0, absorbing=(2, 4))

    def _generator(self) -> Floats:
        """Rates between the states of `states`."""
        rates = {
            (0, 1): 2.0 * self.failure_rate * self.coverage,
            (0, 2): 2.0 * self.failure_rate * (1.0 - self.coverage),
            (1, 3): 1.0 / self.reconfiguration_h,
            (2, 3): 1.0 / self.reboot_h,
            (3, 0): self.repair_rate,
            (3, 4): self.failure_rate,
            (4, 3): self.repair_rate,
        }
        return generator(5, rates)
