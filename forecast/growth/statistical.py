"""Curves through the history alone: constant, linear, logistic and Gompertz growth.

They are offered as bounds and for comparison. On past services that had grown by 2x or more in a
year, constant growth overshot 18 months ahead by a factor of four on average, linear growth fell
short by a third, and caps estimated from a year of data erred more than learned ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from forecast.growth.curves import (
    exponential_growth,
    gompertz_growth,
    linear_growth,
    logistic_growth,
)
from forecast.growth.fit_errors import fitted_curve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from forecast.growth.fit_errors import Curve, FittedCurve
    from forecast.history import History

    LogCurve = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
    TwoPoint = Callable[[float, NDArray[np.float64], float], NDArray[np.float64]]

__all__ = ["ConstantGrowth", "GompertzGrowth", "LinearGrowth", "LogisticGrowth"]

FEWEST_FITTED = 4
START_CAP = 5.0
SMALLEST_EXCESS, LARGEST_CAP = 0.01, 1_000.0


@dataclass(frozen=True)
class ConstantGrowth:
    """Exponential growth at the average monthly rate of the last twelve months.

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2022-01", dtype="datetime64[M]")
    >>> history = History("queries", months.astype("datetime64[D]"), 2.0 ** np.arange(24.0))
    >>> ConstantGrowth().fit(history).curve(np.array([3.0])).round(6).tolist()
    [2.079442]
    """

    def fit(self, history: History) -> FittedCurve:
        """Take last year's rate from a history.

        Parameters
        ----------
        history : History
            Two points or more.

        Returns
        -------
        FittedCurve
            Ready to predict.
        """
        return fitted_curve(
            history,
            lambda past: lambda months: exponential_growth(past.yearly_growth, months),
            model="constant growth",
            method="exponential",
        )


@dataclass(frozen=True)
class LinearGrowth:
    """The same amount added each month as on average in the last twelve.

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2022-01", dtype="datetime64[M]")
    >>> history = History("queries", months.astype("datetime64[D]"), 10.0 + np.arange(24.0))
    >>> np.exp(LinearGrowth().fit(history).curve(np.array([11.0]))).round(6).tolist()
    [1.333333]
    """

    def fit(self, history: History) -> FittedCurve:
        """Take last year's increase from a history.

        Parameters
        ----------
        history : History
            Two points or more.

        Returns
        -------
        FittedCurve
            Ready to predict.
        """
        return fitted_curve(
            history,
            lambda past: lambda months: linear_growth(past.yearly_growth, months),
            model="linear growth",
            method="linear",
        )


def _logistic_level(
    months: NDArray[np.float64], parameters: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log level over time; parameters are log level today, log rate and log(cap multiple - 1)."""
    level, rate, excess = parameters[0], np.exp(parameters[1]), np.exp(parameters[2])
    return np.asarray(level + np.log1p(excess) - np.log1p(excess * np.exp(-rate * months)))


def _gompertz_level(
    months: NDArray[np.float64], parameters: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log level over time; parameters as for the logistic curve."""
    level, rate, excess = parameters[0], np.exp(parameters[1]), np.exp(parameters[2])
    return np.asarray(level - np.log1p(excess) * np.expm1(-rate * months))


@dataclass(frozen=True)
class _SaturatingGrowth:
    """Growth to a cap along one of two curves."""

    _model: ClassVar[str]
    _shape: ClassVar[tuple[LogCurve, TwoPoint]]

    cap_multiple: float | None = None

    def __post_init__(self) -> None:
        """Check the cap."""
        _check_cap(self.cap_multiple)

    def fit(self, history: History) -> FittedCurve:
        """Fit the curve to a history.

        Parameters
        ----------
        history : History
            Two points or more with a cap, four or more without.

        Returns
        -------
        FittedCurve
            Ready to predict.

        Raises
        ------
        ValueError
            If there are too few points, the history does not grow, or no curve fits.
        """
        return _saturating(history, self._model, self.cap_multiple, self._shape)


@dataclass(frozen=True)
class LogisticGrowth(_SaturatingGrowth):
    """Logistic growth to a cap.

    Parameters
    ----------
    cap_multiple : float, optional
        Cap as a multiple of the last value, above 1; estimated from the history if left out, which
        needs four points. [1]

    Raises
    ------
    ValueError
        If the cap multiple is not above 1.

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2022-01", dtype="datetime64[M]")
    >>> values = 9.0 / (1.0 + np.exp(-0.3 * (np.arange(24.0) - 20.0)))
    >>> history = History("queries", months.astype("datetime64[D]"), values)
    >>> cap = LogisticGrowth().fit(history).curve(np.array([600.0]))
    >>> (values[-1] * np.exp(cap)).round(3).tolist()
    [9.0]
    """

    _model = "logistic growth"
    _shape = (_logistic_level, logistic_growth)


@dataclass(frozen=True)
class GompertzGrowth(_SaturatingGrowth):
    """Gompertz growth to a cap.

    Parameters
    ----------
    cap_multiple : float, optional
        Cap as a multiple of the last value, above 1; estimated from the history if left out, which
        needs four points. [1]

    Raises
    ------
    ValueError
        If the cap multiple is not above 1.

    Examples
    --------
    >>> from forecast.history import History
    >>> months = np.arange("2020-01", "2022-01", dtype="datetime64[M]")
    >>> values = np.exp(2.0 - 3.0 * np.exp(-0.1 * np.arange(24.0)))
    >>> history = History("queries", months.astype("datetime64[D]"), values)
    >>> cap = GompertzGrowth().fit(history).curve(np.array([600.0]))
    >>> (values[-1] * np.exp(cap) / np.exp(2.0)).round(3).tolist()
    [1.0]
    """

    _model = "Gompertz growth"
    _shape = (_gompertz_level, gompertz_growth)


def _check_cap(cap_multiple: float | None) -> None:
    if cap_multiple is not None and not 1.0 < cap_multiple < np.inf:
        raise ValueError(f"cap_multiple must be finite and above 1, got {cap_multiple!r}")


def _saturating(
    history: History, model: str, cap_multiple: float | None, shape: tuple[LogCurve, TwoPoint]
) -> FittedCurve:
    """Curve with errors: fitted to four points or more, through the end points otherwise."""
    level, two_point = shape
    if len(history.values) >= FEWEST_FITTED:
        parameters, noise = _least_squares(history, level, cap_multiple)
        cap = float(1.0 + np.exp(parameters[2]))
        notes = [f"{model}: cap at {cap:.3g} times the fitted level of {history.origin}"]
        if cap_multiple is None and not SMALLEST_EXCESS * 1.1 < cap - 1.0 < LARGEST_CAP * 0.9:
            notes.append(f"{model}: the history does not determine the cap")
        return fitted_curve(
            history,
            lambda past: _from_today(level, _least_squares(past, level, cap_multiple)[0]),
            model=model,
            noise=noise,
            notes=tuple(notes),
        )
    if cap_multiple is None:
        raise ValueError(
            f"{model}: {len(history.values)} points cannot determine a cap; allowed: "
            f"{FEWEST_FITTED} points or more, or an explicit cap_multiple"
        )
    return fitted_curve(
        history,
        lambda past: lambda months: two_point(past.yearly_growth, months, cap_multiple),
        model=model,
    )


def _from_today(level: LogCurve, parameters: NDArray[np.float64]) -> Curve:
    """Log growth of a fitted curve since today."""
    today = level(np.zeros(1), parameters)
    return lambda months: np.asarray(level(months, parameters) - today)


def _least_squares(
    history: History, level: LogCurve, cap_multiple: float | None
) -> tuple[NDArray[np.float64], float]:
    """Parameters of the curve closest in log, and the sd of its residuals."""
    from scipy.optimize import least_squares  # noqa: PLC0415  (keeps `import forecast` light)

    if history.values[-1] <= history.values[0]:
        raise ValueError(
            f"{history.name} went from {history.values[0]:g} to {history.values[-1]:g}; "
            "allowed: growth, for a curve that rises to a cap"
        )
    months = (history.months - history.origin).astype(float)
    logs = np.log(history.values)
    excess = np.log((START_CAP if cap_multiple is None else cap_multiple) - 1.0)
    rate = np.log(max(history.yearly_growth, 0.12) / 12.0)
    start = np.array([logs[-1], rate, excess])
    free = start if cap_multiple is None else start[:2]
    lower = np.array([logs.min() - 5.0, np.log(1e-5), np.log(SMALLEST_EXCESS)])[: len(free)]
    upper = np.array([logs.max() + 5.0, np.log(10.0), np.log(LARGEST_CAP)])[: len(free)]

    def residuals(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return level(months, np.append(x, start[len(x) :])) - logs

    found = least_squares(residuals, np.clip(free, lower, upper), bounds=(lower, upper), xtol=1e-12)
    if not found.success:
        raise ValueError(f"{history.name}: no curve fits: {found.message}")
    spare = max(len(logs) - len(free), 1)
    return np.append(found.x, start[len(free) :]), float(np.sqrt((found.fun**2).sum() / spare))
