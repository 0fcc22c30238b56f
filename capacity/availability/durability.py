"""Whether stored data survives: copies and coded fragments that are rebuilt, and backups."""

from __future__ import annotations

import math

from capacity.queueing.markov import generator, transient

BITS_PER_PB, BITS_PER_GBIT, SECONDS_PER_H = 8e15, 1e9, 3600.0


def loss_probability(
    fragments: int, need: int, failure_rate: float, rebuild_rate: float, years: float = 1.0
) -> float:
    """Probability that fewer fragments than needed are left at some time.

    Parameters
    ----------
    fragments : int
        Fragments stored, on independent disks. [1]
    need : int
        Fragments that restore the data; 1 for plain copies. [1]
    failure_rate : float
        Failures per disk. [1/year]
    rebuild_rate : float
        Rebuilds per lost fragment, all lost ones at the same time. [1/year]
    years : float
        Time. [year]

    Returns
    -------
    float
        Probability of loss, exact also far below the spacing of floats around 1. [1]

    Raises
    ------
    ValueError
        If the need is outside 1 to the fragments.

    Examples
    --------
    >>> f"{loss_probability(12, need=8, failure_rate=0.0157, rebuild_rate=365.0):.3e}"
    '2.115e-16'
    """
    if not 1 <= need <= fragments:
        raise ValueError(f"need must be from 1 to fragments = {fragments}, got {need}")
    lost = fragments - need + 1
    rates = {(i, i + 1): (fragments - i) * failure_rate for i in range(lost)}
    rates |= {(i, i - 1): i * rebuild_rate for i in range(1, lost)}
    return float(transient(generator(lost + 1, rates), start=0, time=years)[lost])


def any_group_lost(loss: float, groups: float) -> float:
    """Probability that at least one of many equal groups of fragments is lost.

    Parameters
    ----------
    loss : float
        Probability for one group. [1]
    groups : float
        Groups, each for itself. [1]

    Returns
    -------
    float
        Also right where it is far below the spacing of floats around 1. [1]

    Examples
    --------
    >>> f"{any_group_lost(1e-18, groups=1000):.3g}"
    '1e-15'
    """
    return -math.expm1(groups * math.log1p(-loss)) if loss < 1.0 else 1.0


def recovery_point_h(every_h: float, taking_h: float) -> tuple[float, float]:
    """Work lost where a store is restored from its last whole backup: mean and most (RPO).

    Parameters
    ----------
    every_h : float
        Time from the begin of one backup to that of the next. [h]
    taking_h : float
        Time until a backup is whole; it holds what was there when it began. [h]

    Returns
    -------
    (float, float)
        Mean over all moments at which the loss may come, and the most. [h]

    Raises
    ------
    ValueError
        If a time is negative or there is none between backups.

    Examples
    --------
    >>> recovery_point_h(every_h=24.0, taking_h=4.0)
    (16.0, 28.0)
    """
    if not (every_h > 0.0 and taking_h >= 0.0):
        raise ValueError(f"every_h = {every_h} must be above 0, taking_h = {taking_h} at least 0")
    return every_h / 2.0 + taking_h, every_h + taking_h


def recovery_time_h(stored_pb: float, gbit_per_s: float, decided_h: float) -> float:
    """Time until a lost store is there again from a backup (RTO).

    Parameters
    ----------
    stored_pb : float
        What is restored. [PB]
    gbit_per_s : float
        Rate of the restore. [Gbit/s]
    decided_h : float
        Until the loss is found and the restore begins. [h]

    Returns
    -------
    float
        [h]

    Raises
    ------
    ValueError
        If the rate is not above zero.

    Examples
    --------
    >>> round(recovery_time_h(1.0, gbit_per_s=100.0, decided_h=1.0), 1)
    23.2
    """
    if not gbit_per_s > 0.0:
        raise ValueError(f"gbit_per_s must be above 0, got {gbit_per_s}")
    return decided_h + stored_pb * BITS_PER_PB / (gbit_per_s * BITS_PER_GBIT) / SECONDS_PER_H
