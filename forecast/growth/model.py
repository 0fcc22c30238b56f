"""What a growth model must offer: two methods, no base class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from forecast.history import History
    from forecast.paths import Forecast

__all__ = ["FittedGrowth", "GrowthModel"]


class FittedGrowth(Protocol):
    """A growth model that knows its history."""

    def predict(
        self, months: int, paths: int, seed: int, shocks: NDArray[np.float64] | None = None
    ) -> Forecast:
        """Sample paths of the months after the history.

        Parameters
        ----------
        months : int
            Number of months, at least 1. [months]
        paths : int
            Number of sample paths, at least 2. [1]
        seed : int
            Seed of the random stream that is named after the history. [1]
        shocks : ndarray of float, optional
            Standard normal scores, shape (paths, months), that decide how high each path stands in
            each month; drawn from the named stream if left out. [1]

        Returns
        -------
        Forecast
            The predictive distribution.
        """
        ...


class GrowthModel(Protocol):
    """Anything that turns a history into a fitted model."""

    def fit(self, history: History) -> FittedGrowth:
        """Fit to a history; the model itself stays as it is.

        Parameters
        ----------
        history : History
            Reported values.

        Returns
        -------
        FittedGrowth
            A new object.
        """
        ...
