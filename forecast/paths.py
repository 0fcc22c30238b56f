"""Forecasts as sample paths on a calendar of months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

__all__ = ["KINDS", "Forecast", "months_after"]

KINDS = ("reported", "reconstructed", "forecast")
TABLE_QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True, eq=False)
class Forecast:
    """Predictive distribution of one quantity: sample paths over consecutive months.

    Parameters
    ----------
    name : str
        Name of the quantity.
    unit : str
        Unit of the values.
    months : ndarray of datetime64[M]
        Consecutive months, shape (months,).
    values : ndarray of float
        Sample paths, at least 0, shape (paths, months). [unit]
    kinds : tuple of str
        For each month "reported", "reconstructed" or "forecast".
    origin : numpy.datetime64
        Last reported month, datetime64[M].
    model : str
        Name of the growth model.
    seed : int
        Seed of the random streams. [1]
    notes : tuple of str
        What a reader must know before using the numbers.

    Raises
    ------
    ValueError
        If shapes disagree, months are not consecutive, a kind is unknown, or a value is negative
        or not finite.

    Examples
    --------
    >>> forecast = Forecast(
    ...     name="users", unit="users", months=months_after(np.datetime64("2022-12"), 2),
    ...     values=np.array([[1.0, 2.0], [3.0, 5.0], [2.0, 4.0]]), kinds=("forecast",) * 2,
    ...     origin=np.datetime64("2022-12"), model="by hand", seed=0,
    ... )
    >>> forecast.quantile(0.5).tolist(), forecast.percentile_of(4.5, "2023-02")
    ([2.0, 4.0], 0.6666666666666666)
    """

    name: str
    unit: str
    months: NDArray[np.datetime64]
    values: NDArray[np.float64]
    kinds: tuple[str, ...]
    origin: np.datetime64
    model: str
    seed: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Make the arrays read-only and check shapes, calendar and values."""
        object.__setattr__(self, "months", np.array(self.months, dtype="datetime64[M]"))
        object.__setattr__(self, "values", np.asarray(self.values, dtype=np.float64).view())
        object.__setattr__(self, "kinds", tuple(self.kinds))
        object.__setattr__(self, "notes", tuple(self.notes))
        self.months.setflags(write=False)
        self.values.setflags(write=False)
        self._check()

    def _check(self) -> None:
        count = len(self.months)
        if self.values.ndim != 2 or self.values.shape[1] != count or not self.values.size:  # noqa: PLR2004
            raise ValueError(
                f"values have shape {self.values.shape}; allowed: (paths, {count}), none empty"
            )
        if len(self.kinds) != count or not set(self.kinds) <= set(KINDS):
            raise ValueError(f"kinds are {self.kinds}; allowed: {count} of {', '.join(KINDS)}")
        if (np.diff(self.months).astype(int) != 1).any():
            raise ValueError("months must be consecutive and ascending")
        # A sum is finite and a minimum is ordered only where every value is.
        if not (np.isfinite(self.values.sum()) and self.values.min() >= 0.0):
            raise ValueError(f"{self.name}: every path value must be finite and at least 0")

    @property
    def paths(self) -> int:
        """Number of sample paths [1]."""
        return len(self.values)

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean over the paths [unit], shape (months,)."""
        mean: NDArray[np.float64] = self.values.mean(axis=0)
        return mean

    def quantile(self, p: ArrayLike) -> NDArray[np.float64]:
        """Quantiles over the paths.

        Parameters
        ----------
        p : array_like
            Probability or probabilities, 0 to 1. [1]

        Returns
        -------
        ndarray of float
            Shape (months,), or (probabilities, months) for several. [unit]

        Raises
        ------
        ValueError
            If a probability lies outside 0 to 1.
        """
        p = np.asarray(p, dtype=np.float64)
        if not ((p >= 0.0) & (p <= 1.0)).all():
            raise ValueError(f"probability must lie between 0 and 1, got {p.tolist()}")
        return np.asarray(np.quantile(self.values, p, axis=0))

    def interval(self, level: float) -> NDArray[np.float64]:
        """Central interval that holds the given share of the paths.

        Parameters
        ----------
        level : float
            Share inside, strictly between 0 and 1. [1]

        Returns
        -------
        ndarray of float
            Lower and upper bound, shape (2, months). [unit]

        Raises
        ------
        ValueError
            If the level is not strictly between 0 and 1.
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"level must lie strictly between 0 and 1, got {level!r}")
        return self.quantile([(1.0 - level) / 2.0, (1.0 + level) / 2.0])

    def at(self, month: str | np.datetime64) -> NDArray[np.float64]:
        """Values of one month.

        Parameters
        ----------
        month : str or numpy.datetime64
            Month, such as "2024-06".

        Returns
        -------
        ndarray of float
            Shape (paths,). [unit]

        Raises
        ------
        ValueError
            If the month is none of `months`.
        """
        found = np.flatnonzero(self.months == np.datetime64(str(month), "M"))
        if not found.size:
            raise ValueError(
                f"{self.name} has no month {month}; allowed: {self.months[0]} to {self.months[-1]}"
            )
        column: NDArray[np.float64] = self.values[:, found[0]]
        return column

    def percentile_of(self, value: float, month: str | np.datetime64) -> float:
        """Share of the paths at or below a claimed value, ties counted half.

        Parameters
        ----------
        value : float
            The claim. [unit]
        month : str or numpy.datetime64
            Month of the claim.

        Returns
        -------
        float
            Between 0 and 1. [1]

        Raises
        ------
        ValueError
            If the value is not a number or the month is none of `months`.
        """
        if np.isnan(value):
            raise ValueError("value must be a number, got nan")
        column = self.at(month)
        return float(((column < value).mean() + (column <= value).mean()) / 2.0)

    def first_reached(self, value: float) -> NDArray[np.datetime64]:
        """Month in which each path first stands at a value or above.

        Parameters
        ----------
        value : float
            The threshold. [unit]

        Returns
        -------
        ndarray of datetime64[M]
            Shape (paths,); NaT for a path that stays below to the last month.

        Raises
        ------
        ValueError
            If the value is not a number.

        Examples
        --------
        >>> forecast = Forecast(
        ...     name="users", unit="users", months=months_after(np.datetime64("2022-12"), 2),
        ...     values=np.array([[1.0, 2.0], [3.0, 5.0]]), kinds=("forecast",) * 2,
        ...     origin=np.datetime64("2022-12"), model="by hand", seed=0,
        ... )
        >>> forecast.first_reached(3.0).astype(str).tolist()
        ['NaT', '2023-01']
        """
        if np.isnan(value):
            raise ValueError("value must be a number, got nan")
        reached = self.values >= value
        months = self.months[reached.argmax(axis=1)]
        return np.where(reached.any(axis=1), months, np.datetime64("NaT", "M"))

    def then(self, later: Forecast) -> Forecast:
        """Join the months of a later forecast, path by path.

        Parameters
        ----------
        later : Forecast
            The same quantity from the next month on, with as many paths.

        Returns
        -------
        Forecast
            All months; origin, model and seed are those of `later`, notes are those of both.

        Raises
        ------
        ValueError
            If quantity, number of paths or calendar do not fit.
        """
        same = (self.name, self.unit, self.paths) == (later.name, later.unit, later.paths)
        if not same or later.months[0] != self.months[-1] + 1:
            raise ValueError(
                f"cannot join {later.name} [{later.unit}] from {later.months[0]}, "
                f"{later.paths} paths; allowed: {self.name} [{self.unit}] from "
                f"{self.months[-1] + 1}, {self.paths} paths"
            )
        return replace(
            later,
            months=np.concatenate([self.months, later.months]),
            values=np.concatenate([self.values, later.values], axis=1),
            kinds=self.kinds + later.kinds,
            notes=self.notes + tuple(note for note in later.notes if note not in self.notes),
        )

    def to_frame(self) -> pd.DataFrame:
        """Table of the forecast, one row a month.

        Returns
        -------
        pandas.DataFrame
            Columns month (YYYY-MM), kind, mean and p05 to p95. [unit]
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import forecast` light)

        columns: dict[str, object] = {
            "month": self.months.astype(str),
            "kind": list(self.kinds),
            "mean": self.mean,
        }
        rows = self.quantile(TABLE_QUANTILES)
        columns |= {f"p{p:02.0f}": q for p, q in zip(np.array(TABLE_QUANTILES) * 100, rows)}  # noqa: B905
        return pd.DataFrame(columns)


def months_after(origin: np.datetime64, months: int) -> NDArray[np.datetime64]:
    """Calendar of a forecast.

    Parameters
    ----------
    origin : numpy.datetime64
        Last reported month.
    months : int
        Number of months, at least 1. [months]

    Returns
    -------
    ndarray of datetime64[M]
        The months after the origin, shape (months,).

    Raises
    ------
    ValueError
        If `months` is no whole number or below 1.

    Examples
    --------
    >>> months_after(np.datetime64("2022-12"), 2)
    array(['2023-01', '2023-02'], dtype='datetime64[M]')
    """
    if isinstance(months, bool) or not isinstance(months, int | np.integer) or months < 1:
        raise ValueError(f"months must be a whole number of at least 1, got {months!r}")
    return np.asarray(origin.astype("datetime64[M]") + np.arange(1, months + 1))
