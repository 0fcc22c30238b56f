"""Prophet as one more growth model, with intervals from measured errors."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from forecast.fit_errors import fitted_curve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from forecast.fit_errors import Curve, FittedCurve
    from forecast.history import History

__all__ = ["ProphetGrowth"]

FEWEST_POINTS = 4
SEASONAL_MONTHS = np.timedelta64(36, "M")
YEARLY_HARMONICS = 3
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
        Cap as a multiple of the last value, above 1; required for "logistic". [1]

    Raises
    ------
    ValueError
        If the growth is unknown or the cap does not suit it.

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

    def __post_init__(self) -> None:
        """Check growth and cap."""
        if self.growth not in ("linear", "logistic"):
            raise ValueError(f"growth {self.growth!r}; allowed: linear, logistic")
        if self.growth == "linear" and self.cap_multiple is not None:
            raise ValueError("linear growth has no cap; allowed: growth='logistic' with it")
        if self.growth == "logistic" and not (self.cap_multiple or 0.0) > 1.0:
            raise ValueError(
                f"logistic growth needs a cap_multiple above 1, got {self.cap_multiple!r}"
            )

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
            If the history has fewer than four points.
        """
        _prophet_class()
        if len(history.values) < FEWEST_POINTS:
            raise ValueError(
                f"{history.name}: {len(history.values)} points; allowed for Prophet: "
                f"{FEWEST_POINTS} or more"
            )
        return fitted_curve(
            history, self._curve, model=f"Prophet, {self.growth} growth", notes=(NOTE,)
        )

    def _curve(self, history: History) -> Curve:
        """Central path of a fresh Prophet fit, as log growth since the last value."""
        import pandas as pd  # noqa: PLC0415  (keeps `import forecast` light)

        log = self.growth == "linear"
        seasonal = history.months[-1] - history.months[0] >= SEASONAL_MONTHS
        frame = pd.DataFrame(
            {
                "ds": history.months.astype("datetime64[ns]"),
                "y": np.log(history.values) if log else history.values / history.values[-1],
            }
        )
        model = _prophet_class()(
            growth=self.growth,
            uncertainty_samples=0,
            yearly_seasonality=YEARLY_HARMONICS if seasonal else False,
            weekly_seasonality=False,
            daily_seasonality=False,
        )
        with _quiet():
            model.fit(self._capped(frame), seed=1)

        @lru_cache(maxsize=8)
        def path(months: tuple[float, ...]) -> NDArray[np.float64]:
            steps = np.array([0.0, *months]).astype(int)
            dates = (history.origin + steps).astype("datetime64[ns]")
            with _quiet():
                ahead = model.predict(self._capped(pd.DataFrame({"ds": dates})))
            level = ahead["yhat"].to_numpy(dtype=float)
            if not log:
                level = np.log(np.maximum(level, np.finfo(float).tiny))
            return np.asarray(level[1:] - level[0])

        return lambda months: path(tuple(months.tolist()))

    def _capped(self, frame: Any) -> Any:
        if self.cap_multiple is None:
            return frame
        return frame.assign(cap=self.cap_multiple, floor=0.0)


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
            # Prophet 1.x drops a column in place, which pandas 3 deprecates.
            warnings.filterwarnings("ignore", message="(?s).*inplace.*DataFrame.drop")
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
