"""Predictions of the serving model for many measurements at once.

Each observation is one measured number. A comparison is the logarithm of predicted over measured
speed: positive where the model is too fast, for throughput and for latency alike.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from capacity.serving.replica import TokenLengths, max_concurrency
from capacity.serving.replica_work import ReplicaWork
from capacity.serving.step_time import StepLoad, static_work_s, work_times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from capacity.arrays import Floats
    from capacity.serving.calibration import ServingConstants
    from capacity.serving.rows import MeasuredRow

Columns = TypeVar("Columns", ReplicaWork, TokenLengths)
STEADY, STATIC, ALIKE, FIRST, TOKEN, ONLINE_FIRST, AT_TPOT = range(7)
TUNED_ENGINE = "TensorRT-LLM"  # its static benchmarks use synthetic prompts
MAX_ONLINE_RATE = 8.0
OLD_ENGINE = "offline_old_engine"
AT_LATENCY = ("server", "interactive")  # throughput under a limit of the time per token
BUSIEST = 0.95  # share of time taken by prompts, beyond which their queue has no steady state
FIXED_POINT_ROUNDS, HALVINGS = 12, 40


@dataclass(frozen=True)
class Observations:
    """Measured numbers of many rows; every array has one entry per number.

    Parameters
    ----------
    rows : ndarray of MeasuredRow
        Row of each number. [units of the row]
    kind : ndarray
        One of `STEADY` (tokens/s of a full engine), `STATIC` and `ALIKE` (tokens/s of one
        batch, the latter of synthetic prompts), `FIRST` (first token of an idle replica),
        `TOKEN` and `ONLINE_FIRST` (latency at a request rate), `AT_TPOT` (tokens/s at the
        measured time per token). [code]
    work : ReplicaWork
        What a step demands of the cards.
    lengths : TokenLengths
        Tokens per request.
    batch : ndarray
        Sequences at once: as measured, never more than fit. [1]
    measured : ndarray
        Tokens per second of one copy, or a latency. [token/s or s]
    rate_per_s : ndarray
        Requests offered. [request/s]
    tpot_s : ndarray
        Measured time per token. [s]
    old : ndarray
        1 where the engine was an old release, else 0. [1]
    """

    rows: NDArray[np.object_]
    kind: NDArray[np.int64]
    work: ReplicaWork
    lengths: TokenLengths
    batch: Floats
    measured: Floats
    rate_per_s: Floats
    tpot_s: Floats
    old: Floats

    @classmethod
    def of(cls, rows: Sequence[MeasuredRow], constants: ServingConstants) -> Observations:
        """Everything that rows measure and the model predicts.

        Parameters
        ----------
        rows : sequence of MeasuredRow
            Measurements; those that do not fit in memory, or that nothing predicts, are left out.
        constants : ServingConstants
            Memory constants.

        Returns
        -------
        Observations
            None, one or two per row.
        """
        triples = [
            (row, kind, value, fits)
            for row in rows
            if (fits := _fits(row, constants)) >= 1
            for kind, value in measured_by(row)
        ]
        kept = [row for row, *_ in triples]
        table = np.empty(len(kept), dtype=np.object_)
        table[:] = kept
        return cls(
            rows=table,
            kind=np.array([kind for _, kind, *_ in triples], dtype=np.int64),
            work=ReplicaWork.stack([ReplicaWork.of(row.replica) for row in kept]),
            lengths=TokenLengths(
                _column(kept, lambda row: float(row.lengths.prompt)),
                np.zeros(len(kept)),
                _column(kept, lambda row: float(row.lengths.reply)),
            ),
            batch=np.array([fits for *_, fits in triples]),
            measured=np.array([value for _, _, value, _ in triples]),
            rate_per_s=_column(kept, lambda row: row.rate_per_s),
            tpot_s=_column(kept, lambda row: row.tpot_s),
            old=_column(kept, lambda row: float(row.scope == OLD_ENGINE)),
        )

    @property
    def measure(self) -> NDArray[np.str_]:
        """Which interval of the constants belongs to each number."""
        timed = {TOKEN: "tpot", FIRST: "idle_ttft", ONLINE_FIRST: "ttft"}
        rates = np.where(self.old > 0.0, "old_engine", "throughput")
        return np.array(
            [timed.get(int(kind), rate) for kind, rate in zip(self.kind, rates, strict=True)]
        )

    def where(self, mask: NDArray[np.bool_]) -> Observations:
        """Part of the observations.

        Parameters
        ----------
        mask : ndarray of bool
            True where kept.

        Returns
        -------
        Observations
            Those.
        """
        plain = ("rows", "kind", "batch", "measured", "rate_per_s", "tpot_s", "old")
        return replace(
            self,
            **{name: getattr(self, name)[mask] for name in plain},
            work=_masked(self.work, mask),
            lengths=_masked(self.lengths, mask),
        )


def _masked(value: Columns, mask: NDArray[np.bool_]) -> Columns:
    """Entries of every array of a dataclass."""
    return replace(value, **{item.name: getattr(value, item.name)[mask] for item in fields(value)})


def _column(rows: Sequence[MeasuredRow], of: Callable[[MeasuredRow], float]) -> Floats:
    return np.array([of(row) for row in rows], dtype=np.float64)


def _fits(row: MeasuredRow, constants: ServingConstants) -> float:
    """Sequences at once: as measured, or as many as the engine takes, if they fit. [1]"""
    stated = np.ceil(row.batch) if np.isfinite(row.batch) else None
    return min(row.batch, float(max_concurrency(row.replica, row.lengths, constants, stated)))


def why_not(row: MeasuredRow, constants: ServingConstants) -> str:
    """Say why nothing that a row measures is predicted.

    Parameters
    ----------
    row : MeasuredRow
        One row.
    constants : ServingConstants
        Memory constants.

    Returns
    -------
    str
        A reason; empty where something is predicted.
    """
    if _fits(row, constants) < 1.0:
        return "not one sequence fits in memory"
    if measured_by(row):
        return ""
    if row.scope == "online" and not row.rate_per_s <= MAX_ONLINE_RATE:
        return f"online: no request rate up to {MAX_ONLINE_RATE:g}/s"
    if row.scenario in AT_LATENCY and not np.isfinite(row.tpot_s):
        return f"{row.scenario}: no time per token, at which throughput is predicted"
    return f"scope {row.scope!r}: nothing measured that is predicted"


def measured_by(row: MeasuredRow) -> list[tuple[int, float]]:
    """What a row measures, as kinds of observation.

    Parameters
    ----------
    row : MeasuredRow
        One row.

    Returns
    -------
    list of tuple
        Kind and measured number [token/s or s]; empty where the model predicts none of it.
    """
    if row.scope == "online":
        pairs = [(TOKEN, row.tpot_s), (ONLINE_FIRST, row.ttft_s)]
        pairs = pairs if row.rate_per_s <= MAX_ONLINE_RATE else []
    elif row.scope == "ttft":
        pairs = [(FIRST, row.ttft_s)]
    elif row.scope == "static":
        pairs = [(ALIKE if row.engine == TUNED_ENGINE else STATIC, row.tokens_per_s)]
    elif row.scenario in AT_LATENCY:
        pairs = [(AT_TPOT, row.tokens_per_s)] if np.isfinite(row.tpot_s) else []
    else:
        pairs = [(STEADY, row.tokens_per_s)]
    return [(kind, value) for kind, value in pairs if np.isfinite(value) and value > 0.0]


def log_errors(observed: Observations, constants: ServingConstants) -> Floats:
    """Logarithm of predicted over measured speed.

    Parameters
    ----------
    observed : Observations
        Measured numbers.
    constants : ServingConstants
        Constants to predict with.

    Returns
    -------
    ndarray
        One per observation; above 0 where the model is too fast. [1]
    """
    found = np.empty(observed.kind.shape)
    for kind, predict in _PREDICTIONS.items():
        mask = observed.kind == kind
        if mask.all():
            return _compared(observed, predict(observed, constants), kind)
        if mask.any():
            part = observed.where(mask)
            found[mask] = _compared(part, predict(part, constants), kind)
    return found


def _compared(observed: Observations, predicted: Floats, kind: int) -> Floats:
    ratio = np.log(predicted / observed.measured)
    return -ratio if kind in {FIRST, TOKEN, ONLINE_FIRST} else ratio


def step_s(observed: Observations, running: Floats, constants: ServingConstants) -> Floats:
    """Duration of one step in the steady state.

    Parameters
    ----------
    observed : Observations
        Replicas and lengths.
    running : ndarray
        Sequences at once, over all pipeline stages. [1]
    constants : ServingConstants
        Constants to predict with.

    Returns
    -------
    ndarray
        One per observation. [s]
    """
    staged = running / observed.work.pp
    load = StepLoad.of(staged, staged / observed.lengths.reply, observed.lengths)
    return work_times(observed.work, load, constants).total


def _steady(observed: Observations, constants: ServingConstants) -> Floats:
    engine = np.where(observed.old > 0.0, constants.old_engine_rate, 1.0)
    return engine * observed.batch / step_s(observed, observed.batch, constants)


def _static(observed: Observations, constants: ServingConstants) -> Floats:
    seconds = static_work_s(observed.work, observed.batch, observed.lengths, constants)
    return observed.batch * observed.lengths.reply / seconds


def _alike(observed: Observations, constants: ServingConstants) -> Floats:
    work, lengths = observed.work, observed.lengths
    seconds = static_work_s(work, observed.batch, lengths, constants, alike=True)
    return observed.batch * lengths.reply / seconds


def _first(observed: Observations, constants: ServingConstants) -> Floats:
    prompts = np.maximum(1.0, observed.batch / observed.work.pp)
    load = StepLoad.of(0.0 * prompts, prompts, observed.lengths)
    return work_times(observed.work, load, constants).total


def _online_running(observed: Observations, constants: ServingConstants) -> Floats:
    """Sequences at once by Little's law; it converges where the replica keeps up. [1]"""
    running = np.ones_like(observed.batch)
    for _ in range(FIXED_POINT_ROUNDS):
        wanted = observed.rate_per_s * observed.lengths.reply * step_s(observed, running, constants)
        running = np.minimum(np.maximum(1.0, wanted), observed.batch)
    return running


def _online_token(observed: Observations, constants: ServingConstants) -> Floats:
    return step_s(observed, _online_running(observed, constants), constants)


def _online_first(observed: Observations, constants: ServingConstants) -> Floats:
    """Time to the first token at a request rate: overhead, wait, then the prompt's own step."""
    running = _online_running(observed, constants)
    staged = running / observed.work.pp
    together = np.maximum(1.0, staged / observed.lengths.reply)
    first, further = (
        work_times(observed.work, StepLoad.of(staged, prompts, observed.lengths), constants).total
        for prompts in (together, 0.0 * together)
    )
    mean = step_s(observed, running, constants)
    reading = np.minimum(BUSIEST, observed.rate_per_s * first / together)
    busy = np.minimum(1.0, observed.rate_per_s * observed.lengths.reply * mean)
    return constants.request_overhead_s + _wait_s(reading, busy, first, further) + first


def _wait_s(reading: Floats, busy: Floats, first: Floats, further: Floats) -> Floats:
    """Mean wait of a request that comes at any time.

    Half of the step in progress; behind prompts that take `reading` of the time, which come at
    random and are read one after another, also those that wait already (M/D/1).
    """
    behind_prompts = reading * first / (1.0 - reading)
    behind_tokens = np.maximum(0.0, busy - reading) * further
    return 0.5 * (behind_prompts + behind_tokens)


def _at_tpot(observed: Observations, constants: ServingConstants) -> Floats:
    """Tokens per second with as many sequences as the measured time per token allows."""
    low, high = np.ones_like(observed.batch), observed.batch
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        passes = step_s(observed, middle, constants) <= observed.tpot_s
        low, high = np.where(passes, middle, low), np.where(passes, high, middle)
    return low / step_s(observed, low, constants)


_PREDICTIONS = {
    STEADY: _steady,
    STATIC: _static,
    ALIKE: _alike,
    FIRST: _first,
    TOKEN: _online_token,
    ONLINE_FIRST: _online_first,
    AT_TPOT: _at_tpot,
}
