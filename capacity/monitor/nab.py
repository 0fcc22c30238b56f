"""Score of the Numenta Anomaly Benchmark: early hits count, false alarms and misses cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from capacity.arrays import Floats, Ints

STEEPNESS = 5.0
FAR = 3.0  # windows past the last one, from where on a false alarm costs its full weight
PROBATION_SHARE, PROBATION_ROWS = 0.15, 5000  # the share holds up to so many rows


class Profile(NamedTuple):
    """What a false alarm and a missed window cost; a window hit at once earns 1."""

    false_alarm: float
    miss: float


PROFILES: Mapping[str, Profile] = {
    "standard": Profile(0.11, 1.0),
    "low_fp": Profile(0.22, 1.0),
    "low_fn": Profile(0.11, 2.0),
}
Windows = Sequence[tuple[int, int]]


def probation_rows(rows: int) -> int:
    """Rows at the start of a file in which nothing is scored.

    Parameters
    ----------
    rows : int
        Of the file. [1]

    Returns
    -------
    int
        15 %, at most 750. [1]

    Examples
    --------
    >>> probation_rows(1127), probation_rows(20_000)
    (169, 750)
    """
    return int(PROBATION_SHARE * min(rows, PROBATION_ROWS))


def row_scores(rows: int, windows: Windows) -> tuple[Floats, Ints]:
    """What an alarm in each row earns, and the window it falls into.

    Parameters
    ----------
    rows : int
        Of the file. [1]
    windows : sequence of (int, int)
        First and last row of each anomaly, in order. [1]

    Returns
    -------
    (ndarray, ndarray)
        From 1 at the start of a window to 0 at its end, and from 0 just behind it to -1; number
        of the window, or -1. [1]

    References
    ----------
    .. [1] A. Lavin and S. Ahmad, "Evaluating real-time anomaly detection algorithms: the Numenta
       Anomaly Benchmark", ICMLA 2015.
    """
    scores, inside = np.full(rows, -1.0), np.full(rows, -1)
    for place, (first, last) in enumerate(windows):
        length = last - first + 1
        within = np.arange(first, last + 1)
        scores[within] = _sigmoid((within - last - 1) / length) / _sigmoid(np.array(-1.0))
        inside[within] = place
        after = np.arange(last + 1, windows[place + 1][0] if place + 1 < len(windows) else rows)
        scores[after] = _sigmoid((after - last) / max(length - 1, 1))
    return scores, inside


def _sigmoid(windows_past: Floats) -> Floats:
    """From 1 far before the end of a window through 0 to -1."""
    near = np.minimum(windows_past, FAR)
    return np.where(windows_past > FAR, -1.0, 2.0 / (1.0 + np.exp(STEEPNESS * near)) - 1.0)


def file_score(
    alarms: Sequence[int] | Ints, rows: int, windows: Windows, profile: str = "standard"
) -> float:
    """Score of the alarms in one file.

    Parameters
    ----------
    alarms : sequence of int
        Rows with an alarm. [1]
    rows : int
        Of the file. [1]
    windows : sequence of (int, int)
        First and last row of each anomaly, in order. [1]
    profile : {"standard", "low_fp", "low_fn"}
        What false alarms and misses cost.

    Returns
    -------
    float
        At most the number of windows. [1]

    Examples
    --------
    >>> file_score([60], rows=100, windows=[(60, 79)])
    1.0
    >>> file_score([30], rows=100, windows=[(60, 79)])
    -1.11
    """
    weights = PROFILES[profile]
    scores, inside = row_scores(rows, windows)
    raised = np.asarray(alarms, dtype=np.int64)
    raised = raised[raised >= probation_rows(rows)]
    best = np.full(len(windows) + 1, -np.inf)  # the last place takes what lies in no window
    np.maximum.at(best, inside[raised], scores[raised])
    hits = np.where(np.isfinite(best[:-1]), best[:-1], -weights.miss)
    return float(hits.sum() + weights.false_alarm * scores[raised][inside[raised] < 0].sum())


def normalised(total: float, windows: int, profile: str = "standard") -> float:
    """Total score between that of no alarm at all and that of a perfect detector.

    Parameters
    ----------
    total : float
        Sum of the scores of all files. [1]
    windows : int
        Anomalies of all files. [1]
    profile : {"standard", "low_fp", "low_fn"}
        As the scores.

    Returns
    -------
    float
        0 for silence, 100 for perfection; false alarms can take it below 0. [points]

    Raises
    ------
    ValueError
        If there is no window.

    Examples
    --------
    >>> normalised(-60.0, windows=60), normalised(60.0, windows=60)
    (0.0, 100.0)
    """
    if windows < 1:
        raise ValueError(f"windows must be at least 1, got {windows}")
    miss = PROFILES[profile].miss
    return 100.0 * (total + miss * windows) / (windows * (1.0 + miss))
