"""What observed failures show: rates from fleets, and tests that prove a reliability."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, gammaincinv

from capacity.arrays import Ints
from capacity.search import smallest_meeting


def failures_per_1000_node_days(events: float, nodes: float, days: float) -> float:
    """Failure rate of a fleet in the unit of published studies.

    Parameters
    ----------
    events : float
        Failures seen. [1]
    nodes : float
        Nodes watched. [1]
    days : float
        Time watched. [day]

    Returns
    -------
    float
        Failures. [1/1000 node-days]

    Examples
    --------
    >>> round(failures_per_1000_node_days(419, nodes=2048, days=54), 2)
    3.79
    """
    return 1000.0 * events / (nodes * days)


def job_mtbf_h(nodes: float, per_1000_node_days: float) -> float:
    """Mean time between failures of a job that needs all of its nodes.

    Parameters
    ----------
    nodes : float
        Nodes of the job. [1]
    per_1000_node_days : float
        Failure rate of a node. [1/1000 node-days]

    Returns
    -------
    float
        Time. [h]

    Examples
    --------
    >>> round(job_mtbf_h(2048, per_1000_node_days=3.7887), 2)
    3.09
    """
    return 24.0 * 1000.0 / (nodes * per_1000_node_days)


def annual_rate(events: float, machines: float, days: float) -> float:
    """Failures per machine and year.

    Parameters
    ----------
    events : float
        Failures seen. [1]
    machines : float
        Machines watched. [1]
    days : float
        Time watched. [day]

    Returns
    -------
    float
        Rate. [1/year]

    Examples
    --------
    >>> round(annual_rate(148, machines=16384, days=54), 3)
    0.061
    """
    return 365.0 * events / (machines * days)


def trials_to_demonstrate(reliability: float, confidence: float, failures: int = 0) -> int:
    """Fewest trials that prove a reliability if no more than some of them fail.

    Parameters
    ----------
    reliability : float
        Probability of success to be shown. [1]
    confidence : float
        Confidence in it. [1]
    failures : int
        Failures allowed. [1]

    Returns
    -------
    int
        Trials. [1]

    Raises
    ------
    ValueError
        If a probability is not strictly between 0 and 1 or the failures are negative.

    Examples
    --------
    >>> trials_to_demonstrate(0.9, confidence=0.9), trials_to_demonstrate(0.9, 0.9, failures=2)
    (22, 52)
    """
    if not (0.0 < reliability < 1.0 and 0.0 < confidence < 1.0):
        raise ValueError("reliability and confidence must lie strictly between 0 and 1")
    if failures < 0:
        raise ValueError(f"failures must not be negative, got {failures}")

    def meets(trials: Ints, _: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        seen_so_few = betainc(trials - failures, failures + 1.0, reliability)
        return np.asarray(seen_so_few <= 1.0 - confidence)

    return int(smallest_meeting(meets, np.array([failures + 1]), floor=failures)[0])


def running_time_to_demonstrate(confidence: float, failures: int = 0) -> float:
    """Total running time, in multiples of a mean time between failures, that proves it.

    Parameters
    ----------
    confidence : float
        Confidence in it. [1]
    failures : int
        Failures allowed during the test. [1]

    Returns
    -------
    float
        Running time over all machines. [multiples of the MTBF]

    Raises
    ------
    ValueError
        If the confidence is not strictly between 0 and 1 or the failures are negative.

    Examples
    --------
    >>> round(running_time_to_demonstrate(0.9, failures=1), 2)
    3.89
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly between 0 and 1, got {confidence}")
    if failures < 0:
        raise ValueError(f"failures must not be negative, got {failures}")
    return float(gammaincinv(failures + 1.0, confidence))
