"""The serving model of a scenario: the shipped constants, or a planner's own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from capacity.serving.calibration import ServingConstants
from capacity.serving.flags import CalibratedRange
from capacity.toml_table import TomlTable, read_toml
from forecast.messages import label, shown
from forecast.shipped.place import data_path

CONSTANTS_FILE, RANGE_FILE = "serving.toml", "serving_range.toml"
CONSTANTS = tuple(field.name for field in fields(ServingConstants))
RANGES = tuple(field.name for field in fields(CalibratedRange))
WORDS = ("cards", "number_types")  # entries of a range that are texts


@dataclass(frozen=True)
class ServingModel:
    """Constants, and what the measurements behind them cover.

    Parameters
    ----------
    constants : ServingConstants
        Of the step-time model.
    covered : CalibratedRange
        Outside it a prediction is an extrapolation.
    """

    constants: ServingConstants
    covered: CalibratedRange

    @property
    def changed(self) -> dict[str, dict[str, Any]]:
        """What differs from the shipped model, as tables of a scenario file; empty if nothing."""
        shipped = shipped_serving()
        parts = {
            "constants": _differing(self.constants, shipped.constants),
            "range": _differing(self.covered, shipped.covered),
        }
        return {name: values for name, values in parts.items() if values}

    @property
    def sha256(self) -> str:
        """SHA-256 of all values, whichever file they came from."""
        values = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(values.encode()).hexdigest()


@cache
def shipped_serving() -> ServingModel:
    """Serving model of the shipped data, read once.

    Returns
    -------
    ServingModel
        Calibrated on published measurements.

    Examples
    --------
    >>> shipped_serving().changed
    {}
    """
    return ServingModel(
        ServingConstants.from_toml(data_path(CONSTANTS_FILE)),
        CalibratedRange.from_toml(data_path(RANGE_FILE)),
    )


def read_serving(folder: Path) -> ServingModel:
    """Read what `fleetcast calibrate-serving --out` wrote.

    Parameters
    ----------
    folder : Path
        With ``serving.toml``, every constant in it, and ``serving_range.toml``.

    Returns
    -------
    ServingModel
        Checked.

    Raises
    ------
    FileNotFoundError
        If one of the files does not exist.
    ValueError
        With one line per fault, naming file, key, value and what is allowed.

    Examples
    --------
    >>> read_serving(data_path("serving.toml").parent) == shipped_serving()
    True
    """
    root, span = read_toml(folder / CONSTANTS_FILE), read_toml(folder / RANGE_FILE)
    given = {name: root.table(name).values.get("value") for name in root.values}
    for name in dict.fromkeys((*CONSTANTS, *root.values)):
        if given.get(name) is None:
            root.fault(f"{label(name)} has no value")
    values = {name: value for name, value in given.items() if value is not None}
    constants = _constants(TomlTable(values, root.place, root.faults))
    root.check()
    covered = _covered(span)
    span.check()
    return ServingModel(constants, covered)


def serving_of(table: TomlTable, folder: Path) -> ServingModel:
    """Serving model of a scenario file.

    Parameters
    ----------
    table : TomlTable
        Either ``folder``, as `read_serving` reads it; or ``constants`` and ``range`` with values
        that differ from the shipped ones. Faults are noted there.
    folder : Path
        Where the scenario file lies.

    Returns
    -------
    ServingModel
        The shipped one where the table is empty or faulty.
    """
    table.only(("folder", "constants", "range"))
    if "folder" not in table.values:
        return ServingModel(_constants(table.table("constants")), _covered(table.table("range")))
    if len(table.values) > 1:
        table.fault("give either 'folder', or 'constants' and 'range'")
    try:
        return read_serving(folder / table.text("folder"))
    except (ValueError, OSError) as error:
        table.fault(str(error))
        return shipped_serving()


def _constants(table: TomlTable) -> ServingConstants:
    """Shipped constants with those of a table."""
    table.only(CONSTANTS)
    shipped = shipped_serving().constants
    changed: dict[str, Any] = {
        name: _like(getattr(shipped, name), table, name)
        for name in CONSTANTS
        if name in table.values
    }
    try:
        return replace(shipped, **changed)
    except ValueError as error:
        table.fault(str(error))
        return shipped


def _covered(table: TomlTable) -> CalibratedRange:
    """Shipped range with the entries of a table."""
    table.only(RANGES)
    found: dict[str, Any] = {}
    for name in (name for name in RANGES if name in table.values):
        values = table.values[name]
        texts = name in WORDS
        if _is_list(values, str if texts else float) and (texts or len(values) == 2):  # noqa: PLR2004
            found[name] = tuple(values)
        else:
            wanted = "a list of names" if texts else "two numbers, least and largest"
            table.fault(f"{name} = {shown(values)}: must be {wanted}")
    return replace(shipped_serving().covered, **found)


def _like(shipped: Any, table: TomlTable, name: str) -> Any:
    """Value of a constant, of the type of the shipped one."""
    value = table.values[name]
    if isinstance(shipped, tuple):
        if _is_list(value, float):
            return tuple(float(item) for item in value)
        table.fault(f"{name} = {shown(value)}: must be a list of numbers")
        return shipped
    number = table.number(name)
    return int(number) if isinstance(shipped, int) and number == number // 1 else number


def _is_list(values: object, kind: type) -> bool:
    kinds = (int, float) if kind is float else (kind,)
    return isinstance(values, list) and all(
        isinstance(item, kinds) and not isinstance(item, bool) for item in values
    )


def _differing(own: Any, shipped: Any) -> dict[str, Any]:
    pairs = {field.name: getattr(own, field.name) for field in fields(own)}
    different = {key: value for key, value in pairs.items() if value != getattr(shipped, key)}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in different.items()}
