"""What keeps dates and values from being a history: the faults of its points, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["HistoryKind", "point_faults"]

HistoryKind = Literal["cumulative", "active", "flow"]

FIRST_YEAR, LAST_YEAR = 1990, 2100
SMALLEST, LARGEST = 1e-160, 1e160  # beyond, squares and growth leave what a number can hold


def point_faults(
    dates: NDArray[np.datetime64],
    values: NDArray[np.float64],
    kind: HistoryKind,
    places: Sequence[str],
    *,
    subject: str = "history",
) -> list[str]:
    """Everything that keeps dates and values from being a history.

    Parameters
    ----------
    dates : ndarray of datetime64[D]
        Dates in the order given.
    values : ndarray of float
        Values, shape of `dates`. [unit]
    kind : {"cumulative", "active", "flow"}
        What is counted.
    places : sequence of str
        Where each point stands, for the messages.
    subject : str
        What the points belong to, for the message on their number.

    Returns
    -------
    list of str
        One sentence for each fault, with its place, what was found and what is allowed.

    Examples
    --------
    >>> dates = np.array(["2022-01", "2022-02"], dtype="datetime64[D]")
    >>> point_faults(dates, np.array([5.0, 4.0]), "cumulative", ["a", "b"])
    ['b: value 4 is below 5 before it; allowed: a cumulative series never falls']
    """
    if dates.shape != values.shape or dates.ndim != 1:
        return [f"{dates.shape} dates and {values.shape} values; allowed: two equal columns"]
    faults = [] if len(dates) > 1 else [f"{subject}: {len(dates)} points; allowed: at least 2"]
    for place, date, value in zip(places, dates, values, strict=True):
        faults += [f"{place}: {fault}" for fault in _one_point_faults(date, float(value))]
    if not faults:
        faults = _step_faults(dates.astype("datetime64[M]"), places)
    if not faults and kind == "cumulative":
        faults = [
            f"{places[k + 1]}: value {values[k + 1]:g} is below {values[k]:g} before it; "
            "allowed: a cumulative series never falls"
            for k in np.flatnonzero(np.diff(values) < 0.0).tolist()
        ]
    return faults


def _one_point_faults(date: np.datetime64, value: float) -> list[str]:
    faults = []
    if np.isnat(date) or not FIRST_YEAR <= int(str(date)[:4]) <= LAST_YEAR:
        faults.append(f"date {date}; allowed: years {FIRST_YEAR} to {LAST_YEAR}")
    if not np.isfinite(value) or value <= 0.0:
        faults.append(f"value {value:g}; allowed: a finite number above 0")
    elif not SMALLEST <= value <= LARGEST:
        faults.append(f"value {value:g}; allowed: {SMALLEST:g} to {LARGEST:g}")
    return faults


def _step_faults(months: NDArray[np.datetime64], places: Sequence[str]) -> list[str]:
    """Repeated, unordered or uneven months."""
    faults = []
    steps = np.diff(months).astype(int)
    for k, step in enumerate(steps):
        before, month, place = months[k], months[k + 1], places[k + 1]
        if step == 0:
            faults.append(f"{place}: month {month} appears twice; allowed: one value a month")
        elif step < 0:
            faults.append(f"{place}: month {month} comes after {before}; allowed: ascending dates")
        elif steps[0] > 0 and step != steps[0]:
            faults.append(
                f"{place}: {step} months after {before}; allowed: even steps, here {steps[0]}"
            )
    return faults
