"""Measure decode and prefill steps of one real model's matrices and attention on a CUDA card.

    python -m benchmarks.measure_card --gpu H100-SXM [--model llama-3.1-8b] [--out rows.csv]

Needs PyTorch with CUDA and a card; neither belongs to what is installed, and no card was at hand
when this was written: the script is ready, and no row of it is in `data/`. It times layers of the
model's true size with random 16-bit weights (four of them in turn, so that no cache holds them),
multiplies by the model's depth, adds the head, and writes one row per batch size with the columns
that `fleetcast calibrate-serving` and `python -m benchmarks.serving` read. A row is the throughput
of a static batch: prefill of all prompts, then one decoding step per token at the mean context.
Scheduling, sampling and networks of an engine are not in it, nor norms and rotations; kernels are
launched one by one, which small batches on fast cards feel and an engine with graphs does not.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import importlib.util
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from capacity.market.catalogue import Catalogue
from capacity.market.hardware import GIB, Accelerator, Architecture
from capacity.report.files import write_text

BATCHES = (1, 4, 16, 64, 128)
LAYERS, WARM_UP, REPEATS = 4, 5, 20
BYTES = 2  # of a 16-bit number
NO_CARD = 2
COLUMNS = (
    "id", "source", "date", "engine", "model", "layers", "hidden", "heads", "kv_heads", "head_dim",
    "ffn", "vocab", "n_experts", "topk", "weight_dtype", "kv_dtype", "gpu", "gpus", "tp", "pp",
    "input_tokens", "output_tokens", "concurrency_or_batch", "total_output_tokens_per_s",
    "ttft_ms", "tpot_ms", "scenario", "scope", "quality", "notes",
)  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    known = Catalogue.load()
    for kind, name, names in (
        ("card", arguments.gpu, known.accelerators),
        ("model", arguments.model, known.architectures),
    ):
        if name not in names:
            return refuse(f"unknown {kind} {name!r}; known: {', '.join(sorted(names))}")
    shape = known.architectures[arguments.model]
    if shape.n_experts or shape.ffn_matrices != 3:
        return refuse(f"{shape.name}: only dense models with a gated feed-forward are measured")
    missing = impossible(shape, known.accelerators[arguments.gpu], arguments) or why_not()
    if missing:
        return refuse(missing)
    rows = [measured(shape, batch, arguments) for batch in arguments.batches]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(arguments.out, text.getvalue())
    print(f"wrote {len(rows)} rows to {arguments.out}")
    return 0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    found.add_argument("--gpu", required=True, help="name of the card in data/accelerators.csv")
    found.add_argument("--model", default="llama-3.1-8b", help="name in data/architectures.csv")
    found.add_argument("--prompt", type=int, default=1024, help="tokens of a prompt")
    found.add_argument("--reply", type=int, default=256, help="tokens of a reply")
    found.add_argument("--batches", type=int, nargs="+", default=BATCHES, help="batch sizes")
    found.add_argument("--out", type=Path, default=Path("card-rows.csv"), help="file to write")
    return found


def refuse(message: str) -> int:
    print(f"measure_card: {message}", file=sys.stderr)
    return NO_CARD


def impossible(shape: Architecture, card: Accelerator, arguments: argparse.Namespace) -> str:
    """What cannot be measured as asked, before minutes are spent on it; empty where all can."""
    sizes = {"--prompt": [arguments.prompt], "--reply": [arguments.reply]}
    for name, values in {**sizes, "--batches": arguments.batches}.items():
        if min(values) < 1:
            return f"{name} must be at least 1, got {min(values)}"
    for batch in arguments.batches:
        needed = needed_bytes(shape, batch, arguments.prompt, arguments.reply)
        if needed > card.memory_bytes:
            return (
                f"batch {batch} needs {needed / GIB:,.0f} GiB of the {card.memory_gib:g} GiB of "
                f"{card.name}; ask for smaller --batches or a shorter --prompt"
            )
    return ""


def needed_bytes(shape: Architecture, batch: int, prompt: int, reply: int) -> float:
    """Memory of the layers timed, their caches, the head and the widest activations."""
    attention = 2 * shape.hidden * shape.head_dim * (shape.heads + shape.kv_heads)
    weights = attention + 3 * shape.hidden * shape.ffn
    cache = 2 * batch * shape.kv_heads * shape.head_dim * (prompt + reply)
    wide = batch * prompt * (2 * shape.hidden + 4 * shape.ffn)
    numbers = LAYERS * (weights + cache) + shape.hidden * shape.vocab + wide
    return float(numbers * BYTES)


def why_not() -> str:
    """What is missing to measure; empty where nothing is."""
    if importlib.util.find_spec("torch") is None:
        return "PyTorch is not installed; install a build with CUDA on the machine with the card"
    import torch  # noqa: PLC0415  large, and only here

    return "" if torch.cuda.is_available() else "PyTorch finds no CUDA card on this machine"


def measured(shape: Architecture, batch: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Throughput row of one batch size."""
    import torch  # noqa: PLC0415

    prompt, reply = arguments.prompt, arguments.reply
    context = prompt + reply // 2
    prefill = model_s(torch, shape, batch, prompt, prompt)
    decode = model_s(torch, shape, batch, 1, context)
    seconds = prefill + (reply - 1) * decode
    today = datetime.datetime.now(datetime.UTC).date()
    return {
        "id": f"own-{arguments.gpu}-{shape.name}-{batch}", "source": "measure_card",
        "date": today.isoformat(), "engine": f"PyTorch {torch.__version__}", "model": shape.name,
        **{name: getattr(shape, name) for name in COLUMNS[5:12]}, "n_experts": 0, "topk": 0,
        "weight_dtype": "BF16", "kv_dtype": "BF16", "gpu": arguments.gpu, "gpus": 1, "tp": 1,
        "pp": 1, "input_tokens": prompt, "output_tokens": reply, "concurrency_or_batch": batch,
        "total_output_tokens_per_s": round(batch * reply / seconds, 4),
        "ttft_ms": round(1e3 * prefill, 4), "tpot_ms": round(1e3 * decode, 4),
        "scenario": "static", "scope": "static", "quality": "ok",
        "notes": f"layers timed apart on {torch.cuda.get_device_name()}",
    }  # fmt: skip


def model_s(torch: Any, shape: Architecture, batch: int, tokens: int, context: int) -> float:
    """Time of one step through the whole model, in seconds."""
    rows = batch * tokens
    layers = [layer(torch, shape, batch, tokens, context) for _ in range(LAYERS)]
    state = random(torch, rows, shape.hidden)

    def through() -> None:
        hidden = state
        for run in layers:
            hidden = run(hidden)

    head, last = random(torch, shape.hidden, shape.vocab), random(torch, batch, shape.hidden)
    in_layers = timed_s(torch, through) * shape.layers / LAYERS
    return in_layers + timed_s(torch, lambda: torch.matmul(last, head))


def layer(
    torch: Any, shape: Architecture, batch: int, tokens: int, context: int
) -> Callable[[Any], Any]:
    """One layer with random weights and a full cache, as a function of its input."""
    q, kv = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    qkv, out = random(torch, shape.hidden, q + 2 * kv), random(torch, q, shape.hidden)
    up, down = (
        random(torch, shape.hidden, 2 * shape.ffn), random(torch, shape.ffn, shape.hidden)
    )  # fmt: skip
    keys, values = (random(torch, batch, shape.kv_heads, context, shape.head_dim) for _ in range(2))

    def run(hidden: Any) -> Any:
        query = torch.matmul(hidden, qkv)[:, :q]
        query = query.reshape(batch, tokens, shape.heads, shape.head_dim).transpose(1, 2)
        mixed = torch.nn.functional.scaled_dot_product_attention(
            query, keys, values, is_causal=tokens > 1, enable_gqa=True
        )
        hidden = hidden + torch.matmul(mixed.transpose(1, 2).reshape(-1, q), out)
        gate, wide = torch.matmul(hidden, up).chunk(2, dim=-1)
        return hidden + torch.matmul(torch.nn.functional.silu(gate) * wide, down)

    return run


def random(torch: Any, *size: int) -> Any:
    """Small random 16-bit numbers on the card."""
    return torch.randn(*size, device="cuda", dtype=torch.bfloat16) * 0.02


def timed_s(torch: Any, run: Callable[[], object]) -> float:
    """Median duration of a call on the card, in seconds."""
    found = []
    with torch.inference_mode():
        for turn in range(WARM_UP + REPEATS):
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
            run()
            end.record()
            torch.cuda.synchronize()
            if turn >= WARM_UP:
                found.append(begin.elapsed_time(end) / 1e3)
    return float(np.median(found))


if __name__ == "__main__":
    sys.exit(main())
