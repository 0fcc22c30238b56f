"""Accuracy of everyday forecasts on a panel: ``python -m benchmarks.panel --data PARQUET --json``.

The file has the columns unique_id, t or ds, y, split (train or test), horizon, seasonality and
freq. The shipped model learns from the panel's parts to fit, then forecasts each series. The last
line is one JSON object: sMAPE in percent, MASE, OWA against Naive2 of the same run (ratios of
means over series), coverage as fractions, MSIS at 95 %, CPU seconds for each series with learning
from the panel shared out. Series count equally; MASE and MSIS leave out series whose seasonal steps
are all zero. With --peers the same for simple and published methods that are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.panel_file import read_panel
from benchmarks.panel_peers import peers
from benchmarks.panel_scores import LEVELS, bootstrap, naive2_scores, score, summary
from forecast.everyday import Everyday

if TYPE_CHECKING:
    from benchmarks.panel_file import Case
    from benchmarks.panel_peers import Method
    from benchmarks.panel_scores import Scores


def main() -> None:
    """Read the options, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sample", type=int, help="score this many series, chosen at random")
    parser.add_argument("--peers", action="store_true", help="score other methods as well")
    parser.add_argument("--json", action="store_true", help="print the JSON object alone")
    options = parser.parse_args()
    result = score_panel(read_panel(options.data, options.sample), options.peers)
    if not options.json:
        for name, row in {"ensemble": result["ensemble"], **result["peers"]}.items():
            print(f"{name:28} {row}")
    print(json.dumps(result))


def score_panel(cases: list[Case], with_peers: bool) -> dict[str, Any]:
    """Scores of the shipped model, and of the peers if asked for."""
    naive = naive2_scores(cases)
    started = time.process_time()
    model = Everyday().on_panel([case.series for case in cases])
    learning = (time.process_time() - started) / len(cases)
    tell(f"learned from the panel: {learning:.4f} CPU s a series")
    rows = run(cases, lambda case: model.fit(case.series).quantiles(len(case.came), LEVELS))
    result = {"ensemble": summary(rows, naive, learning), "peers": {}, "absent": {}}
    if with_peers:
        methods, result["absent"] = peers()
        others = {name: run(cases, method) for name, method in methods.items()}
        for name, other in others.items():
            result["peers"][name] = summary(other, naive)
            result["peers"][name]["difference"] = bootstrap(rows, other)
            tell(f"{name}: {result['peers'][name]}")
    return result


def run(cases: list[Case], method: Method) -> list[Scores]:
    """Scores of a method on each case; a case that it cannot do is counted and told."""
    rows = []
    for number, case in enumerate(cases, 1):
        started = time.process_time()
        try:
            quantiles = method(case)
        except Exception as error:
            tell(f"{case.series.name}: {type(error).__name__}: {error}")
            quantiles = np.full((len(LEVELS), len(case.came)), np.nan)
        rows.append(score(case, quantiles, time.process_time() - started))
        if number % 200 == 0:
            tell(f"{number} of {len(cases)} series")
    return rows


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
