"""What a model of everyday series must offer: two methods, no base class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from forecast.series import Series

__all__ = ["FittedSeries", "SeriesModel"]


class FittedSeries(Protocol):
    """A model that knows its series."""

    def quantiles(self, horizon: int, levels: ArrayLike) -> NDArray[np.float64]:
        """Quantiles of each of the steps after the series.

        Parameters
        ----------
        horizon : int
            Number of steps, at least 1. [steps]
        levels : array_like
            Probabilities strictly between 0 and 1, ascending. [1]

        Returns
        -------
        ndarray of float
            Shape (levels, horizon), ascending along the levels, at least 0 where the whole series
            is. [unit of the series]
        """
        ...


class SeriesModel(Protocol):
    """Anything that turns a series into a fitted model."""

    def fit(self, series: Series) -> FittedSeries:
        """Fit to a series; the model itself stays as it is.

        Parameters
        ----------
        series : Series
            Values at even steps, gaps as NaN.

        Returns
        -------
        FittedSeries
            A new object.
        """
        ...
