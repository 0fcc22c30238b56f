"""Cost of a whole plan: CPU and wall seconds, peak memory.

    python -m benchmarks.plan --draws 10000 --json

Times one plan of the reported case with every quantile of every metric, after the imports and
one small plan have been paid for. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from capacity.metrics import METRICS
from capacity.outcome import LEVELS, CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.scenarios.file import load_scenario

KIB_PER_MIB = 1024


def whole_plan(draws: int) -> CapacityPlan:
    """Plan with all quantiles and means computed."""
    found = plan(load_scenario("reported-case"), draws=draws)
    if isinstance(found, Infeasible):
        raise ValueError(found.text)  # noqa: TRY004  not a matter of types
    for metric in METRICS:
        found.mean(metric)
        for level in LEVELS:
            found.quantile(metric, level)
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    arguments = parser.parse_args()
    whole_plan(100)
    cpu, wall = time.process_time(), time.perf_counter()
    found = whole_plan(arguments.draws)
    figures = {
        "cpu_s": round(time.process_time() - cpu, 3),
        "wall_s": round(time.perf_counter() - wall, 3),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB),
        "draws": arguments.draws,
        "months": len(found.months),
    }
    if not arguments.json:
        print("\n".join(f"{key:>9} {value}" for key, value in figures.items()))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
