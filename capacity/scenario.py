"""The world we do not control: demand, uncertain inputs and how they go together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from capacity.architecture import CacheLayout
from capacity.arrays import Floats, Months
from capacity.estimate import Estimate
from capacity.inputs import ASSUMPTIONS, Assumption
from capacity.policy import Policy
from forecast.draws import named_stream, stratify
from forecast.history import History
from forecast.joint import default_correlation
from forecast.shipped import nearest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}")
MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
MAX_MONTHS = 240
GROWTH_MODELS = ("reference-class", "constant", "linear", "logistic", "gompertz", "prophet")
COMPARATORS = ("about", "over", "under")
REFERENCES = ("service", "developer", "all")
FULL_CACHE = CacheLayout()
Values = float | Sequence[float] | Estimate


@dataclass(frozen=True)
class Growth:
    """How demand is forecast.

    Parameters
    ----------
    model : str
        Growth model, one of `GROWTH_MODELS`.
    reference : str
        Reference class: service, developer or all.
    correlation : float
        Correlation of the growth of users and of queries, between -1 and 1. [1]

    Raises
    ------
    ValueError
        With one line per unknown name or impossible number.

    Examples
    --------
    >>> Growth().model
    'reference-class'
    """

    model: str = "reference-class"
    reference: str = "service"
    correlation: float = field(default_factory=default_correlation)

    def __post_init__(self) -> None:
        """Report every fault at once."""
        faults = []
        if self.model not in GROWTH_MODELS:
            faults.append(f"model = {self.model[:80]!r}: {nearest(self.model, GROWTH_MODELS)}")
        if self.reference not in REFERENCES:
            faults.append(f"reference = {self.reference[:80]!r}: allowed {', '.join(REFERENCES)}")
        if not -1.0 <= self.correlation <= 1.0:
            faults.append(f"correlation = {self.correlation}: allowed -1 to 1")
        if faults:
            raise ValueError("\n".join(faults))


@dataclass(frozen=True)
class Override:
    """Named change of some inputs.

    Parameters
    ----------
    name : str
        What the change means to the planner.
    estimates : mapping of str to Estimate
        New values by input.
    """

    name: str
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True)
class CrossCheck:
    """Published figure that a plan is compared with; it decides nothing.

    Parameters
    ----------
    metric : str
        Metric of the plan.
    month : str
        Month as YYYY-MM.
    comparator : {"about", "over", "under"}
        Sense of the published value.
    value : float
        The published value, in the metric's unit.
    source : str
        Where it was published.

    Raises
    ------
    ValueError
        If the month or the comparator is none.
    """

    metric: str
    month: str
    comparator: str
    value: float
    source: str

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        if not MONTH.fullmatch(self.month):
            raise ValueError(f"month = {self.month[:80]!r}: must be YYYY-MM")
        if self.comparator not in COMPARATORS:
            known = ", ".join(COMPARATORS)
            raise ValueError(f"comparator = {self.comparator[:80]!r}: allowed {known}")


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
    cache : CacheLayout
        Windows and sharing of the key-value cache; one full cache per layer by default.
    levers : mapping of str to str, float or int
        Policy that belongs to the scenario, such as a published design; the planner's own
        policy replaces it.

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
    levers: Mapping[str, str | float | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Report every fault at once."""
        faults = [*_name_faults(self.name), *_calendar_faults(self)]
        for values in (self.estimates, *(item.estimates for item in self.overrides)):
            faults += [text for name, value in values.items() for text in _faults(name, value)]
        faults += _correlation_faults(self.correlations or {})
        faults += _lever_faults(self.levers)
        if faults:
            raise ValueError("\n".join(faults))

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
        from capacity.scenario_file import load_scenario  # noqa: PLC0415  it builds this class

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
        from capacity.scenario_file import save_scenario  # noqa: PLC0415  it knows this class

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
        faults = [_unknown(key) for key in values if key not in ASSUMPTIONS]
        if faults:
            raise ValueError("\n".join(faults))
        estimates = {key: _estimate(key, value) for key, value in values.items()}
        return replace(self, overrides=(*self.overrides, Override(name, estimates)))

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


def _unknown(name: str) -> str:
    return f"unknown input {name[:80]!r}; {nearest(name, ASSUMPTIONS)}"


def _estimate(name: str, value: Values) -> Estimate:
    if isinstance(value, Estimate):
        return value
    numbers = tuple(value) if isinstance(value, Sequence) else (value,) * 3
    if len(numbers) != 3:  # noqa: PLR2004  low, mid, high
        raise ValueError(f"{name} = {value!r}: give one number, or low, mid and high")
    known = ASSUMPTIONS[name].estimate
    try:
        return replace(
            known, low=numbers[0], mid=numbers[1], high=numbers[2], level=0.9,
            source="set by the planner", as_of="", basis="assumed",
        )  # fmt: skip
    except ValueError as error:
        raise ValueError(f"{name} = {value!r}: {error}") from error


def _name_faults(name: str) -> list[str]:
    if NAME.fullmatch(name) and not name.endswith((" ", ".")):
        return []
    return [
        f"name = {name[:80]!r}: allowed are 1 to 64 letters, digits, space, '.', '_' and '-', "
        "first a letter or digit, last neither space nor dot"
    ]


def _calendar_faults(scenario: Scenario) -> list[str]:
    faults = [
        f"{key} = {value!r}: must be a month as YYYY-MM"
        for key, value in (("start", scenario.start), ("end", scenario.end))
        if not MONTH.fullmatch(value)
    ]
    if faults:
        return faults
    months = len(scenario.months)
    if not 1 <= months <= MAX_MONTHS:
        return [f"start to end is {months} months: allowed 1 to {MAX_MONTHS}"]
    first = max(scenario.users.months[0], scenario.queries.months[0])
    if scenario.months[0] < first:
        return [f"start = {scenario.start}: the reported histories begin in {first}"]
    return []


def _faults(name: str, estimate: Estimate) -> list[str]:
    known: Assumption | None = ASSUMPTIONS.get(name)
    if known is None:
        return [_unknown(name)]
    numbers = (estimate.low, estimate.mid, estimate.high)
    if all(known.minimum <= number <= known.maximum for number in numbers):
        return []
    return [
        f"{name} = {', '.join(f'{number:g}' for number in numbers)}: "
        f"allowed {known.minimum:g} to {known.maximum:g} [{known.estimate.unit}]"
    ]


def _lever_faults(levers: Mapping[str, str | float | int]) -> list[str]:
    try:
        Policy().change(levers)
    except ValueError as error:
        return str(error).split("\n")
    return []


def _correlation_faults(pairs: Mapping[tuple[str, str], float]) -> list[str]:
    names = sorted({name for pair in pairs for name in pair})
    faults = [_unknown(name) for name in names if name not in ASSUMPTIONS]
    faults += [
        f"correlation of {one} and {other} = {value}: allowed between -1 and 1, two inputs"
        for (one, other), value in pairs.items()
        if not -1 < value < 1 or one == other
    ]
    if faults or not names:
        return faults
    if np.linalg.eigvalsh(correlation_matrix(names, pairs))[0] <= 0:
        return [f"correlations of {', '.join(names)} contradict each other"]
    return []
