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
    from forecast.backtest.rolling_origin import Backtest
    from forecast.everyday.ensemble import Everyday
    from forecast.growth.bridge import reconstruct
    from forecast.growth.fit_errors import ShortHistoryWarning
    from forecast.growth.model import GrowthModel
    from forecast.growth.prophet_model import ProphetGrowth
    from forecast.growth.reference_class import ReferenceClass
    from forecast.growth.statistical import (
        ConstantGrowth,
        GompertzGrowth,
        LinearGrowth,
        LogisticGrowth,
    )
    from forecast.history import History
    from forecast.joint import predict_jointly
    from forecast.panel.request import PanelRequest
    from forecast.panel.run import forecast_panel
    from forecast.paths import Forecast
    from forecast.series import Series

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
    "Backtest": "forecast.backtest.rolling_origin",
    "ConstantGrowth": "forecast.growth.statistical",
    "Everyday": "forecast.everyday.ensemble",
    "Forecast": "forecast.paths",
    "GompertzGrowth": "forecast.growth.statistical",
    "GrowthModel": "forecast.growth.model",
    "History": "forecast.history",
    "LinearGrowth": "forecast.growth.statistical",
    "LogisticGrowth": "forecast.growth.statistical",
    "PanelRequest": "forecast.panel.request",
    "ProphetGrowth": "forecast.growth.prophet_model",
    "ReferenceClass": "forecast.growth.reference_class",
    "Series": "forecast.series",
    "ShortHistoryWarning": "forecast.growth.fit_errors",
    "forecast_panel": "forecast.panel.run",
    "predict_jointly": "forecast.joint",
    "reconstruct": "forecast.growth.bridge",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that `import forecast` costs little."""
    if name not in _HOMES:
        raise AttributeError(f"module 'forecast' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return sorted(__all__)
