"""Measure the serving model against published throughput and latency.

    python -m benchmarks.serving --rows CSV [--json]

The constants are those of `data/serving.toml`; nothing is fitted here. Errors are predicted over
measured speed, minus one. The rows may name models and scopes that the shipped rows do not; rows
that cannot be judged are counted by reason. The last line of standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks import serving_textbook
from benchmarks.serving_choice import ordering, regret
from capacity.market.catalogue import Catalogue
from capacity.serving.accuracy import SEED, Accuracy, accuracy, group_bootstrap
from capacity.serving.calibration import ServingConstants
from capacity.serving.flags import CalibratedRange, Flag, flags
from capacity.serving.prediction import (
    ALIKE,
    AT_TPOT,
    ONLINE_FIRST,
    STATIC,
    STEADY,
    TOKEN,
    TUNED_ENGINE,
    Observations,
    log_errors,
    why_not,
)
from capacity.serving.rows import MeasuredRow, parse_row
from forecast.shipped.place import data_path
from forecast.shipped.tables import Row, read_file

CONSTANTS = ServingConstants.from_toml(data_path("serving.toml"))
COVERED = CalibratedRange.from_toml(data_path("serving_range.toml"))
JUDGED = {"ok", "memory_tight"}
THROUGHPUT = {STEADY, STATIC, ALIKE, AT_TPOT}
DETAIL = {TOKEN: "itl", ONLINE_FIRST: "ttft"}
UNCERTAIN = {Flag.MEMORY_TIGHT, Flag.FINE_EXPERTS}  # where the interval is wider


@dataclass(frozen=True)
class Score:
    """One comparison: logs of predicted over measured speed, of the model and of the textbook."""

    scopes: tuple[str, ...]
    row: MeasuredRow
    error: float
    textbook: float
    raised: tuple[Flag, ...]
    measure: str

    @property
    def interval(self) -> tuple[float, float]:
        """Interval that applies to it."""
        wide = bool(UNCERTAIN.intersection(self.raised))
        return CONSTANTS.interval(measure=self.measure, flagged=wide)


def judged(rows: list[Row]) -> tuple[list[MeasuredRow], Counter[str]]:
    """Rows that the model can be compared with, and why others cannot."""
    known = Catalogue.load()
    found, left_out = [], Counter()
    for row in rows:
        try:
            measured = parse_row(row, known)
        except ValueError as error:
            left_out[without_place(str(error), row)] += 1
            continue
        reason = why_not(measured, CONSTANTS)
        if measured.quality not in JUDGED:
            reason = f"quality {measured.quality}"
        if reason:
            left_out[reason] += 1
        else:
            found.append(measured)
    return found, left_out


def without_place(message: str, row: Row) -> str:
    """First part of a message, without file and line, so that equal faults are counted together."""
    return message.removeprefix(f"{row.file}, line {row.line}").lstrip(",: ").split(";")[0]


def scores(rows: list[MeasuredRow]) -> list[Score]:
    """Compare everything that rows measure."""
    observed = Observations.of(rows, CONSTANTS)
    if not observed.kind.size:
        return []
    errors = log_errors(observed, CONSTANTS)
    return [
        Score(
            scopes(row, int(kind)),
            row,
            float(error),
            float(np.log(serving_textbook.tokens_per_s(row, batch) / measured))
            if kind in THROUGHPUT
            else np.nan,
            raised(row),
            str(measure),
        )
        for row, kind, error, batch, measured, measure in zip(
            observed.rows,
            observed.kind,
            errors,
            observed.batch,
            observed.measured,
            observed.measure,
            strict=True,
        )
    ]


def raised(row: MeasuredRow) -> tuple[Flag, ...]:
    """Flags of a row, from the measurement too."""
    batch = row.batch if np.isfinite(row.batch) else None
    rate = row.tokens_per_s if np.isfinite(row.tokens_per_s) and row.scope == "static" else None
    return flags(row.replica, row.lengths, CONSTANTS, COVERED, batch=batch, tokens_per_s=rate)


def scopes(row: MeasuredRow, kind: int) -> tuple[str, ...]:
    """Scopes under which a number counts; what the model was not calibrated on stands apart."""
    if row.quality == "memory_tight":
        return ("memory_tight",)
    name = row.scope
    if name == "static" and row.engine != TUNED_ENGINE:
        name += f"_{row.engine.lower()}"
    maker = row.replica.accelerator.vendor
    name += "" if maker == "NVIDIA" else f"_{maker.lower()}"
    if kind in DETAIL:
        return (name, f"{name}_{DETAIL[kind]}")
    if row.scope == "mlperf":
        return (name, f"{name}_{row.scenario or 'offline'}")
    return (name,)


def one_per_system(found: list[Score]) -> list[Score]:
    """Median submission of each model on each card, so that each system counts once."""
    by_group = defaultdict(list)
    for score in found:
        by_group[score.row.group].append(score)
    return [
        sorted(same, key=lambda score: score.error)[len(same) // 2] for same in by_group.values()
    ]


def errors_of(found: list[Score]) -> Accuracy:
    """Errors of some comparisons, each with the interval that applies to it."""
    errors = np.array([score.error for score in found])
    low, high = np.array([score.interval for score in found]).T
    return accuracy(errors, [score.row.group for score in found], (low, high))


def summary(found: list[Score]) -> dict[str, object]:
    """Errors of one scope, with 95 % intervals from drawing whole groups again."""
    errors = np.array([score.error for score in found])
    groups = [score.row.group for score in found]
    spread = group_bootstrap(errors, groups, np.random.default_rng(SEED))
    return {**asdict(errors_of(found)), **{f"{name}_ci95": ends for name, ends in spread.items()}}


def textbook(found: list[Score]) -> dict[str, float]:
    """Errors of the textbook roofline on the same numbers."""
    errors = np.array([score.textbook for score in found])
    all_of_it = asdict(accuracy(errors, [score.row.group for score in found], (1.0, 1.0)))
    return {name: all_of_it[name] for name in ("median", "p90", "bias")}


def options(found: list[Score]) -> list[tuple[MeasuredRow, float]]:
    """Measured and predicted throughput of every offline row."""
    kept = {"offline_core", "offline_old_engine"}
    return [
        (score.row, score.row.tokens_per_s * float(np.exp(score.error)))
        for score in found
        if kept.intersection(score.scopes)
    ]


def measure(rows: list[Row]) -> dict[str, object]:
    """Score every row that can be judged."""
    usable, left_out = judged(rows)
    found = scores(usable)
    by_scope: dict[str, list[Score]] = defaultdict(list)
    by_group: dict[str, list[Score]] = defaultdict(list)
    for score in found:
        for scope in score.scopes:
            by_scope[scope].append(score)
        by_group[f"{score.scopes[0]}: {score.row.group}"].append(score)
    for scope in [name for name in by_scope if name.startswith("mlperf")]:
        by_scope[f"{scope}_systems"] = one_per_system(by_scope[scope])
    return {
        "rows": {"read": len(rows), "scored": len(usable), "left_out": left_out.total()},
        "scopes": {name: summary(part) for name, part in sorted(by_scope.items())},
        "textbook": {
            name: textbook(part)
            for name, part in sorted(by_scope.items())
            if all(np.isfinite(score.textbook) for score in part)
        },
        "groups": {name: summary_of_group(part) for name, part in sorted(by_group.items())},
        "ordering": ordering(options(found), per_gpu=False),
        "ordering_per_gpu": ordering(options(found), per_gpu=True),
        "regret": regret(options(found)),
        "flags": dict(Counter(str(flag) for score in found for flag in score.raised)),
        "left_out": dict(sorted(left_out.items())),
    }


def summary_of_group(found: list[Score]) -> dict[str, float]:
    """Errors of one model on one card in one scope."""
    table = asdict(errors_of(found))
    del table["groups"]
    return table


def text(result: dict[str, dict[str, dict[str, float]]]) -> str:
    """Scopes and groups as a table."""
    lines = [
        f"{'':50} {'n':>5} {'median':>7} {'P90':>7} {'bias':>7} {'in 90 %':>8} {'textbook':>9}"
    ]
    for name in ("scopes", "groups"):
        for key, row in result[name].items():
            book = result["textbook"].get(key, {}).get("median")
            lines.append(
                f"{key:50} {row['n']:5} {row['median']:7.1%} {row['p90']:7.1%} "
                f"{row['bias']:+7.1%} {row['cover90']:8.0%}"
                + (f" {book:9.0%}" if book is not None and name == "scopes" else "")
            )
    lines += [f"{key}: {result[key]}" for key in ("ordering", "ordering_per_gpu", "regret")]
    lines += [f"{key}: {result[key]}" for key in ("flags", "rows", "left_out")]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, required=True, help="published rows")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    arguments = parser.parse_args()
    try:
        result = measure(list(read_file(arguments.rows).rows))
    except (ValueError, OSError) as error:
        parser.error(str(error))
    if not arguments.json:
        print(text(result))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
