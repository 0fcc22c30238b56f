"""The world we do not control: demand, uncertain inputs and how they go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from capacity.arrays import Floats, Months
from capacity.estimate import Estimate
from capacity.policy import Policy
from capacity.scenarios.checks import (
    calendar_faults,
    correlation_faults,
    correlation_matrix,
    estimate_faults,
    lever_faults,
    unknown_input,
    word_faults,
)
from capacity.scenarios.event import Event, event_faults
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.parts import CrossCheck, Growth, Override
from capacity.scenarios.tree_file import Tables, part_faults
from capacity.serving.model import ServingModel, shipped_serving
from capacity.serving.transformer import CacheLayout
from forecast.draws import named_stream, stratify
from forecast.history import History
from forecast.messages import shown, told

WORDS = ("name", "start", "end", "architecture", "profile")
FULL_CACHE = CacheLayout()
Values = float | Sequence[float] | Estimate


@dataclass(frozen=True)
class Scenario:
    """A baseline of estimates with named overrides, and the demand they meet.

    Parameters
    ----------
    name : str
        Letters, digits, space, dot, dash, underscore; at most 64.
    description : str
        One paragraph.
    start, end : str
        First and last month of the plan as YYYY-MM.
    architecture : str
        Model that serves, a name of `data/architectures.csv`.
    profile : str
        Hourly profile, a name of `data/profiles.csv`.
    users, queries : History
        What is reported; the first date of both is the first month that can be planned.
    growth : Growth
        How they go on.
    estimates : mapping of str to Estimate
        Inputs that differ from the shipped baseline.
    overrides : tuple of Override
        Named changes, the last one wins.
    correlations : mapping of (str, str) to float
        Rank correlations between inputs. [1]
    cross_checks : tuple of CrossCheck
        Published figures to compare with.
    events : tuple of Event
        Launches, price changes, viral months ahead.
    cache : CacheLayout
        Windows and sharing of the key-value cache; one full cache per layer by default.
    serving : ServingModel
        Constants of the serving model; the shipped ones by default.
    levers : mapping of str to str, float or int
        Policy that belongs to the scenario, such as a published design; the planner's own
        policy replaces it.
    parts : mapping of str to mapping
        Changes of the shipped tree of parts, by name of the part.

    Raises
    ------
    ValueError
        With one line per fault: names, dates, unknown inputs, values out of range.
    """

    name: str
    description: str
    start: str
    end: str
    architecture: str
    profile: str
    users: History
    queries: History
    growth: Growth
    estimates: Mapping[str, Estimate]
    overrides: tuple[Override, ...] = ()
    correlations: Mapping[tuple[str, str], float] | None = None
    cross_checks: tuple[CrossCheck, ...] = ()
    cache: CacheLayout = FULL_CACHE
    serving: ServingModel = field(default_factory=shipped_serving)
    levers: Mapping[str, str | float | int] = field(default_factory=dict)
    parts: Tables = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        """Report every fault at once."""
        object.__setattr__(self, "estimates", _in_units(self.estimates))
        named = tuple(replace(item, estimates=_in_units(item.estimates)) for item in self.overrides)
        object.__setattr__(self, "overrides", named)
        faults = word_faults({word: getattr(self, word) for word in WORDS})
        if not any(fault.startswith(("start", "end")) for fault in faults):
            faults += calendar_faults(self.start, self.end, self.users, self.queries)
            histories = (self.users, self.queries)
            faults += event_faults(self.events, histories, np.datetime64(self.end, "M"))
        for values in (self.estimates, *(item.estimates for item in self.overrides)):
            faults += [
                fault for name, value in values.items() for fault in estimate_faults(name, value)
            ]
        faults += correlation_faults(self.correlations or {})
        faults += lever_faults(self.levers) + part_faults(self.parts)
        if faults:
            raise ValueError(told(faults))

    @classmethod
    def load(cls, name: str | Path) -> Scenario:
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
        >>> Scenario.load("reported-case").end
        '2024-06'
        """
        from capacity.scenarios.file import load_scenario  # noqa: PLC0415  it builds this class

        return load_scenario(name)

    def save(self, path: str | Path) -> None:
        """Write the scenario to a file, whole or not at all.

        Parameters
        ----------
        path : str or Path
            File that ends in ``.toml``; an existing one is replaced.

        Raises
        ------
        ValueError
            If the name of the file ends otherwise.
        """
        from capacity.scenarios.file import save_scenario  # noqa: PLC0415  it knows this class

        save_scenario(self, Path(path))

    @property
    def months(self) -> Months:
        """Months of the plan, shape (months,)."""
        return np.arange(np.datetime64(self.start, "M"), np.datetime64(self.end, "M") + 1)

    @property
    def policy(self) -> Policy:
        """Default policy with the levers of the scenario."""
        return Policy().change(self.levers)

    @property
    def inputs(self) -> dict[str, Estimate]:
        """Every uncertain input as it stands after all overrides, by name."""
        values = {name: item.estimate for name, item in ASSUMPTIONS.items()}
        for layer in (self.estimates, *(item.estimates for item in self.overrides)):
            values.update(layer)
        return values

    def override(self, name: str, **values: Values) -> Scenario:
        """Copy with some inputs changed under a name.

        Parameters
        ----------
        name : str
            What the change means.
        **values : float, (low, mid, high) or Estimate
            New value by input, in the input's unit; one number is certain.

        Returns
        -------
        Scenario
            The changed copy.

        Raises
        ------
        ValueError
            With one line per unknown input or impossible value.
        """
        estimates, faults = {}, [unknown_input(key) for key in values if key not in ASSUMPTIONS]
        for key in values.keys() & ASSUMPTIONS.keys():
            try:
                estimates[key] = _estimate(key, values[key])
                faults += estimate_faults(key, estimates[key])
            except ValueError as error:
                faults.append(f"{key} = {shown(values[key])}: {error}")
        if faults:
            raise ValueError(told(sorted(faults)))
        change = Override(name, dict(sorted(estimates.items())))
        return replace(self, overrides=(*self.overrides, change))

    def draw(self, draws: int, seed: int) -> dict[str, Floats]:
        """Joint draws of every input, one named stream each.

        Parameters
        ----------
        draws : int
            Number of draws. [1]
        seed : int
            The user's seed. [1]

        Returns
        -------
        dict of str to numpy.ndarray
            Shape (draws, 1) each, in the input's unit.
        """
        scores = self._correlated_scores(draws, seed)
        result = {}
        for name, estimate in self.inputs.items():
            if name in scores:
                values = estimate.at_normal(scores[name])
            else:
                values = estimate.draw(draws, named_stream(seed, name))
            known = ASSUMPTIONS[name]  # a tail may not leave what is possible, such as a ratio of 1
            result[name] = np.clip(values, known.minimum, known.maximum)[:, np.newaxis]
        return result

    def _correlated_scores(self, draws: int, seed: int) -> dict[str, Floats]:
        """Normal scores of the inputs that are correlated, by Cholesky factor."""
        pairs = self.correlations or {}
        names = sorted({name for pair in pairs for name in pair})
        if not names:
            return {}
        matrix = correlation_matrix(names, pairs)
        own = [named_stream(seed, name).standard_normal(draws) for name in names]
        scores = stratify(np.stack(own, axis=1) @ np.linalg.cholesky(matrix).T)
        return dict(zip(names, scores.T, strict=True))


def _in_units(estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Estimates in alphabetical order; one that names no unit takes that of its input."""
    return {name: _in_unit(name, estimate) for name, estimate in sorted(estimates.items())}


def _in_unit(name: str, estimate: Estimate) -> Estimate:
    known = ASSUMPTIONS.get(name)
    if known is None or estimate.unit != "1":
        return estimate
    return replace(estimate, unit=known.estimate.unit)


def _estimate(name: str, value: Values) -> Estimate:
    """Value in the unit of its input."""
    if isinstance(value, Estimate):
        return _in_unit(name, value)
    numbers = tuple(value) if isinstance(value, list | tuple) else (value,) * 3
    if len(numbers) != 3:  # noqa: PLR2004  low, mid, high
        raise ValueError("give one number, or low, mid and high")
    low, mid, high = numbers
    return Estimate(
        low, mid, high, unit=ASSUMPTIONS[name].estimate.unit, source="set by the planner"
    )
