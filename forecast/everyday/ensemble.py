"""Forecasts of everyday series: classical models and pooled networks, with intervals that hold.

An adoption curve, such as the users of a young service, goes its own way:
see `forecast.everyday.adoption`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from forecast.everyday.adoption import adoption_curve, learned_shares
from forecast.everyday.classical import classical
from forecast.everyday.error_table import error_table
from forecast.everyday.log_windows import fewest_values
from forecast.everyday.past import prepared_past
from forecast.everyday.pooled_networks import PooledNetworks
from forecast.everyday.quantile_network import LEVELS, MIDDLE
from forecast.growth.sampling import scores_or_drawn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from forecast.everyday.adoption import AdoptionCurve
    from forecast.everyday.past import Past
    from forecast.series import Series

    Floats = NDArray[np.float64]
    Key = tuple[str, int]

__all__ = ["Everyday", "FittedEveryday", "Outlook", "outlook"]

WEIGHT = 0.4  # of the networks; between 1/3 and 1/2 errors on held-out parts hardly differ
FEWEST_IN_PANEL = 30
FARTHEST = 40.0  # log distance of a quantile to the middle; keeps every number finite
PERSISTENCE = 0.5  # errors add up like those of a random walk
STREAM = "everyday"
LONGER_SEASONS = {("hour", 24): 168, ("day", 7): 365}


@dataclass(frozen=True, eq=False)
class Outlook:
    """Middle of a forecast, and what decides its spread.

    Parameters
    ----------
    middle : ndarray of float
        Shape (horizon,). [unit]
    error : ndarray of float
        Size of the log error that the classical fit expects, shape (horizon,). [1]
    networks : ndarray of float or None
        Log distances of the networks' quantiles to their median, shape (levels, horizon). [1]
    """

    middle: Floats
    error: Floats
    networks: Floats | None


def outlook(values: Floats, key: Key, horizon: int, networks: PooledNetworks) -> Outlook:
    """Weighted mean of the classical forecast and of the networks' median.

    Parameters
    ----------
    values : ndarray of float
        Values above 0, of the order of 1, not all the same. [unit]
    key : tuple of str and int
        Step and season. [steps]
    horizon : int
        Steps ahead. [steps]
    networks : PooledNetworks
        What was learned from other series.

    Returns
    -------
    Outlook
        The classical forecast alone where no network knows such series.
    """
    seasons = (key[1], LONGER_SEASONS[key]) if key in LONGER_SEASONS else (key[1],)
    fitted = classical(values, seasons, horizon)
    found = networks.offsets(np.log(values), key, horizon)
    if found is None:
        return Outlook(fitted.middle, fitted.error, None)
    middle = (1.0 - WEIGHT) * fitted.middle + WEIGHT * np.exp(found[MIDDLE])
    return Outlook(middle, fitted.error, found - found[MIDDLE])


@dataclass(frozen=True, eq=False)
class Everyday:
    """Combination of Theta, exponential smoothing and pooled networks.

    Parameters
    ----------
    networks : PooledNetworks
        What was learned from other series; what is shipped if left out.
    panel : PooledNetworks
        What was also learned from a panel. Series too short to have been learned from, such as one
        season, are left to `networks`: they are often wilder than the rest of their panel.

    Examples
    --------
    >>> from forecast.series import Series
    >>> months = 100.0 + 10.0 * np.sin(np.arange(48) * np.pi / 6.0)
    >>> visits = Series("visits", np.datetime64("2022-01-01"), months, "month")
    >>> Everyday().fit(visits).quantiles(3, [0.1, 0.5, 0.9]).shape
    (3, 3)
    """

    networks: PooledNetworks = field(default_factory=PooledNetworks.shipped, repr=False)
    panel: PooledNetworks = field(default=PooledNetworks({}), repr=False)

    def fit(self, series: Series) -> FittedEveryday:
        """Look at one series.

        Parameters
        ----------
        series : Series
            Two known values or more. Gaps and lone outliers are filled on straight lines, with the
            season where three are known; of a long series the latest 2,000 values are read.

        Returns
        -------
        FittedEveryday
            Ready to forecast.
        """
        past, key = prepared_past(series.values, series.season), (series.step, series.season)
        # A series that was shifted reached 0, as no adoption curve does.
        capacity = series.capacity / past.size
        curve = None if past.shift else adoption_curve(past.values, series.step, capacity)
        learned_from = key in self.panel.members and len(past.values) >= fewest_values(key[1])
        networks = self.panel if learned_from else self.networks
        return FittedEveryday(past, key, networks, curve, series.capacity)

    def on_panel(self, panel: Iterable[Series]) -> Everyday:
        """Model whose networks have also learned from a panel.

        Parameters
        ----------
        panel : iterable of Series
            Series that will be forecast, and others like them; each kind of series (step and
            season) is learned from of which 30 or more are longer than a season.

        Returns
        -------
        Everyday
            A new model; the same panel gives the same model.
        """
        kinds: dict[Key, list[Floats]] = {}
        for series in panel:
            past = prepared_past(series.values, series.season)
            if not past.constant and len(past.values) >= fewest_values(series.season):
                kinds.setdefault((series.step, series.season), []).append(np.log(past.values))
        members = {
            key: self.networks.refitted(logs, key).members[key]
            for key, logs in kinds.items()
            if len(logs) >= FEWEST_IN_PANEL
        }
        return Everyday(self.networks, PooledNetworks(members))


@dataclass(frozen=True, eq=False)
class FittedEveryday:
    """Everyday model that knows its series.

    Parameters
    ----------
    past : Past
        Latest values.
    key : tuple of str and int
        Step and season of the series. [steps]
    networks : PooledNetworks
        What was learned from other series.
    adoption : AdoptionCurve or None
        Line that is followed instead of all else; None where the series is no adoption curve.
    capacity : float
        Bound of the values; infinite where there is none. [unit of the series]
    """

    past: Past
    key: Key
    networks: PooledNetworks
    adoption: AdoptionCurve | None = None
    capacity: float = np.inf

    def quantiles(self, horizon: int, levels: ArrayLike) -> Floats:
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
            is and never above its capacity. A constant series stays what it is. [unit of the
            series]

        Raises
        ------
        ValueError
            If the horizon or a level is not as described.
        """
        wanted = np.atleast_1d(np.asarray(levels, dtype=np.float64))
        if wanted.ndim != 1 or not ((wanted > 0.0) & (wanted < 1.0)).all():
            raise ValueError(f"levels {levels!r}; allowed: probabilities between 0 and 1")
        scores = np.repeat(_scores(wanted)[:, None], max(horizon, 1), axis=1)
        return np.asarray(np.maximum.accumulate(self.at_scores(scores, horizon), axis=0))

    def simulate(self, horizon: int, paths: int, seed: int) -> Floats:
        """Paths through the steps after the series, for questions such as when a value is reached.

        Parameters
        ----------
        horizon : int
            Number of steps, at least 1. [steps]
        paths : int
            Number of paths, at least 2. [1]
        seed : int
            Seed of the random stream. [1]

        Returns
        -------
        ndarray of float
            Shape (paths, horizon), in each step with the quantiles of `quantiles`. That errors of
            neighbouring steps go together as those of a random walk is assumed. [unit of the
            series]

        Raises
        ------
        ValueError
            If a number is too small.
        """
        scores = scores_or_drawn(None, (paths, horizon), (seed, STREAM), PERSISTENCE)
        return self.at_scores(scores, horizon)

    def at_scores(self, scores: Floats, horizon: int) -> Floats:
        """Values at normal scores: 0 is the median.

        Parameters
        ----------
        scores : ndarray of float
            Standard normal scores, shape (paths, horizon). [1]
        horizon : int
            Number of steps, at least 1. [steps]

        Returns
        -------
        ndarray of float
            Shape of `scores`. [unit of the series]

        Raises
        ------
        ValueError
            If the horizon is below 1.
        """
        if isinstance(horizon, bool) or horizon < 1:
            raise ValueError(f"horizon {horizon!r}; allowed: a whole number of 1 or more")
        if self.past.constant:
            return self.past.back(np.full(scores.shape, self.past.values[-1]))
        if self.adoption is not None:
            offsets = self.adoption.offsets(horizon, learned_shares())
            values = self.adoption.values(_distance(scores, offsets))
        else:
            seen = outlook(self.past.values, self.key, horizon, self.networks)
            table, count = error_table(self.key[0]), len(self.past.values)
            offsets = table.offsets(seen.error, seen.networks, count)
            values = seen.middle * np.exp(_distance(scores, offsets))
        return np.minimum(self.past.back(values), self.capacity)


def _distance(scores: Floats, offsets: Floats) -> Floats:
    """Log distance at any scores: straight between the known ones and beyond the outermost."""
    known = _scores(LEVELS.astype(np.float64))
    right = np.clip(np.searchsorted(known, scores), 1, len(known) - 1)
    share = (scores - known[right - 1]) / (known[right] - known[right - 1])
    steps = np.arange(offsets.shape[1])
    low, high = offsets[right - 1, steps], offsets[right, steps]
    return np.clip(low + share * (high - low), -FARTHEST, FARTHEST)


def _scores(levels: Floats) -> Floats:
    """Standard normal quantiles."""
    from scipy.special import ndtri  # noqa: PLC0415  (keeps `import forecast` light)

    return np.asarray(ndtri(levels))
