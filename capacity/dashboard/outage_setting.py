"""What the outage lab asks, in the same words as the command: incident, countermeasures, draws."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from capacity.dashboard.links import carried, last, unpack, whole
from capacity.outage.countermeasures import check_names
from capacity.outage.file import BASE, dump_incident, load_incident, read_incident
from capacity.outage.incident import Incident
from capacity.outage.study import DRAWS, LEAST_DRAWS, MOST_DRAWS, check_draws

MOST_STATES = 100_000_000  # draws times nodes times steps: what a page may take of a server


@dataclass(frozen=True)
class OutageSetting:
    """Everything that decides what the outage lab shows, the seed aside.

    Parameters
    ----------
    preset : str
        Shipped incident.
    text : str
        TOML text of an own incident; empty for a shipped one.
    names : tuple of str
        Countermeasures switched on, in the order of their table.
    draws : int
        Parameter draws of the ranking. [1]

    Examples
    --------
    >>> asked = OutageSetting(names=("canary", "cells"))
    >>> OutageSetting.from_query(asked.to_query()) == asked
    True
    """

    preset: str = BASE
    text: str = field(default="", repr=False)
    names: tuple[str, ...] = ()
    draws: int = DRAWS

    @cached_property
    def incident(self) -> Incident:
        """The story."""
        return incident_from_text(self.text) if self.text else load_incident(self.preset)

    @property
    def unchanged(self) -> OutageSetting:
        """The same incident without countermeasures, with the first number of draws."""
        return replace(self, names=(), draws=min(DRAWS, most_draws(self.incident)))

    def switched(self, name: str, *, on: bool) -> OutageSetting:
        """Copy with one countermeasure switched on or off.

        Parameters
        ----------
        name : str
            Countermeasure.
        on : bool
            Whether it is to act.

        Returns
        -------
        OutageSetting
            Not yet checked; `check` does.
        """
        others = tuple(item for item in self.names if item != name)
        return replace(self, names=(*others, name) if on else others)

    def check(self) -> OutageSetting:
        """Read the incident, so that whatever is wrong is said now.

        Returns
        -------
        OutageSetting
            The same, with the names in the order of their table.

        Raises
        ------
        ValueError
            With one line per fault.
        """
        check_draws(self.draws, self.incident.nodes)
        most = most_draws(self.incident)
        if self.draws > most:
            raise ValueError(f"draws = {self.draws}: allowed here up to {most:,} of this incident")
        return replace(self, names=check_names(self.names))

    def to_query(self) -> dict[str, list[str]]:
        """Parameters of a link; without an own incident that is too long for one.

        Returns
        -------
        dict of str to list of str
            Only what differs from the start of the dashboard.
        """
        query = {
            "outage": [self.preset] * (self.preset != BASE and not self.text),
            "incident": carried(self.text),
            "with": list(self.names),
            "outage_draws": [str(self.draws)] * (self.draws != DRAWS),
        }
        return {key: values for key, values in query.items() if values}

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> OutageSetting:
        """Setting that a link names.

        Parameters
        ----------
        query : mapping of str to sequence of str
            Parameters of the link; unknown ones are left alone.

        Returns
        -------
        OutageSetting
            Checked.

        Raises
        ------
        ValueError
            If the link names something unknown or impossible.
        """
        own, preset = last(query, "incident", ""), last(query, "outage", BASE)
        if preset.endswith(".toml"):  # on the command line a file, here one of the server
            raise ValueError("outage: a link names a shipped incident, never a file")
        return cls(
            preset=BASE if own else preset,
            text=unpack(own) if own else "",
            names=tuple(query.get("with", ())),
            draws=whole("outage_draws", last(query, "outage_draws", str(DRAWS))),
        ).check()


def own_outage(incident: Incident, like: OutageSetting) -> OutageSetting:
    """Setting that carries an incident of the planner's own.

    Parameters
    ----------
    incident : Incident
        Any incident.
    like : OutageSetting
        Whose countermeasures to keep, and whose draws as far as they are allowed.

    Returns
    -------
    OutageSetting
        Checked.
    """
    draws = min(like.draws, most_draws(incident))
    return OutageSetting(text=dump_incident(incident), names=like.names, draws=draws).check()


def most_draws(incident: Incident) -> int:
    """Most parameter draws that the dashboard takes for an incident.

    Parameters
    ----------
    incident : Incident
        Any incident.

    Returns
    -------
    int
        At least the fewest of a ranking. [1]

    Examples
    --------
    >>> most_draws(load_incident("february-2023"))
    1240
    """
    states = incident.nodes * incident.horizon / incident.step
    return max(LEAST_DRAWS, min(MOST_DRAWS, int(MOST_STATES / states)))


def incident_from_text(text: str, name: str = "incident.toml") -> Incident:
    """Incident from TOML text that came over the network.

    Parameters
    ----------
    text : str
        The document.
    name : str
        Called so in messages.

    Returns
    -------
    Incident
        Checked.

    Raises
    ------
    ValueError
        With one line per fault.

    Examples
    --------
    >>> incident_from_text('name = "own"').nodes
    48
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text, encoding="utf-8", newline="")
        return read_incident(path)
