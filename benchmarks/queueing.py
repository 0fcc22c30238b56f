"""Queueing formulas against the simulation over a large grid, and the time of a GPU mix.

    python -m benchmarks.queueing [--requests N] [--json]

Formulas: `capacity.serving.peak_latency`. Simulation: `capacity.serving.simulation`, one replica,
Poisson arrivals.
Errors are formula over simulation, minus one, at P50 and P90. Cells inside the domain of
docs/decisions/0013-simulation-engine.md must agree within 15 %; the others are shown apart. Two
further parts: users who give up, and bursts. The last line of standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from capacity.fleet.gpu_mix import Mix, MixProblem, cheapest_mix, one_type
from capacity.fleet.mixing import mix
from capacity.fleet.ranking import rank
from capacity.market.catalogue import shipped_catalogue
from capacity.market.hardware import DTYPES
from capacity.planning import median_stage, shipped_constants
from capacity.scenarios.file import load_scenario
from capacity.serving.length_presets import length_preset
from capacity.serving.peak_latency import PeakLoad, peak_latency, replica_speed
from capacity.serving.replica import Replica
from capacity.serving.simulation import Requests, simulate

TOLERANCE = 0.15
REPLICAS = (
    ("L40S", "llama-3.1-8b", 1),
    ("A100-SXM-80", "llama-2-13b", 1),
    ("A100-SXM-80", "llama-3.1-70b", 4),
    ("H100-SXM", "llama-3.1-70b", 4),
)
TRACES = ("azure2023_conv", "azure2024_conv", "azure2023_code", "sharegpt", "mlperf_llama2_70b")
LOADS = (0.3, 0.6, 0.8, 0.9)
KINDS = (("ttft", "ttft_s"), ("tpot", "tpot_s"))
TYPES, BINS, RATE = 10, 10, 5_000.0


@dataclass(frozen=True)
class Cell:
    """One comparison."""

    name: str
    load: float
    filled: float
    places: int
    reply: float
    errors: dict[str, float]

    @property
    def inside(self) -> bool:
        """Whether formulas are offered for it."""
        roomy = self.filled <= 0.4 or self.places >= 100
        highest = 0.8 if self.reply >= 200.0 else 0.6
        return roomy and self.reply >= 100.0 and self.load <= highest

    @property
    def worst(self) -> float:
        return max(abs(error) for error in self.errors.values())


def compare(replica: Replica, name: str, trace: str, load: float, requests: int) -> Cell:
    """Formula and simulation of one replica."""
    constants, tokens = shipped_constants(), length_preset(trace).model
    speed = replica_speed(replica, PeakLoad(1.0, tokens), constants)
    rate = load * speed.capacity
    formula = peak_latency(replica, PeakLoad(rate, tokens), constants)
    count = int(max(requests, 40 * formula.running))
    stream = Requests.random(rate, count, tokens, np.random.default_rng(17))
    served = simulate(replica, stream, constants).after(count // 3)
    errors = {
        f"{short}_p{round(100 * p)}": float(
            np.quantile(getattr(formula, kind), p) / np.nanquantile(getattr(served, kind), p) - 1.0
        )
        for (short, kind), p in product(KINDS, (0.5, 0.9))
    }
    places = speed.decode_s.size
    return Cell(
        f"{name} {trace}", load, formula.running / places, places, tokens.reply.mean, errors
    )


def grid(requests: int) -> Iterator[Cell]:
    """All cells, one after the other."""
    known = shipped_catalogue()
    for (card, model, tp), trace, load in product(REPLICAS, TRACES, LOADS):
        replica = Replica(known.accelerators[card], known.architectures[model], tp=tp)
        yield compare(replica, f"{card} {model} TP{tp}", trace, load, requests)


def summary(cells: list[Cell]) -> dict[str, object]:
    """Errors inside and outside the domain."""

    def of(some: list[Cell]) -> dict[str, object]:
        keys = some[0].errors if some else ()
        worst = max(some, key=lambda cell: cell.worst) if some else None
        return {
            "cells": len(some),
            "within_tolerance": sum(cell.worst <= TOLERANCE for cell in some),
            "median_abs": {
                key: round(float(np.median([abs(c.errors[key]) for c in some])), 4) for key in keys
            },
            "max_abs": {key: round(max(abs(cell.errors[key]) for cell in some), 4) for key in keys},
            "worst": f"{worst.name} at {worst.load}" if worst else "",
        }

    return {
        "tolerance": TOLERANCE,
        "inside": of([cell for cell in cells if cell.inside]),
        "outside": of([cell for cell in cells if not cell.inside]),
    }


def line(cell: Cell) -> str:
    """One cell in words."""
    errors = "  ".join(f"{key} {value:+.3f}" for key, value in cell.errors.items())
    place = "inside " if cell.inside else "outside"
    return f"{place} {cell.name:<48} load {cell.load} filled {cell.filled:.2f}  {errors}"


def impatience(requests: int) -> list[dict[str, float]]:
    """Share of users who give up, at a replica of 16 places, by formula and simulation."""
    known, few = shipped_catalogue(), replace(shipped_constants(), max_batch=16)
    replica = Replica(known.accelerators["L40S"], known.architectures["llama-3.1-8b"])
    tokens, rows = length_preset("azure2023_conv").model, []
    for load, leaving in product((0.8, 1.0, 1.2, 1.5), (0.05, 0.2)):
        rate = load * replica_speed(replica, PeakLoad(1.0, tokens), few).capacity
        formula = peak_latency(replica, PeakLoad(rate, tokens, leaving_rate=leaving), few)
        stream = Requests.random(
            rate, requests, tokens, np.random.default_rng(3), leaving_rate=leaving
        )
        served = simulate(replica, stream, few).after(requests // 5)
        lost = float(np.mean(np.isinf(served.ttft_s)))
        rows.append(
            {
                "load": load,
                "leaving_rate": leaving,
                "formula": round(formula.p_lost, 4),
                "simulated": round(lost, 4),
            }
        )
    return rows


def bursts(requests: int) -> list[dict[str, float]]:
    """TTFT and TPOT at P90 where gaps vary more than exponential ones."""
    known, constants = shipped_catalogue(), shipped_constants()
    replica = Replica(known.accelerators["L40S"], known.architectures["llama-3.1-8b"])
    tokens, rows = length_preset("azure2023_conv").model, []
    most = replica_speed(replica, PeakLoad(1.0, tokens), constants).capacity
    for scv, load in product((1.0, 1.4, 4.0), (0.4, 0.6)):
        burst = 0.5 * (scv + 1.0)
        formula = peak_latency(replica, PeakLoad(load * most, tokens, burst=burst), constants)
        generator = np.random.default_rng(5)
        stream = Requests.random(load * most, requests, tokens, generator, gap_scv=scv)
        served = simulate(replica, stream, constants).after(requests // 5)
        row = {"gap_scv": scv, "load": load}
        for short, kind in KINDS:
            simulated = np.nanquantile(getattr(served, kind), 0.9)
            row[f"{short}_p90"] = round(
                float(np.quantile(getattr(formula, kind), 0.9) / simulated - 1.0), 4
            )
        rows.append(row)
    return rows


def random_mix(seed: int) -> MixProblem:
    """Ten types and 10 x 10 classes at 5,000 requests/s."""
    rng = np.random.default_rng(seed)
    prompt = np.repeat(np.geomspace(50, 8_000, BINS), BINS)
    reply = np.tile(np.geomspace(10, 1_500, BINS), BINS)
    compute, memory = rng.uniform(0.5, 8.0, (TYPES, 1)), rng.uniform(0.5, 4.0, (TYPES, 1))
    capacity = 1.0 / (prompt / compute / 4_000 + reply / memory / 3_000)
    capacity[prompt + reply > rng.uniform(3_000, 12_000, (TYPES, 1))] = 0.0
    capacity[-1] = np.maximum(capacity[-1], 0.3)
    usd = (5 * compute + 6 * memory).ravel() * rng.uniform(0.8, 1.2, TYPES)
    return MixProblem(
        rng.dirichlet(np.ones(BINS * BINS)) * RATE,
        capacity,
        usd,
        np.arange(TYPES),
        np.full(TYPES, np.inf),
    )


def mixes() -> dict[str, object]:
    """Seconds and gaps of mixes, random ones and one of the catalogue."""
    cheapest_mix(random_mix(99))  # imports
    seconds, cpu, gaps, saved = [], [], [], []
    for seed in range(20):
        problem = random_mix(seed)
        start, used = time.perf_counter(), time.process_time()
        found = cheapest_mix(problem)
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
        if isinstance(found, Mix):
            gaps.append(found.gap)
            saved.append(1.0 - found.usd_per_h / one_type(problem)[1].min())
    return {
        "random": {
            "n": len(seconds),
            "median_s": round(float(np.median(seconds)), 3),
            "max_s": round(max(seconds), 3),
            "median_cpu_s": round(float(np.median(cpu)), 3),
            "max_cpu_s": round(max(cpu), 3),
            "max_gap": max(gaps),
            "median_saved": round(float(np.median(saved)), 4),
        },
        "catalogue": catalogue_mix(),
    }


def catalogue_mix() -> dict[str, object]:
    """All options of December 2025 for the 8-billion model at 5,000 requests/s."""
    scenario = replace(load_scenario("reported-case"), architecture="llama-3.1-8b")
    market, traffic = median_stage(scenario, scenario.policy.change({"term": "on-demand"}))
    market = replace(market, scenario=replace(scenario, start="2025-12", end="2025-12"))
    traffic = replace(traffic, rate=np.full((1, 1), RATE))
    ranked = rank(market, traffic, DTYPES)
    built = mix(market, traffic, ranked, length_preset("azure2023_conv").model)
    start, used = time.perf_counter(), time.process_time()
    found = cheapest_mix(built.problem)
    seconds, cpu = time.perf_counter() - start, time.process_time() - used
    assert isinstance(found, Mix)
    assert built.single is not None
    return {
        "options": len(built.options),
        "classes": int(built.problem.rates.size),
        "solve_s": round(seconds, 3),
        "cpu_s": round(cpu, 3),
        "gap": found.gap,
        "saved": round(1.0 - found.usd_per_h / built.single[2], 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=6_000, help="fewest in a cell")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    arguments = parser.parse_args()
    cells = []
    for cell in grid(arguments.requests):
        cells.append(cell)
        if not arguments.json:
            print(line(cell), flush=True)
    print(
        json.dumps(
            {
                "grid": summary(cells),
                "impatience": impatience(arguments.requests),
                "bursts": bursts(2 * arguments.requests),
                "mix": mixes(),
            }
        )
    )


if __name__ == "__main__":
    main()
