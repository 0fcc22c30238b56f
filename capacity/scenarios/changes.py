"""What differs between two scenarios, setting by setting."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from capacity.estimate import Estimate
from capacity.numbers import exact
from capacity.policy import LEVERS, Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.tree_file import part_tables
from forecast.history import History

WORDS = ("start", "end", "architecture", "profile")
NONE = "none"


@dataclass(frozen=True)
class Change:
    """One setting that differs.

    Parameters
    ----------
    group : str
        scenario, reported, growth, event, cache, input, correlation, part, serving or policy.
    key : str
        Name of the setting.
    before, after : str
        Its values, numbers as they were given.
    unit : str
        Unit of both; may be empty.
    """

    group: str
    key: str
    before: str
    after: str
    unit: str = ""


def scenario_changes(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Every setting in which two scenarios differ, as it stands after all overrides.

    Parameters
    ----------
    before, after : Scenario
        Any two.

    Returns
    -------
    tuple of Change
        By group, then in the order of the documents; names and descriptions do not count.

    Examples
    --------
    >>> case = Scenario.load("reported-case")
    >>> found = scenario_changes(case, case.override("longer", reply_tokens=(150, 300, 600)))
    >>> [(item.key, item.before, item.after) for item in found]
    [('reply_tokens', '210 (109 to 441)', '300 (150 to 600)')]
    """
    one, other = _settings(before), _settings(after)
    return tuple(item for group in one for item in _between(group, one[group], other[group]))


def _settings(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Every setting in words, by group and name."""
    return {
        "scenario": {key: str(getattr(scenario, key)) for key in WORDS},
        "reported": _reported(scenario),
        "growth": _told(asdict(scenario.growth)),
        "event": {item.name: f"{item.text}, on {item.on}" for item in scenario.events},
        "cache": _told(asdict(scenario.cache)),
        "input": {name: _estimate(item) for name, item in scenario.inputs.items()},
        "correlation": _correlations(scenario),
        "part": _told(_named(part_tables(scenario.parts))),
        "serving": _told(_named(asdict(scenario.serving))),
        "policy": _told(
            {item.name: getattr(scenario.policy, item.name) for item in fields(Policy)}
        ),
    }


def _between(group: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    units = {
        **{name: item.estimate.unit for name, item in ASSUMPTIONS.items()},
        **{name: lever.unit for name, lever in LEVERS.items()},
    }
    keys = dict.fromkeys((*before, *after))
    return [
        Change(group, key, before.get(key, NONE), after.get(key, NONE), units.get(key, ""))
        for key in keys
        if before.get(key, NONE) != after.get(key, NONE)
    ]


def _reported(scenario: Scenario) -> dict[str, str]:
    return {
        f"{history.name} {when}": value
        for history in (scenario.users, scenario.queries)
        for when, value in _points(history).items()
    }


def _points(history: History) -> dict[str, str]:
    pairs = zip(history.months, history.values, strict=True)
    return {"kind": history.kind, **{str(month): exact(float(value)) for month, value in pairs}}


def _estimate(item: Estimate) -> str:
    if item.certain:
        return exact(item.mid)
    level = "" if item.level == 0.9 else f" at {exact(item.level)}"  # noqa: PLR2004  the usual one
    return f"{exact(item.mid)} ({exact(item.low)} to {exact(item.high)}{level})"


def _correlations(scenario: Scenario) -> dict[str, str]:
    pairs = (scenario.correlations or {}).items()
    return {" ~ ".join(sorted(names)): exact(value) for names, value in sorted(pairs)}


def _named(tables: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """One level of names instead of two."""
    return {
        f"{name}.{key}": value for name, table in tables.items() for key, value in table.items()
    }


def _told(values: Mapping[str, object]) -> dict[str, str]:
    numbers = {key: value for key, value in values.items() if isinstance(value, int | float)}
    return {key: str(value) for key, value in values.items()} | {
        key: exact(value) for key, value in numbers.items() if math.isfinite(value)
    }
