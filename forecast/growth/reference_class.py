"""Growth as past products grew: the outside view on a young service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.growth.class_parameters import HIGH_GROWTH, class_parameters, learned_parameters
from forecast.growth.sampling import growth_forecast, scores_or_drawn
from forecast.paths import months_after
from forecast.volatility import FEWEST_VALUES, SHORTEST_MONTHS, volatility_factor

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from forecast.growth.class_parameters import ClassParameters
    from forecast.history import History
    from forecast.paths import Forecast

__all__ = ["Analog", "FittedReferenceClass", "ReferenceClass"]

LONGEST_MONTHS = 24
SHOWN_ANALOGS = 3
NEAR = 0.5  # log growth of last year; farther off is no analog
FASTEST_GROWTH = 5.2


@dataclass(frozen=True)
class Analog:
    """A past product after a similar year.

    Parameters
    ----------
    product : str
        Name of the product.
    month : str
        Month seen from, YYYY-MM.
    growth_12 : float
        Growth factor of the twelve months before. [1]
    growth_next_18 : float
        Growth factor of the eighteen months after. [1]
    volatility : float
        Monthly log volatility of the twelve months before; nan where it is not known. [1]
    """

    product: str
    month: str
    growth_12: float
    growth_next_18: float
    volatility: float = float("nan")

    @property
    def text(self) -> str:
        """Both growth factors in words."""
        return (
            f"{self.product} to {self.month} grew {self.growth_12:.1f}x in a year, then "
            f"{self.growth_next_18:.1f}x in 18 months"
        )


@dataclass(frozen=True)
class ReferenceClass:
    """Growth model learned from past products of one class.

    Parameters
    ----------
    name : {"service", "developer", "all"}
        Digital services; open-source projects (downloads, stars); both. The class is the largest
        lever of the forecast: projects slow down sooner than services.
    longest : int
        Longest horizon that is answered, at least 1; beyond 18 months nothing was learned, and
        beyond 24 nothing measured. [months]

    Raises
    ------
    ValueError
        If the class is unknown or the horizon below 1.

    Notes
    -----
    Last year's log growth gives the log growth ahead as the mean of a Gompertz curve with a learned
    cap and of a learned line over its logarithm. Paths spread as that mean erred on products it had
    not seen, widened by a quarter, and with the root of last year's volatility where its values
    tell it: in every class the unsteady products are the ones that surprise. These errors, each
    over its factor, have correlations 0.86, 0.96 and 0.79 at 6 and 12, 12 and 18, 6 and 18 months:
    more than Brownian motion (0.71, 0.82, 0.58), so a path keeps its rank for longer. Published
    series are those of winners: read the forecast as "given that it goes on well".

    References
    ----------
    .. [1] B. Flyvbjerg, From Nobel prize to project management: getting risks right, Project
       Management Journal 37(3), 2006.

    Examples
    --------
    >>> from forecast.history import History
    >>> users = History.from_points(
    ...     "users", {"2022-01": 120_000, "2022-12": 620_000}, kind="cumulative", unit="users"
    ... )
    >>> forecast = ReferenceClass("service").fit(users).predict(months=18, paths=2_000, seed=7)
    >>> bool(1.8e6 < np.median(forecast.at("2024-06")) < 2.3e6)
    True
    """

    name: str = "service"
    longest: int = LONGEST_MONTHS

    def __post_init__(self) -> None:
        """Check class and horizon."""
        class_parameters(self.name)
        if self.longest < 1:
            raise ValueError(f"longest must be at least 1 month, got {self.longest!r}")

    def fit(self, history: History) -> FittedReferenceClass:
        """Take last year's growth from a history.

        Parameters
        ----------
        history : History
            Two points or more. The end points of the last twelve months give the growth, the values
            between them how wide the interval is.

        Returns
        -------
        FittedReferenceClass
            Ready to predict.
        """
        return FittedReferenceClass(self, history, history.yearly_growth)

    def growth_quantiles(
        self,
        growth: float,
        months: ArrayLike,
        p: ArrayLike,
        volatility: float = float("nan"),
    ) -> NDArray[np.float64]:
        """Quantiles of the log growth ahead.

        Parameters
        ----------
        growth : float
            Log growth of the last twelve months. [1]
        months : array_like
            Horizons, at least 0, shape (months,). [months]
        p : array_like
            Probabilities strictly between 0 and 1, shape (probabilities,). [1]
        volatility : float
            Monthly log volatility of the last twelve months; nan where it is not known. [1]

        Returns
        -------
        ndarray of float
            Shape (months, probabilities). [1]

        Raises
        ------
        ValueError
            If growth is not finite, a horizon negative, or a probability not between 0 and 1.

        Examples
        --------
        >>> low, high = ReferenceClass("service").growth_quantiles(1.8, [18], [0.1, 0.9])[0]
        >>> bool(low < 1.2 < high)
        True
        """
        parameters = class_parameters(self.name)
        central = parameters.log_growth(growth, np.atleast_1d(months))
        spread = parameters.spread(growth, volatility=volatility)
        return central[:, None] + spread.quantile(np.atleast_1d(p), months)

    def analogs(self, growth: float, count: int = 5) -> tuple[Analog, ...]:
        """Past services after the most similar year, nearest first, one origin a product.

        Parameters
        ----------
        growth : float
            Log growth of the last twelve months. [1]
        count : int
            How many at most. [1]

        Returns
        -------
        tuple of Analog
            From the series that may be shipped; empty for a class without any.

        Examples
        --------
        >>> len(ReferenceClass("service").analogs(growth=1.8, count=3))
        3
        """
        if self.name == "developer":
            return ()
        known = [Analog(**row) for row in learned_parameters()["analogs"]]
        known.sort(key=lambda analog: abs(np.log(analog.growth_12) - growth))
        nearest = {analog.product: analog for analog in reversed(known)}
        return tuple(analog for analog in known if nearest[analog.product] is analog)[:count]


@dataclass(frozen=True, eq=False)
class FittedReferenceClass:
    """A reference class that knows last year's growth.

    Parameters
    ----------
    reference : ReferenceClass
        The class.
    history : History
        Where the forecast starts.
    growth : float
        Log growth of the last twelve months. [1]
    """

    reference: ReferenceClass
    history: History
    growth: float

    @property
    def parameters(self) -> ClassParameters:
        """Learned parameters of the class."""
        return class_parameters(self.reference.name)

    def predict(
        self, months: int, paths: int, seed: int, shocks: NDArray[np.float64] | None = None
    ) -> Forecast:
        """Sample paths of the months after the history.

        Parameters
        ----------
        months : int
            Number of months, 1 to `longest` of the class. [months]
        paths : int
            Number of sample paths, at least 2. [1]
        seed : int
            Seed of the random stream that is named after the history. [1]
        shocks : ndarray of float, optional
            Standard normal scores, shape (paths, months); drawn if left out. [1]

        Returns
        -------
        Forecast
            Notes say how many products stand behind the interval and where it is extrapolated.

        Raises
        ------
        ValueError
            If the horizon is too long, or months, paths, seed or shocks are not as described.
        """
        horizons = np.arange(1.0, len(months_after(self.history.origin, months)) + 1.0)
        if months > self.reference.longest:
            raise ValueError(
                f"{months} months ahead; allowed: 1 to {self.reference.longest} "
                f"(ReferenceClass({self.reference.name!r}, longest={months}) insists)"
            )
        scores = scores_or_drawn(
            shocks, (paths, months), (seed, self.history.name), self.parameters.persistence
        )
        central = self.parameters.log_growth(self.growth, horizons)
        spread = self.parameters.spread(self.growth, volatility=self.history.volatility)
        errors = spread.sample(scores, horizons)
        return growth_forecast(
            self.history,
            central + errors,
            model=f"reference class: {self.reference.name}",
            seed=seed,
            notes=self._notes(months),
        )

    @property
    def nearest(self) -> tuple[Analog, ...]:
        """Up to three past products after a similar year of 2x or more, nearest first."""
        if self.growth < HIGH_GROWTH:
            return ()
        return tuple(
            analog
            for analog in self.reference.analogs(self.growth, SHOWN_ANALOGS)
            if abs(np.log(analog.growth_12) - self.growth) <= NEAR
        )

    def _analog_note(self) -> list[str]:
        told = "; ".join(analog.text for analog in self.nearest)
        return [f"{self.history.name}: nearest past products: {told}"] if told else []

    def _volatility_note(self) -> str:
        volatility, typical = self.history.volatility, self.parameters.volatility
        if np.isnan(volatility + typical):
            return (
                f"{self.history.name}: fewer than {FEWEST_VALUES} values over "
                f"{SHORTEST_MONTHS:.0f} months of the last year, so its volatility is unknown: "
                "interval of steady and unsteady products alike"
            )
        factor = float(volatility_factor(volatility, typical))
        return (
            f"{self.history.name}: last year's values strayed {volatility:.0%} a month from "
            f"steady growth (a launch, a bend or a season counts too), typical are {typical:.0%}: "
            f"interval {factor:.2f} times that of a typical year"
        )

    def _notes(self, months: int) -> tuple[str, ...]:
        learned, factor = self.parameters, float(np.exp(self.growth))
        measured = np.searchsorted(learned.horizons, min(months, learned.horizons[-1]))
        notes = [
            f"{self.history.name}: growth of {factor:.2f}x in 12 months; interval from "
            f"{learned.products[measured]} products of class '{learned.name}' "
            f"({learned.origins[measured]} origins), widened by "
            f"{learned_parameters()['widening']:g}",
            self._volatility_note(),
            "published series are those of winners: read it as 'given that it goes on well'",
        ]
        if months > learned.horizons[-1]:
            notes.append(
                f"months {int(learned.horizons[-1]) + 1} to {months} are extrapolated: nothing was "
                f"learned beyond {int(learned.horizons[-1])} months"
            )
        if self.growth < HIGH_GROWTH:
            notes.append(f"{factor:.2f}x is below the 2x a year that the class was learned from")
        notes += self._analog_note()
        if self.growth > FASTEST_GROWTH:
            notes.append(f"{factor:.0f}x a year is beyond what the class was learned from")
        return tuple(notes)
