"""`fleetcast forecast`: users and queries of a scenario, or one series, with what stands beside."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.commands.exit_codes import DONE
from capacity.commands.writing import write_files
from capacity.load.demand import forecast_demand, growth_model, nearest_analogs
from capacity.report.forecast_table import Beside, forecast_csv, forecast_json, forecast_text
from capacity.scenarios.event import event_faults, with_events
from capacity.scenarios.event_words import told_event
from capacity.scenarios.file import load_scenario
from capacity.scenarios.parts import Growth
from capacity.scenarios.scenario import Scenario
from forecast.backtest.rivals import rivals
from forecast.growth.model import GrowthModel
from forecast.history import History
from forecast.history_csv import faults_error, read_rows
from forecast.messages import shown, told
from forecast.paths import Forecast

if TYPE_CHECKING:
    from forecast.growth.prophet_inputs import ProphetEvent

MONTHS = 18
Told = tuple[Sequence[Forecast], Beside]


def forecast_series(arguments: argparse.Namespace) -> int:
    """`fleetcast forecast`: users and queries of a scenario, or one series of a CSV file.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0. [1]
    """
    csv = arguments.source.lower().endswith(".csv")
    forecasts, beside = _one_series(arguments) if csv else _two_series(arguments)
    tell = forecast_json if arguments.json else forecast_text
    print(tell(forecasts, beside))
    if arguments.out:
        write_files({arguments.out / "forecast.csv": forecast_csv(forecasts)})
    return DONE


def _one_series(arguments: argparse.Namespace) -> Told:
    history = History.from_csv(arguments.source, kind=arguments.kind)
    growth = Growth(arguments.model or Growth.model)
    months = MONTHS if arguments.months is None else arguments.months
    events = tuple(map(told_event, arguments.events))
    faults = event_faults(events, (history,), history.origin + months)
    faults += [
        f"event {shown(event.name)}: on = {event.on}: a file holds one series; leave it out"
        for event in events
        if event.on != "both"
    ]
    if faults:
        raise ValueError(told(faults, f"{arguments.source}: "))
    model = _model(growth.model, arguments) or growth_model(growth)
    forecast = model.fit(history).predict(months, arguments.draws, arguments.seed)
    # A capacity ties a model to a unit, which a backtest rightly takes for knowledge of its own.
    bound = arguments.capacity is not None
    name = f"{growth.model} without the capacity" if bound else growth.model
    found = rivals(history, name, growth_model(growth) if bound else model, months)
    beside = Beside(
        nearest_analogs(growth, history),
        {history.name: found},
        _thresholds(arguments.reach, (history.name,)),
    )
    return (with_events(forecast, events, arguments.seed),), beside


def _two_series(arguments: argparse.Namespace) -> Told:
    if arguments.capacity is not None or _for_prophet(arguments):
        raise ValueError(
            "--capacity, --holidays, --learn-event and --regressor are for one series: allowed "
            "with a file .csv"
        )
    scenario = load_scenario(arguments.source)
    if arguments.model:
        scenario = replace(scenario, growth=replace(scenario.growth, model=arguments.model))
    if arguments.months is not None:
        scenario = _extended(scenario, arguments.months)
    events = (*scenario.events, *map(told_event, arguments.events))
    scenario = replace(scenario, events=events)
    histories = (scenario.users, scenario.queries)
    forecasts = forecast_demand(scenario, arguments.draws, arguments.seed)
    months = max(1, int((forecasts[0].months[-1] - scenario.users.origin).astype(int)))
    model = growth_model(scenario.growth)
    beside = Beside(
        nearest_analogs(scenario.growth, *histories),
        {one.name: rivals(one, scenario.growth.model, model, months) for one in histories},
        _thresholds(arguments.reach, tuple(one.name for one in histories)),
    )
    return forecasts, beside


def _model(name: str, arguments: argparse.Namespace) -> GrowthModel | None:
    """Model with what only it can be told; None where nothing is."""
    capacity, told_prophet = arguments.capacity, _for_prophet(arguments)
    if capacity is None and not told_prophet:
        return None
    if name == "prophet":
        from forecast.growth.prophet_model import ProphetGrowth  # noqa: PLC0415  heavy, optional

        return ProphetGrowth(
            "linear" if capacity is None else "logistic",
            capacity=capacity,
            events=tuple(map(_learned, arguments.learned)),
            holidays=arguments.holidays,
            regressors=dict(map(_regressor, arguments.regressors)),
        )
    if name != "everyday" or told_prophet:
        raise ValueError(
            f"--model {name}: allowed with --capacity are everyday and prophet, with --holidays, "
            "--learn-event and --regressor prophet"
        )
    from forecast.everyday.monthly import EverydayGrowth  # noqa: PLC0415  reads its networks

    return EverydayGrowth(capacity=capacity)


def _for_prophet(arguments: argparse.Namespace) -> bool:
    return bool(arguments.holidays or arguments.learned or arguments.regressors)


def _regressor(text: str) -> tuple[str, dict[str, float]]:
    """Name and values by month from NAME=FILE."""
    name, _, file = text.partition("=")
    if not name or not file:
        raise ValueError(f"--regressor {shown(text)}: allowed NAME=FILE")
    rows, faults = read_rows(Path(file))
    if faults:
        raise faults_error(file, faults)
    return name, {row.date[:7]: row.value for row in rows}


def _learned(text: str) -> ProphetEvent:
    """Past event from NAME:MONTH,MONTH."""
    from forecast.growth.prophet_inputs import ProphetEvent  # noqa: PLC0415  only Prophet needs it

    name, _, months = text.partition(":")
    return ProphetEvent(name, tuple(months.split(",")) if months else ())


def _thresholds(wanted: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """Values by name of the series from VALUE, where there is one series, or NAME=VALUE."""
    found = {}
    for text in wanted:
        name, equals, value = text.rpartition("=")
        name = name if equals else names[0] if len(names) == 1 else ""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if name not in names or not number > 0.0:
            raise ValueError(
                f"--reach {shown(text)}: allowed NAME=VALUE, a value above 0 and a name of "
                f"{', '.join(names)}; the name may be left out where there is one series"
            )
        found[name] = number
    return found


def _extended(scenario: Scenario, months: int) -> Scenario:
    """Scenario that ends some months after the last reported one, with the events until then."""
    end = str(scenario.queries.origin + months)
    events = tuple(event for event in scenario.events if event.month <= end)
    return replace(scenario, end=end, events=events)
