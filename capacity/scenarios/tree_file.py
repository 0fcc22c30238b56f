"""The tree of parts in TOML: the shipped one, a scenario's changes, every fault named at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from capacity.estimate import Estimate
from capacity.policy import Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.tree import (
    POOL,
    Cause,
    Changes,
    Hosts,
    Managed,
    Nodes,
    Part,
    Planned,
    Replicas,
    Replicated,
    Service,
    Zone,
)
from capacity.toml_table import read_toml
from forecast.messages import LONGEST, MOST_FAULTS, shown
from forecast.shipped.datasets import data_path
from forecast.shipped.place import nearest

FILE = "parts.toml"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_PARTS = 40
CHARGED = (Cause.RANDOM.value, Cause.REGION.value)
Table = Mapping[str, Any]
Tables = Mapping[str, Table]
NO_CHANGES: Tables = MappingProxyType({})


class Allowed(NamedTuple):
    """Unit of a number of a part, and its bounds in that unit, both included."""

    unit: str
    minimum: float
    maximum: float


NUMBERS: Mapping[str, Allowed] = {
    "unavailability": Allowed("share", 0.0, 0.5),
    "repair_h": Allowed("h", 0.01, 10_000.0),
    "coverage": Allowed("share", 0.0, 1.0),
    "promotion": Allowed("share", 0.0, 1.0),
    "read_share": Allowed("share", 0.0, 1.0),
    "works_per_month": Allowed("works/month", 0.0, 4.0),
    "work_min": Allowed("min", 0.0, 1440.0),
    "switch_min": Allowed("min", 0.0, 60.0),
    "failures_per_1000_node_days": Allowed("failures/1000 node-days", 0.0001, 1000.0),
    "common_share": Allowed("share", 0.0, 1.0),
    "collapse": Allowed("share", 0.0, 1.0),
    "crew_usd": Allowed("USD/month", 0.0, 1e7),
}
WORK = ("works_per_month", "work_min")  # planned maintenance
KINDS: Mapping[str, tuple[str, ...]] = {
    "service": ("unavailability", "repair_h", "cause", *WORK),
    "hosts": ("unavailability", "repair_h"),
    "replicated": (
        "unavailability", "repair_h", "coverage", "promotion", *WORK, "switch_min",
    ),
    "replicas": ("unavailability", "repair_h", "read_share", *WORK),
    "nodes": (
        "failures_per_1000_node_days", "repair_h", "common_share", "collapse", "crew_usd", *WORK,
    ),
}  # fmt: skip
NEW: Table = {
    "kind": "service", "repair_h": 1.0, "cause": Cause.RANDOM.value, "coverage": 0.9,
    "promotion": 0.0, "read_share": 1.0,
    "works_per_month": 0.0, "work_min": 60.0, "switch_min": 1.5,
}  # fmt: skip


@cache
def shipped_parts() -> Tables:
    """Parts of a region as shipped, by name.

    Returns
    -------
    mapping of str to mapping
        Keys and values as in `data/parts.toml`.

    Examples
    --------
    >>> shipped_parts()["database"]["kind"]
    'replicated'
    """
    return dict(read_toml(data_path(FILE)).values)


def part_tables(changes: Tables) -> dict[str, dict[str, Any]]:
    """Shipped parts with a scenario's changes, and the parts that it adds.

    Parameters
    ----------
    changes : mapping of str to mapping
        The scenario's ``[parts.NAME]`` tables.

    Returns
    -------
    dict of str to dict
        Whole tables, by name.
    """
    found = {name: dict(table) for name, table in shipped_parts().items()}
    for name, table in changes.items():
        found[name] = {**found.get(name, {}), **table}
    return {name: {**NEW, **table} for name, table in found.items()}


def part_faults(changes: Mapping[str, Any]) -> list[str]:
    """Faults of a scenario's parts.

    Parameters
    ----------
    changes : mapping
        The scenario's ``[parts.NAME]`` tables, checked for nothing yet.

    Returns
    -------
    list of str
        One line each; empty if nothing is wrong.

    Examples
    --------
    >>> part_faults({"storage": {"unavailability": 2}})
    ['parts.storage.unavailability = 2: allowed 0 to 0.5 [share], or the name of an input']
    """
    if len(changes) > MOST_PARTS:
        return [f"parts are {len(changes)}: allowed are {MOST_PARTS}"]
    return [fault for name, table in changes.items() for fault in _part_faults(name, table)]


def service_of(changes: Tables, inputs: Mapping[str, Estimate], policy: Policy) -> Service:
    """The service at the design basis: every input at its middle value.

    Parameters
    ----------
    changes : mapping of str to mapping
        The scenario's parts, without faults.
    inputs : mapping of str to Estimate
        Inputs of the scenario.
    policy : Policy
        Changes a month.

    Returns
    -------
    Service
        The tree of parts.

    Examples
    --------
    >>> inputs = {name: item.estimate for name, item in ASSUMPTIONS.items()}
    >>> service_of({}, inputs, Policy()).parts["storage"].unavailability
    0.001
    """
    mid = {name: estimate.mid for name, estimate in inputs.items()}
    tables = {
        name: {key: _number(key, value, mid) for key, value in table.items()}
        for name, table in part_tables(changes).items()
    }
    pool = tables.pop(POOL)
    return Service(
        {name: _part(table) for name, table in tables.items()},
        Nodes(
            pool["failures_per_1000_node_days"] / 24_000.0,
            pool["repair_h"],
            pool["common_share"],
            pool["collapse"],
            pool["crew_usd"],
            _planned(pool),
        ),
        Zone(mid["zone_unavailability"]),
        mid["failover_failure"],
        Changes(
            policy.changes_per_month, mid["change_failure_share"], mid["change_repair_min"] / 60.0
        ),
    )


def _number(key: str, value: Any, inputs: Mapping[str, float]) -> Any:
    """Value of a key: where it is the name of an input, the value of that."""
    return inputs[value] if key in NUMBERS and isinstance(value, str) else value


def _part(table: Table) -> Part:
    times = (float(table["unavailability"]), float(table["repair_h"]))
    if table["kind"] == "hosts":
        return Hosts(*times)
    if table["kind"] == "replicated":
        shares = (float(table["coverage"]), float(table["promotion"]))
        return Replicated(*times, *shares, _planned(table))
    if table["kind"] == "replicas":
        return Replicas(*times, float(table["read_share"]), _planned(table))
    return Managed(*times, Cause(table["cause"]), _planned(table))


def _planned(table: Table) -> Planned:
    hours = (float(table[key]) / 60.0 for key in ("work_min", "switch_min"))
    return Planned(float(table["works_per_month"]), *hours)


def _part_faults(name: str, table: object) -> Iterator[str]:
    place = f"parts.{name}" if NAME.fullmatch(name) else f"parts.{shown(name)}"
    if not NAME.fullmatch(name):
        yield f"{place}: allowed are 1 to 40 small letters, digits and '_', first a letter"
        return
    if not isinstance(table, Mapping):
        yield f"{place} = {shown(table)}: must be a table"
        return
    whole = {**shipped_parts().get(name, NEW), **table}
    kind = whole["kind"]
    allowed = _kinds(name)
    if kind not in allowed:
        yield f"{place}.kind = {shown(kind)}: allowed {', '.join(allowed)}"
        return
    if "unavailability" not in whole and kind != "nodes":
        yield f"{place}: key 'unavailability' is missing"
    yield from _key_faults(place, kind, table)
    for key in KINDS[kind]:
        if key in table:
            yield from _value_faults(f"{place}.{key}", key, table[key])


def _kinds(name: str) -> tuple[str, ...]:
    """Kinds that a part may have: a shipped one keeps its own."""
    if name in shipped_parts():
        return (shipped_parts()[name]["kind"],)
    return tuple(kind for kind in KINDS if kind != "nodes")


def _key_faults(place: str, kind: str, table: Table) -> Iterator[str]:
    known = (*KINDS[kind], "kind", "source")
    for key in [key for key in table if key not in known][:MOST_FAULTS]:
        yield f"{place}: unknown key {shown(key)}; {nearest(key[:LONGEST], known)}"
    if not isinstance(table.get("source", ""), str):
        yield f"{place}.source = {shown(table['source'])}: must be text"


def _value_faults(place: str, key: str, value: object) -> Iterator[str]:
    if key == "cause":
        if value not in CHARGED:
            yield f"{place} = {shown(value)}: allowed {', '.join(CHARGED)}"
        return
    allowed = NUMBERS[key]
    if isinstance(value, str):
        fitting = [name for name, item in ASSUMPTIONS.items() if item.estimate.unit == allowed.unit]
        if value not in fitting:
            near = nearest(value[:LONGEST], fitting)
            yield f"{place} = {shown(value)}: no input in [{allowed.unit}]; {near}"
        return
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None or not allowed.minimum <= number <= allowed.maximum:
        bounds = f"{allowed.minimum:g} to {allowed.maximum:g} [{allowed.unit}]"
        yield f"{place} = {shown(value)}: allowed {bounds}, or the name of an input"
