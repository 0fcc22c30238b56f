"""Accuracy of everyday forecasts on a panel: ``python -m benchmarks.panel --data PARQUET --json``.

The file has the columns unique_id, t or ds, y, split (train or test), horizon, seasonality and
freq. The shipped model learns from the panel's parts to fit, then forecasts each series. The last
line is one JSON object: sMAPE in percent, MASE, OWA against Naive2 of the same run (ratios of
means over series), coverage as fractions, MSIS at 95 %, CPU seconds for each series with learning
from the panel shared out, imports not. Series count equally; MASE and MSIS leave out series whose
seasonal steps are all zero. With --peers the same for the shipped model without the panel and
without any networks, for simple and published methods that are installed, and for medians of the
published ones. "difference" is the shipped model less the peer, "over_scum" the peer less the
median of four: 95 % intervals, series resampled in pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.panel_file import read_panel
from benchmarks.panel_peers import COMBINATIONS, SCUM, peers
from benchmarks.panel_scores import LEVELS, bootstrap, naive2_scores, score, summary
from forecast.everyday.ensemble import Everyday
from forecast.everyday.pooled_networks import PooledNetworks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.panel_file import Case
    from benchmarks.panel_peers import Method
    from benchmarks.panel_scores import Scores

BARE = Everyday(PooledNetworks({}))


class Answer(NamedTuple):
    """Quantiles of a method for one case, shape (levels, horizon), and what they cost."""

    quantiles: NDArray[np.float64]
    cpu_s: float


def main() -> None:
    """Read the options, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sample", type=int, help="score this many series, chosen at random")
    parser.add_argument("--peers", action="store_true", help="score other methods as well")
    parser.add_argument("--skip", default="", help="peers to leave out, separated by commas")
    parser.add_argument("--json", action="store_true", help="print the JSON object alone")
    options = parser.parse_args()
    result = score_panel(
        read_panel(options.data, options.sample), options.peers, options.skip.split(",")
    )
    if not options.json:
        for name, row in {"ensemble": result["ensemble"], **result["peers"]}.items():
            print(f"{name:28} {row}")
    print(json.dumps(result))


def score_panel(cases: list[Case], with_peers: bool, skipped: Sequence[str] = ()) -> dict[str, Any]:
    """Scores of the shipped model, and of the peers if asked for."""
    naive = naive2_scores(cases)
    started = cpu_s()
    model = Everyday().on_panel([case.series for case in cases])
    learning = (cpu_s() - started) / len(cases)
    tell(f"learned from the panel: {learning:.4f} CPU s a series")
    rows = scored(cases, answers(cases, shipped(model)))
    result: dict[str, Any] = {"ensemble": summary(rows, naive, learning), "peers": {}, "absent": {}}
    if with_peers:
        methods, result["absent"] = peers(skipped)
        methods |= {"without panel": shipped(Everyday()), "without networks": shipped(BARE)}
        found = {name: scored(cases, rows) for name, rows in answered(cases, methods).items()}
        result["peers"] = {name: summary(other, naive) for name, other in found.items()}
        for name, other in found.items():
            result["peers"][name]["difference"] = bootstrap(rows, other, naive)
            if SCUM in found:
                result["peers"][name]["over_scum"] = bootstrap(other, found[SCUM], naive)
    return result


def shipped(model: Everyday) -> Method:
    """The shipped model, or a part of it."""
    return lambda case: model.fit(case.series).quantiles(len(case.came), LEVELS)


def answered(cases: list[Case], methods: dict[str, Method]) -> dict[str, list[Answer]]:
    """Answers of each method, and of each combination whose members are there."""
    found = {}
    for name, method in methods.items():
        tell(name)
        found[name] = answers(cases, method)
    for name, members in COMBINATIONS.items():
        if set(members) <= set(found):
            together = zip(*(found[member] for member in members), strict=True)
            found[name] = [combined(each) for each in together]
    return found


def answers(cases: list[Case], method: Method) -> list[Answer]:
    """Quantiles of a method for each case; a case that it cannot do is counted and told."""
    answer(cases[0], method)  # what is loaded at the first call is no cost of a series
    found = []
    for number, case in enumerate(cases, 1):
        found.append(answer(case, method))
        if number % 200 == 0:
            tell(f"{number} of {len(cases)} series")
    return found


def answer(case: Case, method: Method) -> Answer:
    started = cpu_s()
    try:
        quantiles = method(case)
    except Exception as error:
        tell(f"{case.series.name}: {type(error).__name__}: {error}")
        quantiles = np.full((len(LEVELS), len(case.came)), np.nan)
    return Answer(quantiles, cpu_s() - started)


def combined(members: Sequence[Answer]) -> Answer:
    """Median of some answers, quantile by quantile, at the cost of all."""
    quantiles = np.median([member.quantiles for member in members], axis=0)
    return Answer(np.asarray(quantiles), sum(member.cpu_s for member in members))


def scored(cases: list[Case], found: list[Answer]) -> list[Scores]:
    return [score(case, one.quantiles, one.cpu_s) for case, one in zip(cases, found, strict=True)]


def cpu_s() -> float:
    """CPU time of this process and of the programs that it has run. [s]"""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
