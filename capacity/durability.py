"""Whether stored data survives: copies or coded fragments that are rebuilt when lost."""

from __future__ import annotations

from capacity.markov import generator, transient


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
