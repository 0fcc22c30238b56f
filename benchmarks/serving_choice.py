"""Would the serving model have chosen as the measurements do?

Options are cards, number types and tensor-parallel degrees that were measured on one model with
one release at the same lengths.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np

from capacity.serving.rows import MeasuredRow

APART = 1.1
Option = tuple[MeasuredRow, float]  # measured row and predicted tokens/s of one copy


def ordering(options: list[Option], *, per_gpu: bool) -> dict[str, float]:
    """Share of pairs of options more than 10 % apart that are ordered correctly."""
    right, pairs = 0, 0
    for same in _alike(options, lambda row: ()).values():
        rates = [_rates(option, per_gpu=per_gpu) for option in same]
        for (a, model_a), (b, model_b) in combinations(rates, 2):
            if max(a, b) > APART * min(a, b):
                pairs += 1
                right += (a > b) == (model_a > model_b)
    return {"pairs": pairs, "correct": round(right / pairs, 4) if pairs else 1.0}


def regret(options: list[Option]) -> dict[str, float]:
    """Throughput per GPU lost by the tensor-parallel degree that the model chooses."""
    lost = []
    for same in _alike(options, _card).values():
        if len({row.replica.tp for row, _ in same}) > 1:
            rates = [_rates(option, per_gpu=True) for option in same]
            chosen = max(rates, key=lambda rate: rate[1])[0]
            lost.append(1 - chosen / max(rate[0] for rate in rates))
    return {
        "choices": len(lost),
        "best": int(np.sum(np.array(lost) == 0.0)),
        "mean": round(float(np.mean(lost)), 4) if lost else 0.0,
        "worst": round(float(np.max(lost)), 4) if lost else 0.0,
    }


def _card(row: MeasuredRow) -> tuple[str, ...]:
    replica = row.replica
    return (replica.accelerator.name, replica.weight_dtype, replica.kv_dtype)


def _alike(options: list[Option], more) -> dict[tuple, list[Option]]:
    """Options by what was to be served, with further keys."""
    found = defaultdict(list)
    for option in options:
        row = option[0]
        served = (row.replica.architecture.name, float(row.lengths.prompt))
        run = (float(row.lengths.reply), row.scope, row.engine, row.version, row.batch)
        found[(*served, *run, *more(row))].append(option)
    return found


def _rates(option: Option, *, per_gpu: bool) -> tuple[float, float]:
    row, predicted = option
    share = row.replica.gpus if per_gpu else 1
    return row.tokens_per_s / share, predicted / share
