"""Measure the serving model against published throughput and latency.

    python -m benchmarks.serving --rows CSV [--json]

The constants are those of `data/serving.toml`; nothing is fitted here. Errors are predicted
over measured, minus one. The last line of standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from capacity.architecture import bytes_per_value, count_parameters, kv_bytes_per_token
from capacity.calibration import ServingConstants
from capacity.catalogue import Catalogue
from capacity.hardware import Architecture
from capacity.latency import tpot_s, ttft_s
from capacity.serving import Replica, TokenLengths, max_concurrency
from capacity.step_time import static_batch_s, step_times
from forecast.shipped import data_path

DTYPES = {"FP16": "fp16", "BF16": "fp16", "FP8": "fp8", "FP4": "fp4", "INT8": "int8"}
PLAIN_FEED_FORWARD = ("GPT-J", "Falcon")
# Releases of TensorRT-LLM up to 0.14 reach this share of the later ones on calibration rows.
OLD_ENGINE = 0.91
MAX_ONLINE_QPS = 8.0
TEXTBOOK_FLOPS, TEXTBOOK_BANDWIDTH = 0.5, 0.8


@dataclass(frozen=True)
class Case:
    """One published row, as the model sees it."""

    row: pd.Series
    replica: Replica
    lengths: TokenLengths
    constants: ServingConstants

    @property
    def batch(self) -> float:
        """Sequences at once: as published, else what fits; never more than fits."""
        fits = float(max_concurrency(self.replica, self.lengths, self.constants))
        given = float(self.row.concurrency_or_batch)
        return min(fits, given) if np.isfinite(given) else fits

    @property
    def replicas(self) -> float:
        """Copies of the model behind the published total."""
        return max(1.0, float(self.row.gpus) / self.replica.gpus)


@dataclass(frozen=True)
class Score:
    """One comparison: predicted over measured, and the same for the textbook roofline."""

    scope: str
    group: str
    ratio: float
    textbook: float = np.nan


def cases(rows: pd.DataFrame) -> list[Case]:
    """Build a case from each row whose accelerator, model shape and parallelism are known."""
    known = Catalogue.load().accelerators
    constants = ServingConstants.from_toml(data_path("serving.toml"))
    needed = ["layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab", "tp"]
    usable = rows.gpu.isin(list(known)) & rows.weight_dtype.isin(list(DTYPES))
    usable &= rows[needed].notna().all(axis=1) & (rows.input_tokens >= 1)
    built = []
    for _, row in rows[usable].iterrows():
        card, dtype = known[row.gpu], DTYPES[row.weight_dtype]
        if dtype not in card.efficiency:
            continue
        kv = DTYPES.get(row.kv_dtype, "fp8" if dtype in {"fp8", "fp4"} else "fp16")
        pp = 1 if pd.isna(row.pp) else int(row.pp)
        replica = Replica(card, shape(row), int(row.tp), pp, dtype, kv)
        reply = 1.0 if pd.isna(row.output_tokens) else max(1.0, row.output_tokens)
        built.append(Case(row, replica, TokenLengths.of(row.input_tokens, reply), constants))
    return built


def shape(row: pd.Series) -> Architecture:
    """Model shape of a row."""
    experts = 0 if pd.isna(row.n_experts) else int(row.n_experts)
    return Architecture(
        row.model,
        layers=int(row.layers),
        hidden=int(row.hidden),
        heads=int(row.heads),
        kv_heads=int(row.kv_heads),
        head_dim=int(row.head_dim),
        ffn=int(row.ffn),
        ffn_matrices=2 if row.model.startswith(PLAIN_FEED_FORWARD) else 3,
        vocab=int(row.vocab),
        n_experts=experts,
        experts_per_token=int(row.topk) if experts else 0,
    )


def scores(case: Case) -> list[Score]:
    """Compare one case with everything that its row measures."""
    kind = case.row.scope
    if kind == "online":
        return online(case)
    if kind == "ttft":
        first = float(ttft_alone(case))
        return [Score("ttft", group(case), 1e3 * first / case.row.ttft_ms)]
    if kind == "mlperf" and str(case.row.scenario).lower() != "offline":
        return []
    return [throughput(case, scope_name(case))]


def scope_name(case: Case) -> str:
    """Scope of a throughput row; engines and makers that the model was not calibrated on apart."""
    name = "mlperf_offline" if case.row.scope == "mlperf" else str(case.row.scope)
    if case.row.scope == "static" and case.row.engine != "TensorRT-LLM":
        name += f"_{case.row.engine.lower()}"
    maker = case.replica.accelerator.vendor
    return name if maker == "NVIDIA" else f"{name}_{maker.lower()}"


def group(case: Case) -> str:
    """Model and accelerator."""
    return f"{case.row.model} x {case.row.gpu}"


def throughput(case: Case, scope: str) -> Score:
    """Compare tokens per second."""
    batch = case.batch
    if batch < 1:
        return Score(scope, group(case), np.nan)
    if case.row.scope == "static":
        seconds = static_batch_s(case.replica, batch, case.lengths, case.constants)
        rate = batch * case.lengths.reply / seconds
    else:
        rate = batch / tpot_s(case.replica, batch, case.lengths, case.constants)
    if case.row.scope == "offline_old_engine":
        rate = rate * OLD_ENGINE
    measured = case.row.total_output_tokens_per_s / case.replicas
    return Score(scope, group(case), float(rate) / measured, textbook(case, batch) / measured)


def textbook(case: Case, batch: float) -> float:
    """Roofline with half of the peak rate and four fifths of the bandwidth."""
    replica, lengths = case.replica, case.lengths
    counts = count_parameters(replica.architecture)
    weights = (counts.dense + counts.experts) * bytes_per_value(replica.weight_dtype)
    per_token = kv_bytes_per_token(replica.architecture, replica.kv_dtype, replica.tp)
    read = weights + 2 * counts.head + batch * float(lengths.mean_context) * per_token
    tokens = batch * (1 + float(lengths.prompt / lengths.reply))
    work = 2 * (counts.dense + counts.experts_active) * tokens + 2 * counts.head * batch
    card = replica.accelerator
    compute = work / (card.flops[replica.weight_dtype] * TEXTBOOK_FLOPS)
    reading = read / (card.bandwidth_bytes_per_s * TEXTBOOK_BANDWIDTH)
    return batch * replica.gpus / max(compute, reading)


def ttft_alone(case: Case) -> float:
    """Prefill of the whole batch on an idle replica."""
    prompts = max(1.0, case.batch)
    step = step_times(case.replica, 0, case.lengths, case.constants, prompts=prompts)
    return float(step.total)


def online(case: Case) -> list[Score]:
    """Compare latency under a given request rate, with the concurrency that it causes."""
    rate = case.row.request_rate_qps
    if not rate <= MAX_ONLINE_QPS:
        return []
    running = 1.0
    for _ in range(200):  # Little's law; converges where the replica keeps up
        step = float(tpot_s(case.replica, running, case.lengths, case.constants))
        running = min(max(1.0, rate * float(case.lengths.reply) * step), case.batch)
    first = float(ttft_s(case.replica, running, case.lengths, case.constants))
    pairs = (("itl", step, case.row.tpot_ms), ("ttft", first, case.row.ttft_ms))
    return [
        Score(f"online_{name}", group(case), 1e3 * predicted / measured)
        for name, predicted, measured in pairs
        if np.isfinite(measured)
    ]


def summary(rows: list[Score], constants: ServingConstants) -> dict[str, float]:
    """Median and 90th percentile of the absolute error, median error, interval coverage."""
    ratio = np.array([row.ratio for row in rows])
    low, high = np.interp([0.05, 0.95], constants.quantile_levels, constants.throughput_quantiles)
    inside = (1 / ratio >= low) & (1 / ratio <= high)
    return {
        "n": len(rows),
        "groups": len({row.group for row in rows}),
        **error(ratio),
        "cover90": round(float(inside.mean()), 4),
    }


def error(ratio: np.ndarray) -> dict[str, float]:
    """Statistics of predicted over measured minus one."""
    off = ratio - 1
    return {
        "median": round(float(np.median(np.abs(off))), 4),
        "p90": round(float(np.quantile(np.abs(off), 0.9)), 4),
        "bias": round(float(np.median(off)), 4),
    }


def one_per_system(rows: list[Score]) -> list[Score]:
    """Median over the submissions of one model on one accelerator, so that each counts once."""
    ratios = defaultdict(list)
    for row in rows:
        ratios[row.group].append(row)
    return [
        replace(
            same[0],
            ratio=float(np.median([row.ratio for row in same])),
            textbook=float(np.median([row.textbook for row in same])),
        )
        for same in ratios.values()
    ]


def measure(rows: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """Score every usable row, by scope."""
    by_scope = defaultdict(list)
    for case in cases(rows[rows.quality.isin(["ok", "memory_tight"])]):
        for score in scores(case):
            tight = case.row.quality == "memory_tight"
            if np.isfinite(score.ratio):
                by_scope["memory_tight" if tight else score.scope].append(score)
    for scope in [name for name in by_scope if name.startswith("mlperf")]:
        by_scope[f"{scope}_systems"] = one_per_system(by_scope[scope])
    constants = ServingConstants.from_toml(data_path("serving.toml"))
    plain = {
        scope: error(np.array([row.textbook for row in rows]))
        for scope, rows in by_scope.items()
        if all(np.isfinite(row.textbook) for row in rows)
    }
    return {
        "scopes": {scope: summary(rows, constants) for scope, rows in sorted(by_scope.items())},
        "textbook": dict(sorted(plain.items())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, required=True, help="published rows")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    options = parser.parse_args()
    result = measure(pd.read_csv(options.rows))
    if not options.json:
        print(pd.DataFrame(result["scopes"]).T.to_string())
    print(json.dumps(result))


if __name__ == "__main__":
    main()
