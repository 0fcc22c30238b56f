"""A calibration of the serving model as text, JSON, CSV and constants file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import numpy as np

from capacity.serving.accuracy import Accuracy, accuracy
from capacity.serving.calibration import MEASURES
from capacity.serving.fit import BOUNDS, groups_of
from capacity.serving.flags import CalibratedRange
from forecast.shipped.place import data_path

if TYPE_CHECKING:
    from capacity.arrays import Floats
    from capacity.serving.calibration import ServingConstants
    from capacity.serving.fit import Calibration

SCHEMA = "fleetcast.calibration/1"
FITTED = (
    *BOUNDS,
    "quantile_levels",
    *(f"{measure}_quantiles" for measure in MEASURES),
    "flagged_widening",
)
HEADER = """\
# Constants of the serving model: one table each, in SI units.
# basis is "calibrated" (fitted to measurements) or "assumed".
# Fitted by `fleetcast calibrate-serving` on {n} measured numbers of {groups} groups, each a model
# on a card: {cards}.
# The quantiles are those of groups predicted without any row of them.
"""
RANGE_HEADER = """\
# What the measurements behind serving.toml cover; outside it a prediction is an extrapolation.
# layers_params: parameters in the layers, all experts included [1]; prompt, reply: [token].
"""


def accuracy_tables(found: Calibration) -> dict[str, dict[str, Accuracy]]:
    """Accuracy on groups left out, by scope and by group, and as fitted.

    Parameters
    ----------
    found : Calibration
        Constants and errors.

    Returns
    -------
    dict of str to dict of str to Accuracy
        ``scopes``, ``groups`` (both predicted without the group, interval included) and
        ``fitted`` (by scope, as fitted).
    """
    scopes = np.array([row.scope for row in found.observed.rows])
    groups = groups_of(found.observed)
    low, high = np.array(
        [found.constants.interval(measure=str(name)) for name in found.observed.measure]
    ).T
    return {
        "scopes": _by(scopes, found.unseen, found.interval, groups),
        "groups": _by(groups, found.unseen, found.interval, groups),
        "fitted": _by(scopes, found.errors, (low, high), groups),
    }


def calibration_text(found: Calibration) -> str:
    """Calibration for a terminal.

    Parameters
    ----------
    found : Calibration
        Constants and errors.

    Returns
    -------
    str
        Accuracy by scope and group, then the constants.
    """
    titles = {
        "scopes": "By scope, each group predicted without its rows",
        "groups": "By model and card, predicted without the group",
        "fitted": "By scope, as fitted",
    }
    lines = []
    for name, table in accuracy_tables(found).items():
        lines += [f"{titles[name]:50} {'n':>5} {'median':>7} {'P90':>7} {'bias':>7} {'in 90 %':>8}"]
        lines += [
            f"  {key:48} {row.n:5} {row.median:7.1%} {row.p90:7.1%} {row.bias:+7.1%} "
            f"{row.cover90:8.0%}"
            for key, row in table.items()
        ]
        lines.append("")
    lines.append("Constants")
    lines += [f"  {name:24} {_value(getattr(found.constants, name))}" for name in FITTED]
    return "\n".join(lines)


def calibration_json(found: Calibration) -> str:
    """Calibration for another program.

    Parameters
    ----------
    found : Calibration
        Constants and errors.

    Returns
    -------
    str
        One JSON object; errors are fractions.
    """
    tables = {
        name: {key: asdict(row) for key, row in table.items()}
        for name, table in accuracy_tables(found).items()
    }
    constants = {name: getattr(found.constants, name) for name in FITTED}
    return json.dumps({"schema": SCHEMA, "constants": constants, **tables}, indent=1)


def calibration_csv(found: Calibration) -> str:
    """Accuracy by scope and group as a table.

    Parameters
    ----------
    found : Calibration
        Constants and errors.

    Returns
    -------
    str
        CSV text.
    """
    names = [field.name for field in fields(Accuracy)]
    lines = [",".join(("table", "key", *names))]
    for name, table in accuracy_tables(found).items():
        lines += [
            ",".join((name, f'"{key}"', *(str(getattr(row, item)) for item in names)))
            for key, row in table.items()
        ]
    return "\n".join(lines) + "\n"


def constants_toml(found: Calibration) -> str:
    """File of the constants, with unit, basis and meaning of each.

    Parameters
    ----------
    found : Calibration
        Constants and errors.

    Returns
    -------
    str
        Content of a ``serving.toml``.
    """
    groups = sorted(set(groups_of(found.observed)))
    cards = covered(found).cards
    header = HEADER.format(n=found.observed.kind.size, groups=len(groups), cards=", ".join(cards))
    tables = tomllib.loads(data_path("serving.toml").read_text(encoding="utf-8"))
    parts = [
        f'[{name}]\nvalue = {_toml(found.constants, name)}\nunit = "{table["unit"]}"\n'
        f'basis = "{table["basis"]}"\nmeaning = "{table["meaning"]}"\n'
        for name, table in tables.items()
    ]
    return "\n".join([header, *parts])


def range_toml(found: Calibration) -> str:
    """File of the range that the measurements cover.

    Parameters
    ----------
    found : Calibration
        Constants and errors.

    Returns
    -------
    str
        Content of a ``serving_range.toml``.
    """
    values = asdict(covered(found))
    lines = [f"{name} = {json.dumps(list(value))}" for name, value in values.items()]
    return RANGE_HEADER + "\n".join(lines) + "\n"


def covered(found: Calibration) -> CalibratedRange:
    """Range that the fitted measurements cover.

    Parameters
    ----------
    found : Calibration
        Constants and errors.

    Returns
    -------
    CalibratedRange
        Cards, number types, sizes and lengths.
    """
    rows = list(found.observed.rows)
    return CalibratedRange.of([row.replica for row in rows], [row.lengths for row in rows])


def _by(
    keys: np.ndarray, errors: Floats, ends: tuple[Floats, Floats], groups: np.ndarray
) -> dict[str, Accuracy]:
    parts = {str(key): keys == key for key in np.unique(keys)}
    return {
        key: accuracy(errors[part], list(groups[part]), (ends[0][part], ends[1][part]))
        for key, part in parts.items()
    }


def _toml(constants: ServingConstants, name: str) -> str:
    value = getattr(constants, name)
    return json.dumps(list(value)) if isinstance(value, tuple) else repr(value)


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
