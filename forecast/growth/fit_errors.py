"""How far a fitted curve may be wrong: errors from earlier origins, or from past products."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.growth.class_parameters import class_parameters
from forecast.growth.sampling import growth_forecast, scores_or_drawn
from forecast.growth.spread import ResidualSpread
from forecast.history import History
from forecast.paths import months_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from forecast.paths import Forecast

    Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
    CurveFit = Callable[[History], Curve]

__all__ = ["ENOUGH_POINTS", "FittedCurve", "ShortHistoryWarning", "fitted_curve"]

ENOUGH_POINTS = 24
FEWEST_TRAINING = 12
MOST_ORIGINS = 5
BROWNIAN = 0.5
TABLE_HORIZONS = np.array([1.0, 2.0, 4.0, 8.0, 12.0, 18.0, 24.0, 36.0, 60.0])
TABLE_LEVELS = np.array([0.01, 0.025, *np.arange(1, 20) / 20.0, 0.975, 0.99])
LOWEST_LOG = float(np.log(1e-3))


class ShortHistoryWarning(UserWarning):
    """The history is too short for a curve fitted to it alone."""


@dataclass(frozen=True, eq=False)
class FittedCurve:
    """A growth curve through a history, with its errors.

    Parameters
    ----------
    history : History
        Where the forecast starts.
    curve : callable
        From horizons [months], shape (months,), to log growth since the last value [1].
    spread : ResidualSpread
        Log errors by horizon.
    persistence : float
        Exponent of the correlation of errors between months. [1]
    model : str
        Name of the growth model.
    notes : tuple of str
        What a reader must know.
    capacity : float
        Value that no path exceeds; infinite where there is none. [unit]

    Examples
    --------
    >>> from forecast.growth.statistical import ConstantGrowth
    >>> months = np.arange("2020-01", "2022-01", dtype="datetime64[M]")
    >>> history = History("queries", months.astype("datetime64[D]"), 1.1 ** np.arange(24.0))
    >>> forecast = ConstantGrowth().fit(history).predict(months=12, paths=1_001, seed=7)
    >>> round(float(np.median(forecast.at("2022-12"))) / 1.1**35, 3)
    1.0
    """

    history: History
    curve: Curve
    spread: ResidualSpread
    persistence: float
    model: str
    notes: tuple[str, ...]
    capacity: float = np.inf

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
            Standard normal scores, shape (paths, months); drawn if left out. [1]

        Returns
        -------
        Forecast
            The median is the curve itself.

        Raises
        ------
        ValueError
            If months, paths, seed or shocks are not as described.
        """
        horizons = np.arange(1.0, len(months_after(self.history.origin, months)) + 1.0)
        scores = scores_or_drawn(
            shocks, (paths, months), (seed, self.history.name), self.persistence
        )
        room = np.log(self.capacity) - np.log(self.history.values[-1])
        log_growth = self.curve(horizons) + self.spread.sample(scores, horizons)
        log_growth = np.minimum(log_growth, room)
        return growth_forecast(
            self.history, log_growth, model=self.model, seed=seed, notes=self.notes
        )


def fitted_curve(
    history: History,
    fit: CurveFit,
    *,
    model: str,
    method: str = "combination",
    noise: float = 0.0,
    notes: tuple[str, ...] = (),
) -> FittedCurve:
    """Curve through a history with the errors that suit its length.

    Parameters
    ----------
    history : History
        Two points or more.
    fit : callable
        From a history to its curve; used again on earlier parts of a long history.
    model : str
        Name of the growth model.
    method : str
        Whose errors on past products are taken for a short history: "combination", "exponential"
        or "linear".
    noise : float
        Standard deviation of the log residuals of the fit, at least 0. [1]
    notes : tuple of str
        What the model itself has to say.

    Returns
    -------
    FittedCurve
        With 24 points or more, errors of the same model from earlier origins of this history; with
        fewer, errors of growth forecasts of past services, re-centred on the curve.

    Warns
    -----
    ShortHistoryWarning
        If the history has fewer than 24 points.
    """
    curve = fit(history)
    if len(history.values) >= ENOUGH_POINTS:
        spread, note = _rolling_spread(history, fit)
        return FittedCurve(history, curve, spread, BROWNIAN, model, (note, *notes))
    service = class_parameters("service")
    spread = service.spread(history.yearly_growth, method).recentred().broadened(noise)
    note = (
        f"{history.name}: {len(history.values)} points are too few for a curve of its own (24 are "
        f"advised); interval from the errors of {service.products[-1]} past services, re-centred"
    )
    warnings.warn(f"{model}: {note}", ShortHistoryWarning, stacklevel=3)
    return FittedCurve(history, curve, spread, service.persistence, model, (note, *notes))


def _rolling_spread(history: History, fit: CurveFit) -> tuple[ResidualSpread, str]:
    """Errors of the model from earlier origins, growing with the square root of the horizon."""
    from scipy.special import ndtri  # noqa: PLC0415  (keeps `import forecast` light)

    count = len(history.values)
    starts = np.unique(np.linspace(FEWEST_TRAINING, count - 1, MOST_ORIGINS).astype(int))
    errors = [_scaled_errors(history, fit, int(start)) for start in starts]
    used = [found for found in errors if found is not None]
    if not used:
        raise ValueError(f"{history.name}: the model fits no earlier part of the history")
    scaled = np.concatenate(used)
    sd = float(np.sqrt(np.mean(scaled**2)))
    table = sd * np.sqrt(TABLE_HORIZONS)[:, None] * ndtri(TABLE_LEVELS)
    note = (
        f"{history.name}: interval from {len(used)} earlier origins of this history; log error "
        f"{sd:.3f} at one month, growing with the square root of the horizon"
    )
    return ResidualSpread(TABLE_HORIZONS, TABLE_LEVELS, table), note


def _scaled_errors(history: History, fit: CurveFit, start: int) -> NDArray[np.float64] | None:
    """Log errors after the first `start` points, over the square root of the horizon [months].

    None where the model cannot be fitted to so few points.
    """
    early = History(
        history.name, history.dates[:start], history.values[:start], history.kind, history.unit
    )
    horizons = (history.months[start:] - early.origin).astype(float)
    actual = np.log(history.values[start:] / early.values[-1])
    try:
        predicted = fit(early)(horizons)
    except ValueError:
        return None
    # A line that falls to zero has an infinite log error, which would drown all others.
    return np.asarray((actual - np.maximum(predicted, LOWEST_LOG)) / np.sqrt(horizons))
