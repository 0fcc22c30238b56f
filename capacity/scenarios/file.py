"""Scenario files: TOML in, TOML out, every fault named at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomli_w

from capacity.estimate import BASES, Estimate
from capacity.metrics import METRICS
from capacity.scenarios.checks import estimate_faults, lever_faults, word_faults
from capacity.scenarios.event import Event, event_table
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.parts import CrossCheck, Growth, Override
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.tree_file import part_faults
from capacity.serving.model import serving_of
from capacity.serving.transformer import CacheLayout
from capacity.toml_table import TomlTable, read_toml, shipped_names, shipped_or_own
from forecast.history import History
from forecast.joint import default_correlation
from forecast.messages import LONGEST, shown, told
from forecast.shipped.place import nearest
from forecast.whole_files import write_whole

FOLDER = "scenarios"
TEXTS = ("name", "description", "start", "end", "architecture", "profile")
PARTS = (
    "users",
    "queries",
    "growth",
    "policy",
    "parts",
    "cache",
    "serving",
    "estimates",
    "override",
    "correlations",
    "cross_check",
    "event",
)
HISTORY_KEYS = ("kind", "unit", "source", "points", "csv")
EVENT_KEYS = ("name", "month", "on", "half_life_months", "effect")
ESTIMATE_KEYS = ("low", "mid", "high", "level", "source", "as_of", "basis")
PAIR = " ~ "


def shipped() -> list[str]:
    """Names of the scenarios that come with the package.

    Returns
    -------
    list of str
        In alphabetical order.

    Examples
    --------
    >>> "reported-case" in shipped()
    True
    """
    return shipped_names(FOLDER)


def load_scenario(name: str | Path) -> Scenario:
    """Scenario by shipped name or by file.

    Parameters
    ----------
    name : str or Path
        A shipped name, or the path of a file that ends in ``.toml``.

    Returns
    -------
    Scenario
        Checked.

    Raises
    ------
    ValueError
        With one line per fault, naming file, key, value and what is allowed.
    FileNotFoundError
        If the file does not exist.

    Examples
    --------
    >>> load_scenario("reported-case").end
    '2024-06'
    """
    return read_scenario(shipped_or_own(name, FOLDER, "scenario"))


def read_scenario(path: Path) -> Scenario:
    """Scenario from a TOML file.

    Parameters
    ----------
    path : Path
        The file, at most 1 MB; CSV histories and the folder of an own serving model are found
        relative to its folder.

    Returns
    -------
    Scenario
        Checked.

    Raises
    ------
    ValueError
        With one line per fault, naming file, key, value and what is allowed.
    FileNotFoundError
        If the file does not exist.
    """
    root = read_toml(path)
    root.only((*TEXTS, *PARTS))
    texts = {key: root.text(key, "" if key == "description" else None) for key in TEXTS}
    read = [_history(root, key, path.parent) for key in ("users", "queries")]
    histories = [history for history in read if history is not None]
    parts: dict[str, Any] = {
        **texts,
        "growth": _growth(root.table("growth")),
        "cache": _cache(root.table("cache")),
        "serving": serving_of(root.table("serving"), path.parent),
        "levers": root.table("policy").values,
        "parts": root.table("parts").values,
        "estimates": _estimates(root.table("estimates")),
        "overrides": tuple(_override(table) for table in root.tables("override")),
        "correlations": _correlations(root.table("correlations")),
        "cross_checks": _cross_checks(root.tables("cross_check")),
        "events": _events(root.tables("event")),
    }
    given = {word: text for word, text in texts.items() if isinstance(root.values.get(word), str)}
    root.note(word_faults(given))
    root.table("policy").note(lever_faults(parts["levers"]))
    root.note(part_faults(parts["parts"]))
    root.check()
    try:
        return Scenario(users=histories[0], queries=histories[1], **parts)
    except ValueError as error:
        root.fault(str(error))
        raise ValueError(told(root.faults, f"{root.place}: ")) from error


def dump_scenario(scenario: Scenario) -> str:
    """TOML text of a scenario; reading it back gives the same scenario.

    Parameters
    ----------
    scenario : Scenario
        Any scenario.

    Returns
    -------
    str
        The document.

    Examples
    --------
    >>> dump_scenario(load_scenario("reported-case")).startswith('name = "reported-case"')
    True
    """
    document: dict[str, Any] = {key: getattr(scenario, key) for key in TEXTS}
    document["users"] = _history_table(scenario.users)
    document["queries"] = _history_table(scenario.queries)
    document["growth"] = _plain(scenario.growth)
    document["policy"] = dict(scenario.levers)
    document["parts"] = {name: dict(table) for name, table in scenario.parts.items()}
    document["cache"] = _plain(scenario.cache) if scenario.cache != CacheLayout() else {}
    document["serving"] = scenario.serving.changed
    document["estimates"] = _estimates_table(scenario.estimates)
    pairs = scenario.correlations or {}
    document["correlations"] = {PAIR.join(pair): value for pair, value in pairs.items()}
    document["override"] = [
        {"name": item.name, "estimates": _estimates_table(item.estimates)}
        for item in scenario.overrides
    ]
    document["cross_check"] = [_plain(item) for item in scenario.cross_checks]
    document["event"] = [event_table(item) for item in scenario.events]
    return tomli_w.dumps({key: value for key, value in document.items() if value})


def save_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario file, whole or not at all.

    Parameters
    ----------
    scenario : Scenario
        Any scenario.
    path : Path
        File to write; an existing one is replaced.

    Raises
    ------
    ValueError
        If the file's name does not end in ``.toml``.
    """
    if path.suffix != ".toml":
        raise ValueError(f"{path.name}: a scenario file ends in .toml")
    write_whole({path: dump_scenario(scenario).encode()})


def _history(root: TomlTable, key: str, folder: Path) -> History | None:
    if key not in root.values:
        root.fault(f"key {key!r} is missing")
        return None
    table = root.table(key)
    table.only(HISTORY_KEYS)
    path = table.text("csv", "")
    if ("points" in table.values) == ("csv" in table.values):
        table.fault("give either 'points' or 'csv'")
        return None
    words: dict[str, Any] = {name: table.text(name, "") for name in HISTORY_KEYS[:3]}
    try:
        if "csv" in table.values:
            return History.from_csv(folder / path, name=key, **words)
        points = table.table("points")
        values = {month: points.number(month) for month in points.values}
        return History.from_points(key, values, **words)
    except (ValueError, OSError) as error:
        table.fault(str(error))
        return None


def _growth(table: TomlTable) -> Growth | None:
    table.only(item.name for item in fields(Growth))
    model, reference = (table.text(key, getattr(Growth, key)) for key in ("model", "reference"))
    try:
        return Growth(model, reference, table.number("correlation", default_correlation()))
    except ValueError as error:
        table.fault(str(error))
        return None


def _cache(table: TomlTable) -> CacheLayout | None:
    names = [item.name for item in fields(CacheLayout)]
    table.only(names)
    try:
        return CacheLayout(*(table.number(name, getattr(CacheLayout, name)) for name in names))
    except ValueError as error:
        table.fault(str(error))
        return None


def _estimates(table: TomlTable) -> dict[str, Estimate]:
    table.only(ASSUMPTIONS)
    known = sorted(table.values.keys() & ASSUMPTIONS.keys())
    found = {name: _estimate(name, table) for name in known}
    return {name: estimate for name, estimate in found.items() if estimate is not None}


def _estimate(name: str, parent: TomlTable) -> Estimate | None:
    found = _range(name, parent, ASSUMPTIONS[name].estimate.unit)
    parent.note([] if found is None else estimate_faults(name, found))
    return found


def _range(name: str, parent: TomlTable, unit: str) -> Estimate | None:
    """Estimate under a key; none after a fault."""
    before, table = len(parent.faults), parent.table(name)
    if len(parent.faults) > before:
        return None
    table.only(ESTIMATE_KEYS)
    basis = table.text("basis", "assumed")
    if basis not in BASES and isinstance(table.values.get("basis"), str):
        table.fault(f"basis = {shown(basis)}: allowed {', '.join(BASES)}")
    low, mid, high = (table.number(key) for key in ("low", "mid", "high"))
    level = table.number("level", 0.9)
    words = (table.text("source", ""), table.text("as_of", ""))
    if len(parent.faults) > before:
        return None
    try:
        return Estimate(low, mid, high, level, unit, *words, next(b for b in BASES if b == basis))
    except ValueError as error:
        table.fault(str(error))
        return None


def _override(table: TomlTable) -> Override:
    table.only(("name", "estimates"))
    return Override(table.text("name"), _estimates(table.table("estimates")))


def _correlations(table: TomlTable) -> dict[tuple[str, str], float]:
    found = {}
    for key in table.values:
        one, separator, other = key.partition(PAIR)
        if separator:
            found[(one, other)] = table.number(key)
        else:
            table.fault(f"key {shown(key)}: must be two inputs joined by {PAIR!r}")
    return found


def _cross_checks(tables: list[TomlTable]) -> tuple[CrossCheck, ...]:
    found = []
    for table in tables:
        table.only(item.name for item in fields(CrossCheck))
        metric = table.text("metric")
        if metric not in METRICS:
            table.fault(f"unknown metric {shown(metric)}; {nearest(metric[:LONGEST], METRICS)}")
        month, comparator, source = (table.text(key) for key in ("month", "comparator", "source"))
        try:
            found.append(CrossCheck(metric, month, comparator, table.number("value"), source))
        except ValueError as error:
            table.fault(str(error))
    return tuple(found)


def _events(tables: list[TomlTable]) -> tuple[Event, ...]:
    found = []
    for table in tables:
        table.only(EVENT_KEYS)
        words = table.text("name"), table.text("month")
        on: Any = table.text("on", "both")
        fades = table.number("half_life_months") if "half_life_months" in table.values else None
        if "effect" not in table.values:
            table.fault("key 'effect' is missing")
        effect = _range("effect", table, "ratio") if "effect" in table.values else None
        try:
            found += [] if effect is None else [Event(*words, effect, on, fades)]
        except ValueError as error:
            table.fault(str(error))
    return tuple(found)


def _plain(item: Growth | CrossCheck | CacheLayout) -> dict[str, Any]:
    return {key.name: getattr(item, key.name) for key in fields(item)}


def _history_table(history: History) -> dict[str, Any]:
    points = {
        str(date): float(value) for date, value in zip(history.dates, history.values, strict=True)
    }
    words = {"kind": history.kind, "unit": history.unit, "source": history.source}
    return {**words, "points": points}


def _estimates_table(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {
        name: {key: getattr(estimate, key) for key in ESTIMATE_KEYS}
        for name, estimate in estimates.items()
    }
