"""`fleetcast panel`: forecasts of thousands of series, from one file into another."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capacity.commands.exit_codes import DONE, INTERRUPTED, NOT_DONE
from capacity.provenance import VERSION
from forecast.messages import disarmed, shown
from forecast.panel.engine import Engine
from forecast.panel.file import file_hash, write_table
from forecast.panel.pieces import pieces_beside
from forecast.panel.request import DEFAULT_MODEL, PanelRequest
from forecast.panel.run import read_panel, run_panel, with_origin

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

TENTHS = 10


def panel_forecast(arguments: argparse.Namespace) -> int:
    """Read, forecast, write; an interruption keeps what is done.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no series could be forecast, or 130 if it was interrupted. [1]
    """
    request = PanelRequest(
        arguments.horizon, arguments.season, arguments.step, _levels(arguments.level),
        arguments.model or DEFAULT_MODEL,
    )  # fmt: skip
    engine = Engine(arguments.engine, arguments.address or "", arguments.workers)
    _check_out(arguments.out, arguments.panel)
    panel = read_panel(arguments.panel)
    source = file_hash(arguments.panel)
    for remark in panel.remarks:
        _say(remark)
    pieces = pieces_beside(arguments.out, source, request, VERSION)
    try:
        table = run_panel(panel, request, engine, pieces, _Progress())
    except KeyboardInterrupt:
        _say(
            f"\ninterrupted; {pieces.folder} has what is done, the same command goes on from there"
        )
        return INTERRUPTED
    write_table(with_origin(table, request, source, VERSION), arguments.out)
    pieces.remove()
    print(disarmed(_summary(table, len(panel), request)))
    _say(f"wrote {arguments.out}")
    return DONE if table["error"].null_count else NOT_DONE


def _levels(text: str) -> tuple[float, ...]:
    """Shares from percent."""
    try:
        return tuple(round(float(part) / 100.0, 9) for part in text.split(","))
    except ValueError as error:
        raise ValueError(f"--level {shown(text)}; allowed: percent, such as 80,95") from error


def _check_out(out: Path, source: Path) -> None:
    if out.suffix.lower() != ".parquet":
        raise ValueError(f"--out {out}: allowed is a file .parquet")
    if out.is_dir() or (out.exists() and source.exists() and out.samefile(source)):
        raise ValueError(f"--out {out}: allowed is a file of its own, neither folder nor input")


def _summary(table: pa.Table, series: int, request: PanelRequest) -> str:
    """What was forecast, and the first reason why something was not."""
    failed = table.filter(table["error"].is_valid())
    lines = [
        f"{series - len(failed):,} of {series:,} series forecast, {request.horizon} steps each, "
        f"with {request.model}"
    ]
    if len(failed):
        name, reason = shown(failed["unique_id"][0].as_py()), failed["error"][0].as_py()
        lines.append(f"{len(failed):,} with an error in their row, the first {name}: {reason}")
    return "\n".join(lines)


@dataclass
class _Progress:
    """One line that is written over, or a line each tenth where no one watches."""

    told: int = 0

    def __call__(self, done: int, total: int) -> None:
        """Tell how far it is, if there is something new to tell."""
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\r{done:,} of {total:,} series", end=end, file=sys.stderr, flush=True)
        elif done * TENTHS // total > self.told:
            self.told = done * TENTHS // total
            _say(f"{done:,} of {total:,} series")


def _say(text: str) -> None:
    print(disarmed(text), file=sys.stderr, flush=True)
