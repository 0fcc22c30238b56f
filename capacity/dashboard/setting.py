"""What the dashboard asks, in the same words as the command: scenario, changes, policy, draws."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from capacity.dashboard.links import carried, last, unpack, whole
from capacity.dashboard.outage_setting import OutageSetting
from capacity.policy import Policy
from capacity.procurement.buying import Buying
from capacity.procurement.held import Held, told_held
from capacity.scenarios.event_words import event_words, told_event
from capacity.scenarios.file import dump_scenario, load_scenario, read_scenario
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.settings import change_scenario, parse_pairs
from capacity.toml_table import read_toml
from forecast.shipped.tables import parse_month

REPORTED_CASE = "reported-case"
DRAWS, SEED = 2_000, 7
FEWEST_DRAWS, MOST_DRAWS = 100, 10_000  # more of them belong on the command line
OWN = "own"  # base of a setting that carries its scenario
OVERRIDE = "dashboard"
NONE = "none"  # in a link: no event, or no node that stands, whatever the scenario has
MOST_KEPT = 16  # scenarios that were read
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Setting:
    """Everything that decides what the dashboard shows.

    Parameters
    ----------
    base : str
        Shipped scenario, or ``"own"``.
    text : str
        TOML text of an own scenario; empty for a shipped one.
    changes, levers, buying : tuple of (str, str)
        Inputs, policy and assumptions of a purchase as typed on a command line, each name once.
    draws, seed : int
        Of the joint draws. [1]
    outage : OutageSetting
        What the outage lab shows.
    events : tuple of str, optional
        Events ahead as after ``--event``; those of the scenario if left out.
    today : str
        Month of a purchase as after ``--today``; empty for the one that the plan suggests.
    held : tuple of str, optional
        Nodes that stand already as after ``--held``; those of the plan if left out.

    Examples
    --------
    >>> asked = Setting().with_change("reply_tokens", "150,300,600").with_lever("zones", "2")
    >>> Setting.from_query(asked.to_query()) == asked
    True
    >>> asked.policy.zones
    2
    """

    base: str = REPORTED_CASE
    text: str = field(default="", repr=False)
    changes: Pairs = ()
    levers: Pairs = ()
    draws: int = DRAWS
    seed: int = SEED
    outage: OutageSetting = field(default_factory=OutageSetting)
    buying: Pairs = ()
    events: tuple[str, ...] | None = None
    today: str = ""
    held: tuple[str, ...] | None = None

    @cached_property
    def origin(self) -> Scenario:
        """Scenario before any change."""
        return _origin(self.base, self.text)

    @cached_property
    def scenario(self) -> Scenario:
        """Scenario with all changes of inputs."""
        texts = [f"{key}={value}" for key, value in self.changes]
        if self.events is None:
            return change_scenario(self.origin, texts, name=OVERRIDE)
        known = {event_words(event): event for event in self.origin.events}
        events = tuple(known.get(text) or told_event(text) for text in self.events)
        without = change_scenario(replace(self.origin, events=()), texts, name=OVERRIDE)
        return replace(without, events=events)

    @cached_property
    def policy(self) -> Policy:
        """Policy of the scenario with all changes of levers."""
        return self.scenario.policy.change(dict(self.levers))

    @cached_property
    def assumed(self) -> Buying:
        """Assumptions of a purchase with all changes."""
        return Buying().change(dict(self.buying))

    @cached_property
    def day(self) -> tuple[np.datetime64 | None, tuple[Held, ...] | None]:
        """Month of a purchase and nodes that stand then; None for what the plan suggests."""
        month = parse_month(self.today) if self.today else None
        return month, None if self.held is None else told_held(self.held)

    @cached_property
    def portable(self) -> Scenario:
        """Scenario that carries the whole policy, so that its file alone replays the plan."""
        standard = Policy()
        chosen = {item.name: getattr(self.policy, item.name) for item in fields(Policy)}
        levers = {name: value for name, value in chosen.items() if value != getattr(standard, name)}
        return replace(self.scenario, levers=levers)

    @cached_property
    def content(self) -> tuple[str, str, int, int]:
        """What decides a plan, however it was put together: scenario, policy, draws, seed."""
        return dump_scenario(self.scenario), repr(self.policy), self.draws, self.seed

    @property
    def told(self) -> tuple[str, ...]:
        """Every change in words."""
        pairs = (*self.changes, *self.levers, *self.buying)
        lists = {"event": self.events, "held": self.held}
        return (
            *(f"{key} = {value}" for key, value in pairs),
            *(f"{key} = {', '.join(items) or NONE}" for key, items in lists.items()
              if items is not None),
            *([f"today = {self.today}"] if self.today else []),
        )  # fmt: skip

    @property
    def unchanged(self) -> Setting:
        """The same scenario as it was before any change."""
        first = Setting()
        parts = ("changes", "levers", "buying", "events", "today", "held")
        return replace(self, **{part: getattr(first, part) for part in parts})

    def with_change(self, key: str, value: str) -> Setting:
        """Copy with one input, or a word of the scenario, changed.

        Parameters
        ----------
        key, value : str
            As after ``--set``.

        Returns
        -------
        Setting
            Not yet checked; `check` does.
        """
        return replace(self, changes=_put(self.changes, key, value))

    def with_lever(self, key: str, value: str) -> Setting:
        """Copy with one lever of the policy changed.

        Parameters
        ----------
        key, value : str
            As after ``--policy``.

        Returns
        -------
        Setting
            Not yet checked; `check` does.
        """
        return replace(self, levers=_put(self.levers, key, value))

    def with_buying(self, key: str, value: str) -> Setting:
        """Copy with one assumption of a purchase changed.

        Parameters
        ----------
        key, value : str
            As after ``--buying``.

        Returns
        -------
        Setting
            Not yet checked; `check` does.
        """
        return replace(self, buying=_put(self.buying, key, value))

    def with_events(self, texts: Iterable[str]) -> Setting:
        """Copy with other events ahead.

        Parameters
        ----------
        texts : iterable of str
            As after ``--event``.

        Returns
        -------
        Setting
            Not yet checked; `check` does.
        """
        given = tuple(texts)
        own = tuple(map(event_words, self.origin.events))
        return replace(self, events=None if given == own else given)

    def check(self) -> Setting:
        """Build scenario and policy, so that whatever is wrong is said now.

        Returns
        -------
        Setting
            The same.

        Raises
        ------
        ValueError
            With one line per fault.
        """
        if not FEWEST_DRAWS <= self.draws <= MOST_DRAWS:
            raise ValueError(f"draws = {self.draws}: allowed {FEWEST_DRAWS} to {MOST_DRAWS:,}")
        _ = self.scenario, self.policy, self.assumed, self.outage.check(), self.day
        return self

    def to_query(self) -> dict[str, list[str]]:
        """Parameters of a link; without an own scenario that is too long for one.

        Returns
        -------
        dict of str to list of str
            Only what differs from the start of the dashboard.
        """
        query: dict[str, list[str]] = {
            "scenario": [self.base] * (self.base not in (REPORTED_CASE, OWN)),
            "own": carried(self.text),
            "set": [f"{key}={value}" for key, value in self.changes],
            "policy": [f"{key}={value}" for key, value in self.levers],
            "buying": [f"{key}={value}" for key, value in self.buying],
            "event": list(() if self.events is None else self.events or (NONE,)),
            "today": [self.today] * bool(self.today),
            "held": list(() if self.held is None else self.held or (NONE,)),
            "draws": [str(self.draws)] * (self.draws != DRAWS),
            "seed": [str(self.seed)] * (self.seed != SEED),
            **self.outage.to_query(),
        }
        return {key: values for key, values in query.items() if values}

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> Setting:
        """Setting that a link names.

        Parameters
        ----------
        query : mapping of str to sequence of str
            Parameters of the link; unknown ones are left alone.

        Returns
        -------
        Setting
            Checked.

        Raises
        ------
        ValueError
            If the link names something unknown or impossible.
        """
        own = last(query, "own", "")
        changes = parse_pairs(query.get("set", ()))
        levers = parse_pairs(query.get("policy", ()))
        buying = parse_pairs(query.get("buying", ()))
        return cls(
            base=OWN if own else last(query, "scenario", REPORTED_CASE),
            text=unpack(own) if own else "",
            changes=tuple(changes.items()),
            levers=tuple(levers.items()),
            draws=whole("draws", last(query, "draws", str(DRAWS))),
            seed=whole("seed", last(query, "seed", str(SEED))),
            outage=OutageSetting.from_query(query),
            buying=tuple(buying.items()),
            events=_listed(query.get("event", ())),
            today=last(query, "today", ""),
            held=_listed(query.get("held", ())),
        ).check()

    @property
    def fits_a_link(self) -> bool:
        """Whether a link can carry everything."""
        return all(carried(text) for text in (self.text, self.outage.text) if text)


def own_setting(scenario: Scenario, like: Setting) -> Setting:
    """Setting that carries a scenario of the planner's own.

    Parameters
    ----------
    scenario : Scenario
        Any scenario.
    like : Setting
        Whose draws, seed and outage to keep.

    Returns
    -------
    Setting
        Checked.
    """
    return replace(like.unchanged, base=OWN, text=dump_scenario(scenario)).check()


def scenario_from_text(text: str, name: str = "scenario.toml") -> Scenario:
    """Scenario from TOML text that came over the network.

    Parameters
    ----------
    text : str
        The document.
    name : str
        Called so in messages.

    Returns
    -------
    Scenario
        Checked.

    Raises
    ------
    ValueError
        With one line per fault; also where it names a file of this machine.

    Examples
    --------
    >>> scenario_from_text(dump_scenario(load_scenario("reported-case"))).end
    '2024-06'
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text, encoding="utf-8", newline="")
        document = read_toml(path).values
        tables = [document.get(part) for part in ("users", "queries")]
        if any(isinstance(table, dict) and "csv" in table for table in tables):
            raise ValueError(f"{name}: 'csv' names a file of the server; allowed here is 'points'")
        return read_scenario(path)


@lru_cache(maxsize=MOST_KEPT)
def _origin(base: str, text: str) -> Scenario:
    """Read once: plans of one scenario share its histories, and so its forecast."""
    return scenario_from_text(text) if text else load_scenario(base)


def _listed(texts: Sequence[str]) -> tuple[str, ...] | None:
    """What a link lists; None where it lists nothing, and empty where it says so."""
    return tuple(text for text in texts if text != NONE) if texts else None


def _put(pairs: Pairs, key: str, value: str) -> Pairs:
    return (*(pair for pair in pairs if pair[0] != key), (key, value))
