"""The `fleetcast` command: parses, calls, prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from capacity.commands.exit_codes import INTERRUPTED, NOT_DONE, USER_ERROR
from forecast.messages import disarmed

DEFAULT = "reported-case"
DEFAULT_OUTAGE = "february-2023"


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
        return _run(arguments)
    except (ValueError, OSError, ImportError) as error:
        if arguments.debug:
            raise
        print(f"fleetcast: {disarmed(str(error))}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("fleetcast: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    from capacity.commands.asking import NoPlan  # noqa: PLC0415  `--help` must not wait for numpy
    from capacity.commands.by_name import COMMANDS  # noqa: PLC0415

    try:
        return COMMANDS[arguments.run](arguments)
    except NoPlan as reason:
        print(reason)
        return NOT_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fleetcast",
        description="From growth data to a defensible GPU budget.",
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_plan(commands)
    _add_forecast(commands)
    _add_panel(commands)
    _add_backtest(commands)
    _add_audit(commands)
    _add_compare(commands)
    _add_diff(commands)
    _add_solve(commands)
    _add_explain(commands)
    _add_sensitivity(commands)
    _add_economics(commands)
    _add_hardware(commands)
    _add_decide(commands)
    _add_report(commands)
    _add_outage(commands)
    _add_availability(commands)
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
    _json_argument(command)
    command.set_defaults(run="plan")


def _add_forecast(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "forecast users and queries, or one series of a CSV file"
    command = commands.add_parser("forecast", help=text, description=text)
    command.add_argument("source", nargs="?", default=DEFAULT, help="scenario, .toml or .csv")
    command.add_argument("--model", help="growth model; default that of the scenario")
    command.add_argument("--months", type=int, help="months after the last reported one")
    command.add_argument("--kind", default="flow", help="of a CSV: cumulative, active or flow")
    command.add_argument(
        "--event", dest="events", action="append", default=[], metavar="NAME:MONTH:LOW,MID,HIGH",
        help="factor on demand from a month on, with :HALF_LIFE in months where it fades, and "
        ":users or :queries where only they are multiplied",
    )  # fmt: skip
    command.add_argument(
        "--reach", action="append", default=[], metavar="[NAME=]VALUE",
        help="tell when the forecast reaches a value",
    )  # fmt: skip
    command.add_argument("--capacity", type=float, help="of a CSV: bound of the values")
    command.add_argument("--holidays", metavar="COUNTRY", help="of a CSV, for prophet: DE, US ...")
    command.add_argument(
        "--learn-event", dest="learned", action="append", default=[], metavar="NAME:MONTH,MONTH",
        help="of a CSV, for prophet: past and future months of something that comes again",
    )  # fmt: skip
    command.add_argument(
        "--regressor", dest="regressors", action="append", default=[], metavar="NAME=FILE",
        help="of a CSV, for prophet: file date,value of all past and future months",
    )  # fmt: skip
    _draw_arguments(command)
    command.add_argument("--out", type=Path, metavar="DIR", help="write forecast.csv there")
    _json_argument(command)
    command.set_defaults(run="forecast")


def _add_panel(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "forecast thousands of series of one file, on all cores or a cluster"
    command = commands.add_parser("panel", help=text, description=text)
    command.add_argument(
        "panel", type=Path, metavar="IN", help=".parquet or .csv: unique_id, ds, y"
    )
    command.add_argument("--horizon", type=int, required=True, metavar="N", help="steps ahead")
    command.add_argument("--season", type=int, default=0, metavar="N", help="steps in a season")
    command.add_argument("--step", help="hour, day, week, month, quarter or year; default: found")
    command.add_argument("--level", default="80,95", metavar="P,P", help="intervals, in percent")
    command.add_argument("--model", metavar="NAME", help="everyday model; default: docs/panel.md")
    command.add_argument("--engine", default="local", help="local, dask or ray; the same numbers")
    command.add_argument("--address", metavar="ADDR", help="of a running Dask or Ray cluster")
    command.add_argument("--workers", type=int, default=0, metavar="N", help="default: all cores")
    command.add_argument(
        "--out", type=Path, required=True, metavar="OUT", help="write this .parquet file"
    )
    command.set_defaults(run="panel")


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
    _json_argument(command)
    command.set_defaults(run="backtest")


def _add_audit(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "judge every claim of the reported case"
    command = commands.add_parser("audit", help=text, description=text)
    _draw_arguments(command)
    _json_argument(command)
    command.set_defaults(run="audit")


def _add_compare(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "compare two to ten scenarios with common draws"
    command = commands.add_parser("compare", help=text, description=text)
    command.add_argument("base", help="scenario or .toml file")
    command.add_argument("others", nargs="+", metavar="other", help="scenario or .toml file")
    _draw_arguments(command)
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="write compare.csv, .xlsx and .pdf there"
    )
    command.set_defaults(run="compare")


def _add_diff(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "print what differs between two scenarios and their plans, as Markdown"
    command = commands.add_parser("diff", help=text, description=text)
    command.add_argument("base", help="scenario or .toml file")
    command.add_argument("other", help="scenario or .toml file")
    _draw_arguments(command, draws=2_000)
    command.add_argument(
        "--threshold", type=float, metavar="SHARE", help="exit with 1 if a figure changes by more"
    )
    _json_argument(command, "Markdown")
    command.add_argument("--out", type=Path, metavar="DIR", help="write diff.json and .xlsx there")
    command.set_defaults(run="diff")


def _add_solve(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "ask backwards: the input that meets a goal; without one, when what stands breaks"
    command = commands.add_parser("solve", help=text, description=text)
    _scenario_arguments(command)
    _draw_arguments(command, draws=2_000)
    command.add_argument(
        "--goal", metavar="OUTPUT<=VALUE", help="also >= and =; 50%% is half of the present plan"
    )
    command.add_argument("--vary", metavar="KEY", help="input, lever that is a number, or users")
    command.add_argument("--between", metavar="LOW,HIGH", help="where to look for the input")
    _month_argument(command)
    command.add_argument("--quantile", type=float, default=0.5, metavar="P", help="default 0.5")
    command.add_argument(
        "--limit", action="append", default=[], metavar="METRIC=N",
        help="without --goal: what there is; default what stands in the last reported month",
    )  # fmt: skip
    _answer_arguments(command)
    command.set_defaults(run="solve")


def _add_explain(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "say why a figure is what it is: parts that add up to it, down to their sources"
    command = commands.add_parser("explain", help=text, description=text)
    command.add_argument("metric", help="such as gpus, cost or gpus_standing")
    command.add_argument("month", help="YYYY-MM")
    _scenario_arguments(command)
    _draw_arguments(command, draws=2_000)
    _answer_arguments(command)
    command.set_defaults(run="explain")


def _add_sensitivity(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "rank the inputs by their share in the uncertainty of a figure, and by their swing"
    command = commands.add_parser("sensitivity", help=text, description=text)
    _scenario_arguments(command)
    _draw_arguments(command)
    command.add_argument(
        "--metric", default="needed_cost", help="default needed_cost: the bill of the own need"
    )
    _month_argument(command)
    _answer_arguments(command)
    command.set_defaults(run="sensitivity")


def _add_economics(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "print what a unit of service costs beside public figures, and how long a budget lasts"
    command = commands.add_parser("economics", help=text, description=text)
    _scenario_arguments(command)
    _draw_arguments(command)
    _month_argument(command)
    command.add_argument("--budget", type=float, metavar="USD", help="for the months ahead")
    _answer_arguments(command)
    command.set_defaults(run="economics")


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
    _json_argument(command, "tables")
    command.set_defaults(run="hardware")


def _add_decide(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "decide what to order by when, and judge it beside other policies"
    command = commands.add_parser("decide", help=text, description=text)
    _scenario_arguments(command)
    _draw_arguments(command, draws=4_000)
    command.add_argument(
        "--shortfall-price", metavar="USD", help="price of a missing node for an hour"
    )
    command.add_argument(
        "--max-shortfall", metavar="P", help="largest probability of a shortfall in a month"
    )
    command.add_argument(
        "--cvar", metavar="SHARE", help="minimise the mean of the worst 1 - SHARE, not of all"
    )
    command.add_argument(
        "--buying", action="append", default=[], metavar="KEY=VALUE",
        help="other assumption, such as on_demand_nodes=20; docs/buying.md lists them",
    )  # fmt: skip
    command.add_argument(
        "--held", action="append", default=[], metavar="NODES:YYYY-MM",
        help="nodes that stand until a month; default: what the plan had to order before",
    )  # fmt: skip
    command.add_argument("--today", metavar="YYYY-MM", help="month of the decision")
    command.add_argument("--out", type=Path, metavar="DIR", help="write the decision's files there")
    _json_argument(command, "tables")
    command.set_defaults(run="decide")


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
    _json_argument(command)
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="write outage.pdf and outage.csv there"
    )
    command.set_defaults(run="outage")


def _add_availability(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "find the cheapest redundancy for an availability, prove it, simulate it"
    command = commands.add_parser("availability", help=text, description=text)
    _scenario_arguments(command)
    command.add_argument("--target", metavar="SHARE", help="such as 0.9995; default the policy's")
    command.add_argument(
        "--most", action="append", default=[], metavar="SIZE=N",
        help="largest designs to look at: regions=1, zones=2, standbys=0",
    )  # fmt: skip
    command.add_argument(
        "--years", type=float, default=500.0, metavar="N", help="of failures drawn; 0: none"
    )
    command.add_argument(
        "--no-scaling", action="store_false", dest="scaling", help="leave out ten times the users"
    )
    _draw_arguments(command, draws=2_000)
    _json_argument(command, "tables")
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="write availability.json and availability.csv"
    )
    command.set_defaults(run="availability")


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
    _json_argument(command)
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
        "--serving", type=Path, metavar="DIR", help="own constants, as calibrate-serving wrote them"
    )
    command.add_argument(
        "--policy", action="append", default=[], metavar="KEY=VALUE", help="lever, such as zones=2"
    )


def _answer_arguments(command: argparse.ArgumentParser) -> None:
    _json_argument(command, "text")
    text = "write the answer there as .json, .csv, .xlsx and .pdf"
    command.add_argument("--out", type=Path, metavar="DIR", help=text)


def _draw_arguments(command: argparse.ArgumentParser, draws: int = 10_000) -> None:
    command.add_argument("--draws", type=int, default=draws, metavar="N", help="joint draws")
    command.add_argument("--seed", type=int, default=7, metavar="N", help="seed of all draws")


def _month_argument(command: argparse.ArgumentParser) -> None:
    command.add_argument("--month", default="", metavar="YYYY-MM", help="default the last")


def _json_argument(command: argparse.ArgumentParser, instead_of: str = "a table") -> None:
    text = f"print JSON instead of {instead_of}"
    command.add_argument("--json", action="store_true", help=text)


if __name__ == "__main__":
    sys.exit(main())
