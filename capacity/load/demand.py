"""Demand of a scenario: users and queries forecast together, month by month."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from capacity.scenarios.event import with_events
from capacity.scenarios.parts import Growth
from forecast.growth.fit_errors import ShortHistoryWarning
from forecast.growth.reference_class import Analog, ReferenceClass
from forecast.history import History
from forecast.joint import predict_jointly

if TYPE_CHECKING:
    from capacity.arrays import Floats
    from capacity.scenarios.scenario import Scenario
    from forecast.growth.model import GrowthModel
    from forecast.paths import Forecast

Analogs = Mapping[str, tuple[Analog, ...]]
MOST_KEPT = 2  # pairs of forecasts, megabytes each


@dataclass(frozen=True)
class Demand:
    """Users and daily queries over the months of a plan, in the same draws.

    Parameters
    ----------
    users, queries : numpy.ndarray, shape (draws, months)
        Demand. [users], [queries/day]
    earlier : numpy.ndarray, shape (draws, months before)
        Queries from the first reported month to the first of the plan. [queries/day]
    kinds : tuple of str
        For each month: reported, reconstructed or forecast.
    notes : tuple of str
        What the growth model says about itself.
    """

    users: Floats
    queries: Floats
    earlier: Floats
    kinds: tuple[str, ...]
    notes: tuple[str, ...]


def growth_model(growth: Growth) -> GrowthModel:
    """Growth model that a scenario names.

    Parameters
    ----------
    growth : Growth
        Model and reference class.

    Returns
    -------
    GrowthModel
        Not yet fitted.

    Examples
    --------
    >>> type(growth_model(Growth())).__name__
    'ReferenceClass'
    """
    if growth.model == "reference-class":
        return ReferenceClass(growth.reference)
    if growth.model == "prophet":
        from forecast.growth.prophet_model import ProphetGrowth  # noqa: PLC0415  heavy, optional

        return ProphetGrowth()
    if growth.model == "everyday":
        from forecast.everyday.monthly import EverydayGrowth  # noqa: PLC0415  reads its networks

        return EverydayGrowth()
    from forecast.growth import statistical  # noqa: PLC0415  fits need scipy.optimize

    models: dict[str, type[GrowthModel]] = {
        "constant": statistical.ConstantGrowth,
        "linear": statistical.LinearGrowth,
        "logistic": statistical.LogisticGrowth,
        "gompertz": statistical.GompertzGrowth,
    }
    return models[growth.model]()


def nearest_analogs(growth: Growth, *histories: History) -> Analogs:
    """Past products after a year like the last one of each history.

    Parameters
    ----------
    growth : Growth
        Model and reference class.
    *histories : History
        Reported values.

    Returns
    -------
    mapping of str to tuple of Analog
        By name of the history; empty for a model that knows no past products.

    Examples
    --------
    >>> users = History.from_points("users", {"2022-01": 12, "2022-12": 62}, kind="cumulative")
    >>> [near.product for near in nearest_analogs(Growth(), users)["users"]]
    ['Snapchat', 'Airbnb', 'MySpace']
    """
    if growth.model != "reference-class":
        return {history.name: () for history in histories}
    reference = ReferenceClass(growth.reference)
    return {history.name: reference.fit(history).nearest for history in histories}


def forecast_demand(scenario: Scenario, draws: int, seed: int) -> tuple[Forecast, Forecast]:
    """Users and queries from the first reported month to the last of the plan.

    Parameters
    ----------
    scenario : Scenario
        Histories, growth and months.
    draws : int
        Number of draws. [1]
    seed : int
        The user's seed. [1]

    Returns
    -------
    Forecast, Forecast
        Users and queries per day, path by path in company, events included.
    """
    ahead = int((scenario.months[-1] - scenario.users.origin).astype(int))
    histories = (scenario.users, scenario.queries)
    found = _paths(scenario.growth, histories, max(1, ahead), draws, seed)
    users, queries = (
        with_events(one, [event for event in scenario.events if event.strikes(one.name)], seed)
        for one in found
    )
    return users, queries


@lru_cache(maxsize=MOST_KEPT)
def _paths(
    growth: Growth, histories: tuple[History, History], ahead: int, draws: int, seed: int
) -> tuple[Forecast, Forecast]:
    """The same growth is asked for again and again where only machines or money change."""
    model = growth_model(growth)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ShortHistoryWarning)  # the notes of the plan carry it
        return predict_jointly((model, model), histories, ahead, draws, seed, growth.correlation)


def demand(scenario: Scenario, x: Mapping[str, Floats], draws: int, seed: int) -> Demand:
    """Demand over the months of the plan.

    Parameters
    ----------
    scenario : Scenario
        Histories, growth and months.
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of ``demand_factor``, which multiplies users and queries, and of ``growth_factor``,
        which does so once more for each year after the last reported month. [1]
    draws : int
        Number of draws. [1]
    seed : int
        The user's seed. [1]

    Returns
    -------
    Demand
        Shape (draws, months) each.
    """
    users, queries = forecast_demand(scenario, draws, seed)
    columns = _columns(queries, scenario)
    years = np.maximum(0, (queries.months - queries.origin).astype(int)) / 12.0
    factor = x["demand_factor"] * x["growth_factor"] ** years
    wanted = queries.values * factor
    return Demand(
        _window(users, scenario) * factor[:, columns],
        wanted[:, columns],
        wanted[:, : columns[0]],
        tuple(queries.kinds[number] for number in columns),
        tuple(dict.fromkeys((*users.notes, *queries.notes))),
    )


def _columns(forecast: Forecast, scenario: Scenario) -> list[int]:
    first = int((scenario.months[0] - forecast.months[0]).astype(int))
    return list(range(first, first + len(scenario.months)))


def _window(forecast: Forecast, scenario: Scenario) -> Floats:
    columns = _columns(forecast, scenario)
    return np.asarray(forecast.values[:, columns[0] : columns[-1] + 1])
