"""Spread of forecast errors: residual quantiles by horizon, read at any month and any score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["ResidualSpread", "interpolate_horizons"]

NORMAL_80 = 2.5631  # width of the central 80 % of a normal distribution, in sd
NORMAL_90 = 1.2816  # score of the 90 % level
FARTHEST = 6.0  # score beyond which errors stay as they are


@dataclass(frozen=True, eq=False)
class ResidualSpread:
    """Quantiles of the log error of a growth forecast at a few horizons.

    Parameters
    ----------
    horizons : ndarray of float
        Horizons, ascending, above 0, shape (horizons,). [months]
    levels : ndarray of float
        Probabilities, ascending, strictly between 0 and 1, containing 0.1, 0.5 and 0.9, shape
        (levels,). [1]
    quantiles : ndarray of float
        Log error actual minus predicted, never falling along a row, shape (horizons, levels). [1]

    Raises
    ------
    ValueError
        If shapes disagree, a required level is missing, or quantiles cross.

    Notes
    -----
    Between horizons the quantiles are interpolated over the root of time, as errors of a random
    walk grow, with no error today. Beyond the outermost levels the errors go on like those of a
    normal distribution as wide as the central 80 %: a few products cannot show how far the tails
    reach, and heavier ones have no mean.

    Examples
    --------
    >>> spread = ResidualSpread(
    ...     horizons=np.array([12.0]), levels=np.array([0.1, 0.5, 0.9]),
    ...     quantiles=np.array([[-0.6, 0.0, 0.5]]),
    ... )
    >>> spread.quantile(0.9, months=3).tolist()
    [0.25]
    """

    horizons: NDArray[np.float64]
    levels: NDArray[np.float64]
    quantiles: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Check the table."""
        for name in ("horizons", "levels", "quantiles"):
            object.__setattr__(self, name, np.array(getattr(self, name), dtype=np.float64))
        if self.quantiles.shape != (len(self.horizons), len(self.levels)):
            raise ValueError(
                f"quantiles have shape {self.quantiles.shape}; allowed: one row for each of "
                f"{len(self.horizons)} horizons, one column for each of {len(self.levels)} levels"
            )
        if not np.isin([0.1, 0.5, 0.9], self.levels).all():
            raise ValueError("levels must contain 0.1, 0.5 and 0.9")
        if (np.diff(self.levels) <= 0.0).any() or (np.diff(self.quantiles, axis=1) < 0.0).any():
            raise ValueError("levels must ascend and quantiles must never fall along a row")

    @property
    def median(self) -> NDArray[np.float64]:
        """Median log error [1] at each horizon, shape (horizons,)."""
        column: NDArray[np.float64] = self.quantiles[:, np.searchsorted(self.levels, 0.5)]
        return column

    def widened(self, factor: float) -> ResidualSpread:
        """Spread with every distance from the median multiplied.

        Parameters
        ----------
        factor : float
            Above 0. [1]

        Returns
        -------
        ResidualSpread
            A new table with the same medians.

        Raises
        ------
        ValueError
            If the factor is not above 0.
        """
        if not factor > 0.0:
            raise ValueError(f"factor must be above 0, got {factor!r}")
        median = self.median[:, None]
        return replace(self, quantiles=median + factor * (self.quantiles - median))

    def scaled(self, factor: float) -> ResidualSpread:
        """Spread with every error multiplied.

        Parameters
        ----------
        factor : float
            Above 0. [1]

        Returns
        -------
        ResidualSpread
            Medians are multiplied as well.

        Raises
        ------
        ValueError
            If the factor is not above 0.
        """
        if not factor > 0.0:
            raise ValueError(f"factor must be above 0, got {factor!r}")
        return self if factor == 1.0 else replace(self, quantiles=factor * self.quantiles)

    def recentred(self) -> ResidualSpread:
        """Spread with a median of zero at each horizon.

        Returns
        -------
        ResidualSpread
            A new table.
        """
        return replace(self, quantiles=self.quantiles - self.median[:, None])

    def broadened(self, sd: float) -> ResidualSpread:
        """Spread with an independent error of the same shape added at every horizon.

        Parameters
        ----------
        sd : float
            Standard deviation of the added log error, at least 0. [1]

        Returns
        -------
        ResidualSpread
            A new table with the same medians.

        Raises
        ------
        ValueError
            If `sd` is negative.
        """
        if not sd >= 0.0:
            raise ValueError(f"sd must be at least 0, got {sd!r}")
        median = self.median[:, None]
        low, high = (self.quantiles[:, np.searchsorted(self.levels, p), None] for p in (0.1, 0.9))
        own_sd = np.maximum((high - low) / NORMAL_80, np.finfo(float).tiny)
        factor = np.hypot(1.0, sd / own_sd)
        return replace(self, quantiles=median + factor * (self.quantiles - median))

    def quantile(self, p: ArrayLike, months: ArrayLike) -> NDArray[np.float64]:
        """Quantile of the log error.

        Parameters
        ----------
        p : array_like
            Probability, strictly between 0 and 1. [1]
        months : array_like
            Horizons, at least 0, shape (months,) or a single one. [months]

        Returns
        -------
        ndarray of float
            Shape (months, probabilities), without the last axis for a single probability. [1]

        Raises
        ------
        ValueError
            If a probability does not lie strictly between 0 and 1, or a horizon is negative.
        """
        from scipy.special import ndtri  # noqa: PLC0415  (keeps `import forecast` light)

        p = np.asarray(p, dtype=np.float64)
        if not ((p > 0.0) & (p < 1.0)).all():
            raise ValueError(f"probability must lie strictly between 0 and 1, got {p.tolist()}")
        months = np.atleast_1d(np.asarray(months, dtype=np.float64))
        if not (months >= 0.0).all():
            raise ValueError(f"months must be at least 0, got {months.tolist()}")
        nodes, table = self._table(months)
        return np.array([np.interp(ndtri(p), nodes, row) for row in table])

    def sample(self, scores: NDArray[np.float64], months: ArrayLike) -> NDArray[np.float64]:
        """Log errors of paths with the given scores.

        Parameters
        ----------
        scores : ndarray of float
            Standard normal scores, shape (paths, months). [1]
        months : array_like
            Horizon of each column, shape (months,). [months]

        Returns
        -------
        ndarray of float
            Log errors, rising with the score, shape (paths, months). [1]
        """
        nodes, table = self._table(np.asarray(months, dtype=np.float64))
        errors = np.empty(scores.shape)
        for column, row in enumerate(table):
            errors[:, column] = np.interp(scores[:, column], nodes, row)
        return errors

    def _table(
        self, months: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Scores of the nodes, shape (nodes,), and errors at each month, shape (months, nodes)."""
        from scipy.special import ndtri  # noqa: PLC0415  (keeps `import forecast` light)

        rows = interpolate_horizons(np.sqrt(self.horizons), self.quantiles, np.sqrt(months))
        # Extrapolated rows may cross; the running maximum keeps them in order.
        rows = np.maximum.accumulate(rows, axis=1)
        low, mid, high = (rows[:, np.searchsorted(self.levels, p), None] for p in (0.1, 0.5, 0.9))
        scores = ndtri(self.levels)
        lower = rows[:, :1] - (mid - low) * (FARTHEST + scores[0]) / NORMAL_90
        upper = rows[:, -1:] + (high - mid) * (FARTHEST - scores[-1]) / NORMAL_90
        nodes = np.concatenate([[-FARTHEST], scores, [FARTHEST]])
        return nodes, np.hstack([lower, rows, upper])


def interpolate_horizons(
    horizons: NDArray[np.float64], table: NDArray[np.float64], months: ArrayLike
) -> NDArray[np.float64]:
    """Linear interpolation of a table over horizons, zero today.

    Parameters
    ----------
    horizons : ndarray of float
        Horizons of the table, ascending, above 0, shape (horizons,). [months]
    table : ndarray of float
        Numbers at these horizons, shape (horizons, ...). [1]
    months : array_like
        Horizons asked for, at least 0, shape (months,). [months]

    Returns
    -------
    ndarray of float
        Shape (months, ...); beyond the last horizon the last step is continued. [1]

    Examples
    --------
    >>> learned = interpolate_horizons(np.array([6.0, 12.0]), np.array([0.3, 0.5]), [3, 9, 18])
    >>> learned.round(3).tolist()
    [0.15, 0.4, 0.7]
    """
    grid = np.concatenate([[0.0], horizons])
    rows = np.concatenate([np.zeros((1, *table.shape[1:])), table])
    months = np.asarray(months, dtype=np.float64)
    left = np.clip(np.searchsorted(grid, months, side="right") - 1, 0, len(grid) - 2)
    weight = (months - grid[left]) / (grid[left + 1] - grid[left])
    weight = weight.reshape(weight.shape + (1,) * (table.ndim - 1))
    return np.asarray(rows[left] + weight * (rows[left + 1] - rows[left]))
