"""Prophet as one more growth model, with intervals from measured errors."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from forecast.growth.fit_errors import fitted_curve
from forecast.growth.prophet_inputs import (
    ProphetEvent,
    country_events,
    event_months,
    regressor_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from forecast.growth.fit_errors import Curve, FittedCurve
    from forecast.history import History

__all__ = ["ProphetEvent", "ProphetGrowth"]

FEWEST_POINTS = 4
SEASONAL_MONTHS = np.timedelta64(36, "M")
YEARLY_HARMONICS = 3
YEARS_AHEAD = 20  # of holidays
LOGGERS = ("prophet", "prophet.plot", "prophet.models", "cmdstanpy")
NOTE = (
    "Prophet's own interval is not used: on past growth its 80 % band held the truth in about one "
    "case of ten; the spread comes from measured errors instead"
)


@dataclass(frozen=True)
class ProphetGrowth:
    """Growth by the `prophet` package.

    Parameters
    ----------
    growth : {"linear", "logistic"}
        "linear" fits a piecewise straight line to the logarithm; "logistic" fits the values
        themselves below a cap.
    cap_multiple : float, optional
        Cap as a multiple of the last value, above 1; "logistic" needs this or `capacity`. [1]
    capacity : float, optional
        Cap as a value, above every reported one; no path exceeds it. [unit]
    events : tuple of ProphetEvent
        Named events with at least one month in the history, from which their effect is learned.
    holidays : str, optional
        Country whose holidays are events, as in the package `holidays`, such as "DE". Those that
        fall into the same month every year belong to the season and are left out.
    regressors : mapping of str to mapping of str to float
        Values by month YYYY-MM, known for every month of the history and of the forecast. [any]

    Raises
    ------
    ValueError
        If the growth is unknown, the cap does not suit it, or a name is used twice.

    Notes
    -----
    Effects multiply the value. A cap as a value ties the model to a unit, so that a backtest, which
    tells histories in another one, refuses it: give `cap_multiple` there.

    References
    ----------
    .. [1] S. J. Taylor and B. Letham, Forecasting at scale, The American Statistician 72(1), 2018.

    Examples
    --------
    >>> ProphetGrowth("logistic", cap_multiple=5.0).growth
    'logistic'
    """

    growth: Literal["linear", "logistic"] = "linear"
    cap_multiple: float | None = None
    capacity: float | None = None
    events: tuple[ProphetEvent, ...] = ()
    holidays: str | None = None
    regressors: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Check growth, cap and names."""
        if self.growth not in ("linear", "logistic"):
            raise ValueError(f"growth {self.growth!r}; allowed: linear, logistic")
        caps = [cap for cap in (self.cap_multiple, self.capacity) if cap is not None]
        if self.growth == "linear" and caps:
            raise ValueError("linear growth has no cap; allowed: growth='logistic' with it")
        if self.growth == "logistic" and len(caps) != 1:
            raise ValueError(
                f"logistic growth needs a cap_multiple above 1 or a capacity, got {len(caps)} caps"
            )
        if self.cap_multiple is not None and not 1.0 < self.cap_multiple < np.inf:
            raise ValueError(
                f"logistic growth needs a cap_multiple above 1, got {self.cap_multiple!r}"
            )
        names = [*(event.name for event in self.events), *self.regressors]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)}: named twice; allowed: a name for each event")

    def fit(self, history: History) -> FittedCurve:
        """Fit Prophet to a history.

        Parameters
        ----------
        history : History
            Four points or more.

        Returns
        -------
        FittedCurve
            Ready to predict; only Prophet's central path is used.

        Raises
        ------
        ImportError
            If the `prophet` package is not installed.
        ValueError
            If the history has fewer than four points or a value at the capacity or above, an event
            has no month in it, the country is unknown, or a regressor lacks a month of it.
        """
        _prophet_class()
        self._check(history)
        if len(history.values) < FEWEST_POINTS:
            raise ValueError(
                f"{history.name}: {len(history.values)} points; allowed for Prophet: "
                f"{FEWEST_POINTS} or more"
            )
        fitted = fitted_curve(
            history, self._curve, model=f"Prophet, {self.growth} growth", notes=(NOTE,)
        )
        return replace(fitted, capacity=self.capacity or np.inf)

    def _check(self, history: History) -> None:
        """Refuse what cannot be learned from a history."""
        highest = float(history.values.max())
        if self.capacity is not None and not highest < self.capacity < np.inf:
            raise ValueError(
                f"{history.name} reached {highest:g}; allowed: a capacity above that, got "
                f"{self.capacity!r}"
            )
        for event in self.events:
            if not np.isin(event_months(event), history.months).any():
                raise ValueError(
                    f"event {event.name!r}: no month of it lies in {history.name}, "
                    f"{history.months[0]} to {history.origin}, so that its effect cannot be "
                    "learned; allowed: one such month or more"
                )
        regressor_columns(self.regressors, history.months)

    def _curve(self, history: History) -> Curve:
        """Central path of a fresh Prophet fit, as log growth since the last value."""
        import pandas as pd  # noqa: PLC0415  (keeps `import forecast` light)

        log = self.growth == "linear"
        relative = history.values / history.values[-1]  # so that no unit matters to its priors
        seasonal = history.months[-1] - history.months[0] >= SEASONAL_MONTHS
        frame = pd.DataFrame(
            {
                "ds": history.months.astype("datetime64[ns]"),
                "y": np.log(relative) if log else relative,
                **regressor_columns(self.regressors, history.months),
            }
        )
        mode = "additive" if log else "multiplicative"
        model = _prophet_class()(
            growth=self.growth,
            holidays=self._holidays(history),
            holidays_mode=mode,
            uncertainty_samples=0,
            yearly_seasonality=YEARLY_HARMONICS if seasonal else False,
            weekly_seasonality=False,
            daily_seasonality=False,
        )
        for name in self.regressors:
            model.add_regressor(name, mode=mode)
        cap = self.cap_multiple
        if self.capacity is not None:
            cap = self.capacity / float(history.values[-1])
        with _quiet():
            model.fit(_capped(frame, cap), seed=1)

        @lru_cache(maxsize=8)
        def path(months: tuple[float, ...]) -> NDArray[np.float64]:
            steps = np.array([0.0, *months]).astype(int)
            dates = history.origin + steps
            columns = regressor_columns(self.regressors, dates)
            frame = pd.DataFrame({"ds": dates.astype("datetime64[ns]"), **columns})
            with _quiet():
                ahead = model.predict(_capped(frame, cap))
            level = ahead["yhat"].to_numpy(dtype=float)
            if not log:
                level = np.log(np.maximum(level, np.finfo(float).tiny))
            return np.asarray(level[1:] - level[0])

        return lambda months: path(tuple(months.tolist()))

    def _holidays(self, history: History) -> Any:
        """Table of the months of all events, from the history's first on; None without any."""
        import pandas as pd  # noqa: PLC0415  (keeps `import forecast` light)

        events = self.events
        if self.holidays is not None:
            years = history.months[[0, -1]].astype("datetime64[Y]").astype(int) + 1970
            events += country_events(self.holidays, int(years[0]), int(years[1]) + YEARS_AHEAD)
        if not events:
            return None
        rows = [(event.name, month) for event in events for month in event_months(event)]
        names, months = zip(*rows, strict=True)
        return pd.DataFrame({"holiday": names, "ds": np.array(months).astype("datetime64[ns]")})


def _capped(frame: Any, cap: float | None) -> Any:
    return frame if cap is None else frame.assign(cap=cap, floor=0.0)


def _prophet_class() -> Any:
    try:
        from prophet import Prophet  # noqa: PLC0415  (an optional package)
    except ImportError as error:
        raise ImportError(
            "ProphetGrowth needs the package 'prophet': pip install 'fleetcast[prophet]'"
        ) from error
    return Prophet


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the loggers of Prophet and its compiler for a while."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            # Prophet 1.x changes its tables in place, which pandas 3 deprecates.
            warnings.filterwarnings("ignore", message="(?s).*inplace.*DataFrame")
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
