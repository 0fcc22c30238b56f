"""`fleetcast backtest`: growth models and baselines on the past of a series."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from capacity.commands.exit_codes import DONE, INTERRUPTED
from capacity.load.demand import growth_model
from capacity.report.cells import printable
from capacity.scenarios.file import load_scenario
from capacity.scenarios.parts import Growth
from forecast.backtest.log import Step
from forecast.backtest.rolling_origin import Backtest
from forecast.backtest.table import BacktestResult
from forecast.history import History
from forecast.messages import disarmed

DEFAULT_MODELS = ("reference-class", "constant", "linear")
SCHEMA = "fleetcast.backtest/1"


def backtest_series(arguments: argparse.Namespace) -> int:
    """`fleetcast backtest`: one series of a CSV file, or users and queries of a scenario.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 130 if it was interrupted; the origins done by then are printed.
    """
    test, code = _backtest(arguments), DONE
    results = []
    for history in _histories(arguments):
        steps, whole = _steps(test, history, _keep(arguments.keep, history))
        results.append(test.result(history, steps))
        if not whole:
            code = INTERRUPTED
            break
    if arguments.json:
        series = [backtest_document(result) for result in results]
        print(json.dumps({"schema": SCHEMA, "series": series}, indent=1, allow_nan=False))
    else:
        print("\n\n".join(disarmed(result.text) for result in results))
    return code


def backtest_document(result: BacktestResult) -> dict[str, Any]:
    """Contents of the JSON document for one series.

    Parameters
    ----------
    result : BacktestResult
        What the backtest found.

    Returns
    -------
    dict
        Series, origins, scores, verdicts, failures, and the figure as points with its description.
    """
    return {
        "name": result.series,
        "unit": result.unit,
        "origins": list(result.origins),
        "scores": list(result.rows),
        "verdicts": list(result.verdicts),
        "failures": [vars(failure) for failure in result.failures],
        "figure": {"description": result.description, "points": list(result.lines)},
    }


def _backtest(arguments: argparse.Namespace) -> Backtest:
    names = dict.fromkeys(arguments.models or DEFAULT_MODELS)
    models = {name: growth_model(Growth(name, arguments.reference)) for name in names}
    return Backtest(models, arguments.horizon, paths=arguments.paths, seed=arguments.seed)


def _histories(arguments: argparse.Namespace) -> Sequence[History]:
    if arguments.source.lower().endswith(".csv"):
        return (History.from_csv(arguments.source, kind=arguments.kind),)
    scenario = load_scenario(arguments.source)
    return (scenario.users, scenario.queries)


def _keep(path: Path | None, history: History) -> Path | None:
    """One file a series."""
    return None if path is None else path.with_name(f"{path.stem}-{history.name}{path.suffix}")


def _steps(test: Backtest, history: History, keep: Path | None) -> tuple[list[Step], bool]:
    """Steps that were done, and whether they are all of them."""
    done: list[Step] = []
    try:
        for step in test.steps(history, _progress, keep):
            done.append(step)  # noqa: PERF402  those before an interruption must stay
    except KeyboardInterrupt:
        told = f"; {keep} has them, the same command goes on from there" if keep else ""
        print(f"\ninterrupted after {len(done)} forecasts{told}", file=sys.stderr)
        return done, False
    return done, True


def _progress(done: int, total: int, text: str) -> None:
    """One line that is written over; nothing where no one watches."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total}: {printable(text):<50}", end=end, file=sys.stderr, flush=True)
