"""The tornado: the plan made again with one input at each of its ends, the draws held."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.policy import Policy
from capacity.questions.outputs import output, place_of
from capacity.questions.sensitivity import GROWTH, growth_paths
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.parts import REFERENCES
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.tree_file import Tables

ENDS = (-1.6448536269514722, 1.6448536269514722)  # normal scores of 5 and 95 %
DRAWS = 1_000
DESIGN = (  # middle values for which redundancy is designed; they are in no draw
    "node_failures_per_1000_node_days", "node_repair_h", "zone_unavailability",
    "failover_failure", "change_failure_share", "change_repair_min", "database_unavailability",
    "storage_unavailability",
)  # fmt: skip
MODEL = ("serving_error", "engine_maturity")
POOL, COMMON = "gpu_pool", "common_share"
COMMON_SHARES = (0.02, 0.1)  # safety systems; identical machines and software on one site
Told = Callable[[str], None]


@dataclass(frozen=True)
class End:
    """One end of an input, and the figure that the plan then has.

    Parameters
    ----------
    label : str
        Value of the input.
    output : float
        The figure, in its unit; not-a-number where there is no plan.
    reason : str
        Why there is none.
    """

    label: str
    output: float
    reason: str = ""


@dataclass(frozen=True)
class Swing:
    """What an input does to a figure between its ends.

    Parameters
    ----------
    name : str
        The input, ``growth`` or ``reference class``.
    low, high : End
        The figure at 5 % and at 95 %; of a reference class, where it is lowest and highest.
    """

    name: str
    low: End
    high: End

    @property
    def width(self) -> float:
        """Distance between the ends, in the figure's unit; infinite where one has no plan."""
        width = abs(self.high.output - self.low.output)
        return math.inf if math.isnan(width) else width


@dataclass(frozen=True)
class Tornado:
    """Swings of one figure, the widest first.

    Parameters
    ----------
    name, month : str
        The figure.
    base : float
        The figure as planned, in its unit.
    swings : tuple of Swing
        By width.
    """

    name: str
    month: str
    base: float
    swings: tuple[Swing, ...]


def tornado(
    base: CapacityPlan,
    name: str,
    month: str = "",
    inputs: Sequence[str] = (),
    progress: Told | None = None,
) -> Tornado:
    """Plan again with one input after the other at each of its ends.

    Parameters
    ----------
    base : CapacityPlan
        The plan as it is.
    name : str
        The figure: a metric, of which the median counts, or a decision.
    month : str
        As YYYY-MM; the last of the plan if empty.
    inputs : sequence of str
        Inputs to vary besides the model's own: the error of the serving model, the failure rates
        that redundancy is designed for, their common cause, growth, and its reference class.
    progress : callable, optional
        Called with a line for each input.

    Returns
    -------
    Tornado
        On the same node type and with the same draws of everything else.

    Raises
    ------
    ValueError
        If a name or the month is unknown.

    Notes
    -----
    An end is the 5 % or 95 % value, then certain. For growth all paths are shifted so that their
    median is that of 5 % or 95 % of the paths.

    Examples
    --------
    >>> from capacity.scenarios.file import load_scenario
    >>> found = tornado(plan(load_scenario("reported-case"), draws=100), "availability")
    >>> found.swings[0].width >= found.swings[-1].width
    True
    """
    policy = base.policy.change({"instance": base.option.instance.name})
    draws = min(DRAWS, next(iter(base.draws.values())).shape[0])
    again = _Again(policy, base.seed, draws, name, month)
    scenario, swings = base.scenario, []
    for swung, ends in _variants(base, list(dict.fromkeys((*inputs, *MODEL, *DESIGN))), month):
        found = [again.end(label, changed) for label, changed in ends]
        if progress is not None:
            progress(f"{swung}: planned again with its ends")
        if len(found) > len(ENDS):  # alternatives have no order of their own
            found.sort(key=lambda end: end.output)
        swings.append(Swing(swung, found[0], found[-1]))
    swings = [item for item in swings if item.width > 0.0]
    now = again.end("", scenario)
    when = str(base.months[place_of(base, month)])
    return Tornado(name, when, now.output, tuple(sorted(swings, key=lambda item: -item.width)))


@dataclass(frozen=True)
class _Again:
    """How a changed scenario is planned again, and which figure is read."""

    policy: Policy
    seed: int
    draws: int
    name: str
    month: str

    def end(self, label: str, scenario: Scenario) -> End:
        """The figure of a scenario."""
        found = plan(scenario, self.policy, seed=self.seed, draws=self.draws)
        if not isinstance(found, CapacityPlan):
            return End(label, math.nan, found.reason)
        return End(label, output(self.name).figure(found, place_of(found, self.month), 0.5))


Ends = list[tuple[str, Scenario]]


def _variants(base: CapacityPlan, inputs: Sequence[str], month: str) -> Iterator[tuple[str, Ends]]:
    """Every input that is uncertain, with the scenarios of its ends."""
    scenario = base.scenario
    for name in inputs:
        if name in ASSUMPTIONS and not scenario.inputs[name].certain:
            values = [_at(scenario, name, z) for z in ENDS]
            yield name, [(f"{x:.4g}", scenario.override("end", **{name: x})) for x in values]
    yield (
        "common cause of node failures",
        [
            (f"{share:g}", replace(scenario, parts=_with_common(scenario, share)))
            for share in COMMON_SHARES
        ],
    )
    place = place_of(base, month)
    months = int((base.months[place] - scenario.queries.origin).astype(int))
    if months > 0:
        yield GROWTH, _of_growth(base, place, months / 12.0)
        if scenario.growth.model == "reference-class":
            yield (
                "reference class",
                [
                    (name, replace(scenario, growth=replace(scenario.growth, reference=name)))
                    for name in REFERENCES
                ],
            )


def _with_common(scenario: Scenario, share: float) -> Tables:
    """Tree of parts with another share of failures that take all nodes of a zone at once."""
    return {**scenario.parts, POOL: {**scenario.parts.get(POOL, {}), COMMON: share}}


def _at(scenario: Scenario, name: str, z: float) -> float:
    known = ASSUMPTIONS[name]
    value = float(scenario.inputs[name].at_normal(np.array([z]))[0])
    return min(max(value, known.minimum), known.maximum)


def _of_growth(base: CapacityPlan, place: int, years: float) -> Ends:
    """All paths shifted to where 5 and 95 % of them end."""
    count = next(iter(base.draws.values())).shape[0]
    drawn = {name: x[:, 0] for name, x in base.scenario.draw(count, base.seed).items()}
    paths = growth_paths(base, drawn, place)[GROWTH]
    low, mid, high = np.quantile(paths, (0.05, 0.5, 0.95)).tolist()
    known, bounds = base.scenario.inputs["growth_factor"].mid, ASSUMPTIONS["growth_factor"]
    found = []
    for value in (low, high):
        factor = min(max(known * (value / mid) ** (1.0 / years), bounds.minimum), bounds.maximum)
        changed = base.scenario.override("end", growth_factor=factor)
        found.append((f"{value:.4g} queries/day", changed))
    return found
