"""Other methods on the same series: simple ones, and published ones that are installed."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.panel_scores import LEVELS
from forecast.everyday.seasonal_adjustment import naive2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.panel_file import Case

    Floats = NDArray[np.float64]

Method = Callable[["Case"], "NDArray[np.float64]"]
WIDTHS = (95, 80)  # percent
STATSFORECAST = ("AutoETS", "DynamicOptimizedTheta", "AutoTheta", "AutoCES", "AutoARIMA")
SCUM = "SCUM"
COMBINATIONS = {
    "ETS + Theta": ("AutoETS", "DynamicOptimizedTheta"),
    "ETS + CES + Theta": ("AutoETS", "AutoCES", "DynamicOptimizedTheta"),
    SCUM: ("AutoETS", "AutoCES", "DynamicOptimizedTheta", "AutoARIMA"),
}


def peers(skipped: Sequence[str] = ()) -> tuple[dict[str, Method], dict[str, str]]:
    """Methods by name, and why each other one is absent."""
    methods: dict[str, Method] = {
        "naive2": lambda case: spread(case, naive2(case.values, case.season, len(case.came)), 1),
        "seasonal naive": lambda case: spread(case, seasonal_naive(case), case.season),
        "drift": lambda case: spread(case, drift(case), 1),
    }
    published: dict[str, dict[str, Method]] = {
        "statsmodels": {"statsmodels Theta": statsmodels_theta},
        "prophet": {"prophet": prophet},
        "statsforecast": {name: statsforecast(name) for name in STATSFORECAST},
    }
    absent = {}
    for package, found in published.items():
        if find_spec(package) is None:
            absent.update(dict.fromkeys(found, f"package {package} is not installed"))
        else:
            methods.update(found)
    absent |= {name: "skipped" for name in skipped if methods.pop(name, None)}
    for name, members in COMBINATIONS.items():
        if missing := [absent[member] for member in members if member in absent]:
            absent[name] = missing[0]
    return methods, absent


def seasonal_naive(case: Case) -> Floats:
    values, season = case.values, min(case.season, len(case.values))
    return values[len(values) - season + np.arange(len(case.came)) % season]


def drift(case: Case) -> Floats:
    values = case.values
    slope = (values[-1] - values[0]) / max(len(values) - 1, 1)
    return np.asarray(values[-1] + slope * np.arange(1, len(case.came) + 1))


def spread(case: Case, middle: Floats, season: int) -> Floats:
    """Normal quantiles of a random walk over seasons."""
    from scipy.stats import norm  # noqa: PLC0415

    values = case.values
    steps = values[season:] - values[:-season] if len(values) > season else np.zeros(1)
    grown = np.sqrt(np.arange(len(middle)) // season + 1)
    return np.asarray(middle + np.outer(norm.ppf(LEVELS), np.sqrt((steps**2).mean()) * grown))


def statsmodels_theta(case: Case) -> Floats:
    from statsmodels.tsa.forecasting.theta import ThetaModel  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seasonal = case.season > 1 and len(case.values) >= 2 * case.season
        fitted = ThetaModel(case.values, period=case.season, deseasonalize=seasonal).fit()
        middle = np.asarray(fitted.forecast(len(case.came)))
        bounds = [np.asarray(fitted.prediction_intervals(len(case.came), alpha=1 - width / 100))
                  for width in WIDTHS]  # fmt: skip
    return np.array([bounds[0][:, 0], bounds[1][:, 0], middle, bounds[1][:, 1], bounds[0][:, 1]])


def prophet(case: Case) -> Floats:
    """Prophet as it comes, with its own draws."""
    import pandas as pd  # noqa: PLC0415
    from prophet import Prophet  # noqa: PLC0415

    logging.getLogger("cmdstanpy").disabled = True
    count = len(case.series.values)
    steps = np.arange(count + len(case.came))
    dates = calendar(case.series.step, len(steps))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = Prophet().fit(pd.DataFrame({"ds": dates[:count], "y": case.series.values}), seed=1)
        np.random.seed(1)  # noqa: NPY002  prophet draws from the global generator
        ahead = pd.DataFrame({"ds": dates[count:]})
        draws = model.predictive_samples(ahead)["yhat"]
        quantiles = np.quantile(draws, LEVELS, axis=1)
        quantiles[2] = model.predict(ahead)["yhat"]
    return quantiles


def calendar(step: str, count: int) -> NDArray[np.datetime64]:
    """Dates with a given step."""
    months = {"month": 1, "quarter": 3, "year": 12}
    if step in months:
        dates = np.datetime64("1970-01", "M") + months[step] * np.arange(count)
    else:
        unit = {"hour": "h", "day": "D", "week": "W"}[step]
        dates = np.datetime64("1970-01-01", unit) + np.arange(count)
    return dates.astype("datetime64[ns]")


def statsforecast(name: str) -> Method:
    """A model of statsforecast by its name."""

    def method(case: Case) -> Floats:
        from statsforecast import models  # noqa: PLC0415

        model: Any = getattr(models, name)(season_length=case.season)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = model.forecast(y=case.values, h=len(case.came), level=[80, 95])
        keys = ("lo-95", "lo-80", "mean", "hi-80", "hi-95")
        return np.array([found[key] for key in keys])

    return method
