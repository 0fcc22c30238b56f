"""What lies ahead in draws: metrics by month, with their quantiles; no machine is chosen yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from capacity.metrics import METRICS
from capacity.precision import rank_spread
from forecast.shipped.place import nearest

if TYPE_CHECKING:
    from capacity.arrays import Floats, Months
    from capacity.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Outlook:
    """Metrics of a scenario in the same draws throughout.

    Parameters
    ----------
    scenario : Scenario
        The world as assumed.
    months : numpy.ndarray, shape (months,)
        Months of the plan.
    kinds : tuple of str
        For each month: reported, reconstructed or forecast.
    draws : mapping of str to numpy.ndarray, shape (draws, months)
        Metrics of `capacity.metrics`: demand, load and stores, which need no machines.
    notes : tuple of str
        What the forecasts say about themselves.
    """

    by_month: ClassVar[tuple[str, ...]] = ("months", "kinds")

    scenario: Scenario
    months: Months
    kinds: tuple[str, ...]
    draws: Mapping[str, Floats]
    notes: tuple[str, ...]

    @cached_property
    def _sorted(self) -> dict[str, Floats]:
        """Draws of each metric in ascending order, filled as they are asked for."""
        return {}

    def _ordered(self, metric: str) -> Floats:
        if metric not in METRICS:
            raise ValueError(f"unknown metric {metric!r}; {nearest(metric, METRICS)}")
        if metric not in self._sorted:
            self._sorted[metric] = np.sort(self.draws[metric].T, axis=1)
        return self._sorted[metric]

    def quantile(self, metric: str, p: float) -> Floats:
        """Empirical quantile of a metric in each month.

        Parameters
        ----------
        metric : str
            Name of the metric.
        p : float
            Probability, between 0 and 1. [1]

        Returns
        -------
        numpy.ndarray, shape (months,)
            In the metric's unit.

        Raises
        ------
        ValueError
            If the metric is unknown or `p` is outside 0 to 1.
        """
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"a quantile needs a probability between 0 and 1, got {p}")
        columns = self._ordered(metric)
        place = p * (columns.shape[1] - 1)
        low = int(place)
        high = min(low + 1, columns.shape[1] - 1)
        step = columns[:, high] - columns[:, low]
        return np.asarray(columns[:, low] + (place - low) * step)

    def mean(self, metric: str) -> Floats:
        """Mean of a metric in each month.

        Parameters
        ----------
        metric : str
            Name of the metric.

        Returns
        -------
        numpy.ndarray, shape (months,)
            In the metric's unit.

        Raises
        ------
        ValueError
            If the metric is unknown.
        """
        return np.asarray(self._ordered(metric).mean(axis=1))

    def monte_carlo_error(self, metric: str, p: float) -> Floats:
        """How far the quantile of another seed may lie from this one.

        Parameters
        ----------
        metric : str
            Name of the metric.
        p : float
            Probability of the quantile. [1]

        Returns
        -------
        numpy.ndarray, shape (months,)
            Largest distance to the order statistics that the rank of another seed's quantile
            may reach; in the metric's unit.

        Raises
        ------
        ValueError
            If the metric is unknown.
        """
        spread, here = rank_spread(p, self._ordered(metric).shape[1]), self.quantile(metric, p)
        above = self.quantile(metric, min(1.0, p + spread))
        below = self.quantile(metric, max(0.0, p - spread))
        return np.asarray(np.maximum(above - here, here - below))

    @cached_property
    def at_the_end(self) -> Self:
        """The same in its last month alone: what asks for no other sorts no other."""
        last: dict[str, Any] = {name: getattr(self, name)[-1:] for name in self.by_month}
        draws = {name: values[:, -1:] for name, values in self.draws.items()}
        return replace(self, draws=draws, **last)
