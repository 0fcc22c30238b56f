"""Incidents in TOML: presets by name, a planner's own by file, every fault named at once."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import tomli_w

from capacity.estimate import Estimate
from capacity.outage.incident import (
    EVIDENCE,
    PARAMETERS,
    RANGES,
    Basis,
    Controls,
    Evidence,
    Incident,
    Range,
    control_faults,
    range_faults,
)
from capacity.toml_table import TomlTable, read_toml, shipped_names, shipped_or_own
from forecast.messages import LONGEST, shown
from forecast.shipped.place import data_folder, nearest

FOLDER = "outages"
BASE = "february-2023"
KINDS = ("as told", "documented", "own")
TEXTS = ("name", "title", "description", "kind", "base")
NUMBERS = {
    "nodes": Range("1", 1, 512, "nodes of the pool"),
    "horizon": Range("min", 5.0, 1440.0, "time followed after the change"),
    "step": Range("min", 0.02, 1.0, "length of a time step"),
}
PARTS = ("parameters", "controls")
WORDS = ("unit", "source", "as_of", "basis")
MOST_STEPS = 10_000


def presets() -> list[str]:
    """Names of the incidents that come with the package.

    Returns
    -------
    list of str
        In alphabetical order.

    Examples
    --------
    >>> "february-2023" in presets()
    True
    """
    return shipped_names(FOLDER)


def load_incident(name: str | Path) -> Incident:
    """Incident by shipped name or by file.

    Parameters
    ----------
    name : str or Path
        A shipped name, or the path of a file that ends in ``.toml``.

    Returns
    -------
    Incident
        Checked.

    Raises
    ------
    ValueError
        With one line per fault, naming file, key, value and what is allowed.
    FileNotFoundError
        If the file does not exist.

    Examples
    --------
    >>> load_incident("february-2023").nodes
    48
    """
    return read_incident(shipped_or_own(name, FOLDER, "outage"))


def read_incident(path: Path) -> Incident:
    """Incident from a TOML file.

    Parameters
    ----------
    path : Path
        The file, at most 1 MB. What it does not say is taken from the preset that its key ``base``
        names, `february-2023` if there is no such key.

    Returns
    -------
    Incident
        Checked.

    Raises
    ------
    ValueError
        With one line per fault, naming file, key, value and what is allowed.
    FileNotFoundError
        If the file does not exist.
    """
    root = read_toml(path)
    root.only((*TEXTS, *NUMBERS, *PARTS))
    base = _base(root, path)
    texts = {key: root.text(key, "" if key != "name" else None) for key in TEXTS[:3]}
    kind = root.text("kind", "own")
    if kind not in KINDS and isinstance(root.values.get("kind", ""), str):
        root.fault(f"kind = {shown(kind)}: allowed {', '.join(KINDS)}")
    numbers = {key: _number(root, key, base) for key in NUMBERS}
    evidence: dict[str, Evidence] = dict(base.evidence) if base else {}
    parameters = _parameters(root.table("parameters"), base, evidence)
    controls = _controls(root.table("controls"), base, evidence)
    _check_steps(root, numbers, parameters)
    root.check()
    return Incident(
        **texts, kind=kind, nodes=int(numbers["nodes"]), horizon=numbers["horizon"],
        step=numbers["step"], controls=controls, parameters=parameters, evidence=evidence,
    )  # fmt: skip


def dump_incident(incident: Incident) -> str:
    """Incident as TOML text.

    Parameters
    ----------
    incident : Incident
        Any incident.

    Returns
    -------
    str
        What `read_incident` reads as the same incident.
    """
    texts = {key: getattr(incident, key) for key in TEXTS if key != "base"}
    numbers = {key: getattr(incident, key) for key in NUMBERS}
    document = {
        **texts,
        **numbers,
        "parameters": {name: _parameter_table(incident, name) for name in PARAMETERS},
        "controls": {
            name: {"value": getattr(incident.controls, name), **_words(incident, name)}
            for name in RANGES
            if name in incident.evidence
        },
    }
    return tomli_w.dumps(document)


def _parameter_table(incident: Incident, name: str) -> dict[str, Any]:
    estimate = incident.parameters[name]
    ends = {key: getattr(estimate, key) for key in ("low", "mid", "high")}
    return {**({"value": estimate.mid} if estimate.certain else ends), **_words(incident, name)}


def _words(incident: Incident, name: str) -> dict[str, str]:
    known = incident.evidence[name]
    return {"source": known.source, "as_of": known.as_of, "basis": known.basis}


def _base(root: TomlTable, path: Path) -> Incident | None:
    """Preset that the file builds on; none for the one on which all others build."""
    if path.resolve() == (data_folder() / FOLDER / f"{BASE}.toml").resolve():
        return None
    name = root.text("base", BASE)
    if name == BASE or name in presets():
        itself = path.resolve() == (data_folder() / FOLDER / f"{name}.toml").resolve()
        if not itself:
            return load_incident(name)
    if isinstance(root.values.get("base"), str):
        root.fault(f"base = {shown(name)}; {nearest(name[:LONGEST], presets())}")
    return load_incident(BASE)


def _number(root: TomlTable, key: str, base: Incident | None) -> float:
    before = len(root.faults)
    value = root.number(key, None if base is None else float(getattr(base, key)))
    if len(root.faults) == before:
        root.note(range_faults(key, NUMBERS[key], value))
    if len(root.faults) == before and key == "nodes" and value != int(value):
        root.fault(f"nodes = {shown(value)}: must be a whole number")
    return value


def _check_steps(
    root: TomlTable, numbers: dict[str, float], parameters: dict[str, Estimate]
) -> None:
    """A step must be short beside the service of a request, and there must not be too many."""
    if root.faults:
        return
    longest = parameters["service"].low / 2.0
    if numbers["step"] > longest:
        words = f"allowed up to half of the shortest service, {longest:g} min"
        root.fault(f"step = {numbers['step']:g}: {words}")
    steps = numbers["horizon"] / numbers["step"]
    if steps > MOST_STEPS:
        root.fault(
            f"horizon / step = {steps:,.0f} steps: allowed {MOST_STEPS:,}; "
            f"with this horizon a step of {numbers['horizon'] / MOST_STEPS:.3g} min or more"
        )


def _parameters(
    table: TomlTable, base: Incident | None, evidence: dict[str, Evidence]
) -> dict[str, Estimate]:
    table.only(PARAMETERS)
    found = dict(base.parameters) if base else {}
    for name, allowed in PARAMETERS.items():
        if name in table.values:
            inner = table.table(name)
            estimate = _estimate(inner, allowed)
            if estimate is not None:
                found[name] = estimate
                evidence[name] = _evidence(inner, allowed)
        elif base is None:
            table.fault(f"key {shown(name)} is missing")
    return found


def _estimate(table: TomlTable, allowed: Range) -> Estimate | None:
    """Estimate under a key: one value, or low, mid and high."""
    before = len(table.faults)
    single = "value" in table.values
    keys = ("value",) if single else ("low", "mid", "high")
    table.only((*keys, *WORDS))
    numbers = [table.number(key) for key in keys]
    for key, number in zip(keys, numbers, strict=True):
        if len(table.faults) == before:
            table.note(range_faults(key, allowed, number))
    if len(table.faults) > before:
        return None
    low, mid, high = numbers * 3 if single else numbers
    try:
        return Estimate(low, mid, high, unit=allowed.unit)
    except ValueError as error:
        table.fault(str(error))
        return None


def _controls(table: TomlTable, base: Incident | None, evidence: dict[str, Evidence]) -> Controls:
    table.only(RANGES)
    start = base.controls if base else Controls()
    values = {item.name: getattr(start, item.name) for item in fields(Controls)}
    before = len(table.faults)
    for name in RANGES:
        if name in table.values:
            inner = table.table(name)
            inner.only(("value", *WORDS))
            here = len(table.faults)
            values[name] = inner.number("value")
            if len(table.faults) == here:
                inner.note(control_faults("value", values[name], name))
            evidence[name] = _evidence(inner, RANGES[name])
    return start if len(table.faults) > before else _together(table, start, values)


def _together(table: TomlTable, start: Controls, values: dict[str, Any]) -> Controls:
    try:
        return Controls(**values)
    except ValueError as error:
        table.fault(str(error))
        return start


def _evidence(table: TomlTable, allowed: Range) -> Evidence:
    unit = table.text("unit", allowed.unit)
    if unit != allowed.unit and isinstance(table.values.get("unit"), str):
        table.fault(f"unit = {shown(unit)}: must be {allowed.unit!r}")
    basis = table.text("basis", "assumed")
    if basis not in EVIDENCE and isinstance(table.values.get("basis"), str):
        table.fault(f"basis = {shown(basis)}: allowed {', '.join(EVIDENCE)}")
    known: Basis = next((word for word in EVIDENCE if word == basis), EVIDENCE[-1])
    return Evidence(table.text("source", ""), table.text("as_of", ""), known)
