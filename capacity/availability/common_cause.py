"""Failures that take several machines at once."""

from __future__ import annotations

from math import comb

import numpy as np

from capacity.availability.pools import k_of_n_unavailability
from capacity.queueing.markov import generator, stationary


def beta_factor_unavailability(need: int, machines: int, down: float, beta: float) -> float:
    """Probability that too few machines are up when a share of failures hits all of them.

    Parameters
    ----------
    need : int
        Machines that must be up. [1]
    machines : int
        Machines installed. [1]
    down : float
        Probability that one machine is down. [1]
    beta : float
        Share of that probability that is common to all. [1]

    Returns
    -------
    float
        Probability. [1]

    Raises
    ------
    ValueError
        If a probability is outside 0 to 1.

    Notes
    -----
    Typical shares: 0.1 for equal machines and software on one site, 0.05 with diverse
    software, 0.01 where both are diverse and apart.

    Examples
    --------
    >>> round(beta_factor_unavailability(need=1, machines=2, down=0.1, beta=0.15), 9)
    0.022116625
    """
    if not (0.0 <= down <= 1.0 and 0.0 <= beta <= 1.0):
        raise ValueError(f"down and beta must be between 0 and 1, got {down} and {beta}")
    common = beta * down
    alone = float(k_of_n_unavailability(need, machines, 1.0 - (1.0 - beta) * down))
    return common + (1.0 - common) * alone


def shock_unavailability(
    need: int, machines: int, failure_rate: float, repair_rate: float, beta: float
) -> float:
    """Share of time that too few machines are up under shocks that take all down at once.

    Parameters
    ----------
    need : int
        Machines that must be up. [1]
    machines : int
        Machines installed, each with its own repair crew. [1]
    failure_rate : float
        Failures per machine and unit of time, shocks included. [1/time]
    repair_rate : float
        Repairs per failed machine and unit of time. [1/time]
    beta : float
        Share of the failure rate that is due to shocks. [1]

    Returns
    -------
    float
        Share of time. [1]

    Raises
    ------
    ValueError
        If `beta` is outside 0 to 1.

    Examples
    --------
    >>> f"{shock_unavailability(1, 2, 0.0005, 0.25, beta=0.1):.3e}"
    '1.034e-04'
    """
    if not 0.0 <= beta <= 1.0:
        raise ValueError(f"beta must be between 0 and 1, got {beta}")
    rates: dict[tuple[int, int], float] = {}
    for failed in range(machines):
        alone = (machines - failed) * (1.0 - beta) * failure_rate
        rates[failed, failed + 1] = alone
        rates[failed, machines] = rates.get((failed, machines), 0.0) + beta * failure_rate
    for failed in range(1, machines + 1):
        rates[failed, failed - 1] = failed * repair_rate
    failed_states = stationary(generator(machines + 1, rates))
    return float(failed_states[machines - need + 1 :].sum())


def alpha_factor_probability(
    alphas: tuple[float, ...], down: float, together: int, staggered: bool = True
) -> float:
    """Probability of a failure that takes down one given set of machines and no other.

    Parameters
    ----------
    alphas : tuple of float
        Share of failure events that involve 1, 2, ... machines. [1]
    down : float
        Probability that one machine is down. [1]
    together : int
        Machines in the set. [1]
    staggered : bool
        Whether tests of the machines are spread over time.

    Returns
    -------
    float
        Probability. [1]

    Raises
    ------
    ValueError
        If `together` is not from 1 to the number of shares.

    References
    ----------
    .. [1] NUREG/CR-5485 (1998), section 5.

    Examples
    --------
    >>> round(alpha_factor_probability((0.95, 0.04, 0.01), down=1e-3, together=2), 8)
    2e-05
    """
    group = len(alphas)
    if not 1 <= together <= group:
        raise ValueError(f"together must be from 1 to {group}, got {together}")
    share = alphas[together - 1] / comb(group - 1, together - 1)
    if staggered:
        return share * down
    mean_size = float(np.dot(np.arange(1, group + 1), alphas))
    return together * share / mean_size * down


def pfd_one_of_two(failure_rate: float, beta: float, test_h: float, repair_h: float) -> float:
    """Average probability that a pair, tested at intervals, fails when it is called.

    Parameters
    ----------
    failure_rate : float
        Failures that only a test finds. [1/h]
    beta : float
        Share of them common to both units. [1]
    test_h : float
        Time between tests. [h]
    repair_h : float
        Time to repair. [h]

    Returns
    -------
    float
        Probability of failure on demand. [1]

    References
    ----------
    .. [1] IEC 61508-6 (2010), B.3.2.2.2.

    Examples
    --------
    >>> f"{pfd_one_of_two(2e-6, beta=0.1, test_h=8760, repair_h=8):.4e}"
    '9.6086e-04'
    """
    channel, group = test_h / 2.0 + repair_h, test_h / 3.0 + repair_h
    alone = (1.0 - beta) * failure_rate
    return 2.0 * alone**2 * channel * group + beta * failure_rate * channel
