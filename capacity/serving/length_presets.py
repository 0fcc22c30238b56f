"""Token lengths of published traces and benchmark sets, read from ``data/lengths.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from capacity.market.dated import Provenance, provenance_of
from capacity.serving.lengths import LengthCurve, LengthModel
from forecast.shipped.place import nearest
from forecast.shipped.tables import Row, read_table

LEVELS = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


@dataclass(frozen=True)
class LengthPreset:
    """Lengths of one trace.

    Parameters
    ----------
    name, title : str
        Identification, and words for it.
    model : LengthModel
        Prompt and reply together.
    provenance : Provenance
        Source, date and confidence.
    """

    name: str
    title: str
    model: LengthModel
    provenance: Provenance


def length_presets(folder: Path | None = None) -> dict[str, LengthPreset]:
    """All presets.

    Parameters
    ----------
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    dict of str to LengthPreset
        By name, in the order of the file.

    Examples
    --------
    >>> conversation = length_presets()["azure2023_conv"].model
    >>> round(conversation.prompt.mean, 1), conversation.reply.quantile(0.9).round(3)
    (1154.7, np.float64(424.0))
    """
    rows = read_table("lengths.csv", folder).rows
    return {row.text("name"): _preset(row) for row in rows}


def length_preset(name: str, folder: Path | None = None) -> LengthPreset:
    """One preset.

    Parameters
    ----------
    name : str
        As in the file.
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    LengthPreset
        The row.

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> length_preset("azure2023-conv")
    Traceback (most recent call last):
        ...
    ValueError: unknown lengths 'azure2023-conv'; nearest: azure2023_conv
    """
    known = length_presets(folder)
    if name not in known:
        raise ValueError(f"unknown lengths {name[:80]!r}; {nearest(name, known)}")
    return known[name]


def _preset(row: Row) -> LengthPreset:
    correlation = row.number("correlation")
    model = LengthModel(_curve(row, "prompt"), _curve(row, "reply"), correlation)
    return LengthPreset(row.text("name"), row.text("title"), model, provenance_of(row))


def _curve(row: Row, part: str) -> LengthCurve:
    found = {level: row.optional_number(f"{part}_{name}") for name, level in LEVELS.items()}
    known = {level: value for level, value in found.items() if value is not None}
    spread = row.optional_number(f"{part}_spread")
    return LengthCurve.fit(row.number(f"{part}_mean"), known, 1.0 if spread is None else spread)
