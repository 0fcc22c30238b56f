"""Rows of measurements for tests."""

from __future__ import annotations

import csv
from pathlib import Path

from forecast.shipped.tables import Row

CELLS = {
    "model": "Llama-3.1-8B", "layers": "32", "hidden": "4096", "heads": "32", "kv_heads": "8",
    "head_dim": "128", "ffn": "14336", "vocab": "128256", "n_experts": "0", "topk": "0",
    "gpu": "H100-SXM", "gpus": "1", "tp": "1", "pp": "1", "weight_dtype": "FP8", "kv_dtype": "FP8",
    "input_tokens": "1000", "output_tokens": "1000", "concurrency_or_batch": "inf",
    "total_output_tokens_per_s": "10000", "ttft_ms": "50", "tpot_ms": "20", "request_rate_qps": "",
    "engine": "TensorRT-LLM", "engine_version": "1.0", "scenario": "offline",
    "scope": "offline_core", "quality": "ok",
}  # fmt: skip


def row(line: int = 2, **changes: object) -> Row:
    """One row with some cells changed."""
    changed = {name: str(value) for name, value in changes.items()}
    return Row("rows.csv", line, CELLS | changed)


def write(path: Path, *changes: dict[str, object]) -> Path:
    """A file of such rows."""
    rows = [row(**change).cells for change in changes]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
