"""What can be wrong with a scenario: each check gives its faults, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from capacity.arrays import Floats
from capacity.estimate import Estimate
from capacity.policy import LEVERS, Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.parts import MONTH
from forecast.history import History
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest
from forecast.shipped.tables import read_table

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}")
MAX_MONTHS = 240
DEFAULTS = Policy()


@cache
def known_names(table: str, column: str) -> tuple[str, ...]:
    """Names in a column of a shipped table, each once.

    Parameters
    ----------
    table : str
        File name.
    column : str
        Column.

    Returns
    -------
    tuple of str
        In file order.

    Examples
    --------
    >>> "AWS" in known_names("instances.csv", "provider")
    True
    """
    return tuple(dict.fromkeys(row.text(column) for row in read_table(table).rows))


def unknown_input(name: str) -> str:
    """Fault of an input that does not exist.

    Parameters
    ----------
    name : str
        What was given.

    Returns
    -------
    str
        With the nearest input.

    Examples
    --------
    >>> unknown_input("reply_token")
    "unknown input 'reply_token'; nearest: reply_tokens"
    """
    return f"unknown input {shown(name)}; {nearest(name[:LONGEST], ASSUMPTIONS)}"


def word_faults(words: Mapping[str, str]) -> list[str]:
    """Faults of the name, the months, the model and the profile.

    Parameters
    ----------
    words : mapping of str to str
        ``name``, ``start``, ``end``, ``architecture`` and ``profile``.

    Returns
    -------
    list of str
        Empty if nothing is wrong.

    Examples
    --------
    >>> word_faults({"start": "2022-1"})
    ["start = '2022-1': must be a month as YYYY-MM"]
    """
    faults = _name_faults(words["name"]) if "name" in words else []
    faults += [
        f"{key} = {shown(words[key])}: must be a month as YYYY-MM"
        for key in ("start", "end")
        if key in words and not MONTH.fullmatch(words[key])
    ]
    known = {
        "architecture": known_names("architectures.csv", "name"),
        "profile": known_names("profile_sources.csv", "profile_id"),
    }
    return faults + [
        f"unknown {key} {shown(words[key])}; {nearest(words[key][:LONGEST], names)}"
        for key, names in known.items()
        if key in words and words[key] not in names
    ]


def _name_faults(name: str) -> list[str]:
    if NAME.fullmatch(name) and not name.endswith((" ", ".")):
        return []
    return [
        f"name = {shown(name)}: allowed are 1 to 64 letters, digits, space, '.', '_' and '-', "
        "first a letter or digit, last neither space nor dot"
    ]


def calendar_faults(start: str, end: str, users: History, queries: History) -> list[str]:
    """Faults of the histories, and of the months of a plan beside them.

    Parameters
    ----------
    start, end : str
        First and last month, checked before to be months.
    users, queries : History
        Reported histories.

    Returns
    -------
    list of str
        Empty if nothing is wrong.
    """
    faults = []
    months = int((np.datetime64(end, "M") - np.datetime64(start, "M")).astype(int)) + 1
    if not 1 <= months <= MAX_MONTHS:
        faults.append(f"start to end is {max(0, months)} months: allowed 1 to {MAX_MONTHS}")
    first = max(users.months[0], queries.months[0])
    if np.datetime64(start, "M") < first:
        faults.append(f"start = {start}: the reported histories begin in {first}")
    if (queries.kind, queries.unit) != ("flow", "queries/day"):
        faults.append(
            f"queries are {queries.kind} in {shown(queries.unit)}: allowed is flow in 'queries/day'"
        )
    if users.origin != queries.origin:
        faults.append(
            f"users end in {users.origin}, queries in {queries.origin}: allowed is one last month"
        )
    return faults


def estimate_faults(name: str, estimate: Estimate) -> list[str]:
    """Faults of an estimate as a value of an input.

    Parameters
    ----------
    name : str
        Input.
    estimate : Estimate
        Its value.

    Returns
    -------
    list of str
        Empty if nothing is wrong.
    """
    known = ASSUMPTIONS.get(name)
    if known is None:
        return [unknown_input(name)]
    unit = known.estimate.unit
    if estimate.unit != unit:
        return [f"{name} is given in {shown(estimate.unit)}: allowed [{unit}]"]
    numbers = (estimate.low, estimate.mid, estimate.high)
    above = min(numbers) > 0 or known.minimum != 0 or unit != "ratio"  # no ratio can be zero
    if above and all(known.minimum <= number <= known.maximum for number in numbers):
        return []
    lowest = f"{known.minimum:g}" if above else "above 0"
    return [
        f"{name} = {', '.join(f'{number:g}' for number in numbers)}: "
        f"allowed {lowest} to {known.maximum:g} [{unit}]"
    ]


def correlation_faults(pairs: Mapping[tuple[str, str], float]) -> list[str]:
    """Faults of correlations between inputs.

    Parameters
    ----------
    pairs : mapping of (str, str) to float
        Correlations. [1]

    Returns
    -------
    list of str
        Empty if nothing is wrong.
    """
    names = sorted({name for pair in pairs for name in pair})
    faults = [unknown_input(name) for name in names if name not in ASSUMPTIONS]
    faults += [
        f"correlation of {shown(one)} and {shown(other)} = {value}: "
        "allowed between -1 and 1, two inputs"
        for (one, other), value in pairs.items()
        if not -1 < value < 1 or one == other
    ]
    faults += [
        f"correlation of {one} and {other} is given twice"
        for one, other in pairs
        if one < other and (other, one) in pairs
    ]
    if faults or not names:
        return faults
    if np.linalg.eigvalsh(correlation_matrix(names, pairs))[0] <= 0:
        return [f"correlations of {', '.join(names)} contradict each other"]
    return []


def lever_faults(levers: Mapping[str, Any]) -> list[str]:
    """Faults of the policy that a scenario carries.

    Parameters
    ----------
    levers : mapping of str to object
        Values by lever; text only for levers that are words.

    Returns
    -------
    list of str
        Empty if nothing is wrong.
    """
    faults = [
        f"{name} = {shown(value)}: must be {type(getattr(DEFAULTS, name)).__name__} "
        f"[{LEVERS[name].unit}]"
        for name, value in levers.items()
        if isinstance(value, str) and name in LEVERS and LEVERS[name].unit != "name"
    ]
    faults += _catalogue_faults(levers, (("provider", "provider"), ("instance", "name")))
    wrong = {fault.partition(" = ")[0] for fault in faults}
    rest = {name: value for name, value in levers.items() if name not in wrong}
    try:
        Policy().change(rest)
    except ValueError as error:
        faults += str(error).split("\n")
    return faults


def _catalogue_faults(
    levers: Mapping[str, object], columns: Iterable[tuple[str, str]]
) -> list[str]:
    faults = []
    for lever, column in columns:
        value = levers.get(lever, "auto")
        known = ("auto", *known_names("instances.csv", column))
        if isinstance(value, str) and value not in known:
            faults.append(f"{lever} = {shown(value)}: {nearest(value[:LONGEST], known)}")
    return faults


def correlation_matrix(names: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> Floats:
    """Symmetric matrix of the given pairs, zero elsewhere.

    Parameters
    ----------
    names : sequence of str
        Rows and columns.
    pairs : mapping of (str, str) to float
        Correlations, between -1 and 1. [1]

    Returns
    -------
    numpy.ndarray, shape (names, names)
        With ones on the diagonal. [1]

    Examples
    --------
    >>> correlation_matrix(["a", "b"], {("a", "b"): 0.5}).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    matrix = np.eye(len(names))
    for (one, other), value in pairs.items():
        row, column = names.index(one), names.index(other)
        matrix[row, column] = matrix[column, row] = value
    return matrix
