"""The `fleetcast` command: parses, calls, prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from forecast.messages import disarmed

DEFAULT = "reported-case"
DEFAULT_OUTAGE = "february-2023"
USER_ERROR, INTERRUPTED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; those of the process if left out.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy or data are wrong, or 2 for a user's error.

    Raises
    ------
    ValueError, OSError
        With ``--debug`` only: the error with its traceback instead of one message.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small arrays; threads only slow them
    arguments = _parser().parse_args(argv)
    try:
        from capacity import commands  # noqa: PLC0415  `--help` must not wait for numpy

        return commands.COMMANDS[arguments.run](arguments)
    except (ValueError, OSError, ImportError) as error:
        if arguments.debug:
            raise
        print(f"fleetcast: {disarmed(str(error))}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("fleetcast: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fleetcast",
        description="From growth data to a defensible GPU budget.",
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_plan(commands)
    _add_forecast(commands)
    _add_backtest(commands)
    _add_audit(commands)
    _add_compare(commands)
    _add_hardware(commands)
    _add_report(commands)
    _add_outage(commands)
    _add_alerts(commands)
    _add_app(commands)
    _add_calibrate_serving(commands)
    _add_check_data(commands)
    _add_learn_reference(commands)
    return parser


Commands = argparse._SubParsersAction


def _add_plan(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "plan capacity: what to buy by when, at what cost, how sure"
    command = commands.add_parser("plan", help=text, description=text)
    _scenario_arguments(command)
    _draw_arguments(command)
    command.add_argument("--out", type=Path, metavar="DIR", help="default out/SCENARIO")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run="plan")


def _add_forecast(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "forecast users and queries, or one series of a CSV file"
    command = commands.add_parser("forecast", help=text, description=text)
    command.add_argument("source", nargs="?", default=DEFAULT, help="scenario, .toml or .csv")
    command.add_argument("--model", help="growth model; default that of the scenario")
    command.add_argument("--months", type=int, help="months after the last reported one")
    command.add_argument("--kind", default="flow", help="of a CSV: cumulative, active or flow")
    _draw_arguments(command)
    command.add_argument("--out", type=Path, metavar="DIR", help="write forecast.csv there")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run="forecast")


def _add_backtest(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "test growth models and baselines on the past of a series"
    command = commands.add_parser("backtest", help=text, description=text)
    command.add_argument("source", nargs="?", default=DEFAULT, help="scenario, .toml or .csv")
    command.add_argument(
        "--model", nargs="+", action="extend", metavar="NAME", dest="models",
        help="growth models; default reference-class, constant and linear",
    )  # fmt: skip
    command.add_argument("--horizon", type=int, default=6, metavar="N", help="longest, in months")
    command.add_argument("--reference", default="service", help="service, developer or all")
    command.add_argument("--kind", default="flow", help="of a CSV: cumulative, active or flow")
    command.add_argument("--paths", type=int, default=1_000, metavar="N", help="sample paths")
    command.add_argument("--seed", type=int, default=7, metavar="N", help="seed of all paths")
    command.add_argument("--keep", type=Path, metavar="FILE", help="go on there when interrupted")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run="backtest")


def _add_audit(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "judge every claim of the reported case"
    command = commands.add_parser("audit", help=text, description=text)
    _draw_arguments(command)
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run="audit")


def _add_compare(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "compare two scenarios with common draws"
    command = commands.add_parser("compare", help=text, description=text)
    command.add_argument("base", help="scenario or .toml file")
    command.add_argument("other", help="scenario or .toml file")
    _draw_arguments(command)
    command.add_argument("--out", type=Path, metavar="DIR", help="write compare.csv there")
    command.set_defaults(run="compare")


def _add_hardware(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "rank GPUs, parallelism and number types by cost at equal service; best mix of them"
    command = commands.add_parser("hardware", help=text, description=text)
    _scenario_arguments(command)
    _draw_arguments(command, draws=2_000)
    command.add_argument("--rate", type=float, metavar="N", help="requests/s in the peak minute")
    command.add_argument("--month", metavar="YYYY-MM", help="prices and offers of this month")
    command.add_argument("--dtype", action="append", metavar="TYPE", help="fp16, fp8, fp4 or int8")
    command.add_argument("--mix", action="store_true", help="find the cheapest mix of node types")
    command.add_argument("--lengths", default="azure2023_conv", help="row of data/lengths.csv")
    command.add_argument("--bins", type=int, default=10, help="classes along prompt and reply")
    command.add_argument(
        "--limit", action="append", default=[], metavar="GPU=N", help="most nodes with that GPU"
    )
    command.add_argument("--json", action="store_true", help="print JSON instead of tables")
    command.set_defaults(run="hardware")


def _add_report(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "write the reports of a plan folder again"
    command = commands.add_parser("report", help=text, description=text)
    command.add_argument("folder", type=Path, help="folder that `fleetcast plan` wrote")
    command.set_defaults(run="report")


def _add_outage(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "replay an outage and rank what would have helped"
    command = commands.add_parser("outage", help=text, description=text)
    command.add_argument(
        "incident", nargs="?", default=DEFAULT_OUTAGE, help="shipped name or .toml file"
    )
    command.add_argument(
        "--with", action="append", default=[], metavar="NAME", dest="names",
        help="countermeasure, such as canary; may be given several times",
    )  # fmt: skip
    command.add_argument("--draws", type=int, default=500, metavar="N", help="parameter draws")
    command.add_argument("--seed", type=int, default=7, metavar="N", help="seed of all draws")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="write outage.pdf and outage.csv there"
    )
    command.set_defaults(run="outage")


def _add_alerts(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "write alert rules for Prometheus: budget burn at any target, resources running out"
    command = commands.add_parser("alerts", help=text, description=text)
    command.add_argument(
        "--target", type=float, default=0.9995, metavar="SHARE", help="promised; default 0.9995"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="write there; default: print")
    command.set_defaults(run="alerts")


def _add_app(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "open the dashboard in a browser, served to this machine only"
    command = commands.add_parser("app", help=text, description=text)
    command.add_argument("--port", type=int, default=8501, metavar="N", help="default 8501")
    command.add_argument("--no-browser", action="store_true", help="only serve and say where")
    command.set_defaults(run="app")


def _add_calibrate_serving(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "fit the serving model to measured throughput and latency"
    command = commands.add_parser("calibrate-serving", help=text, description=text)
    command.add_argument("rows", type=Path, metavar="ROWS.csv", help="measurements, one per row")
    command.add_argument("--engine", help="whose rows are fitted; default TensorRT-LLM if there")
    command.add_argument("--out", type=Path, metavar="DIR", help="write the constants there")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run="calibrate-serving")


def _add_check_data(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "print everything that is wrong with the shipped data"
    command = commands.add_parser("check-data", help=text, description=text)
    command.add_argument("--write", action="store_true", help="write the manifest first")
    command.set_defaults(run="check-data")


def _add_learn_reference(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "learn the reference classes of growth from series of past products"
    command = commands.add_parser("learn-reference", help=text, description=text)
    command.add_argument("series", type=Path, help="CSV: series_id, date, value")
    command.add_argument("meta", type=Path, help="CSV: series_id, frequency, group, broad")
    command.add_argument("--out", type=Path, metavar="FILE", help="write there; default: print")
    command.add_argument("--as-of", metavar="DATE", help="date of the series; default: the shipped")
    command.set_defaults(run="learn-reference")


def _scenario_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("scenario", nargs="?", default=DEFAULT, help="shipped name or .toml file")
    command.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", dest="settings",
        help="input: one number, or low,mid,high; or architecture, profile, start, end",
    )  # fmt: skip
    command.add_argument(
        "--policy", action="append", default=[], metavar="KEY=VALUE", help="lever, such as zones=2"
    )


def _draw_arguments(command: argparse.ArgumentParser, draws: int = 10_000) -> None:
    command.add_argument("--draws", type=int, default=draws, metavar="N", help="joint draws")
    command.add_argument("--seed", type=int, default=7, metavar="N", help="seed of all draws")


if __name__ == "__main__":
    sys.exit(main())
