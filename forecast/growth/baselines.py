"""Naive, seasonal naive and drift: the bar that each growth model must clear.

They need no choice and no past products. Their intervals come from how far they erred one step
ahead inside the history, or, where it is too short for that, from the errors on past services.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.growth.class_parameters import class_parameters
from forecast.growth.fit_errors import BROWNIAN, FittedCurve
from forecast.growth.spread import ResidualSpread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecast.growth.fit_errors import Curve
    from forecast.history import History

    Floats = NDArray[np.float64]

__all__ = ["Drift", "Naive", "SeasonalNaive", "baselines"]

YEAR = 12
FEWEST_RESIDUALS = 4
HORIZONS = np.arange(1.0, 61.0)
LEVELS = np.array([0.01, 0.025, *np.arange(1, 20) / 20.0, 0.975, 0.99])
LOWEST_SHARE = 1e-3


@dataclass(frozen=True)
class Naive:
    """Tomorrow is like today: the last value, for ever.

    Notes
    -----
    The log error grows with the square root of the horizon, from the root mean square of the log
    steps of the history.

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2020-07", dtype="datetime64[M]")
    >>> history = History("queries", months.astype("datetime64[D]"), [5.0, 8.0, 7.0, 9.0, 6.0, 7.0])
    >>> Naive().fit(history).predict(months=3, paths=1_001, seed=7).quantile(0.5).round(6).tolist()
    [7.0, 7.0, 7.0]
    """

    def fit(self, history: History) -> FittedCurve:
        """Take the last value of a history.

        Parameters
        ----------
        history : History
            Two points or more.

        Returns
        -------
        FittedCurve
            Ready to predict.
        """
        step = _step(history)
        return _fitted(
            history,
            "naive",
            lambda months: np.zeros(np.shape(months)),
            np.diff(np.log(history.values)),
            np.sqrt(HORIZONS / step),
        )


@dataclass(frozen=True)
class SeasonalNaive:
    """The same month of last year again.

    Parameters
    ----------
    season : int
        Length of the season, at least 2. [months]

    Raises
    ------
    ValueError
        If the season is shorter.

    Notes
    -----
    The log error stays the same within a season and grows with the square root of the number of
    seasons ahead. Where the history is reported less often than monthly, last year's values are
    interpolated in log.

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2021-07", dtype="datetime64[M]")
    >>> history = History("queries", months.astype("datetime64[D]"), 5.0 + np.arange(18.0) % 12)
    >>> fitted = SeasonalNaive().fit(history)
    >>> (10.0 * np.exp(fitted.curve(np.array([1.0, 6.0, 7.0])))).round(6).tolist()
    [11.0, 16.0, 5.0]
    """

    season: int = YEAR

    def __post_init__(self) -> None:
        """Check the season."""
        if self.season < 2:  # noqa: PLR2004
            raise ValueError(f"season must be at least 2 months, got {self.season!r}")

    def fit(self, history: History) -> FittedCurve:
        """Take the last season of a history.

        Parameters
        ----------
        history : History
            Reaching back a season or more.

        Returns
        -------
        FittedCurve
            Ready to predict.

        Raises
        ------
        ValueError
            If the history is shorter than a season, or its steps do not divide the season.
        """
        step, span = _step(history), int((history.origin - history.months[0]).astype(int))
        if span < self.season or self.season % step:
            raise ValueError(
                f"{history.name}: seasonal naive needs steps that divide {self.season} months and "
                f"as many months of history, got steps of {step} over {span} months"
            )
        logs, lag = np.log(history.values), self.season // step
        ages = (history.months - history.origin).astype(float)

        def curve(months: Floats) -> Floats:
            seasons = np.maximum(np.ceil(np.asarray(months) / self.season), 1.0)
            return np.asarray(np.interp(months - self.season * seasons, ages, logs) - logs[-1])

        growth = np.sqrt(np.ceil(HORIZONS / self.season))
        return _fitted(history, "seasonal naive", curve, logs[lag:] - logs[:-lag], growth)


@dataclass(frozen=True)
class Drift:
    """The straight line from the first value through the last.

    Notes
    -----
    A falling line stops at a thousandth of the last value. With T steps in the history the log
    error of h steps grows with the square root of ``h (1 + h / T)``, from the log errors of the
    same line one step ahead.

    References
    ----------
    .. [1] R. J. Hyndman and G. Athanasopoulos, Forecasting: principles and practice, 3rd edition,
       2021, sections 5.2 and 5.5.

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2020-07", dtype="datetime64[M]")
    >>> history = History("queries", months.astype("datetime64[D]"), [5.0, 8.0, 7.0, 9.0, 6.0, 7.0])
    >>> (7.0 * np.exp(Drift().fit(history).curve(np.array([1.0, 10.0])))).round(6).tolist()
    [7.4, 11.0]
    """

    def fit(self, history: History) -> FittedCurve:
        """Draw the line through both ends of a history.

        Parameters
        ----------
        history : History
            Two points or more.

        Returns
        -------
        FittedCurve
            Ready to predict.
        """
        step, values = _step(history), history.values
        steps = len(values) - 1
        rise = (values[-1] - values[0]) / steps

        def curve(months: Floats) -> Floats:
            share = 1.0 + rise * np.asarray(months) / step / values[-1]
            return np.asarray(np.log(np.maximum(share, LOWEST_SHARE)))

        line = np.maximum(values[:-1] + rise, LOWEST_SHARE * values[:-1])
        ahead = HORIZONS / step
        growth = np.sqrt(ahead * (1.0 + ahead / steps))
        return _fitted(history, "drift", curve, np.log(values[1:] / line), growth)


def baselines(history: History) -> dict[str, Naive | SeasonalNaive | Drift]:
    """Baselines that a history allows.

    Parameters
    ----------
    history : History
        Two points or more.

    Returns
    -------
    dict of str to Naive, SeasonalNaive or Drift
        "naive" and "drift", and "seasonal naive" where the history reaches back a year.

    Examples
    --------
    >>> from forecast.history import History
    >>> users = History.from_points("users", {"2022-01": 1, "2022-12": 2}, kind="cumulative")
    >>> list(baselines(users))
    ['naive', 'drift']
    """
    found: dict[str, Naive | SeasonalNaive | Drift] = {"naive": Naive(), "drift": Drift()}
    span = int((history.origin - history.months[0]).astype(int))
    if span >= YEAR and YEAR % _step(history) == 0:
        found["seasonal naive"] = SeasonalNaive()
    return found


def _step(history: History) -> int:
    """Months from one value to the next."""
    return int((history.months[1] - history.months[0]).astype(int))


def _fitted(
    history: History, model: str, curve: Curve, residuals: Floats, growth: Floats
) -> FittedCurve:
    """Curve with the errors of its own past, or of past services where that is too short.

    `growth` is the log error at each of `HORIZONS` over that of one step.
    """
    from scipy.special import ndtri  # noqa: PLC0415  (keeps `import forecast` light)

    if len(residuals) < FEWEST_RESIDUALS:
        service = class_parameters("service")
        spread = service.spread(history.yearly_growth).recentred()
        persistence, note = (
            service.persistence,
            (
                f"{len(residuals)} past errors of its own are too few, interval from the errors on "
                f"{service.products[-1]} past services"
            ),
        )
    else:
        sd = float(np.sqrt(np.mean(residuals**2)))
        spread = ResidualSpread(HORIZONS, LEVELS, sd * growth[:, None] * ndtri(LEVELS))
        persistence, note = (
            BROWNIAN,
            (f"interval from {len(residuals)} past errors of its own, log error {sd:.3f}"),
        )
    return FittedCurve(
        history, curve, spread, persistence, model, (f"{history.name}: {model}, {note}",)
    )
