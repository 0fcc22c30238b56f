"""Purchase decisions of the shipped scenarios: cost of other policies on fresh draws, and time.

    python -m benchmarks.decide --draws 4000 --json
    python -m benchmarks.decide --buying region_price=1,1.12    # each region on its own terms

Orders are found on half of the draws of one seed. They and the simple policies are then judged on
all draws of another seed. `above` is the mean cost of a policy, shortfall priced, over that of the
recommendation, less one; `sure` says whether the difference exceeds two standard errors. The last
line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import replace
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from capacity.fleet.purchase import bought_to, nodes_standing
from capacity.money.recourse import outcome
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.procurement.buying import Buying
from capacity.procurement.deciding import decide
from capacity.procurement.situation import Situation
from capacity.scenarios.file import load_scenario
from capacity.scenarios.settings import parse_pairs

SCENARIOS = ("reported-case", "work-assistant", "public-mid-2024", "platform-shift")
QUANTILES = {"buy to P50": 0.5, "buy to P80": 0.8, "buy to P95": 0.95}


def at_hand(name: str, seed: int, draws: int) -> Situation:
    """A scenario on the day of its decision."""
    found = plan(load_scenario(name), seed=seed, draws=draws)
    if not isinstance(found, CapacityPlan):
        raise ValueError(found.text)  # noqa: TRY004  not a matter of types
    return Situation.of(found)


def figures(name: str, seed: int, draws: int, buying: Buying) -> dict[str, Any]:
    """Time, gap, and the cost of other policies on draws of the next seed."""
    start = time.process_time()
    found = at_hand(name, seed, draws)
    made = decide(found, buying)
    cpu = time.process_time() - start
    fresh = replace(at_hand(name, seed + 1, draws), held=found.held)
    if fresh.instance != found.instance:
        raise ValueError(f"{name}: seeds {seed} and {seed + 1} chose different nodes")
    offered = found.menu(buying)
    futures = fresh.futures(np.arange(draws), offered, buying)
    mine = offered.of(found.instance, "1y")
    need = np.rint(found.need[found.halves(seed)[0]]).astype(np.int64)
    orders = {
        policy: bought_to(
            nodes_standing(need, found.plan.policy, p) - found.held,
            offered.offers,
            mine,
            offered.regions,
        )
        for policy, p in QUANTILES.items()
    }
    orders["all on demand"] = np.zeros((1, len(offered.items)))
    best = outcome(offered.offers, made.purchase.nodes, offered.top_up, futures)
    above, sure = {}, {}
    for policy, nodes in orders.items():
        other = outcome(offered.offers, nodes, offered.top_up, futures).usd - best.usd
        above[policy] = round(float(other.mean() / best.usd.mean()), 4)
        sure[policy] = bool(abs(other.mean()) > 2.0 * other.std() / np.sqrt(draws))
    return {
        "cpu_s": round(cpu, 2),
        "gap": round(made.purchase.gap, 5),
        "highest_shortfall": round(float(best.shortfall.max()), 4),
        "above": above,
        "sure": sure,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--buying", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    arguments = parser.parse_args()
    buying = Buying().change(parse_pairs(arguments.buying))
    at_hand(SCENARIOS[0], arguments.seed, 100)
    found = {}
    for name in SCENARIOS:
        found[name] = figures(name, arguments.seed, arguments.draws, buying)
        if not arguments.json:
            print(f"{name:>16} {found[name]}")
    print(json.dumps({"draws": arguments.draws, "seed": arguments.seed, "scenarios": found}))


if __name__ == "__main__":
    main()
