"""The textbook roofline: half of the peak rate, four fifths of the bandwidth, nothing else."""

from __future__ import annotations

from capacity.serving.rows import MeasuredRow
from capacity.serving.transformer import bytes_per_value, count_parameters, kv_bytes_per_token

FLOPS, BANDWIDTH = 0.5, 0.8


def tokens_per_s(row: MeasuredRow, batch: float) -> float:
    """Reply tokens of one copy at a batch [token/s]."""
    replica, lengths = row.replica, row.lengths
    counts = count_parameters(replica.architecture)
    weights = (counts.dense + counts.experts) * bytes_per_value(replica.weight_dtype)
    per_token = kv_bytes_per_token(replica.architecture, replica.kv_dtype, replica.tp)
    read = weights + 2 * counts.head + batch * float(lengths.mean_context) * per_token
    tokens = batch * (1 + float(lengths.prompt / lengths.reply))
    work = 2 * (counts.dense + counts.experts_active) * tokens + 2 * counts.head * batch
    card = replica.accelerator
    compute = work / (card.flops[replica.weight_dtype] * FLOPS)
    reading = read / (card.bandwidth_bytes_per_s * BANDWIDTH)
    return batch * replica.gpus / max(compute, reading)
