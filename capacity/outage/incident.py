"""An incident as values: its uncertain parameters, its controls, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple

from capacity.estimate import Estimate
from forecast.messages import shown

Basis = Literal["told", "published", "assumed"]
EVIDENCE: tuple[Basis, ...] = ("told", "published", "assumed")
NEVER = 1e9  # a control that does not act: no cap, no limit, no time


class Range(NamedTuple):
    """What a number of an incident may be."""

    unit: str
    low: float
    high: float
    meaning: str


PARAMETERS: Mapping[str, Range] = {
    "requests": Range("requests/min", 1e-3, 1e9, "requests of users, first attempts"),
    "places": Range("requests/node", 0.1, 1e6, "requests that a node serves at full speed"),
    "service": Range("min", 0.01, 60.0, "mean time to serve a request"),
    "patience": Range("min", 0.05, 1e3, "mean time until a user gives up"),
    "retry_share": Range("share", 0.0, 0.95, "users who try again after giving up or a refusal"),
    "backlog_retry": Range("share", 0.0, 0.95, "the same, where the request is kept in a queue"),
    "retry_delay": Range("min", 0.05, 1e3, "mean time until they try again"),
    "batch_limit": Range("1", 0.1, 100.0, "requests that a node takes at most, over its places"),
    "crowding": Range(
        "1", 0.0, 1.0, "power of the load that the rate of an overfilled node follows"
    ),
    "inlet": Range("°C", 1.0, 60.0, "mean temperature of the air at the inlet"),
    "node_spread": Range("°C", 0.0, 20.0, "standard deviation between nodes at equal load"),
    "nominal_rise": Range("°C", 1.0, 200.0, "rise over the inlet with all places taken"),
    "rise_exponent": Range("1", 0.05, 3.0, "power of the load that the heat follows"),
    "time_constant": Range("min", 0.05, 60.0, "lag of the temperature"),
    "slowdown": Range("°C", 30.0, 150.0, "temperature from which a node slows down"),
    "slowdown_loss": Range("share", 0.0, 0.95, "rate lost just before the shutdown"),
    "shutdown": Range("°C", 30.0, 150.0, "temperature at which a node shuts itself down"),
    "restart": Range("min", 0.1, 1e4, "cold start of a node: power, health check, loading"),
}


def control(unit: str, low: float, high: float, default: float, meaning: str) -> Any:
    """Field of `Controls` that carries its unit, bounds and meaning.

    Parameters
    ----------
    unit : str
        Unit of the number.
    low, high : float
        What is allowed, in `unit`.
    default : float
        Value where nothing is said, in `unit`.
    meaning : str
        One line.

    Returns
    -------
    dataclasses.Field
        With the first four as metadata.
    """
    return field(default=default, metadata={"range": Range(unit, low, high, meaning)})


@dataclass(frozen=True)
class Controls:
    """What is decided before and during an incident; the fields carry unit, bounds and meaning.

    Parameters
    ----------
    broken_share, durable_share, revert, notice : float
        Share of requests that meet the broken change and of these that are kept in a queue [1],
        when the change is taken back [min], and how much of that nobody noticed [min].
    cells, broken_cells : float
        Cells the pool is cut into, and cells that meet the change. [1]
    admission_cap, release_cap, power_cap : float
        Most requests in service over places [1], most work let out of the backlog over the places
        that are up [1], temperature at which power is taken away [°C].
    shed_stale, fresh_first, extra_nodes : float
        1 to drop work nobody waits for [1], 1 to serve the newest first [1], nodes more than told,
        as a share [1].
    offline, decision, repair, ramp : float
        1 if all is taken offline after a collapse [1], time from the collapse to that order, from
        the order to the first request, and from there to all requests [min].

    Raises
    ------
    ValueError
        If a number lies outside its bounds.

    Examples
    --------
    >>> Controls(revert=12.0).revert
    12.0
    """

    broken_share: float = control("1", 0.0, 1.0, 1.0, "requests that meet the broken change")
    durable_share: float = control("1", 0.0, 1.0, 1.0, "of these, kept in a durable queue")
    revert: float = control("min", 0.0, 1e4, 12.0, "time at which the change is taken back")
    notice: float = control("min", 0.0, 1e4, 0.0, "part of that time in which nobody noticed")
    cells: float = control("1", 1.0, 64.0, 1.0, "cells, each with its nodes and its share of users")
    broken_cells: float = control("1", 1.0, 64.0, 64.0, "cells that meet the change, at most all")
    admission_cap: float = control("1", 0.05, NEVER, NEVER, "requests in service over places")
    release_cap: float = control("1", 0.01, NEVER, NEVER, "load that released work may fill up to")
    power_cap: float = control("°C", 30.0, NEVER, NEVER, "temperature that softly limits power")
    shed_stale: float = control("1", 0.0, 1.0, 0.0, "1: drop work whose user has given up")
    fresh_first: float = control("1", 0.0, 1.0, 0.0, "1: serve waiting users before old work")
    extra_nodes: float = control("1", 0.0, 4.0, 0.0, "nodes on top of those told, as a share")
    offline: float = control("1", 0.0, 1.0, 0.0, "1: take everything offline after a collapse")
    decision: float = control("min", 0.0, 1e4, 7.0, "from the collapse to that order")
    repair: float = control("min", 0.1, 1e4, 38.0, "from the order to the first request let in")
    ramp: float = control("min", 0.0, 1e4, 12.0, "from the first request let in to all of them")

    def __post_init__(self) -> None:
        """Refuse what cannot be done."""
        faults = [fault for name in RANGES for fault in control_faults(name, getattr(self, name))]
        if self.notice > self.revert:
            faults.append(f"notice = {self.notice:g}: must not exceed revert = {self.revert:g}")
        if faults:
            raise ValueError("\n".join(faults))

    def change(self, **values: float) -> Controls:
        """The same controls with some changed.

        Parameters
        ----------
        **values : float
            By name, in the unit of the field.

        Returns
        -------
        Controls
            Checked again.

        Examples
        --------
        >>> Controls().change(revert=2.0).revert
        2.0
        """
        return replace(self, **values)


RANGES: Mapping[str, Range] = {item.name: item.metadata["range"] for item in fields(Controls)}
WHOLE = ("cells", "broken_cells", "shed_stale", "fresh_first", "offline")


def control_faults(word: str, value: float, name: str = "") -> list[str]:
    """What is wrong with one control.

    Parameters
    ----------
    word : str
        Name of the control, or the word under which its value was given.
    value : float
        Its value, in the unit of the field.
    name : str
        Name of the control where `word` is another.

    Returns
    -------
    list of str
        One line, or none.

    Examples
    --------
    >>> control_faults("cells", 0.0)
    ['cells = 0.0: allowed 1 to 64 [1]']
    """
    faults = range_faults(word, RANGES[name or word], value)
    if not faults and (name or word) in WHOLE and value != int(value):
        return [f"{word} = {shown(value)}: must be a whole number"]
    return faults


def range_faults(name: str, allowed: Range, value: float) -> list[str]:
    """What is wrong with a number, given what is allowed.

    Parameters
    ----------
    name : str
        Its name.
    allowed : Range
        Its bounds.
    value : float
        The number, in the unit of `allowed`.

    Returns
    -------
    list of str
        One line, or none.
    """
    if allowed.low <= value <= allowed.high:
        return []
    words = f"{allowed.low:g} to {allowed.high:g} [{allowed.unit}]"
    return [f"{name} = {shown(value)}: allowed {words}"]


@dataclass(frozen=True)
class Evidence:
    """Where a number of an incident comes from.

    Parameters
    ----------
    source, as_of : str
        Where the number comes from, and its date.
    basis : {"told", "published", "assumed"}
        What it rests on.
    """

    source: str
    as_of: str
    basis: Basis


@dataclass(frozen=True)
class Incident:
    """One outage: a pool of nodes, a change that breaks it, and what is done about it.

    Parameters
    ----------
    name, title, description : str
        Identification, and words for the reader.
    kind : str
        ``"as told"``, ``"documented"`` or ``"own"``.
    nodes : int
        Nodes of the pool. [1]
    horizon, step : float
        Time followed after the change, and length of a time step. [min]
    controls : Controls
        What was done.
    parameters : mapping of str to Estimate
        One for each name of `PARAMETERS`.
    evidence : mapping of str to Evidence
        For every parameter and for every control that the story sets.
    """

    name: str
    title: str
    description: str
    kind: str
    nodes: int
    horizon: float
    step: float
    controls: Controls
    parameters: Mapping[str, Estimate]
    evidence: Mapping[str, Evidence]

    def with_controls(self, controls: Controls) -> Incident:
        """The same incident under other decisions.

        Parameters
        ----------
        controls : Controls
            The decisions.

        Returns
        -------
        Incident
            Everything else as it was.
        """
        return replace(self, controls=controls)
