"""Values of one quantity at even steps of time, gaps included: what everyday models forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SEASONS", "Series", "Step"]

Step = Literal["hour", "day", "week", "month", "quarter", "year"]
SEASONS: dict[Step, int] = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "year": 1}
FEWEST_VALUES = 2
LARGEST = 1e160  # beyond, squares leave what a number can hold


@dataclass(frozen=True, eq=False)
class Series:
    """Regular series with gaps.

    Parameters
    ----------
    name : str
        Name of the quantity.
    start : numpy.datetime64
        Time of the first value, without time zone.
    values : ndarray of float
        One value a step, NaN where none is known; the first and the last are known. [unit]
    step : {"hour", "day", "week", "month", "quarter", "year"}
        Time from one value to the next.
    season : int, optional
        Steps in the season that matters most, 1 for none; that of the step if left out. [steps]
    unit : str
        Unit of `values`.
    capacity : float
        Most that a value can be, such as 100 for a share in percent; infinite if left out. [unit]

    Raises
    ------
    ValueError
        With every fault: fewer than two known values, a gap at either end, a value that is
        infinite, beyond 1e160 or above the capacity, an unknown step, a season below 1.

    Examples
    --------
    >>> visits = Series("visits", np.datetime64("2026-01-01"), np.array([5.0, np.nan, 7.0]), "day")
    >>> visits.season, int(visits.known.sum())
    (7, 2)
    """

    name: str
    start: np.datetime64
    values: NDArray[np.float64]
    step: Step = "month"
    season: int = 0
    unit: str = ""
    capacity: float = np.inf

    def __post_init__(self) -> None:
        """Copy the values, make them read-only and check everything."""
        values = np.array(self.values, dtype=np.float64)
        values.setflags(write=False)
        object.__setattr__(self, "values", values)
        if self.season == 0 and self.step in SEASONS:
            object.__setattr__(self, "season", SEASONS[self.step])
        faults = self._faults()
        if faults:
            raise ValueError(f"series {self.name!r}: {'; '.join(faults)}")

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where a value is known, shape of `values`."""
        return ~np.isnan(self.values)

    def _faults(self) -> list[str]:
        faults = []
        if self.step not in get_args(Step):
            faults.append(f"step {self.step!r}; allowed: {', '.join(get_args(Step))}")
        elif self.season < 1:
            faults.append(f"season {self.season}; allowed: 1 step or more")
        if np.isnat(self.start):
            faults.append("start is no time; allowed: the time of the first value")
        if self.values.ndim != 1 or self.known.sum() < FEWEST_VALUES:
            faults.append(f"values {self.values.shape}; allowed: one row, two known or more")
        elif not (self.known[0] and self.known[-1]):
            faults.append("a gap at an end; allowed: known first and last values")
        if (np.abs(self.values[self.known]) > LARGEST).any():
            faults.append(f"a value beyond {LARGEST:g}; allowed: up to that")
        if not (self.values[self.known] <= self.capacity).all():
            faults.append(f"a value above the capacity {self.capacity:g}; allowed: up to that")
        return faults
