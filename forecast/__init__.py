"""What may happen: histories, growth models and forecasts as sample paths.

>>> from forecast import History, ReferenceClass
>>> users = History.from_points(
...     "users", {"2022-01": 120_000, "2022-12": 620_000}, kind="cumulative", unit="users"
... )
>>> forecast = ReferenceClass("service").fit(users).predict(months=18, paths=1_000, seed=7)
>>> forecast.values.shape
(1000, 18)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecast.backtest import Backtest
    from forecast.bridge import reconstruct
    from forecast.everyday import Everyday
    from forecast.fit_errors import ShortHistoryWarning
    from forecast.growth_model import GrowthModel
    from forecast.history import History
    from forecast.joint import predict_jointly
    from forecast.panel.request import PanelRequest
    from forecast.panel.run import forecast_panel
    from forecast.paths import Forecast
    from forecast.prophet_model import ProphetGrowth
    from forecast.reference_class import ReferenceClass
    from forecast.series import Series
    from forecast.statistical import ConstantGrowth, GompertzGrowth, LinearGrowth, LogisticGrowth

__all__ = [
    "Backtest",
    "ConstantGrowth",
    "Everyday",
    "Forecast",
    "GompertzGrowth",
    "GrowthModel",
    "History",
    "LinearGrowth",
    "LogisticGrowth",
    "PanelRequest",
    "ProphetGrowth",
    "ReferenceClass",
    "Series",
    "ShortHistoryWarning",
    "forecast_panel",
    "predict_jointly",
    "reconstruct",
]

_HOMES = {
    "Backtest": "forecast.backtest",
    "ConstantGrowth": "forecast.statistical",
    "Everyday": "forecast.everyday",
    "Forecast": "forecast.paths",
    "GompertzGrowth": "forecast.statistical",
    "GrowthModel": "forecast.growth_model",
    "History": "forecast.history",
    "LinearGrowth": "forecast.statistical",
    "LogisticGrowth": "forecast.statistical",
    "PanelRequest": "forecast.panel.request",
    "ProphetGrowth": "forecast.prophet_model",
    "ReferenceClass": "forecast.reference_class",
    "Series": "forecast.series",
    "ShortHistoryWarning": "forecast.fit_errors",
    "forecast_panel": "forecast.panel.run",
    "predict_jointly": "forecast.joint",
    "reconstruct": "forecast.bridge",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that `import forecast` costs little."""
    if name not in _HOMES:
        raise AttributeError(f"module 'forecast' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return sorted(__all__)
