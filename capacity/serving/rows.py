"""Published or own measurements of language-model serving: one row, checked, as the model sees it.

The columns are those of public benchmark tables: model shape, card, parallel degrees, number types,
lengths, concurrency, and what was measured. A model of the catalogue needs no shape; a card that
is not in it is described by the columns of ``accelerators.csv``. All faults are told at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from capacity.market.card_rows import NEEDED, accelerator_of, with_efficiency
from capacity.market.hardware import Architecture
from capacity.serving.replica import Replica, TokenLengths
from forecast.messages import shown, told
from forecast.shipped.place import nearest
from forecast.shipped.tables import Row, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from capacity.market.catalogue import Catalogue
    from capacity.market.hardware import Accelerator

MAX_BYTES = 50_000_000
SHAPE = ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab")
LENGTHS = ("input_tokens", "output_tokens")
REQUIRED = ("model", "gpu", "weight_dtype", *LENGTHS)
MEASURED = ("total_output_tokens_per_s", "ttft_ms", "tpot_ms")
NUMBER_TYPES = {"FP16": "fp16", "BF16": "fp16", "FP8": "fp8", "FP4": "fp4", "INT8": "int8"}
PLAIN_FEED_FORWARD = ("GPT-J", "Falcon")
QUALITIES = ("ok", "memory_tight", "kv_overflow", "impossible")
LARGEST = 1e12


@dataclass(frozen=True)
class MeasuredRow:
    """One measurement.

    Parameters
    ----------
    place : str
        File and line.
    scope : str
        What kind of measurement it is, such as ``offline_core``, ``static`` or ``online``.
    scenario : str
        ``offline``, ``static``, ``server``, ``interactive`` or ``latency``; may be empty.
    engine, version : str
        Software that served.
    quality : str
        ``ok``, or why the row should not be fitted.
    replica : Replica
        Model and cards of one copy.
    lengths : TokenLengths
        Tokens per request.
    batch : float
        Sequences at once per copy; infinity where the engine took as many as it could. [1]
    copies : float
        Copies of the model behind the measured total. [1]
    rate_per_s : float
        Requests offered; infinity or not-a-number where none was set. [request/s]
    tokens_per_s : float
        Reply tokens of one copy; not-a-number where not measured. [token/s]
    ttft_s, tpot_s : float
        Latency; not-a-number where not measured. [s]
    """

    place: str
    scope: str
    scenario: str
    engine: str
    version: str
    quality: str
    replica: Replica
    lengths: TokenLengths
    batch: float
    copies: float
    rate_per_s: float
    tokens_per_s: float
    ttft_s: float
    tpot_s: float

    @property
    def group(self) -> str:
        """Model and card: rows of one group are left out together."""
        return f"{self.replica.architecture.name} x {self.replica.accelerator.name}"


def read_measured(path: Path, known: Catalogue) -> tuple[MeasuredRow, ...]:
    """Read a file of measurements.

    Parameters
    ----------
    path : Path
        CSV file of at most 50 MB (50,000,000 bytes) with a header row.
    known : Catalogue
        Cards and models by name.

    Returns
    -------
    tuple of MeasuredRow
        In file order.

    Raises
    ------
    ValueError
        If the file is missing, too large, not a table, lacks a column, or any row cannot be;
        all faults are told at once.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such file")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path}: larger than {MAX_BYTES:,} bytes")
    table = read_file(path)
    missing = [name for name in REQUIRED if name not in table.columns]
    if not set(MEASURED) & set(table.columns):
        missing.append(f"one of {', '.join(MEASURED)}")
    if missing:
        raise ValueError(f"{path.name}: column missing: {', '.join(missing)}")
    found, faults = _parse_all(table.rows, known)
    if faults:
        raise ValueError(told(faults))
    if not found:
        raise ValueError(f"{path.name}: no rows after the header")
    return tuple(found)


def parse_row(row: Row, known: Catalogue) -> MeasuredRow:
    """Check one row.

    Parameters
    ----------
    row : Row
        Cells as text.
    known : Catalogue
        Cards and models by name.

    Returns
    -------
    MeasuredRow
        The measurement.

    Raises
    ------
    ValueError
        If a cell is empty that may not be, is out of range, or names an unknown card or type.
    """
    replica = _replica(row, known)
    copies = max(1.0, _number(row, "gpus", replica.gpus) / replica.gpus)
    quality = row.cells.get("quality") or "ok"
    if quality not in QUALITIES:
        allowed = ", ".join(QUALITIES)
        raise ValueError(f"{row.place('quality')}: {shown(quality)}; allowed: {allowed}")
    return MeasuredRow(
        place=f"{row.file}, line {row.line}",
        scope=row.cells.get("scope") or "offline_core",
        scenario=(row.cells.get("scenario") or "").lower(),
        engine=row.cells.get("engine") or "",
        version=row.cells.get("engine_version") or "",
        quality=quality,
        replica=replica,
        lengths=TokenLengths.of(
            _number(row, "input_tokens", lowest=1.0), max(1.0, _number(row, "output_tokens", 1.0))
        ),
        batch=_number(row, "concurrency_or_batch", math.inf, lowest=1.0),
        copies=copies,
        rate_per_s=_number(row, "request_rate_qps", math.nan),
        tokens_per_s=_number(row, "total_output_tokens_per_s", math.nan) / copies,
        ttft_s=_number(row, "ttft_ms", math.nan) / 1e3,
        tpot_s=_number(row, "tpot_ms", math.nan) / 1e3,
    )


def _parse_all(rows: tuple[Row, ...], known: Catalogue) -> tuple[list[MeasuredRow], list[str]]:
    found, faults = [], []
    for row in rows:
        try:
            found.append(parse_row(row, known))
        except ValueError as error:
            faults.append(str(error))
    return found, faults


def _replica(row: Row, known: Catalogue) -> Replica:
    """Model and cards of a row; one card alone needs no parallel degree."""
    dtype = _number_type(row, "weight_dtype", "")
    default = "FP8" if dtype in {"fp8", "fp4"} else "FP16"
    try:
        return Replica(
            accelerator=_accelerator(row, known.accelerators),
            architecture=_architecture(row, known.architectures),
            tp=_whole(row, "tp", 1 if row.cells.get("gpus") == "1" else None),
            pp=_whole(row, "pp", 1),
            weight_dtype=dtype,
            kv_dtype=_number_type(row, "kv_dtype", default),
        )
    except ValueError as error:
        place = f"{row.file}, line {row.line}"
        raise error if place in str(error) else ValueError(f"{place}: {error}") from error


def _accelerator(row: Row, known: Mapping[str, Accelerator]) -> Accelerator:
    """Card of a row: a known one, or one that the row describes."""
    name = row.text("gpu")
    if name in known:
        return known[name]
    if not name or not all(row.cells.get(column) for column in NEEDED):
        raise ValueError(
            f"{row.place('gpu')}: unknown card {shown(name)}; {nearest(name, known)}; or give "
            f"{', '.join(NEEDED)}"
        )
    own = accelerator_of(Row(row.file, row.line, {**row.cells, "name": name}))
    return with_efficiency(own, list(known.values()))


def _architecture(row: Row, known: Mapping[str, Architecture]) -> Architecture:
    """Model shape of a row: given there, or that of a known model."""
    name = row.text("model")
    if not name:
        raise ValueError(f"{row.place('model')}: empty")
    if name.lower() in known and not any(row.cells.get(column) for column in SHAPE):
        return replace(known[name.lower()], name=name)
    experts = _whole(row, "n_experts", 0, lowest=0)
    plain = row.text("model").startswith(PLAIN_FEED_FORWARD)
    return Architecture(
        row.text("model"),
        layers=_whole(row, "layers"),
        hidden=_whole(row, "hidden"),
        heads=_whole(row, "heads"),
        kv_heads=_whole(row, "kv_heads"),
        head_dim=_whole(row, "head_dim"),
        ffn=_whole(row, "ffn"),
        vocab=_whole(row, "vocab"),
        ffn_matrices=2 if plain else 3,
        n_experts=experts,
        experts_per_token=_whole(row, "topk", 0, lowest=0) if experts else 0,
    )


def _number_type(row: Row, column: str, default: str) -> str:
    text = (row.cells.get(column) or default).upper()
    if text not in NUMBER_TYPES:
        allowed = ", ".join(NUMBER_TYPES)
        raise ValueError(f"{row.place(column)}: {shown(text)}; allowed: {allowed}")
    return NUMBER_TYPES[text]


def _whole(row: Row, column: str, default: int | None = None, lowest: int = 1) -> int:
    value = _number(row, column, default, lowest)
    if value != int(value):
        raise ValueError(f"{row.place(column)}: expected a whole number, got {value}")
    return int(value)


def _number(row: Row, column: str, default: float | None = None, lowest: float = 0.0) -> float:
    """Number in a cell; the default where it is empty, or infinite where that is allowed."""
    text = row.cells.get(column) or ""
    if not text or text.lower() in {"nan", "na"}:
        if default is None:
            raise ValueError(f"{row.place(column)}: empty; a number is needed")
        return float(default)
    if text.lower() == "inf" and default is not None and not math.isfinite(default):
        return math.inf
    value = row.number(column)
    if not (value > 0.0 if lowest == 0.0 and default != 0 else value >= lowest):
        raise ValueError(f"{row.place(column)}: {value:g} is too small")
    if value > LARGEST:
        raise ValueError(f"{row.place(column)}: {value:g} is more than {LARGEST:g}")
    return value
