"""Times on an even grid: which step they keep, where on the grid they lie, which come next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from forecast.series import Step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Times = NDArray[np.datetime64]
    Places = NDArray[np.int64]

__all__ = ["EvenSteps", "even_steps"]

HOURS = {"hour": 1, "day": 24, "week": 7 * 24}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
FEWEST_KNOWN = 1 / 3  # of an inferred grid: fewer, and the grid says more of slips than of the data


@dataclass(frozen=True)
class EvenSteps:
    """Grid of times.

    Parameters
    ----------
    first : numpy.datetime64
        Time of place 0, in microseconds, without time zone.
    step : {"hour", "day", "week", "month", "quarter", "year"}
        Time from one place to the next.
    day : int
        Day of the month of steps counted in months; 31 for month ends. [day]

    Notes
    -----
    A month that is too short for `day` has its place on its last day.

    Examples
    --------
    >>> ends = EvenSteps(np.datetime64("2026-01-31T00:00", "us"), "month", 31)
    >>> ends.times(np.arange(3)).astype("datetime64[D]").tolist()[1].isoformat()
    '2026-02-28'
    """

    first: np.datetime64
    step: Step
    day: int = 1

    def times(self, places: Places) -> Times:
        """Times of places.

        Parameters
        ----------
        places : ndarray of int
            Steps after the first time. [steps]

        Returns
        -------
        ndarray of datetime64[us]
            Shape of `places`.
        """
        if self.step in HOURS:
            return np.asarray(self.first + places * np.timedelta64(HOURS[self.step], "h"))
        months = self.first.astype("datetime64[M]") + places * MONTHS[self.step]
        clock = self.first - self.first.astype("datetime64[D]")
        days = np.minimum(self.day, _last_days(months)) - 1
        return np.asarray(months.astype("datetime64[D]") + days + clock)

    def places(self, times: Times) -> Places:
        """Last places that are not after some times.

        Parameters
        ----------
        times : ndarray of datetime64[us]
            Any times.

        Returns
        -------
        ndarray of int
            Steps after the first time, shape of `times`. [steps]
        """
        if self.step in HOURS:
            return np.asarray((times - self.first) // np.timedelta64(HOURS[self.step], "h"))
        passed = times.astype("datetime64[M]") - self.first.astype("datetime64[M]")
        return np.asarray(passed.astype(np.int64) // MONTHS[self.step])

    def hold(self, times: Times) -> bool:
        """Whether all times lie on the grid.

        Parameters
        ----------
        times : ndarray of datetime64[us]
            Any times.

        Returns
        -------
        bool
            True where no time lies between two places.
        """
        return bool(np.array_equal(self.times(self.places(times)), times))


def even_steps(times: Times, step: Step | None = None) -> EvenSteps:
    """Grid of a series: that of the step told, or the coarsest on which all its times lie.

    Parameters
    ----------
    times : ndarray of datetime64[us]
        Ascending, without repetition, at least one.
    step : {"hour", "day", "week", "month", "quarter", "year"}, optional
        Step of the grid; found from the times if left out.

    Returns
    -------
    EvenSteps
        From the first time on.

    Raises
    ------
    ValueError
        If the times lie on no such grid, or fill less than a third of the one that was found.

    Examples
    --------
    >>> weekdays = np.array(["2026-01-01", "2026-01-02", "2026-01-05"], "datetime64[us]")
    >>> even_steps(weekdays).step
    'day'
    """
    day = _day_of_month(times)
    for name in [step] if step else reversed(get_args(Step)):
        grid = EvenSteps(times[0], name, day)
        if grid.hold(times):
            if step is None:
                _check_filled(grid, times)
            return grid
    allowed = f"a time each {step}" if step else f"times one {', '.join(get_args(Step))} apart"
    raise ValueError(f"ds {_span(times)} keep no even step; allowed: {allowed}, gaps included")


def _check_filled(grid: EvenSteps, times: Times) -> None:
    steps = int(grid.places(times[-1:])[0]) + 1
    if len(times) < FEWEST_KNOWN * steps:
        raise ValueError(
            f"ds {_span(times)} are {len(times)} of {steps} steps of one {grid.step}, too few to "
            "tell the step from; allowed: a third or more, or the step told"
        )


def _span(times: Times) -> str:
    return f"from {times[0].astype('datetime64[s]')} to {times[-1].astype('datetime64[s]')}"


def _day_of_month(times: Times) -> int:
    """Latest day among the times, 31 where each is the last of its month."""
    days = times.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    ends = bool((of_month == _last_days(months)).all())
    return 31 if ends else int(of_month.max())


def _last_days(months: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Length of each month in days."""
    following = (months + 1).astype("datetime64[D]")
    return np.asarray((following - months.astype("datetime64[D]")).astype(np.int64))
